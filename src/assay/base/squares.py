"""Numbers whose squares, and the squares of these, are numbers: beyond, variances overflow or vanish unseen."""

from __future__ import annotations

import numpy as np

from assay.base.errors import InputError

MOST = 1e75
LEAST = 1e-75


def check_squares(values: np.ndarray, what: str) -> None:
    """Refuse numbers that are too large, or so small all together, that sums of their squares are wrong.

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
