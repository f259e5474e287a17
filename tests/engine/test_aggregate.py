"""The aggregations against plain Python: counts identical, sums exact, whatever the order, threads or partitions."""

from __future__ import annotations

import math
from collections import Counter
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.base.errors import InputError
from assay.engine import DuckEngine, aggregate, levels
from assay.records.protocols import Cut, Table
from tests.helpers.tables import write

finite = st.floats(-1e6, 1e6, allow_nan=False).map(lambda v: round(v, 6))
cell = st.tuples(
    st.sampled_from([0, 1, None]),
    st.sampled_from(["n", "s'\"", "é", None]),
    st.sampled_from([1, 2, None]),
    st.integers(0, 4),
    finite,
)
rows = st.lists(cell, min_size=1, max_size=40)
SETS = [(), ("r",), ("k",), ("r", "k")]


def table(engine: DuckEngine, found: list[tuple[Any, ...]]) -> Table:
    y, r, k, g, v = (list(c) for c in zip(*found, strict=True))
    columns = {
        "y": np.ma.masked_array([c or 0 for c in y], mask=[c is None for c in y]),
        "r": np.array(r, dtype=object),
        "k": np.ma.masked_array([c or 0 for c in k], mask=[c is None for c in k]),
        "g": np.array(g),
        "v": np.array(v, dtype=float),
        "w": np.array(v, dtype=float)[::-1] * 3,
    }
    if all(c is None for c in r):
        columns["r"] = np.array(["n" if c is None else c for c in r], dtype=object)
    return engine.register(columns, "rows")


def values(found: list[tuple[Any, ...]]) -> list[dict[str, Any]]:
    last = [row[4] for row in found][::-1]
    every = all(row[1] is None for row in found)
    return [
        {"y": y, "r": "n" if every else r, "k": k, "g": g, "v": v, "w": last[i] * 3}
        for i, (y, r, k, g, v) in enumerate(found)
    ]


@pytest.fixture(scope="module")
def engine() -> Any:
    with DuckEngine(1) as made:
        yield made


@settings(max_examples=30, deadline=None)
@given(found=rows, groups=st.sampled_from([0, 5]))
def test_patterns_are_counted_as_in_python(engine: DuckEngine, found: list[tuple[Any, ...]], groups: int) -> None:
    made = engine.patterns(table(engine, found), [Cut("y"), Cut("v", 0.5)], SETS, groups)
    for wanted in SETS:
        expected = Counter(
            (tuple(row[c] for c in wanted), row["g"] if groups else 0, (row["y"], int(row["v"] >= 0.5)))
            for row in values(found)
        )
        result = made[wanted]
        assert result.counts.shape == (len(result.keys), max(groups, 1), len(result.patterns))
        counted = {
            (tuple(key), g, tuple(pattern)): int(result.counts[i, g, j])
            for (i, key), g, (j, pattern) in product(
                enumerate(result.keys), range(max(groups, 1)), enumerate(result.patterns)
            )
            if result.counts[i, g, j]
        }
        assert counted == expected
        order = [tuple((v is None, v) for v in key) for key in result.keys]
        assert order == sorted(order)


