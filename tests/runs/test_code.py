"""The code that is kept: of clean, dirty, odd and missing repositories."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from assay.base.errors import InputError
from assay.runs.code import Tree, _look_at_committed, capture_code, overlay_files, versions
from assay.store.blobs import Blobs

pytestmark = pytest.mark.fault


def git(folder: Path, *words: str) -> str:
    around = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    named = [
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@t",
        "-c",
        "protocol.file.allow=always",
        "-c",
        "init.defaultBranch=main",
    ]
    done = subprocess.run(["git", *named, *words], cwd=folder, env=around, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def repository(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    git(folder, "init", "-q")
    for name, text in (files or {"train": "print(1)\n"}).items():
        (folder / f"{name}.py").write_text(text)
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "first")
    return folder


def kept(folder: Path, refuse: bool = False) -> tuple[dict[str, Any], dict[str, bytes], tuple[str, ...]]:
    """What is said of the code, the files beside the commit, and notes."""
    blobs = Blobs(folder.parent / "blobs")
    digest, notes = capture_code(folder, blobs, refuse)
    said = json.loads(blobs.read(digest))
    files = {n: c for n, c, _ in overlay_files(blobs.read(said["overlay"]))} if said["overlay"] else {}
    return said, files, notes


def test_a_clean_repository_is_its_commit(tmp_path: Path) -> None:
    here = repository(tmp_path / "r")
    said, files, notes = kept(here)
    assert said["commit"] == git(here, "rev-parse", "HEAD")
    assert (said["branch"], said["overlay"], files, notes) == ("main", "", {}, ())
    assert kept(here)[0] == said


def test_changed_untracked_and_deleted_files_are_kept_beside_it(tmp_path: Path) -> None:
    here = repository(tmp_path / "r", train="print(1)\n", gone="x\n", same="y\n")
    (here / "train.py").write_bytes(b"print(2)\r\n\x80")
    (here / "gone.py").unlink()
    (here / "new.yaml").write_text("a: 1\n")
    (here / "prompts").mkdir()
    (here / "prompts/judge.jinja").write_text("Say {{ x }}")
    (here / "data.bin").write_bytes(b"\0" * 100)
    (here / ".gitignore").write_text("ignored.py\n")
    (here / "ignored.py").write_text("secret")
    said, files, _ = kept(here)
    assert files["train.py"] == b"print(2)\r\n\x80"
    assert sorted(files) == [".gitignore", "new.yaml", "prompts/judge.jinja", "train.py"]
    assert said["deleted"] == ["gone.py"]
    assert said["files"]["data.bin"] == {"state": "left out", "bytes": 100}


def test_a_repository_without_commits(tmp_path: Path) -> None:
    here = tmp_path / "r"
    here.mkdir()
    git(here, "init", "-q")
    (here / "train.py").write_text("print(1)\n")
    said, files, notes = kept(here)
    assert (said["commit"], files) == ("", {"train.py": b"print(1)\n"})
    assert "no commit" in notes[0]


def test_a_repository_in_the_middle_of_a_rebase(tmp_path: Path) -> None:
    here = repository(tmp_path / "r")
    git(here, "checkout", "-qb", "other")
    (here / "train.py").write_text("print(2)\n")
    git(here, "commit", "-qam", "two")
    git(here, "checkout", "-q", "main")
    (here / "train.py").write_text("print(3)\n")
    git(here, "commit", "-qam", "three")
    with pytest.raises(subprocess.CalledProcessError):
        git(here, "rebase", "other")
    said, files, notes = kept(here)
    assert said["operation"] == "a rebase"
    assert b"<<<<<<<" in files["train.py"]
    assert any("rebase" in n for n in notes)


def test_submodules_are_named_with_their_commits(tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner")
    here = repository(tmp_path / "r")
    git(here, "submodule", "add", "-q", str(inner), "sub")
    git(here, "commit", "-qm", "sub")
    said, _, notes = kept(here)
    assert said["submodules"] == {"sub": git(inner, "rev-parse", "HEAD")}
    (here / "sub/train.py").write_text("changed")
    said, _, notes = kept(here)
    assert any("submodule sub" in n for n in notes)


def test_an_untracked_file_of_two_gigabytes_is_named_and_left_out(tmp_path: Path) -> None:
    here = repository(tmp_path / "r")
    with (here / "huge.json").open("wb") as file:
        file.truncate(2 << 30)
    said, files, notes = kept(here)
    assert said["files"]["huge.json"] == {"state": "left out", "bytes": 2 << 30}
    assert files == {}
    assert "too large" in notes[0]


@pytest.mark.parametrize(
    "name",
    ["$(touch hacked).py", "; touch hacked;.py", "a\nb.py", "-rf.py", " lead and trail .py", "κώδικας.py", "'\".py"],
)
def test_names_that_break_shells_are_names(tmp_path: Path, name: str) -> None:
    here = repository(tmp_path / "r")
    (here / name).write_text("x\n")
    _, files, _ = kept(here)
    assert files == {name: b"x\n"}
    assert not (here / "hacked").exists()


def test_a_name_that_is_no_text_is_a_name(tmp_path: Path) -> None:
    here = repository(tmp_path / "r")
    path = os.path.join(os.fsencode(here), b"caf\xe9.py")
    with open(path, "wb") as file:
        file.write(b"x\n")
    _, files, _ = kept(here)
    assert list(files.values()) == [b"x\n"]


def test_links_are_named_and_not_followed(tmp_path: Path) -> None:
    here = repository(tmp_path / "r")
    (tmp_path / "outside.py").write_text("outside")
    (here / "link.py").symlink_to(tmp_path / "outside.py")
    said, files, _ = kept(here)
    assert files == {}
    assert said["files"]["link.py"]["state"] == "link"


def test_secrets_in_code_are_replaced_or_refused(tmp_path: Path) -> None:
    here = repository(tmp_path / "r")
    token = "ghp_" + "aB3dE5gH7j" * 4
    (here / "train.py").write_text(f"a = 1\nkey = '{token}'\n")
    said, files, notes = kept(here)
    assert token.encode() not in files["train.py"]
    assert said["files"]["train.py"]["state"] == "changed, redacted"
    assert "train.py" in notes[0]
    with pytest.raises(InputError, match=r"train\.py: line 2") as refused:
        kept(here, refuse=True)
    assert token not in str(refused.value)


def test_a_secret_that_was_committed_is_refused_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = repository(tmp_path / "r", train="a = 1\nb = 2\npassword = 'hunter2hunter2'\n", more="x = 1\n")
    assert kept(here)[1] == {}
    with pytest.raises(InputError, match=r"train\.py: line 3"):
        kept(here, refuse=True)
    monkeypatch.setattr("assay.runs.code.SECONDS", -1.0)
    monkeypatch.setattr("assay.runs.code._git", lambda folder, *words: b"a.py\0train.py\0")
    tree = Tree(here, commit="c")
    _look_at_committed(tree)
    assert tree.notes == ["only 0 of 2 committed files were looked at for secrets"]


def test_without_a_repository_source_files_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    here = tmp_path / "plain"
    (here / "pkg").mkdir(parents=True)
    (here / ".venv/lib").mkdir(parents=True)
    (here / ".venv/lib/x.py").write_text("x")
    (here / "pkg/m.py").write_text("m")
    (here / "picture.png").write_bytes(b"png")
    said, files, _ = kept(here)
    assert files == {"pkg/m.py": b"m"}
    assert said["files"]["picture.png"]["state"] == "left out"
    monkeypatch.setenv("PATH", "/nowhere")
    assert kept(here)[1] == files


@pytest.mark.parametrize("tracked", [True, False], ids=["repository", "folder"])
def test_code_in_folders_that_are_called_as_tools_call_theirs_is_kept(
    tmp_path: Path, tracked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    here = tmp_path / "r"
    here.mkdir()
    if tracked:
        repository(here)
    for name in (
        "env/cartpole.py", "pkg/build/plan.py", "dist/normal.py", "build/lib/mine.py", "venv/code.py",
        "py/build/lib/copied.py", "py/build/bdist.linux-x86_64/x.py", "py/setup.py", "c/build/CMakeCache.txt",
        "c/build/made.c", "old/env/conda-meta/history.json", "old/env/lib.py", "mine/pyvenv.cfg", "mine/x.py",
        "__pycache__/x.py", "a/b/wandb/run.yaml", ".venv/x.py", "p.egg-info/requires.txt",
    ):  # fmt: skip
        (here / name).parent.mkdir(parents=True, exist_ok=True)
        (here / name).write_text("1")
    _, files, notes = kept(here)
    assert set(files) - {"train.py"} == {
        "env/cartpole.py", "pkg/build/plan.py", "dist/normal.py", "build/lib/mine.py", "venv/code.py", "py/setup.py",
    }  # fmt: skip
    (left,) = [n for n in notes if n.startswith("left out")]
    assert "a/b/wandb (runs of W&B), c/build (what was built)" in left
    assert ".venv (a virtual environment)" in left
    assert left.endswith(" and 2 more")
    assert "__pycache__" not in left


def test_what_may_be_built_does_not_take_the_room_of_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.runs.code.TOTAL_CAP", 20)
    here = repository(tmp_path / "r")
    (here / "dist").mkdir()
    (here / "dist/bundle.js").write_text("x" * 15)
    (here / "train2.py").write_text("y" * 15)
    assert set(kept(here)[1]) == {"train2.py"}


def test_a_clone_in_the_repository_is_named(tmp_path: Path) -> None:
    here = repository(tmp_path / "r")
    inner = repository(here / "vendored")
    said, files, notes = kept(here)
    assert files == {}
    assert "vendored/ is a repository of its own and was not kept" in notes[0]
    assert said["files"]["vendored/"]["state"] == f"a repository of its own, at {git(inner, 'rev-parse', 'HEAD')}"


@pytest.mark.parametrize("name", ["../x.py", "/etc/x.py", "a/../../x.py"])
def test_an_archive_never_leaves_its_folder(name: str) -> None:
    from assay.runs.code import _tar

    with pytest.raises(InputError):
        list(overlay_files(_tar({name: (b"x", 0o644)})))


def test_what_runs_leave_behind_is_no_other_program() -> None:
    def code(commit: str = "c", **files: str) -> dict[str, Any]:
        said = {n.replace("_", "/"): {"state": t.split()[0], "digest": t} for n, t in files.items()}
        return {"commit": commit, "deleted": [], "files": said}

    def many(*codes: dict[str, Any], made: tuple[str, ...] = ()) -> int:
        return len(set(versions(codes, made)))

    assert many(code(), code(out="untracked 1"), code(out="untracked 1", more="untracked 2")) == 1
    assert many(code(helper="untracked 1"), code(helper="untracked 2")) == 2
    assert many(code(a_m="untracked 1"), code(a_m="untracked 2"), made=("m",)) == 1
    assert many(code(), code(train="changed 1")) == 2
    assert many(code(), code("d")) == 2
    assert many() == 0
