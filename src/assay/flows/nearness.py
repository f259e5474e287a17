"""How far numbers of another machine may be from the stored ones: relative to their own size, whatever their unit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from assay.base.canonical import plain
from assay.records.metric import Array
from assay.records.sample import Moments, Sample

TOLERANCE = 1e-9
SUMS = 1e-12
ROUNDING = 4 * float(np.finfo(float).eps)
OF_METRIC = frozenset(
    {"value", "interval", "decision_interval", "monte_carlo_error", "margin", "bounds", "bootstrap_t_interval"}
)
"""In the unit of the metric: their size is that of the comparison, as a difference may cancel to nearly nothing."""
SQUARED = frozenset({"seed_variance", "unit_variance"})
WITHOUT_UNIT = frozenset({"p_value", "mcnemar_exact_p", "mcnemar_mid_p", "correlation", "skewness"})
"""Their size is 1 at least."""


def compared(stored: Any, found: Any, where: str, differences: list[str]) -> float:
    """Compare JSON values: numbers to 1e-9 of their size, all else exactly.

    Args:
        stored: What the evidence says.
        found: What follows.
        where: The name of the value.
        differences: Takes a line for each that differs.

    Returns:
        The largest difference between numbers.
    """
    return _compared(stored, found, where, differences, 0.0)


def _compared(stored: Any, found: Any, where: str, differences: list[str], size: float) -> float:
    if isinstance(stored, dict) and isinstance(found, dict) and stored.keys() == found.keys():
        size = _comparison_size(found) or size
        return max((_compared(stored[k], found[k], f"{where}.{k}", differences, size) for k in stored), default=0.0)
    if isinstance(stored, list) and isinstance(found, list) and len(stored) == len(found):
        pairs = enumerate(zip(stored, found, strict=True))
        return max((_compared(a, b, f"{where}[{i}]", differences, size) for i, (a, b) in pairs), default=0.0)
    if type(stored) is float and type(found) is float and math.isfinite(stored) and math.isfinite(found):
        gap = abs(stored - found)
        if gap > TOLERANCE * _number_size(found, where, size):
            differences.append(f"{where}: {stored!r} is stored, {found!r} follows")
        return gap
    if type(stored) is not type(found) or plain(stored) != plain(found):
        differences.append(f"{where}: {str(stored)[:80]!r} is stored, {str(found)[:80]!r} follows")
    return 0.0


def _comparison_size(found: Mapping[str, Any]) -> float:
    """The size of a comparison's metric: the largest value or bound of its three estimates; 0 for other mappings."""
    parts = [found.get(k) for k in ("baseline", "candidate", "difference")]
    numbers = [_flat(e.get(k)) for e in parts if isinstance(e, dict) for k in ("value", "interval")]
    return max((abs(n) for each in numbers for n in each), default=0.0)


def _flat(value: Any) -> list[float]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, float) and math.isfinite(v)]


def _number_size(found: float, where: str, size: float) -> float:
    name = where.rpartition(".")[2].partition("[")[0]
    if name in WITHOUT_UNIT:
        return max(1.0, abs(found))
    if name in OF_METRIC:
        return max(size, abs(found))
    return max(size * size if name in SQUARED else 0.0, abs(found))


def sums_compared(
    stored: Mapping[str, float], found: Mapping[str, float], sizes: Mapping[str, float], differences: list[str]
) -> float:
    """Compare sums of per-row scores to 1e-12 of the size of all of a column's rows.

    Args:
        stored: By column.
        found: By column.
        sizes: The largest sum that the rows of a column could have.
        differences: Takes a line for each that differs.
    """
    if stored.keys() != found.keys():
        differences.append(f"scores: {sorted(stored)} are stored, {sorted(found)} follow")
        return 0.0
    largest = 0.0
    for column, here in stored.items():
        there = found[column]
        if here == there or (math.isnan(here) and math.isnan(there)):
            continue
        gap = abs(here - there)
        largest = max(largest, gap)
        if not gap <= SUMS * sizes[column]:
            differences.append(f"scores.{column}: {here!r} is stored, {there!r} follows")
    return largest


def array_gap(name: str, stored: Array, found: Array, sample: Sample) -> tuple[float, bool]:
    """The largest difference of an array of cells from the one that follows, and whether it is more than rounding.

    Args:
        name: The field.
        stored: As the evidence has it.
        found: As it follows, of the same shape.
        sample: What `found` is a field of.
    """
    both_numbers = stored.dtype.kind == "f" and found.dtype.kind == "f"
    if np.array_equal(stored, found, equal_nan=both_numbers):
        return 0.0, False
    a, b = stored.astype(float), found.astype(float)
    known = np.isfinite(a) & np.isfinite(b)
    if not np.array_equal(a[~known], b[~known], equal_nan=True):
        return math.inf, True
    gap = np.where(known, np.abs(np.where(known, a, 0.0) - np.where(known, b, 0.0)), 0.0)
    return float(gap.max(initial=0.0)), bool(np.any(gap > _allowed(name, b, sample)))


def _allowed(name: str, found: Array, sample: Sample) -> Array:
    """What rounding explains, for each element: nothing where an array holds counts, or rows as they were read."""
    if name == "sums":
        return np.asarray(SUMS * np.abs(np.nan_to_num(found)).max(axis=0, keepdims=True, initial=0.0))
    if isinstance(sample, Moments) and name in ("mean", "comoment"):
        spread = np.sqrt(np.nan_to_num(np.diag(sample.comoment)).clip(0))
        around = np.sqrt(spread**2 + sample.n * np.nan_to_num(sample.mean.ravel()) ** 2)
        if name == "mean":
            return np.asarray(SUMS * around / math.sqrt(max(sample.n, 1))).reshape(found.shape)
        # A value's last bit is relative to the value, not to its distance from the mean.
        last_bits = ROUNDING * np.outer(spread, around)
        return np.asarray(SUMS * np.outer(spread, spread) + last_bits + last_bits.T)
    if name == "skewness":
        return np.asarray(TOLERANCE * np.maximum(1.0, np.abs(np.nan_to_num(found))))
    return np.zeros(found.shape)
