"""`--plugin`: a metric of the user's own goes the whole way of a plan."""

from __future__ import annotations

from pathlib import Path

from tests.helpers.fresh import fresh
from tests.verbs.scenes import CLAIM, data, plan, put, write_plan

PLUGIN = '''
import assay

@assay.metric(direction="lower", reads="probability", lower=0.0, unit="EUR")
def missed(target, prediction):
    """Cost of a missed positive row."""
    return 5.0 * target * (1 - prediction)
'''


def test_a_plan_about_a_metric_of_ones_own(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "mine.py").write_text(PLUGIN)
    write_plan(tmp_path, plan(claims=[CLAIM | {"metric": "missed"}], guardrails=[]))
    own = ("--plugin", "mine.py")
    (tmp_path / "pilot").mkdir()
    put(tmp_path / "pilot", data(seed=1, start=1000))
    pilot = ("--pilot", "pilot/base.csv", "--pilot", "pilot/cand.csv")
    # Each is a process of its own: the metric is known to none before.
    unknown, _, *done, judged = fresh(
        [
            ("plan", "check", "plan.yaml"),
            ("init",),
            ("plan", "check", "plan.yaml", *own),
            ("plan", "power", *pilot, "plan.yaml", *own),
            ("plan", "freeze", "plan.yaml", *own),
            ("judge", "plan.yaml", *own),
        ],
        tmp_path,
    )
    assert "'missed'" in unknown.err
    assert [run.code for run in done] == [0, 0, 0], done
    assert judged.code in (0, 3, 4, 5), judged.err
    assert "missed" in judged.out
    evidence = next((tmp_path / ".assay" / "evidence").iterdir())
    (again,) = fresh([("recheck", evidence, *own)], tmp_path)
    assert again.code == 0, again.err
