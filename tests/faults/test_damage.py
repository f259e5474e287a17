"""A damaged lab: a `StoreError` or a fault in the report, never a traceback and never a wrong answer."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assay.base.errors import StoreError
from assay.store import Entry, LocalStore
from tests.store.labs import ANN, furnished

# `make faults` damages as many times more.
TIMES = int(os.environ.get("ASSAY_TIMES", "1"))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sound")
    furnished(root)
    return root


def attempt(root: Path) -> StoreError | tuple[bool, tuple[Entry, ...]]:
    """What `use` finds, or the error by which the lab is refused."""
    try:
        return use(root)
    except StoreError as error:
        return error


def use(root: Path) -> tuple[bool, tuple[Entry, ...]]:
    """Whether the lab verifies, and its entries, after reading everything and writing once more."""
    with LocalStore.open(root, ANN) as store:
        ok = store.verify().ok
        with store.snapshot() as session:
            session.plans.all()
            session.evidence.all()
            session.looks.on_lineage("sha256:" + "d" * 64)
        entries = store.entries(1000)
        store.append("run.ended", {})
        return ok, entries


def flip(content: bytearray, draw: random.Random) -> None:
    """One changed byte."""
    content[draw.randrange(len(content))] ^= draw.randrange(1, 256)


def flip_head(content: bytearray, draw: random.Random) -> None:
    """One changed byte where the file says what it is and what its tables are."""
    content[draw.randrange(200)] ^= draw.randrange(1, 256)


def blank(content: bytearray, draw: random.Random) -> None:
    """A stretch of zeros, as a lost sector leaves."""
    start = draw.randrange(len(content))
    content[start : start + 512] = bytes(len(content[start : start + 512]))


def cut(content: bytearray, draw: random.Random) -> None:
    """The rest of the file is gone."""
    del content[draw.randrange(len(content)) :]


def cut_pages(content: bytearray, draw: random.Random) -> None:
    """The last pages are gone."""
    del content[4096 * draw.randrange(len(content) // 4096) :]


@pytest.mark.parametrize(("damage", "times"), [(flip, 40), (flip_head, 30), (blank, 20), (cut, 15), (cut_pages, 12)])
def test_damage_is_noticed_or_harmless(
    sound: Path, tmp_path: Path, damage: Callable[[bytearray, random.Random], None], times: int
) -> None:
    _, entries = use(_copy(sound, tmp_path / "sound"))
    refused = 0
    for seed in range(times * TIMES):
        root = _copy(sound, tmp_path / str(seed))
        content = bytearray((root / ".assay/lab.db").read_bytes())
        damage(content, random.Random(seed))
        (root / ".assay/lab.db").write_bytes(content)
        outcome = attempt(root)
        if isinstance(outcome, StoreError):
            assert (outcome.code, "\n" in str(outcome)) == ("store", False)
            refused += 1
        else:
            ok, found = outcome
            assert not ok or found == entries, f"seed {seed}"
        shutil.rmtree(root)
    assert refused > 0


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\x00", b"not a database" * 100, bytes(8192)])
def test_a_file_that_is_no_lab_is_refused(sound: Path, tmp_path: Path, content: bytes) -> None:
    root = _copy(sound, tmp_path / "lab")
    (root / ".assay/lab.db").write_bytes(content)
    with pytest.raises(StoreError, match=r"lab\.db"):
        LocalStore.open(root)
    assert (root / ".assay/lab.db").read_bytes() == content


def test_a_folder_in_place_of_the_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".assay" / "lab.db").mkdir(parents=True)
    with pytest.raises(StoreError, match="cannot be opened"):
        LocalStore.open(tmp_path)


def _copy(sound: Path, root: Path) -> Path:
    shutil.copytree(sound / ".assay", root / ".assay")
    return root
