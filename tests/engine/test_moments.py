"""Sums and moments of slices whose scores differ by many powers of ten: right, or undefined, never wrong."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine import DuckEngine
from assay.records.metric import Array

signed = st.tuples(st.floats(0.1, 10.0), st.sampled_from([-1.0, 1.0]))
"""Of one slice, times a power of ten of its own."""
slices = st.lists(st.tuples(st.integers(-15, 15), st.lists(signed, min_size=1, max_size=6)), min_size=1, max_size=5)


@pytest.fixture(scope="module")
def engine() -> Any:
    with DuckEngine(1) as made:
        yield made


def columns(found: list[tuple[int, list[tuple[float, float]]]]) -> dict[str, Array]:
    v = [x * s * 10.0**power for power, values in found for x, s in values]
    r = [f"s{i}" for i, (_, values) in enumerate(found) for _ in values]
    return {"v": np.array(v), "w": np.array(v) * 0.7, "r": np.array(r, dtype=object), "g": np.zeros(len(v), dtype=int)}


def exact(values: Array) -> tuple[Fraction, Fraction, Fraction]:
    """Sum, sum of absolute values, and sum of squared deviations."""
    each = [Fraction(float(x)) for x in values]
    total = sum(each, Fraction(0))
    return total, sum(map(abs, each), Fraction(0)), sum(((x - total / len(each)) ** 2 for x in each), Fraction(0))


@settings(max_examples=60, deadline=None)
@given(found=slices)
def test_a_slice_of_any_size_is_right_or_undefined(
    engine: DuckEngine, found: list[tuple[int, list[tuple[float, float]]]]
) -> None:
    table = columns(found)
    made = engine.register(table, "t")
    sums, moments = engine.sums(made, ["v", "w"], [("r",)], 1)[("r",)], engine.moments(made, ["v", "w"], [("r",)])
    largest = np.abs(table["v"]).max()
    for i, key in enumerate(sums.keys):
        values = table["v"][table["r"] == key[0]]
        total, size, square = exact(values)
        n, got = len(values), sums.sums[i, 0, 0]
        mean, comoment = moments[("r",)].mean[i, 0], moments[("r",)].comoment[i, 0, 0]
        near = np.abs(values).min() > largest * 2.0**-50
        assert not (near and (math.isnan(got) or math.isnan(mean)))
        if not math.isnan(got):
            assert got == pytest.approx(float(total), rel=1e-15, abs=1e-12 * float(size))
        if not math.isnan(mean):
            assert mean == pytest.approx(float(total / n), rel=1e-15, abs=1e-12 * float(size / n))
            assert comoment == pytest.approx(float(square), rel=1e-12, abs=1e-11 * float(size) ** 2)


def test_small_errors_beside_a_huge_one_do_not_sum_to_zero(engine: DuckEngine) -> None:
    small = np.array([1e-5, 3e-5, 2e-5, 4e-5])
    table = {"v": np.append(small, 1e12), "w": np.append(small[::-1], 1e12), "g": np.zeros(5, dtype=int)}
    made = engine.register({**table, "r": np.array(list("aaaab"), dtype=object)}, "t")
    moments = engine.moments(made, ["v", "w"], [("r",)])[("r",)]
    assert moments.mean[0] == pytest.approx([2.5e-5, 2.5e-5], rel=1e-12)
    assert moments.comoment[0, 0, 0] == pytest.approx(float(((small - small.mean()) ** 2).sum()), rel=1e-11)
    sums = engine.sums(made, ["v", "w"], [("r",)], 1)[("r",)]
    assert sums.sums[0, 0] == pytest.approx([1e-4, 1e-4], rel=1e-12)
    assert sums.sums[1, 0].tolist() == [1e12, 1e12]


def test_beyond_all_bits_there_are_no_moments_but_exact_sums(engine: DuckEngine) -> None:
    table = {"v": np.array([1e-20, 3e-20, 1e20]), "r": np.array(list("aab"), dtype=object), "g": np.zeros(3, int)}
    made = engine.register(table, "t")
    sums = engine.sums(made, ["v"], [("r",)], 1)[("r",)].sums
    assert sums[:, 0, 0].tolist() == [math.fsum((1e-20, 3e-20)), 1e20]
    moments = engine.moments(made, ["v"], [("r",)])[("r",)]
    assert np.isnan(moments.mean[0]).all()
    assert np.isnan(moments.skewness[0]).all()
    assert moments.mean[1, 0] == 1e20


def test_a_slice_of_zeros_beside_a_wide_range_is_zero(engine: DuckEngine) -> None:
    table = {"v": np.array([0.0, 0.0, 1e-9, 1e9]), "r": np.array(list("aabb"), dtype=object), "g": np.zeros(4, int)}
    made = engine.register(table, "t")
    assert engine.moments(made, ["v"], [("r",)])[("r",)].mean[0, 0] == 0.0
    assert engine.sums(made, ["v"], [("r",)], 1)[("r",)].sums[0, 0, 0] == 0.0


def skewness(x: Array) -> float:
    d = x - x.mean()
    return float((d**3).mean() / (d**2).mean() ** 1.5)


@pytest.mark.parametrize("scale", [1.0, 1e-6, 1e9])
def test_skewness_of_both_columns_and_of_their_difference(engine: DuckEngine, scale: float) -> None:
    rng = np.random.default_rng(4)
    v = np.concatenate([rng.lognormal(size=300), 1e6 + rng.exponential(size=200)]) * scale
    w = v + rng.gamma(0.5, size=500) * scale
    r = np.repeat(np.array(["a", None], dtype=object), [300, 200])
    made = engine.register({"v": v, "w": w, "r": r}, "t")
    by, whole = (engine.moments(made, ["v", "w"], [s])[s].skewness for s in (("r",), ()))
    for found, rows in ((by[0], slice(0, 300)), (by[1], slice(300, 500)), (whole[0], slice(0, 500))):
        expected = [skewness(x[rows]) for x in (v, w, w - v)]
        # The variance of a difference a million times smaller than its terms keeps four digits.
        assert found == pytest.approx(expected, rel=1e-3 if rows == slice(0, 500) else 1e-5, abs=1e-6)


def test_skewness_leaves_out_rows_without_a_score_and_slices_without_variance(engine: DuckEngine) -> None:
    v = np.ma.masked_array([0.0, 0.0, 0.0, 1.0, 50.0, 7.0, 7.0, np.inf], mask=[0, 0, 0, 0, 1, 0, 0, 0])
    table = {"v": v, "w": np.array([1.0, 0.0, 0.0, 0.0, 9.0, 7.5, 7.5, 1.0])}
    made = engine.register({**table, "r": np.array(list("aaaaabbc"), dtype=object)}, "t")
    found = engine.moments(made, ["v", "w"], [("r",)])[("r",)]
    # 2 / sqrt(3): three zeros and a one.
    assert found.skewness[0] == pytest.approx([2 / math.sqrt(3), 2 / math.sqrt(3), 0.0], abs=1e-9)
    assert found.skewness[1].tolist() == [0.0, 0.0, 0.0]
    assert np.isnan(found.skewness[2]).all()
