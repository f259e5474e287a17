"""A run is made again after its project has moved, its data lie elsewhere, or its folders were not kept."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import assay
from assay.base.errors import InputError
from assay.runs.restore import restore_code, restore_data
from assay.store.blobs import Blobs
from assay.verbs.run import LaunchRequest, launch
from tests.helpers.runs import assay as command
from tests.helpers.runs import line_of
from tests.runs.scenes import lab
from tests.runs.test_code import repository

PLAIN = """
import random
rows = open("data/rows.csv").read()
open("out/p.csv", "w").write("id,p\\n1," + str(len(rows) EXTRA) + "\\n")
"""


def project(here: Path, extra: str = "") -> assay.Lab:
    """Code that knows nothing of Assay, with data and results in folders that git does not keep."""
    repository(here, train=PLAIN.replace("EXTRA", extra))
    (here / ".git/info/exclude").write_text("data/\n.assay/\n")
    for name in ("data", "out"):
        (here / name).mkdir()
    (here / "data/rows.csv").write_text("1,2,3\n")
    (here / "out/p.csv").write_text("of an earlier time\n")
    return lab(here)


def made(here: Path, predictions: str = "out/p.csv") -> str:
    where: Any = {"lab": here, "folder": here, "quiet": True}
    asked = LaunchRequest([sys.executable, "train.py"], reads=["data/rows.csv"], predictions=predictions, **where)
    return launch(asked).run


def test_of_a_moved_project_code_and_data_are_found_where_they_lie_now(tmp_path: Path) -> None:
    project(tmp_path / "p")
    run = made(tmp_path / "p")
    here = (tmp_path / "p").rename(tmp_path / "moved")
    held = assay.Lab(here)
    assert held.reproduce(run, "present").outcome == "reproduced"
    shutil.move(here / "data/rows.csv", tmp_path / "rows.csv")
    lost = held.reproduce(run, "present")
    assert (lost.outcome, lost.cause) == ("failed", "data")
    assert "assay data add" in lost.why
    assert "rows.csv" in lost.why
    held.data(tmp_path / "rows.csv", "rows")
    assert held.reproduce(run, "present").outcome == "reproduced"


def test_what_an_earlier_time_has_written_is_no_cause(tmp_path: Path) -> None:
    held = project(tmp_path / "p", "+ random.random()")
    found = held.reproduce(made(tmp_path / "p"), "present")
    assert (found.outcome, found.cause) == ("not reproduced", "seed"), found
    assert all("noise between seeds" in note for note in found.notes)


def test_a_run_without_anything_to_compare_says_how_to_keep_it(tmp_path: Path) -> None:
    project(tmp_path / "p")
    said = line_of(command("reproduce", made(tmp_path / "p", ""), "--lab", tmp_path / "p"))
    assert "assay run --predictions FILE" in said


def test_a_folder_to_write_into_that_is_not_kept_is_named(tmp_path: Path) -> None:
    held = project(tmp_path / "p", '+ open("logs/x", "w").write("1")')
    (tmp_path / "p/logs").mkdir()
    found = held.reproduce(made(tmp_path / "p"), "present")
    assert (found.outcome, found.cause) == ("failed", "code")
    assert "the folder logs is in no code that was kept" in found.why


@pytest.mark.fault
@pytest.mark.parametrize("name", ["{out}/new/x", "linked/x", "leads-nowhere"])
def test_nothing_is_put_back_outside_of_the_folder(tmp_path: Path, name: str) -> None:
    """A run of a stranger's lab that says where its prompt lay: absolute, behind a link, at a link's place."""
    where, out = tmp_path / "again", tmp_path / "out"
    for folder in (where, out):
        folder.mkdir()
    (where / "linked").symlink_to(out)
    (where / "leads-nowhere").symlink_to(out / "x")
    blobs = Blobs(tmp_path / "blobs")
    said = {"path": name.format(out=out), "digest": blobs.put(b"hello")}
    wrong = restore_data([("prompt", said)], blobs, where, lambda *_: [])
    assert list(out.iterdir()) == []
    if name == "leads-nowhere":
        assert (wrong, (where / name).read_bytes()) == ([], b"hello")
    else:
        assert wrong == [f"{said['path']}: lies outside of the folder of the run again, where nothing is written"]


@pytest.mark.fault
@pytest.mark.parametrize("kept", [{"deleted": ["{out}/x"]}, {"deleted": ["../out/x"]}])
def test_nothing_is_removed_outside_of_the_folder(tmp_path: Path, kept: dict[str, list[str]]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "x").write_text("precious")
    code = {key: [path.format(out=out) for path in paths] for key, paths in kept.items()}
    with pytest.raises(InputError, match="the kept code names"):
        restore_code(code, Blobs(tmp_path / "blobs"), tmp_path / "again", None)
    assert (out / "x").read_text() == "precious"


@pytest.mark.fault
def test_a_submodule_of_a_strangers_run_takes_no_folder_outside(tmp_path: Path) -> None:
    here, out = repository(tmp_path / "p", train="pass\n"), tmp_path / "out"
    out.mkdir()
    commit = subprocess.check_output(["git", "-C", here, "rev-parse", "HEAD"], text=True).strip()
    code = {"commit": commit, "root": str(here), "submodules": {str(out): commit}}
    with pytest.raises(InputError, match="the kept code names"):
        restore_code(code, Blobs(tmp_path / "blobs"), tmp_path / "again", None)
    assert out.is_dir()


def test_artifacts_of_odd_names_end_no_reproduction(tmp_path: Path) -> None:
    keep = "import assay\nwith assay.run() as r:\n    r.log(a=1.0)\n    r.artifact('train.py', name='train.py/\\0x')\n"
    here = repository(tmp_path / "p", train=keep)
    held = lab(here)
    run = launch(LaunchRequest([sys.executable, "train.py"], lab=here, folder=here, quiet=True)).run
    assert held.run(run).artifacts()
    assert held.reproduce(run, "present").outcome == "reproduced"


def test_a_file_with_a_secret_is_taken_from_where_it_was_used(tmp_path: Path) -> None:
    held = project(tmp_path / "p", '+ len(__import__("settings").PASSWORD)')
    secret = 'PASSWORD = "hunter2-Xk93jdkE0dkw8"\n'
    (tmp_path / "p/settings.py").write_text(secret)
    run = made(tmp_path / "p")
    assert secret.encode() not in b"".join(f.read_bytes() for f in (tmp_path / "p/.assay").rglob("*") if f.is_file())
    found = held.reproduce(run, "present")
    assert (found.outcome, found.notes) == ("reproduced", ())
    (tmp_path / "p/settings.py").write_text(secret + "# changed since\n")
    again = held.reproduce(run, "present")
    assert (again.outcome, again.cause) == ("not reproduced", "code")
    assert "settings.py: untracked, redacted" in again.why


def test_a_script_that_calls_python_has_that_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = repository(tmp_path / "p", run="python -c 'print(1)' > p.csv\n")
    held = lab(here)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:/usr/bin:/bin")
    asked = LaunchRequest(["sh", "run.py"], lab=here, folder=here, quiet=True, predictions="p.csv")
    run = launch(asked).run
    other = tmp_path / "bin/python"
    other.parent.mkdir()
    other.write_text("#!/bin/sh\necho 2\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", f"{other.parent}:/usr/bin:/bin")
    assert held.reproduce(run, "present").outcome == "reproduced"


def test_the_variables_of_a_run_are_those_it_has_also_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = project(tmp_path / "p")
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    run = made(tmp_path / "p")
    monkeypatch.delenv("OMP_NUM_THREADS")
    (again,) = held.reproduce(run, "present").reruns
    assert not [d for d in held.diff_runs(run, again) if d.part == "variable"]
