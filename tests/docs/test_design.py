"""What the design pages say in figures follows from the code."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom
from tools.pages import ROOT

from assay.stats.proportions import FEW, exact_bounds, wilson_bounds

PAGE = (ROOT / "design" / "0003-inference.md").read_text("utf-8")
SHARES = np.geomspace(0.001, 0.5, 1500)


def coverage(n: int, exact: bool) -> tuple[float, float]:
    """Least two-sided coverage and largest error of the upper-tail side, in percent, exact over all outcomes."""
    won = np.arange(n + 1)
    few = [exact and min(k, n - k) < FEW for k in won]
    bounds = [
        exact_bounds(k / n, n, 0.95) if f else wilson_bounds(k / n, n, 1.959964) for k, f in zip(won, few, strict=True)
    ]
    low, high = np.array(bounds).T
    chance = binom.pmf(won[None, :], n, SHARES[:, None])
    missed = (chance * (low[None, :] > SHARES[:, None])).sum(axis=1)
    other = (chance * (high[None, :] < SHARES[:, None])).sum(axis=1)
    return round(100 * float((1 - missed - other).min()), 1), round(100 * float(missed.max()), 1)


@pytest.mark.parametrize("n", [30, 50, 100, 300, 1000])
def test_the_table_of_one_proportion_is_that_of_the_code(n: int) -> None:
    wilson, mixed = coverage(n, False), coverage(n, True)
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {n:,} | "))
    shown = [float(cell) for cell in row.strip("| ").split(" | ")[1:]]
    assert shown == pytest.approx([*wilson, *mixed])
    assert mixed[0] > 93
    assert mixed[1] < 4.5
