"""Canonical JSON: the same content has the same bytes."""

from __future__ import annotations

import hashlib
import json
import math
import re
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.base.canonical import DIGEST, canonical_json, content_digest, digest, digest_file, digest_json, plain


class Colour(Enum):
    RED = "red"


@dataclass(frozen=True)
class Point:
    x: float
    names: tuple[str, ...]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_what_json_does_not_know_becomes_what_it_does() -> None:
    found = plain({"p": Point(1.0, ("a",)), "c": Colour.RED, "f": Path("a/b"), "n": np.float64(2.5), 3: np.int8(4)})
    assert found == {"p": {"x": 1.0, "names": ["a"]}, "c": "red", "f": "a/b", "n": 2.5, "3": 4}


def test_what_json_cannot_hold_is_said() -> None:
    assert plain([math.nan, math.inf, -math.inf, np.float64("nan")]) == ["nan", "inf", "-inf", "nan"]


def test_keys_are_sorted_and_text_is_utf_8() -> None:
    assert canonical_json({"b": 1, "a": "é"}) == '{"a":"é","b":1}'.encode()


@given(values)
def test_what_is_written_is_read_back(value: object) -> None:
    assert json.loads(canonical_json(value)) == value
    assert canonical_json(json.loads(canonical_json(value))) == canonical_json(value)


def test_digests(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"abc")
    # source: FIPS 180-2, example B.1
    known = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest_file(tmp_path / "f", like="sha256:0") == digest(b"abc") == known
    assert digest_file(tmp_path / "f") == digest_file(tmp_path / "f", like="blake3:0") == content_digest(b"abc")
    assert digest_json([1]) == "sha256:" + hashlib.sha256(b"[1]").hexdigest()


@pytest.mark.parametrize(
    ("length", "known"),
    [
        # source: BLAKE3 team, test_vectors.json, inputs 0, 1, 2, … 250, 0, … of so many bytes
        (0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"),
        (1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7"),
    ],
)
def test_content_is_named_by_blake3(tmp_path: Path, length: int, known: str) -> None:
    content = bytes(i % 251 for i in range(length))
    (tmp_path / "f").write_bytes(content)
    assert content_digest(content) == digest_file(tmp_path / "f") == f"blake3:{known}"
    assert re.fullmatch(DIGEST, f"blake3:{known}")
