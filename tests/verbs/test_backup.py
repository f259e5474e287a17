"""A backup of a live lab holds what was acknowledged; a restored one is checked before it stands."""

from __future__ import annotations

import io
import shutil
import stat
import tarfile
from pathlib import Path

import pytest

import assay
from assay.base.errors import StoreError
from assay.lab import Lab
from tests.helpers.runs import assay as command
from tests.verbs.scenes import scene, told


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("live")
    told(scene(folder))
    Lab(folder).add_user("ada", "a long password")
    Lab(folder).save_view("best")
    return folder


def test_a_live_lab_there_and_back(lab: Path, tmp_path: Path) -> None:
    with assay.run({"a": 1}, lab=lab, capture=False) as run:
        run.log_many("x", list(range(1000)))
        copy = tmp_path / "lab.tar"
        made = command("backup", copy, "--lab", lab)
        assert made.code == 0, made.err
        run.log(y=1.0)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    done = command("restore", copy, "--lab", tmp_path / "new")
    assert (done.code, "the ledger holds" in done.out) == (0, True), done.err
    there = Lab(tmp_path / "new")
    assert there.verify()
    assert [p.plan.name for p in there.plans()] == ["late"]
    assert there.judge(lab / "plan.yaml").judgement == Lab(lab).judge(lab / "plan.yaml").judgement
    assert (there.users(), there.views()) == (Lab(lab).users(), Lab(lab).views())
    kept = there.run(run.id)
    assert len(kept.series("x")) == 1000
    assert [k.name for k in kept.keys] == ["x"]
    assert not list((tmp_path / "new").glob(".restore-*"))
    with assay.run(lab=tmp_path / "new", capture=False) as more:
        more.log(x=1.0)
    assert len(there.runs()) == 2


def test_what_backup_and_restore_refuse(lab: Path, tmp_path: Path) -> None:
    copy = tmp_path / "lab.tar"
    assert Lab(lab).backup(copy) > 5
    for where in (copy, lab / ".assay" / "inside.tar", tmp_path / "no" / "x.tar"):
        assert command("backup", where, "--lab", lab).code == 2
    assert command("restore", copy, "--lab", lab).code == 2
    assert command("restore", tmp_path / "none", "--lab", tmp_path / "a").code == 2
    assert command("backup", tmp_path / "x.tar", "--lab", tmp_path).code == 2


@pytest.mark.parametrize("where", [0.1, 0.5, 0.9])
def test_a_backup_that_was_cut_or_changed_is_refused(lab: Path, tmp_path: Path, where: float) -> None:
    copy = tmp_path / "lab.tar"
    Lab(lab).backup(copy)
    content = copy.read_bytes()
    for bad in (content[: int(len(content) * where)], _changed(content)):
        copy.write_bytes(bad)
        with pytest.raises(StoreError):
            Lab.restore(copy, tmp_path / "new")
        assert not (tmp_path / "new" / ".assay").exists()


def _changed(content: bytes) -> bytes:
    place = content.index(b"base.csv")
    return content[:place] + b"c" + content[place + 1 :]


@pytest.mark.parametrize("name", ["../out", "/tmp/out-of-a-backup", "a/../../out", "link", "device"])
def test_a_hostile_archive_writes_nothing_elsewhere(tmp_path: Path, name: str) -> None:
    copy = tmp_path / "lab.tar"
    with tarfile.open(copy, "w") as tar:
        entry = tarfile.TarInfo(name)
        if name == "link":
            entry.type, entry.linkname = tarfile.SYMTYPE, "/etc"
        elif name == "device":
            entry.type = tarfile.CHRTYPE
        else:
            entry.size = 3
        tar.addfile(entry, io.BytesIO(b"abc"))
    before = {p.name for p in tmp_path.iterdir()}
    with pytest.raises(StoreError):
        Lab.restore(copy, tmp_path / "new")
    assert {p.name for p in tmp_path.iterdir()} - before <= {"new"}
    assert list((tmp_path / "new").iterdir()) == []
    shutil.rmtree(tmp_path / "new")
