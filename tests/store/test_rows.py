"""Rows are checked as they are read."""

from __future__ import annotations

import pytest

from assay.base.errors import StoreError
from assay.store.rows import Entry, Head, decoded


def test_a_row_becomes_its_dataclass() -> None:
    assert decoded(Head, {"writer": "w", "seq": 1, "hash": "h", "more": 0}) == Head("w", 1, "h")


@pytest.mark.parametrize("seq", ["1", 1.0, None, b"1"])
def test_a_value_of_the_wrong_type_is_damage(seq: object) -> None:
    with pytest.raises(StoreError, match="damaged"):
        decoded(Head, {"writer": "w", "seq": seq, "hash": "h"})


def test_the_payload_is_read_as_json() -> None:
    entry = Entry(1, "w", 1, "", "", "a.b", "", '{"x":[1]}', "")
    assert entry.content() == {"x": [1]}
