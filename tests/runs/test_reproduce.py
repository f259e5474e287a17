"""A claimed number is run again from what was kept, and what differs is named."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import uv

import assay
from assay.records.runs import Series, SeriesKey
from assay.runs.reproduced import Apart, beside_noise, compare, farther_than_seeds, noise_bound, outcome
from assay.runs.restore import requirements, restore_environment
from tests.helpers.runs import assay as command
from tests.helpers.runs import inside, line_of
from tests.runs.scenes import lab
from tests.runs.test_code import git, repository
from tests.runs.test_launch import launched

TRAIN = """
import assay, random, sys
from pathlib import Path
with assay.run({"lr": 0.1}, seed=int(sys.argv[1])) as run:
    rng = random.Random(int(sys.argv[1]))
    data = Path(run.read("data.bin")).read_bytes() if Path("data.bin").exists() else b""
    for i in range(5):
        run.log(step=i, loss=rng.random() + len(data) EXTRA)
    run.predictions({"id": [1, 2], "p": [rng.random(), 0.5]})
"""


def project(folder: Path, extra: str = "") -> assay.Lab:
    here = repository(folder, train=TRAIN.replace("EXTRA", ""))
    (here / "train.py").write_text(TRAIN.replace("EXTRA", extra))
    return lab(here)


def trained(folder: Path, seed: int = 1) -> str:
    done = launched(folder, sys.executable, "train.py", str(seed))
    assert done.returncode == 0, done.stderr
    return assay.Lab(folder).runs()[0].id


def test_a_run_of_changed_code_is_reproduced_after_the_code_has_moved_on(tmp_path: Path) -> None:
    here = tmp_path / "p"
    held = project(here, "+ 1")
    run = trained(here)
    (here / "train.py").write_text("raise SystemExit('other code')\n")
    git(here, "add", "train.py")
    git(here, "commit", "-qm", "moved on")
    done = command("reproduce", run, "--environment", "present", "--lab", here)
    assert done.code == 0, done.err + done.out
    assert done.out.startswith("✔ reproduced")
    made = json.loads(held.entries()[-1].payload or "")
    assert (held.entries()[-1].kind, made["outcome"], made["cause"]) == ("run.reproduced", "reproduced", "")
    assert {c["outcome"] for c in made["compared"]} == {"identical"}
    assert len(made["compared"]) == 2
    assert git(here, "status", "--porcelain") == "?? .assay/"


@pytest.mark.parametrize(
    ("extra", "cause"),
    [("+ random.random()", "nondeterminism"), ("+ Path.cwd().name.count('p')", "unknown")],
)
def test_what_differs_has_a_cause(tmp_path: Path, extra: str, cause: str) -> None:
    held = project(tmp_path / "p", extra)
    made = held.reproduce(trained(tmp_path / "p"), "present")
    assert (made.outcome, made.cause) == ("not reproduced", cause), made
    assert len(made.reruns) == 2


def test_data_are_put_back_or_missed(tmp_path: Path) -> None:
    here = tmp_path / "p"
    held = project(here)
    (here / "data.bin").write_bytes(b"\0" * 70)
    run = trained(here)
    assert held.reproduce(run, "present").outcome == "reproduced"
    (here / "data.bin").write_bytes(b"\0" * 71)
    made = held.reproduce(run, "present")
    assert (made.outcome, made.cause) == ("not reproduced", "data")
    assert any("data.bin" in note and "not there any more" in note for note in made.notes)


def test_what_cannot_be_run_again_is_refused(tmp_path: Path) -> None:
    here = tmp_path / "p"
    project(here)
    run = trained(here)
    line_of(command("reproduce", run, "--tolerance", "2", "--lab", here))
    line_of(command("reproduce", "nothing", "--lab", here))
    with assay.run(lab=here, capture=False) as bare:
        bare.log(a=1.0)
    assert "no code" in line_of(command("reproduce", bare.id, "--lab", here))
    shutil.rmtree(here / ".git")
    assert "--repository" in line_of(command("reproduce", run, "--environment", "present", "--lab", here))


@pytest.mark.fault
def test_a_requirement_that_no_longer_exists_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("UV_NO_INDEX", "1")
    python = {"executable": sys.executable, "packages": {"assay-gone-package": "1.2.3"}}
    with pytest.raises(assay.AssayError, match="assay-gone-package"):
        restore_environment(python, tmp_path / "environment")
    assert requirements({"a": "1", "b": "2 @ file:///b", "pip": "3"}) == ["a==1", "b @ file:///b"]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (
            "Because there is no version of idna==99.7 and you require idna==99.7, we can conclude that your",
            "idna==99.7",
        ),
        ("Because assay-no-such-thing was not found in the package registry and you", "assay-no-such-thing"),
        ("the disk is full", "the disk is full"),
    ],
)
def test_where_there_is_uv_it_makes_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, name: str
) -> None:
    # source: what uv 0.13.9 prints of a version and of a package that no index has
    uv = tmp_path / "uv"
    uv.write_text(f"""#!/bin/sh
