"""The bundle as files: whatever is done to them is one line, never a traceback."""

from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.base.canonical import canonical_json
from assay.base.errors import EvidenceError
from assay.flows.bundle import FILES, judged_again, read_bundle
from assay.readers.planfile import plan_from_content
from tests.flows.bundles import copied, doubted, edit, edit_arrays, memos_anew, rechecked, sealed
from tests.helpers.runs import assay


def test_a_bundle_reads_back_as_it_was_judged(bundle: Path) -> None:
    held = read_bundle(bundle, plan_from_content)
    assert canonical_json(judged_again(held).to_json()) == (bundle / "judgement.json").read_bytes()
    assert held.case.plan.name == "late"
    assert held.manifest["aligned"]["units"] == 60


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("harm", ["gone", "byte", "cut", "link"])
def test_a_changed_file_is_named(bundle: Path, tmp_path: Path, name: str, harm: str) -> None:
    held = copied(bundle, tmp_path)
    path = held / name
    content = bytearray(path.read_bytes())
    path.unlink()
    if harm == "byte":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif harm == "cut":
        path.write_bytes(content[:-1])
    elif harm == "link":
        path.symlink_to(bundle / name)
    said = doubted(held, name)
    assert len(said.splitlines()) == 1
    assert assay("memo", held).code == 2


def test_what_is_no_evidence(tmp_path: Path) -> None:
    assert "is no evidence" in doubted(tmp_path)
    assert "is no evidence" in doubted(tmp_path / "nowhere")
    (tmp_path / "manifest.json").mkdir()
    assert "is no evidence" in doubted(tmp_path)


HOSTILE: dict[str, bytes] = {
    "empty": b"",
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"files":' * 50_000 + b"1" + b"}" * 50_000,
    "no object": b"[1]",
    "nan": b'{"files": NaN}',
    "infinity": b'{"files": {}, "plan": 1e999, "setting": {}}',
    "surrogate": b'{"files": "\\ud800"}',
    "bytes": b"\xff\xfe\x00",
    "long number": b'{"files": ' + b"9" * 10_000 + b"}",
    "null": b"null",
    "nothing in it": b"{}",
}


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("name", ["manifest.json", "plan.json", "cells.json"])
def test_hostile_json(bundle: Path, tmp_path: Path, name: str, kind: str) -> None:
    held = copied(bundle, tmp_path)
    (held / name).write_bytes(HOSTILE[kind])
    if name != "manifest.json":
        sealed(held)
    assert len(doubted(held).splitlines()) <= 2


