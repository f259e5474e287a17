"""Numbers that can be reckoned with: of the kind that is asked for, and with squares that are numbers."""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np

from assay.base.errors import InputError

MOST = 1e75
LEAST = 1e-75


def check_squares(values: np.ndarray, what: str) -> None:
    """Refuse numbers that are too large, or all so small, that variances of them overflow or vanish unseen.

    Args:
        values: Finite numbers.
        what: What one of them is, to begin the message with.

    Raises:
        InputError: with the number that is farthest off.

    >>> check_squares(np.array([0.0, 1e9]), "a rating")
    """
    farthest = float(np.abs(values).max(initial=0.0))
    if farthest == 0 or LEAST <= farthest <= MOST:
        return
    raise InputError(
        f"{what} is {farthest:g}" if farthest > MOST else f"{what} is {farthest:g} at most",
        rule=f"numbers lie between {LEAST:g} and {MOST:g} in size, so that squares of them are numbers",
        fix="measure in another unit",
    )


def check_number(name: str, value: Any, whole: bool = False) -> None:
    """Refuse an option that is no number: from Python anything may be given.

    Args:
        name: Of the option.
        value: As it was given.
        whole: Whether it has to be a whole one.

    Raises:
        InputError: with the option and its value.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral if whole else numbers.Real):
        what = "a whole number" if whole else "a number"
        raise InputError(f"{name} is {value!r}", rule=f"{name} is {what}", fix=f"{name}={1 if whole else 0.95}")