@settings(max_examples=15, deadline=None)
@given(found=rows, most=st.integers(1, 12))
def test_a_cross_that_turns_out_too_fine_is_counted_by_its_sets(
    engine: DuckEngine, found: list[tuple[Any, ...]], most: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        made = table(engine, found)
        expected = engine.patterns(made, [Cut("v", 0.5)], SETS, 0)
        # The first row shows one level of each column, so that the guess is nearly always wrong.
        patch.setattr(aggregate, "FIRST", 1)
        for module in (aggregate, levels):
            patch.setattr(module, "FINEST", most)
        for wanted, result in engine.patterns(made, [Cut("v", 0.5)], SETS, 0).items():
            assert result.keys == expected[wanted].keys
            assert result.patterns == expected[wanted].patterns
            assert (result.counts == expected[wanted].counts).all()


@settings(max_examples=30, deadline=None)
@given(found=rows, groups=st.sampled_from([0, 5]))
def test_sums_are_those_of_fsum(engine: DuckEngine, found: list[tuple[Any, ...]], groups: int) -> None:
    made = engine.sums(table(engine, found), ["v", "w"], SETS, groups)
    largest = max(abs(row[4]) for row in found)
    for wanted in SETS:
        result = made[wanted]
        for (i, key), g in product(enumerate(result.keys), range(max(groups, 1))):
            kept = [r for r in values(found) if tuple(r[c] for c in wanted) == key and (not groups or r["g"] == g)]
            assert result.n[i, g] == len(kept)
            for j, (column, scale) in enumerate((("v", 1), ("w", 3))):
                expected = math.fsum(r[column] for r in kept)
                assert result.sums[i, g, j] == pytest.approx(expected, rel=1e-12, abs=1e-12 * largest * scale * 40)


@settings(max_examples=30, deadline=None)
@given(found=rows)
def test_moments_are_those_of_fractions(engine: DuckEngine, found: list[tuple[Any, ...]]) -> None:
    made = engine.moments(table(engine, found), ["v", "w"], SETS)
    largest = max(max(abs(row[4]) for row in found) * 3, 1e-300)
    for wanted in SETS:
        result = made[wanted]
        for i, key in enumerate(result.keys):
            kept = [r for r in values(found) if tuple(r[c] for c in wanted) == key]
            columns = [[Fraction(r[c]) for r in kept] for c in ("v", "w")]
            means = [sum(c) / len(c) for c in columns]
            assert result.n[i] == len(kept)
            assert result.nonzero[i] == sum(a != b for a, b in zip(*columns, strict=True))
            for a, b in product(range(2), repeat=2):
                expected = float(
                    sum((x - means[a]) * (y - means[b]) for x, y in zip(columns[a], columns[b], strict=True))
                )
                assert result.comoment[i, a, b] == pytest.approx(expected, rel=1e-9, abs=1e-9 * largest**2)
            assert result.mean[i] == pytest.approx([float(m) for m in means], rel=1e-12, abs=1e-12 * largest)


def test_moments_do_not_cancel_far_from_zero(engine: DuckEngine) -> None:
    x = 1e8 + np.arange(1000) / 1000
    found = engine.moments(engine.register({"v": x, "w": x[::-1].copy()}, "far"), ["v", "w"], [()])[()]
    assert found.comoment[0, 0, 0] == pytest.approx(float(np.sum((x - x.mean()) ** 2)), rel=1e-6)


def test_a_value_that_is_not_finite_spreads_to_its_own_slice_only(engine: DuckEngine) -> None:
    made = engine.register(
        {"v": np.array([1.0, np.inf, 3.0, np.nan]), "r": np.array(list("abab")), "g": np.zeros(4, int)}, "t"
    )
    sums = engine.sums(made, ["v"], [(), ("r",)], 1)
    assert np.isnan(sums[()].sums[0, 0, 0])
    assert sums[("r",)].sums[0, 0, 0] == 4.0
    assert np.isnan(sums[("r",)].sums[1, 0, 0])
    moments = engine.moments(made, ["v"], [("r",)])[("r",)]
    assert moments.mean[0, 0] == 2.0
    assert np.isnan(moments.mean[1, 0])


@pytest.mark.parametrize("scale", [1e-300, 1e-30, 1.0, 1e30, 1e290])
def test_values_of_any_size_are_summed(engine: DuckEngine, scale: float) -> None:
    x = np.array([0.1, -0.7, 0.3, 0.9]) * scale
    made = engine.register({"v": x, "g": np.zeros(4, int)}, "t")
    assert engine.sums(made, ["v"], [()], 1)[()].sums[0, 0, 0] == pytest.approx(math.fsum(x), rel=1e-12)
    mean = engine.moments(made, ["v"], [()])[()].mean[0, 0]
    assert mean == pytest.approx(math.fsum(x) / 4, rel=1e-12) if scale < 1e150 else np.isnan(mean)


def test_zeros_and_no_rows(engine: DuckEngine) -> None:
    made = engine.register({"v": np.zeros(3), "g": np.zeros(3, int)}, "t")
    assert engine.sums(made, ["v"], [()], 1)[()].sums[0, 0, 0] == 0.0
    assert engine.moments(made, ["v"], [()])[()].comoment[0, 0, 0] == 0.0
    empty = np.ma.masked_array(np.zeros(3), mask=True)
    made = engine.register({"v": empty, "g": np.zeros(3, int)}, "t")
    assert engine.sums(made, ["v"], [()], 1)[()].n.sum() == 0
    assert engine.patterns(made, [Cut("v")], [()], 0, ("v",))[()].counts.sum() == 0


def shuffled(tmp: Path, seed: int, n: int = 6000) -> list[Path]:
    """The same rows in three files: as they are, in another order, and in many row groups."""
    rng = np.random.default_rng(seed)
    columns = {"id": list(range(n)), "v": rng.lognormal(0, 3, n).tolist(), "g": rng.integers(0, 7, n).tolist()}
    columns["r"] = [["n", "s", "w"][i] for i in rng.integers(0, 3, n)]
    order = rng.permutation(n)
    other = {k: [v[i] for i in order] for k, v in columns.items()}
    return [
        write(tmp / "plain.jsonl", columns),
        write(tmp / "other.jsonl", other),
        write(tmp / "other.csv", other),
    ]


def test_no_order_thread_or_partition_changes_a_bit(tmp_path: Path) -> None:
    found = []
    for path, threads in product(shuffled(tmp_path, 1), (1, 2)):
        with DuckEngine(threads) as made:
            opened = made.scan(path, path.suffix)
            groups = tmp_path / f"{path.name}-{threads}.parquet"
            made.connection.execute(f"COPY {opened.name} TO '{groups}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")
            for each in (opened, made.scan(groups, ".parquet")):
                sums, moments = made.sums(each, ["v"], SETS[:2], 7), made.moments(each, ["v"], SETS[:2])
                patterns = made.patterns(each, [Cut("v", 1.0)], SETS[:2], 7)
                for wanted in SETS[:2]:
                    found.append(
                        (
                            wanted,
                            sums[wanted].sums.tobytes(),
                            moments[wanted].mean.tobytes(),
                            moments[wanted].comoment.tobytes(),
                            moments[wanted].skewness.tobytes(),
                            patterns[wanted].counts.tobytes(),
                        )
                    )
    assert len(set(found)) == 2


def test_rows_come_in_an_order_of_their_content(tmp_path: Path) -> None:
    found = []
    for path in shuffled(tmp_path, 2, 500):
        with DuckEngine(2) as made:
            taken = made.rows(made.scan(path, path.suffix), ["v", "g", "id"], ["v", "g", "id"])
            found.append(b"".join(np.asarray(taken[c], dtype=float).tobytes() for c in ("v", "g", "id")))
    assert len(set(found)) == 1


def test_units_are_counted_by_slice(engine: DuckEngine) -> None:
    made = engine.register({"u": np.array([1, 1, 2, 3]), "r": np.array(list("aabb"))}, "t")
    found = engine.units(made, ("u",), [("r",)])
    assert found[("r",)] == {("a",): 1, ("b",): 2}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 0, 1, None], [0, 1]),
        ([7, 7], [7]),
        ([5, 3], [3, 5]),
        ([None, None], []),
        ([True, False, None], [False, True]),
        ([True, True], [True]),
        ([-1, 0], [-1, 0]),
        ([0, 2, 2], [0, 2]),
    ],
)
def test_distinct_whole_numbers(engine: DuckEngine, values: list[Any], expected: list[Any]) -> None:
    missing = [v is None for v in values]
    kind = bool if any(isinstance(v, bool) for v in values) else int
    made = engine.register({"v": np.ma.masked_array([kind(v or 0) for v in values], mask=missing)}, "t")
    found = engine.distinct(made, "v", 10)
    assert found == expected
    assert [type(v) for v in found] == [type(v) for v in expected]
    assert engine.distinct(made, "v", 0) == expected[:1]