@pytest.mark.parametrize("value", [None, "x", -1, 1e308, 10**400, [], {}, True])
def test_every_field_of_the_manifest_may_be_anything(bundle: Path, tmp_path: Path, value: Any) -> None:
    held = copied(bundle, tmp_path)
    sound = (held / "manifest.json").read_bytes()
    # A tenth of the fields for each value, always the same ones.
    every = _paths(json.loads(sound))
    for path in random.Random(repr(value)[:20]).sample(every, len(every) // 10):
        content = json.loads(sound)
        inner = content
        for step in path[:-1]:
            inner = inner[step]
        if inner[path[-1]] == value:
            continue
        inner[path[-1]] = value
        (held / "manifest.json").write_text(json.dumps(content))
        run = rechecked(held)
        free = path[0] in ("environment", "assay", "look", "inputs", "fractions")
        assert run.code == 2 or free, path


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [p for k, v in value.items() for p in [(*path, k), *_paths(v, (*path, k))]]
    if isinstance(value, list):
        return [p for i, v in enumerate(value) for p in [(*path, i), *_paths(v, (*path, i))]]
    return []


ARRAYS: dict[str, Callable[[dict[str, Any]], None]] = {
    "gone": lambda a: a.pop("c000000"),
    "shape": lambda a: a.update(c000001=a["c000001"][:1]),
    "axes": lambda a: a.update(c000000=a["c000000"][None]),
    "text": lambda a: a.update(c000000=np.array(["a", "b"])),
    "complex": lambda a: a.update(c000001=a["c000001"] * 1j),
    "nan": lambda a: a.update(c000001=a["c000001"] * np.nan),
    "infinite": lambda a: a.update(c000001=a["c000001"] + np.inf),
    "negative": lambda a: a.update(c000000=-a["c000000"]),
    "huge": lambda a: a.update(c000000=a["c000000"] + 2**62),
    "none": lambda a: a.update(c000001=a["c000001"][:0]),
}


@pytest.mark.parametrize("kind", ARRAYS)
def test_hostile_arrays(bundle: Path, tmp_path: Path, kind: str) -> None:
    held = copied(bundle, tmp_path)
    edit_arrays(held, ARRAYS[kind])
    doubted(held)


def test_pickles_and_compressed_arrays_are_refused(bundle: Path, tmp_path: Path) -> None:
    held = copied(bundle, tmp_path)
    edit_arrays(held, lambda a: a.update(c000000=np.array([{"a": 1}], dtype=object)))
    assert "pickle" in doubted(held)
    held = copied(bundle, tmp_path)
    with zipfile.ZipFile(held / "cells.npz", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("c000000.npy", bytes(10_000_000))
    sealed(held)
    assert "compressed" in doubted(held)


def test_an_array_that_says_it_is_enormous(bundle: Path, tmp_path: Path) -> None:
    held = copied(bundle, tmp_path)
    content = (held / "cells.npz").read_bytes()
    with zipfile.ZipFile(held / "cells.npz") as archive:
        names = archive.namelist()
        entries = {n: archive.read(n) for n in names}
    head = entries[names[0]]
    shape = head[head.index(b"(") : head.index(b")") + 1]
    big = b"(9999999999999,)".ljust(len(shape) + 20)
    entries[names[0]] = head.replace(shape + b" " * (len(big) - len(shape)), big, 1).replace(shape, big[:16], 1)
    with zipfile.ZipFile(held / "cells.npz", "w") as out:
        for n, entry in entries.items():
            out.writestr(n, entry)
    assert (held / "cells.npz").read_bytes() != content
    sealed(held)
    doubted(held)


@pytest.mark.parametrize("name", FILES)
def test_random_damage_with_digests_made_to_match(bundle: Path, tmp_path: Path, name: str) -> None:
    for seed in range(6):
        draw = random.Random(seed)
        held = copied(bundle, tmp_path)
        content = bytearray((held / name).read_bytes())
        if seed % 3:
            for _ in range(draw.choice([1, 1, 5])):
                content[draw.randrange(len(content))] = draw.randrange(256)
        else:
            del content[draw.randrange(len(content)) :]
        (held / name).write_bytes(content)
        sealed(held)
        rechecked(held)


def test_swapped_files(bundle: Path, tmp_path: Path) -> None:
    for a, b in [("plan.json", "judgement.json"), ("cells.npz", "scores.parquet"), ("cells.json", "flips.json")]:
        held = copied(bundle, tmp_path)
        one, two = (held / a).read_bytes(), (held / b).read_bytes()
        (held / a).write_bytes(two)
        (held / b).write_bytes(one)
        sealed(held)
        doubted(held)


def test_files_beyond_those_of_a_bundle_are_never_opened(bundle: Path, tmp_path: Path) -> None:
    held = copied(bundle, tmp_path)

    def escape(manifest: dict[str, Any]) -> None:
        manifest["files"]["../../secret"] = "sha256:" + "0" * 64

    content = json.loads((held / "manifest.json").read_bytes())
    escape(content)
    (held / "manifest.json").write_bytes(canonical_json(content))
    memos_anew(held)
    assert rechecked(held).code == 0


def test_a_newer_schema_is_refused(bundle: Path, tmp_path: Path) -> None:
    held = copied(bundle, tmp_path)
    edit(held, "manifest.json", lambda m: m.update(schema=2))
    assert "schema" in doubted(held)
    with pytest.raises(EvidenceError, match="wrote it"):
        read_bundle(held, plan_from_content)


def test_a_folder_with_odd_characters(bundle: Path, tmp_path: Path) -> None:
    odd = tmp_path / "a b'c[1]*?"
    odd.mkdir()
    assert rechecked(copied(bundle, odd)).code in (0, 2)
