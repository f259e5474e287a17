"""`judge` and `plan freeze` on a full disk, on a lab that cannot be written, and killed at any moment."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from assay.store import LocalStore
from tests.faults.judge_loop import check, rounds
from tests.helpers.fresh import fresh
from tests.helpers.runs import Run, assay
from tests.verbs.scenes import data, events, judged, scene, told

pytestmark = pytest.mark.fault

FEW = data(60, gain=0.0)

# A word of its own, the first, says how long files may get.
_LIMITED = """
import resource

def outcome(words, run=outcome):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(words[0]), resource.RLIM_INFINITY))
    return run(words[1:])
"""

# Without its capabilities even root may not write where the owner's permission bits forbid it.
_WITHOUT_POWERS = """
def before():
    import ctypes
    if os.geteuid() == 0:
        header, nothing = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        assert ctypes.CDLL(None).capset(header, nothing) == 0
"""
LIMITS, FREEZE_LIMITS = (0, 100, 3_000, 9_000, 30_000), (0, 100, 1_000)
Tried = dict[int, tuple[Path, str, Run]]


def tried(folder: Path, limits: Sequence[int], *words: str, freeze: bool) -> Tried:
    """For each limit a lab of its own: the plan, what the ledger said before, and what the command did."""
    labs = {limit: scene(folder / str(limit), FEW, freeze=freeze) for limit in limits}
    said = {limit: events(path.parent) for limit, path in labs.items()}
    done = fresh([(limit, *words, path, "--lab", path.parent) for limit, path in labs.items()], around=_LIMITED)
    return {limit: (labs[limit], said[limit], run) for limit, run in zip(limits, done, strict=True)}


@pytest.fixture(scope="module")
def judgements(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    return tried(tmp_path_factory.mktemp("judged"), LIMITS, "judge", freeze=True)


@pytest.fixture(scope="module")
def freezings(tmp_path_factory: pytest.TempPathFactory) -> Tried:
    return tried(tmp_path_factory.mktemp("frozen"), FREEZE_LIMITS, "plan", "freeze", freeze=False)


def evidence(folder: Path) -> list[str]:
    return sorted(p.name for p in (folder / ".assay/evidence").glob("*"))


@pytest.mark.parametrize("limit", LIMITS)
def test_judge_on_a_full_disk_writes_nothing(judgements: Tried, limit: int) -> None:
    path, said, run = judgements[limit]
    assert (run.code, run.out) == (2, ""), run
    assert len(run.err.splitlines()) == 1, run.err
    assert evidence(path.parent) == []
    assert events(path.parent) == said
    assert told(path)["look"]["look"] == 1
    with LocalStore.open(path.parent) as store:
        assert store.verify().ok


@pytest.mark.parametrize("limit", FREEZE_LIMITS)
def test_freeze_on_a_full_disk_writes_nothing(freezings: Tried, limit: int) -> None:
    path, _, run = freezings[limit]
    assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1), run
    assert "plan.frozen" not in events(path.parent)
    assert assay("plan", "freeze", path, "--lab", path.parent).code == 0


def test_a_lab_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    path = scene(tmp_path, FEW)
    everything = [tmp_path, *tmp_path.rglob("*")]
    for p in everything:
        p.chmod(0o555 if p.is_dir() else 0o444)
    try:
        lab = ("--lab", tmp_path)
        commands = [("judge", path, *lab), ("plan", "freeze", path, *lab), ("init", tmp_path / "new")]
        for words, run in zip(commands, fresh(commands, tmp_path, _WITHOUT_POWERS), strict=True):
            assert (run.code, run.out, len(run.err.splitlines())) == (2, "", 1), (words, run)
            assert "permission" in run.err, run.err
    finally:
        for p in everything:
            p.chmod(0o755 if p.is_dir() else 0o644)
    assert told(path)["look"]["look"] == 1


def test_judge_killed_at_any_moment_loses_nothing_acknowledged(tmp_path: Path) -> None:
    acknowledged, lost = rounds(tmp_path, 1, seed=0)
    assert acknowledged > 0
    assert lost == 0
    for i in range(1, 6):
        assert judged(tmp_path / f"plan{i}.yaml").code in (3, 4, 5)
    check(tmp_path)
    assert not [n for n in evidence(tmp_path) if n.startswith(".draft")]
    assert len(evidence(tmp_path)) == 6
    shutil.rmtree(tmp_path / ".assay/evidence")
    assert judged(tmp_path / "plan1.yaml").code == 2
