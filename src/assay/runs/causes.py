"""Why a run again gives other numbers: the first cause that cannot be excluded.

In this order: code, environment, data, seed, nondeterminism.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.records.runview import RunView
from assay.runs.differ import differences

Cause = tuple[str, str]
_GONE = re.compile(
    r"(?:No such file or directory|FileNotFoundError)\D*?[:\s][\"']([^\"']+)[\"']|can't open file '([^']+)'"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What could not be put back as it was, in words: of the code, the packages and the data."""

    code: Sequence[str] = ()
    packages: Sequence[str] = ()
    data: Sequence[str] = ()


def first_cause(claim: RunView, again: Sequence[RunView], restored: Restored, alike: bool) -> Cause:
    """The cause and why.

    Args:
        again: The run again, and a second one where the first differed.
        alike: Whether the two agree.
    """
    if restored.code:
        return "code", f"not put back as it was: {'; '.join(restored.code[:3])}"
    if restored.packages:
        return "environment", f"packages differ: {', '.join(restored.packages[:3])}"
    read = [*restored.data, *read_otherwise(claim, again[0])]
    if read:
        return "data", "; ".join(read[:3])
    if again[0].state != "finished":
        return _failure(claim, again[0])
    seeds = [seed_of(view) for view in (claim, *again)]
    if len(set(seeds)) > 1:
        return "seed", f"the claim had the seed {seeds[0]}, the run again {seeds[1]}"
    if len(again) > 1 and not alike:
        if seeds[0] is None:
            return "seed", "two runs again differ from each other; no seed was recorded"
        return "nondeterminism", "two runs again differ from each other"
    around = [d for d in differences(claim, again[0]) if d.part in ("environment", "package", "variable", "machine")]
    if around:
        said = ", ".join(f"{d.name} {d.first} → {d.second}" for d in around[:3])
        return "environment", f"two runs again agree and differ from the claim; so does where they ran: {said}"
    return (
        "unknown",
        "two runs again agree and differ from the claim: look at the machine, and at data that were not named",
    )


def seed_of(view: RunView) -> object:
    """The seed that a run says it had."""
    return view.config.get("seed", view.start.seed)


def read_otherwise(claim: RunView, again: RunView) -> list[str]:
    """Data and prompts that both runs have named and that were not the same."""
    return [
        f"{d.name}: the claim read {str(d.first)[:19]}…, the run again {str(d.second)[:19]}…"
        for d in differences(claim, again)
        if d.part in ("data", "prompt") and d.first and d.second
    ]


def _failure(claim: RunView, again: RunView) -> Cause:
    """Why the run again failed, by the end of what it printed."""
    error = again.end.error if again.end else "no end"
    lines = [line.strip() for line in last_lines(Path(again.folder) / "output.log") if line.strip()]
    said = f"the run again is {again.state}: {error}" + (f"; it said last: {lines[-1][:300]}" if lines else "")
    gone = next((m for line in reversed(lines) if (m := _GONE.search(line))), None)
    name = next((g for g in gone.groups() if g), "") if gone else ""
    if not name:
        return "unknown", said
    how = f"--read {name}" if claim.start.launched else f"run.read({name!r})"
    return "data", f"{said}; {name} is in no code that was kept: {how} names what a run reads, and puts it back"


def last_lines(path: Path, most: int = 8192) -> list[str]:
    """The end of a text file; empty where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - most))
            return file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
