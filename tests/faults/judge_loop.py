"""Kill `assay judge` at any moment and look for what it acknowledged: `python -m tests.faults.judge_loop`."""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from assay.store import LocalStore
from tests.helpers.runs import assay
from tests.verbs.scenes import data, scene

FEW = data(60, gain=0.0)

_LOOP = """
import sys
from pathlib import Path
from assay.cli.main import outcome
import assay.verbs.judge, assay.report.terminal
for plan in sys.argv[2:]:
    code = outcome(["judge", plan, "--lab", sys.argv[1]])
    print("judged", Path(plan).stem, code, flush=True)
"""


def rounds(folder: Path, count: int, seed: int) -> tuple[int, int]:
    """Kill `judge` again and again in one lab; returns how many judgements were acknowledged, and how many missing."""
    first = scene(folder, FEW, name="plan0", reuse={"candidates": 100})
    plans = [first.rename(folder / "plan0.yaml")]
    for i in range(1, 6):
        copy = folder / f"plan{i}.yaml"
        copy.write_text(plans[0].read_text(encoding="utf-8").replace('"plan0"', f'"plan{i}"'), encoding="utf-8")
        assert assay("plan", "freeze", copy, "--lab", folder).code == 0
        plans.append(copy)
    acknowledged: set[str] = set()
    draw = random.Random(seed)
    for _ in range(count):
        command = [sys.executable, "-c", _LOOP, str(folder), *map(str, plans)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
            out = process.stdout
            assert out is not None
            lines: list[str] = []
            wanted = draw.choice([1, 2, 4])
            while wanted and (line := out.readline()):
                lines.append(line)
                wanted -= line.startswith("judged ")
            try:
                process.wait(draw.uniform(0.0, 0.3))
            except subprocess.TimeoutExpired:
                os.kill(process.pid, signal.SIGKILL)
            lines += out.readlines()
        told_of = [line.split() for line in lines if line.startswith("judged ") and line.endswith("\n")]
        assert {words[2] for words in told_of} <= {"3", "4", "5"}, told_of
        acknowledged |= {words[1] for words in told_of}
        check(folder)
    with LocalStore.open(folder) as store, store.snapshot() as session:
        kept = {session.plans.get(e.plan) for e in session.evidence.all()}
        names = {p.name for p in kept if p is not None}
    return len(acknowledged), len(acknowledged - names)


def check(folder: Path) -> None:
    """The ledger holds, and all evidence that it names is whole."""
    with LocalStore.open(folder) as store:
        assert store.verify().ok
        with store.snapshot() as session:
            kept = [e.folder for e in session.evidence.all()]
            looks = sum(len(session.looks.of_plan(p.digest)) for p in session.plans.all())
    assert looks == len(kept)
    for place in kept:
        assert place is not None
        run = assay("recheck", folder / ".assay" / place)
        assert run.code == 0, run.err


def main() -> int:
    """Run the rounds asked for, a new lab every three; 1 if anything was lost."""
    parser = argparse.ArgumentParser(description="Kill judge many times and count what is lost.")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    acknowledged = lost = 0
    for start in range(0, arguments.rounds, 3):
        with tempfile.TemporaryDirectory() as folder:
            more = rounds(Path(folder), min(3, arguments.rounds - start), arguments.seed + start)
        acknowledged, lost = acknowledged + more[0], lost + more[1]
    print(f"{arguments.rounds} kills of judge: {acknowledged} acknowledged, {lost} lost")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main())
