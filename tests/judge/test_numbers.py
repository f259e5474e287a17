"""Numbers in a reason."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.judge.numbers import texts, usable, with_unit
from tests.judge.evidence import HIGHER, LOWER

NUMBERS = st.floats(-1e300, 1e300)


@given(NUMBERS, NUMBERS, NUMBERS)
def test_different_numbers_look_different_and_equal_ones_equal(a: float, b: float, c: float) -> None:
    shown = texts(a, b, c)
    assert len(set(shown)) == len({a, b, c})
    assert all(
        float(text.replace("−", "-")) == pytest.approx(x, rel=0.01) for text, x in zip(shown, (a, b, c), strict=True)
    )


def test_zero_has_no_sign() -> None:
    assert texts(-0.0, 0.0) == ("0", "0")


def test_a_reason_has_the_minus_sign_of_every_other_text() -> None:
    assert texts(-0.0312, 1.5) == ("−0.0312", "1.5")
    assert texts(-1e-20, 0.0) == ("−1e−20", "0")


def test_units_are_shown_where_they_say_something() -> None:
    assert with_unit("0.1", LOWER) == "0.1 nats"
    assert with_unit("0.1", HIGHER) == "0.1"


def test_bounds_have_to_be_in_order() -> None:
    assert usable((0.0, 0.0))
    assert not usable((1.0, 0.0))
    assert not usable(None)
