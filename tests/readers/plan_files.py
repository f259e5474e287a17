"""A sound plan to break in the tests of plan files."""

from __future__ import annotations

from pathlib import Path

from assay.base.errors import AssayError
from assay.readers.planfile import examine

SOUND = """\
assay: 1
name: late-flights
question: Does boosting predict late arrivals better?
hypothesis: Trees catch the interaction of hour and airport.
owner: Ada
data:
  name: flights-autumn
  id: [day, flight]
  target: late
  unit: day
  seed: seed
  slices: [origin, carrier, origin*carrier]
baseline: {name: logistic, file: base.parquet, why: it is in production}
candidates:
  - {name: boosting, file: cand.parquet}
  - {name: forest, file: forest.parquet}
claims:
  - name: loss
    metric: log_loss
    kind: better
    minimal_effect: 0.01
guardrails:
  - {name: ranking, metric: auc, kind: not_worse, margin: 0.01}
reuse: {candidates: 2}
change_my_mind: a gain only in one airport
"""


def checked(folder: Path, text: str, final: bool = False) -> tuple[list[AssayError], list[str]]:
    """Problems and warnings of a plan's text."""
    path = folder / "plan.yaml"
    path.write_text(text, encoding="utf-8")
    found = examine(path, final=final)
    return list(found.problems), list(found.warnings)


def changed(old: str, new: str) -> str:
    """The sound plan with one change."""
    assert SOUND.count(old) == 1
    return SOUND.replace(old, new)
