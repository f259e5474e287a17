"""Code that is in no commit of the repository: of submodules, of folders on the path, of files git does not look at."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest

import assay
from assay.base.errors import InputError
from assay.runs.code import Tree, _changed_within, _overlay, capture_code
from assay.runs.restore import restore_code
from assay.runs.sources import INSIDE, UNKNOWN, edited, known_of_both, source_digest, sources
from assay.store.blobs import Blobs
from assay.verbs.run import LaunchRequest, launch
from tests.runs.scenes import lab
from tests.runs.test_code import git, repository

FAR = 1e12


def test_what_was_edited_in_a_submodule_is_kept_and_put_back(tmp_path: Path) -> None:
    deep, inner = repository(tmp_path / "deep", d="1\n"), repository(tmp_path / "inner", lib="A = 1\n", gone="x\n")
    git(inner, "submodule", "add", "-q", str(deep), "deep")
    git(inner, "commit", "-qm", "with deep")
    here = repository(tmp_path / "p", hidden="H = 1\n")
    git(here, "submodule", "add", "-q", str(inner), "sub")
    git(here, "submodule", "update", "-q", "--init", "--recursive")
    git(here, "commit", "-qm", "with sub")
    (here / "sub/lib.py").write_text("A = 2\n")
    (here / "sub/new.py").write_text("N = 1\n")
    (here / "sub/gone.py").unlink()
    (here / "sub/deep/d.py").write_text("2\n")
    git(here, "update-index", "--assume-unchanged", "hidden.py")
    (here / "hidden.py").write_text("H = 2\n")
    blobs = Blobs(tmp_path / "blobs")
    said = json.loads(blobs.read(capture_code(here, blobs)[0]))
    git(here / "sub", "checkout", "-q", ".")
    (here / "sub/deep/d.py").write_text("3\n")
    target = tmp_path / "again"
    assert restore_code(said, blobs, target, None) == []
    assert (target / "sub/lib.py").read_text() == "A = 2\n"
    assert (target / "sub/new.py").read_text() == "N = 1\n"
    assert (target / "sub/deep/d.py").read_text() == "2\n"
    assert (target / "hidden.py").read_text() == "H = 2\n"
    assert not (target / "sub/gone.py").exists()


def test_a_submodule_that_cannot_be_read_is_what_was_not_put_back(tmp_path: Path) -> None:
    here = repository(tmp_path / "p")
    (here / "sub").mkdir()
    tree = Tree(here, dirty=["sub"])
    _changed_within(tree, "sub")
    files = _overlay(tree, False)[1]
    said = {"commit": git(here, "rev-parse", "HEAD"), "root": str(here), "files": files}
    left = restore_code(said, Blobs(tmp_path / "blobs"), tmp_path / "again", None)
    assert left == ["sub: a submodule that differs and cannot be read"]


def test_a_package_outside_that_was_edited_is_the_cause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outside, here = tmp_path / "shared", repository(tmp_path / "p")
    (outside / "helpers").mkdir(parents=True)
    (outside / "helpers/__init__.py").write_text("LOSS = 1\n")
    (here / "src").mkdir()
    (here / "src/own.py").write_text("ADD = 10\n")
    text = "import helpers, own; open('m.json', 'w').write('{\"loss\": %d}' % (helpers.LOSS + own.ADD))\n"
    (here / "train.py").write_text(text)
    held = lab(here)
    monkeypatch.setenv("PYTHONPATH", f"{outside}{os.pathsep}{here / 'src'}")
    for folder in (outside, here / "src"):
        monkeypatch.syspath_prepend(str(folder))
    asked = LaunchRequest([sys.executable, "train.py"], lab=here, folder=here, quiet=True, metrics="m.json")
    run = launch(asked).run
    (here / "src/own.py").write_text("ADD = 2000\n")
    assert held.reproduce(run, "present").outcome == "reproduced"
    # Of another size: Python takes its own bytecode for source of the same size and second.
    (outside / "helpers/__init__.py").write_text("LOSS = 200\n")
    found = held.reproduce(run, "present")
    assert (found.outcome, found.cause) == ("not reproduced", "code")
    assert f"{outside}: imported from outside of the repository, and edited since" in found.why
    told = held.diff_runs(run, launch(asked).run)
    assert {d.name for d in told if d.part == "code"} - {"m.json"} == {"src/own.py", str(outside)}


def test_only_what_nobody_has_installed_is_looked_at(tmp_path: Path) -> None:
    root, site = tmp_path / "repo", tmp_path / "v/lib/site-packages"
    editable = tmp_path / "with space"
    for folder in (root / "src", editable, tmp_path / "v/bin", site / "x.dist-info", site / "y.dist-info"):
        folder.mkdir(parents=True)
    (editable / "code.py").write_text("1")
    url = {"url": editable.as_uri(), "dir_info": {"editable": True}}
    (site / "x.dist-info/direct_url.json").write_text(json.dumps(url))
    (site / "y.dist-info/direct_url.json").write_text("{")
    path = ["", str(root / "src"), str(site), str(tmp_path / "v/bin"), str(tmp_path / "none"), *sys.path]
    found = sources(path, str(tmp_path / "v"), root)
    assert found[str(root / "src")] == INSIDE
    assert found[str(editable)].startswith("blake3:")
    assert not [f for f in found if "site-packages" in f or f.startswith(sys.base_prefix + "/lib")]
    assert str(Path(assay.__file__).parents[1]) not in found


def test_what_had_no_time_is_no_difference() -> None:
    one, other = {"/a": "sha256:1", "/b": UNKNOWN}, {"/a": "sha256:2", "/b": "sha256:2", "/c": "sha256:3"}
    assert known_of_both(one, other) == ({"/a": "sha256:1"}, {"/a": "sha256:2", "/c": "sha256:3"})


def test_the_digest_is_of_source_and_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text("1")
    first = source_digest(tmp_path, FAR)
    (tmp_path / "data.bin").write_text("1")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__/a.py").write_text("1")
    assert source_digest(tmp_path, FAR) == first
    assert edited({str(tmp_path): first, "/none": UNKNOWN, "/own": INSIDE}) == []
    (tmp_path / "b.py").write_text("1")
    assert source_digest(tmp_path, FAR) != first
    assert edited({str(tmp_path): first, str(tmp_path / "x"): first})[1].endswith("not there any more")
    assert source_digest(tmp_path, time.monotonic() - 1) == UNKNOWN
    monkeypatch.setattr("assay.runs.sources.MOST_FILES", 1)
    assert source_digest(tmp_path, FAR) == UNKNOWN


def test_what_stands_in_the_way_is_named_as_it_is(tmp_path: Path) -> None:
    here = repository(tmp_path / "p", train="open('m.json', 'w').write('{\"a\": 1}')\n")
    held = lab(here)
    where = {"lab": here, "folder": here, "quiet": True, "metrics": "m.json"}
    run = launch(LaunchRequest([sys.executable, "train.py"], **where)).run
    (here / ".assay/blobs").rename(tmp_path / "blobs")
    with pytest.raises(InputError, match=r"was kept and is not in the lab"):
        held.reproduce(run, "present")
    (tmp_path / "blobs").rename(here / ".assay/blobs")
    with assay.run(lab=here, capture=False) as bare:
        bare.log(a=1.0)
    piped = launch(LaunchRequest([sys.executable, "-"], **{**where, "metrics": ""})).run
    with pytest.raises(InputError, match="has no code that was kept"):
        held.reproduce(bare.id, "present")
    with pytest.raises(InputError, match="came by standard input"):
        held.reproduce(piped, "present")