echo "$@" >> {tmp_path}/asked
[ "$1" = venv ] || {{ echo "error: No solution found\n  cause: {said}" >&2; exit 1; }}
""")
    uv.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(assay.AssayError, match=name):
        restore_environment({"executable": sys.executable, "packages": {"idna": "99.7"}}, tmp_path / "made")
    asked = (tmp_path / "asked").read_text().splitlines()
    assert [line.split()[0] for line in asked] == ["venv", "pip"]
    assert f"--python {tmp_path}/made/bin/python --no-deps -r {tmp_path}/made.txt" in asked[1]
    assert (tmp_path / "made.txt").read_text() == "idna==99.7\n"


def test_a_real_uv_makes_the_environment_and_names_what_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = "assay_tiny-1.0.dist-info"
    with zipfile.ZipFile(tmp_path / "assay_tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("assay_tiny.py", "said = 'tiny'\n")
        wheel.writestr(f"{about}/METADATA", "Metadata-Version: 2.1\nName: assay-tiny\nVersion: 1.0\n")
        wheel.writestr(f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{about}/RECORD", "assay_tiny.py,,\n")
    monkeypatch.setenv("PATH", f"{Path(uv.find_uv_bin()).parent}:{os.environ['PATH']}")
    for name, value in (("UV_NO_INDEX", "1"), ("UV_FIND_LINKS", str(tmp_path)), ("UV_CACHE_DIR", str(tmp_path / "c"))):
        monkeypatch.setenv(name, value)
    python = {"executable": sys.executable, "packages": {"assay-tiny": "1.0"}}
    made = restore_environment(python, tmp_path / "made")
    words = [made, "-c", "import assay_tiny, sys; print(assay_tiny.said, sys.prefix)"]
    said = subprocess.run(words, capture_output=True, text=True, check=True, env={})
    assert said.stdout.split() == ["tiny", str(tmp_path / "made")]
    assert "uv" in (tmp_path / "made" / "pyvenv.cfg").read_text()
    for packages in ({"assay-tiny": "2.0"}, {"assay-gone-package": "1.2.3"}):
        with pytest.raises(assay.AssayError, match=next(iter(packages))):
            restore_environment({**python, "packages": packages}, tmp_path / next(iter(packages)))


def series(*values: float) -> Series:
    return Series(SeriesKey("loss"), np.arange(len(values)), np.array(values), np.zeros(len(values)))


@pytest.mark.parametrize(
    ("again", "tolerance", "noise", "expected"),
    [
        ((1.0, 2.0), 0.0, (), "reproduced"),
        ((1.5, 2.0), 0.0, (), "reproduced"),
        ((1.0, 2.02), 0.0, (), "not reproduced"),
        ((1.0, 2.02), 0.01, (), "reproduced"),
        ((1.0, 2.02), 0.0, (1.9, 2.0, 2.1), "within noise"),
        ((1.0, 3.0), 0.0, (1.9, 2.0, 2.1), "not reproduced"),
        ((1.0, 2.02), 0.0, (1.9, 2.1), "not reproduced"),
        ((1.0, float("nan")), 0.5, (), "not reproduced"),
    ],
)
def test_tolerance_and_noise(
    again: tuple[float, ...], tolerance: float, noise: tuple[float, ...], expected: str
) -> None:
    found = compare({"loss": series(1.0, 2.0)}, {"loss": series(*again)}, ({}, {}), tolerance)
    assert outcome(beside_noise(found, {"loss": noise}, ())) == expected


def test_noise_is_that_of_two_runs() -> None:
    # source: Student's table, t(0.975, 2 df) = 4.303; s of 1.9, 2.0, 2.1 is 0.1
    assert noise_bound((1.9, 2.0, 2.1)) == pytest.approx(4.303 * 0.1 * 2**0.5, rel=1e-3)
    assert noise_bound((1.0, 1.0, 1.0)) == 0.0
    assert noise_bound((1.0, 2.0, float("inf"))) is None


def test_predictions_lie_within_the_noise_where_two_seeds_do() -> None:
    # source: Student's table, t(0.975, 2 df) = 4.303; the distances 1, 1, 2 have the mean 4/3 and s = 1/sqrt(3)
    bound = 4 / 3 + 4.303 * (1 / 3) ** 0.5 * (4 / 3) ** 0.5

    def told(apart: float, whole: bool = False, far: float = 0.0, pair: float = 1.0) -> str:
        held = np.array([[0, apart, pair, 2.0], [apart, 0, 0, 0], [pair, 0, 0, 1.0], [2.0, 0, 1.0, 0]])
        return farther_than_seeds([Apart("p", whole, held, np.where(held == apart, far, held))], [0, 2, 3])

    assert told(bound * 0.999, far=bound * 0.999) == ""
    assert "p is 4.21 apart on the whole; two seeds 1.33" in told(bound * 1.001)
    assert "in the row that lies farthest" in told(bound * 0.999, far=bound * 1.001)
    assert "their rows are not the same" in told(0.0, whole=True)
    assert told(0.0) == ""
    assert "apart" in told(0.5, far=0.5, pair=np.inf)


def test_versions_of_data_are_named_by_content(tmp_path: Path) -> None:
    held = lab(tmp_path)
    folder = tmp_path / "set"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.csv").write_text("1\n")
    (folder / "sub/b.csv").write_text("2\n")
    first = held.data(folder, "set")
    assert (first.version, first.files, first.bytes, first.new) == (1, 2, 4, True)
    assert held.data(folder, "set").new is False
    shutil.copytree(folder, tmp_path / "copy")
    assert held.data(tmp_path / "copy", "other").digest == first.digest
    stamp = (folder / "a.csv").stat()
    (folder / "a.csv").write_text("3\n")
    os.utime(folder / "a.csv", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    second = held.data(folder, "set")
    assert (second.version, second.digest == first.digest) == (2, False)
    assert "set version 2 (known)" in command("data", "add", folder, "--name", "set", "--lab", tmp_path).out
    assert len(command("data", "list", "--lab", tmp_path).out.splitlines()) == 3
    (folder / "link").symlink_to(tmp_path)
    for path, name in ((folder, "set"), (tmp_path / "gone", "x"), (folder / "sub", ""), (folder / "sub", "../x")):
        line_of(command("data", "add", path, "--name", name, "--lab", tmp_path))
    assert len(held.data_versions()) == 3
    with inside(tmp_path):
        (tmp_path / "empty").mkdir()
        line_of(command("data", "add", "empty", "--name", "x"))
