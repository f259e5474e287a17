"""Numbers that can be reckoned with, and what is said of others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assay.base.errors import InputError
from assay.base.numeric import LEAST, MOST, check_number, check_squares


@pytest.mark.parametrize("value", [0.5, 1, np.float32(0.5), np.int64(3)])
def test_numbers_of_any_library_are_numbers(value: Any) -> None:
    check_number("level", value)


@pytest.mark.parametrize("value", ["0.95", True, None, [1], 1 + 2j])
def test_what_is_no_number_is_named(value: Any) -> None:
    with pytest.raises(InputError, match=r"level is .*; level is a number; level=0\.95"):
        check_number("level", value)


@pytest.mark.parametrize("value", [2.0, np.float64(3), "3"])
def test_a_whole_number_is_no_other(value: Any) -> None:
    with pytest.raises(InputError, match="looks is a whole number"):
        check_number("looks", value, whole=True)


@pytest.mark.parametrize("farthest", [0.0, LEAST, 1.0, MOST])
def test_squares_that_are_numbers_pass(farthest: float) -> None:
    check_squares(np.array([0.0, -farthest]), "a rating")
    assert np.isfinite(farthest**4)


@pytest.mark.parametrize(("farthest", "said"), [(MOST * 2, "a rating is 2e"), (LEAST / 2, "at most")])
def test_squares_that_are_none_do_not(farthest: float, said: str) -> None:
    with pytest.raises(InputError, match=said):
        check_squares(np.array([0.0, -farthest]), "a rating")
