"""`--plugin`: a metric of the user's own goes the whole way of a plan."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.verbs.scenes import CLAIM, data, plan, put, write_plan

PLUGIN = '''
import assay

@assay.metric(direction="lower", reads="probability", lower=0.0, unit="EUR")
def missed(target, prediction):
    """Cost of a missed positive row."""
    return 5.0 * target * (1 - prediction)
'''


def fresh(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own: the metric is known to none before."""
    code = "from assay.cli.main import run; run()"
    return subprocess.run([sys.executable, "-c", code, *arguments], cwd=folder, capture_output=True, text=True)


def test_a_plan_about_a_metric_of_ones_own(tmp_path: Path) -> None:
    put(tmp_path)
    (tmp_path / "mine.py").write_text(PLUGIN)
    write_plan(tmp_path, plan(claims=[CLAIM | {"metric": "missed"}], guardrails=[]))
    own = ("--plugin", "mine.py")
    assert "'missed'" in fresh(tmp_path, "plan", "check", "plan.yaml").stderr
    fresh(tmp_path, "init")
    (tmp_path / "pilot").mkdir()
    put(tmp_path / "pilot", data(seed=1, start=1000))
    pilot = ("--pilot", "pilot/base.csv", "--pilot", "pilot/cand.csv")
    for command in (("plan", "check"), ("plan", "power", *pilot), ("plan", "freeze")):
        done = fresh(tmp_path, *command, "plan.yaml", *own)
        assert done.returncode == 0, (command, done.stderr)
    judged = fresh(tmp_path, "judge", "plan.yaml", *own)
    assert judged.returncode in (0, 3, 4, 5), judged.stderr
    assert "missed" in judged.stdout
    evidence = next((tmp_path / ".assay" / "evidence").iterdir())
    assert fresh(tmp_path, "recheck", str(evidence), *own).returncode == 0