def test_distinct_and_outside(engine: DuckEngine) -> None:
    made = engine.register({"v": np.array(["b", "a", None, "c'"], dtype=object)}, "t")
    assert engine.distinct(made, "v", 10) == ["a", "b", "c'"]
    assert len(engine.distinct(made, "v", 1)) == 2
    assert engine.outside(made, "v", ["a", "c'"]) == (1, "b")
    assert engine.outside(made, "v", ["a", "b", "c'"]) == (0, None)


def test_an_error_of_the_database_is_one_line(engine: DuckEngine) -> None:
    with pytest.raises(InputError) as caught, engine.reading("x.csv", ".csv"):
        engine.connection.execute("SELECT CAST('x' AS INTEGER)")
    assert "x.csv: cannot be read as csv" in caught.value.line()
    assert len(caught.value.line().splitlines()) == 1


def test_a_wrong_query_is_a_bug_and_not_bad_input(engine: DuckEngine) -> None:
    with pytest.raises(duckdb.CatalogException), engine.reading("x.csv", ".csv"):
        engine.connection.execute("SELECT 1 FROM nowhere")


def test_an_error_that_no_operation_caught_is_one_line() -> None:
    with pytest.raises(InputError, match="the input: cannot be read as table"), DuckEngine(1) as made:
        made.connection.execute("SELECT CAST('x' AS INTEGER)")


def test_sums_of_a_wide_range_in_thousands_of_slices(engine: DuckEngine) -> None:
    """A slice column is called s0, s1, … in the aligned table, and may have any number of values."""
    rng = np.random.default_rng(4)
    days, score = np.repeat(np.arange(2000), 3), rng.lognormal(0, 12, 6000)
    table = {"s0": np.array([f"day {d:04d}" for d in days], dtype=object), "v": score, "g": rng.integers(0, 50, 6000)}
    made = engine.sums(engine.register(table, "t"), ["v"], [(), ("s0",)], 50)
    found = made[("s0",)]
    assert len(found.keys) == 2000
    assert found.n.sum() == 6000
    expected = [math.fsum(score[days == d]) for d in range(2000)]
    assert found.sums[:, :, 0].sum(axis=1) == pytest.approx(expected, rel=1e-12)
    assert made[()].sums.sum() == pytest.approx(math.fsum(score), rel=1e-12)
