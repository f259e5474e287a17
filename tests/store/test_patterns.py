"""Regular expressions find what they should, and none of them takes long or ends in a traceback."""

from __future__ import annotations

import pytest

from assay.base.errors import InputError
from assay.store.patterns import matching

TEXTS = ["trial 17", "a trial 17", "Trial 17", "", "\ud800", "\x00", "1e-3"]


@pytest.mark.parametrize(
    ("pattern", "fits"),
    [
        ("^trial [0-9]+$", {0}),
        ("(?i)^trial", {0, 2}),
        ("17$", {0, 1, 2}),
        ("^$", {3}),
        (r"e-\d", {6}),
        ("\x00", {5}),
        ("", set(range(7))),
    ],
)
def test_a_pattern_fits_what_holds_a_match(pattern: str, fits: set[int]) -> None:
    assert {i for i, found in enumerate(matching(pattern, TEXTS)) if found} == fits


def test_no_texts_hold_nothing() -> None:
    assert matching("a", []).tolist() == []


def test_a_pattern_that_would_take_backtracking_years_is_answered() -> None:
    assert matching("^(a+)+$", ["a" * 5_000 + "b", "a" * 5_000]).tolist() == [False, True]


@pytest.mark.parametrize("pattern", ["(", "(?=a)b", r"(a)\1", "a{1000}{1000}", "*", "[", "a" * 1_001])
def test_what_is_no_pattern_is_one_clear_line(pattern: str) -> None:
    with pytest.raises(InputError) as raised:
        matching(pattern, TEXTS)
    assert "pattern" in raised.value.line()
    assert "\n" not in raised.value.line()
