"""Joins, duplicates, groups of units and derived columns against plain Python."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.engine import DuckEngine
from assay.records.protocols import Member, Sides, Table

keys = st.lists(st.integers(-5, 12), unique=True, max_size=12)


@pytest.fixture(scope="module")
def engine() -> Any:
    with DuckEngine(2) as made:
        yield made


def member(engine: DuckEngine, rows: dict[int, Any], arm: str, name: str) -> Member:
    columns = {
        "id": np.array(list(rows), dtype=np.int64),
        "y": np.array([abs(k) % 2 for k in rows], dtype=np.int64),
        "p": np.array([np.nan if v is None else v for v in rows.values()], dtype=float),
    }
    return Member(engine.register(columns, name), ("id",), {"y": "y"}, ((arm, "p", None),))


scores = st.dictionaries(st.integers(-5, 12), st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=12)


@settings(max_examples=40)
@given(base=scores, cand=scores)
def test_the_join_is_the_outer_join_by_key(engine: DuckEngine, base: dict[int, Any], cand: dict[int, Any]) -> None:
    joined = engine.join([member(engine, base, "a0", "base"), member(engine, cand, "a1", "cand")])
    found = engine.connection.execute(f"SELECT k0, y, a0, a1, here0, here1 FROM {joined.name} ORDER BY k0").fetchall()
    every = sorted(base.keys() | cand.keys())
    assert found == [(k, abs(k) % 2, base.get(k), cand.get(k), k in base, k in cand) for k in every]
    survey = engine.survey(joined, [Sides("here0", "here1", ("a0", "a1"))])
    both = base.keys() & cand.keys()
    scored = [k for k in both if base[k] is not None and cand[k] is not None]
    pair = survey.pairs[0]
    assert survey.rows == len(every)
    assert (pair.rows, pair.unscored) == (len(scored), len(both) - len(scored))
    assert (pair.missing_in_baseline, pair.missing_in_candidate) == (len(cand.keys() - both), len(base.keys() - both))
    assert set(survey.flags.values()) == {0}


def test_a_changed_target_is_flagged_where_both_have_the_row(engine: DuckEngine) -> None:
    base, cand = (
        member(engine, {1: 0.1, 2: 0.2, 3: 0.3}, "a0", "b"),
        member(engine, {2: 0.2, 3: 0.3, 4: 0.4}, "a1", "c"),
    )
    engine.connection.execute(f"UPDATE {cand.table.name} SET y = 7 WHERE id IN (3, 4)")
    joined = engine.join([base, cand])
    survey = engine.survey(joined, [Sides("here0", "here1", ("a0", "a1"))])
    flag = next(f for f, n in survey.flags.items() if n)
    assert survey.flags[flag] == 1
    assert engine.example(joined, flag, True)["k0"] == 3


@settings(max_examples=25)
@given(
    rows=st.dictionaries(
        st.tuples(st.integers(0, 5), st.sampled_from([1, 2, 30])), st.floats(0, 1), min_size=1, max_size=18
    )
)
def test_seeds_become_arms(engine: DuckEngine, rows: dict[tuple[int, int], float]) -> None:
    table = engine.register(
        {
            "id": np.array([k for k, _ in rows]),
            "s": np.array([s for _, s in rows]),
            "p": np.array(list(rows.values())),
        },
        "long",
    )
    arms = tuple((f"a{s}", "p", s) for s in (1, 2, 30))
    joined = engine.join([Member(table, ("id",), {}, arms, "s")])
    found = engine.connection.execute(f"SELECT k0, a1, a2, a30 FROM {joined.name} ORDER BY 1").fetchall()
    assert found == [(k, *(rows.get((k, s)) for s in (1, 2, 30))) for k in sorted({k for k, _ in rows})]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["a", "b'"])), min_size=1, max_size=25))
def test_duplicates_are_rows_beyond_the_first(engine: DuckEngine, rows: list[tuple[int, str]]) -> None:
    numbers, words = np.array([n for n, _ in rows]), np.array([w for _, w in rows], dtype=object)
    table = engine.register({"n": numbers, "w": words}, "t")
    many, example = engine.duplicates(table, ("n", "w"))
    assert many == len(rows) - len(set(rows))
    assert example == (min(r for r in rows if rows.count(r) > 1) if many else ())
    many, _ = engine.duplicates(table, ("n",))
    assert many == len(rows) - len(set(numbers.tolist()))


@pytest.mark.parametrize("values", [[2**62, 2**62, 3], [-(2**63), 2**63 - 1, 5, 5], [10**25, 10**25], [1.5, 1.5]])
def test_duplicates_of_any_number(engine: DuckEngine, values: list[Any]) -> None:
    many, example = engine.duplicates(engine.register({"n": values}, "t"), ("n",))
    assert many == 1
    assert [str(v) for v in values].count(str(example[0])) == 2


def bucket(unit: Any, most: int) -> int:
    """The documented bucket, written out."""
    digest = hashlib.md5(str(unit).encode()).digest()
    number = unit if isinstance(unit, int) and unit < 2**63 else int.from_bytes(digest[8:], "little")
    word = 2**32 - 1
    mixed = (number & word) ^ (number >> 32 & word)
    mixed = (mixed ^ mixed >> 16) * 2_146_121_005 & word
    mixed = (mixed ^ mixed >> 15) * 668_265_261 & word
    return (mixed ^ mixed >> 16) % most


@pytest.mark.parametrize(
    "units",
    [
        [f"user {i}" for i in range(50)],
        [i * 7919 for i in range(50)],
        [-i - 1 for i in range(50)],
        ["é", "日本", "a'b", "", "NULL", *[f"x{i}" for i in range(20)]],
        [2**63 + i for i in range(30)],
        [i * 10**12 - 5 * 10**12 for i in range(40)],
        [2**32 - 20 + i for i in range(20)],
    ],
    ids=["text", "integers", "negative", "unicode", "unsigned", "large", "whole-word"],
)
def test_buckets_are_computed_as_documented(engine: DuckEngine, units: list[Any]) -> None:
    rows = [u for i, u in enumerate(units) for _ in range(i % 3 + 1)]
    made = np.array(rows, dtype=np.uint64 if isinstance(rows[0], int) and rows[0] >= 2**63 else None)
    table = engine.register({"u": made if made.dtype.kind != "U" else np.array(rows, dtype=object)}, "t")
    grouped, count, effective, largest = engine.groups(table, ("u",), 16)
    sizes = [rows.count(u) for u in units]
    assert (count, largest) == (len(units), max(sizes))
    assert effective == pytest.approx(sum(sizes) ** 2 / sum(s * s for s in sizes))
    found = engine.connection.execute(f"SELECT DISTINCT u, g FROM {grouped.name}").fetchall()
    assert {str(u): g for u, g in found} == {str(u): bucket(u, 16) for u in units}


IDS = {
    "counted": np.arange(200_000),
    "steps of 1,000": np.arange(200_000) * 1000,
    "steps of 1,024": np.arange(200_000) * 1024,
    "steps of 2^20": np.arange(200_000) << 20,
    "steps of 2^32": np.arange(200_000) << 32,
    "day and number": ((20_260_101 + np.arange(2000)[:, None]) * 1000 + np.arange(100)).ravel(),
}


@pytest.mark.parametrize("ids", IDS.values(), ids=IDS.keys())
def test_buckets_are_as_good_as_drawn_at_random(engine: DuckEngine, ids: Any) -> None:
    grouped, *_ = engine.groups(engine.register({"u": ids}, "t"), ("u",), 1024)
    found = engine.connection.execute(f"SELECT u, g FROM {grouped.name} ORDER BY u").fetchnumpy()["g"]
    sizes = np.bincount(found, minlength=1024)
    even = len(ids) / 1024
    # Both ratios have an expectation of 1 and a standard error of sqrt(2 / 1023) = 0.044.
    assert ((sizes - even) ** 2 / even).sum() / 1023 == pytest.approx(1, abs=0.2)
    for period in (2, 7, 24, 100, 1000):
        effect = np.arange(len(ids)) % period
        effect = effect - effect.mean()
        sums = np.bincount(found, weights=effect, minlength=1024)
        assert (sums**2).sum() / (effect**2).sum() == pytest.approx(1, abs=0.2)


def test_few_units_have_a_number_each_in_their_order(engine: DuckEngine) -> None:
    table = engine.register({"u": np.array(["b", "a", "c", "a"], dtype=object)}, "t")
    grouped, *_ = engine.groups(table, ("u",), 16)
    found = engine.connection.execute(f"SELECT DISTINCT u, g FROM {grouped.name} ORDER BY g").fetchall()
    assert found == [("a", 0), ("b", 1), ("c", 2)]


def test_units_of_several_columns_are_told_apart(engine: DuckEngine) -> None:
    table = engine.register({"a": np.array([1, 11, 1]), "b": np.array([11, 1, 11])}, "t")
    _, count, _, largest = engine.groups(table, ("a", "b"), 16)
    assert (count, largest) == (2, 2)


def test_many_units_of_several_columns_share_buckets(engine: DuckEngine) -> None:
    table = engine.register({"a": np.arange(40) % 20, "b": np.arange(40) % 20 + 1}, "t")
    grouped, count, _, largest = engine.groups(table, ("a", "b"), 16)
    found = engine.connection.execute(f"SELECT DISTINCT a, b, g FROM {grouped.name}").fetchall()
    assert (count, largest) == (20, 2)
    assert {(a, b): g for a, b, g in found} == {(i, i + 1): bucket(f"{i}\x1f{i + 1}", 16) for i in range(20)}


def test_derived_columns_see_missing_values(engine: DuckEngine) -> None:
    table = engine.register({"v": np.ma.masked_array([1.0, 2.0, 3.0], mask=[0, 1, 0]), "r": np.array(list("abc"))}, "t")

    def doubled(chunk: dict[str, Any]) -> dict[str, Any]:
        return {"d": np.ma.masked_array(np.ma.filled(chunk["v"], 0) * 2, mask=np.ma.getmaskarray(chunk["v"]))}

    made = engine.derive(table, doubled, ("v",), ("r",))
    found = engine.connection.execute(f"SELECT r, d FROM {made.name} ORDER BY r").fetchall()
    assert found == [("a", 2.0), ("b", None), ("c", 6.0)]


def test_the_same_rows_are_written_as_the_same_bytes(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    digests = set()
    for threads in (1, 2, 1):
        order = rng.permutation(5000)
        columns = {"id": order, "r": np.array([f"r{i % 7}" for i in order], dtype=object), "v": np.sin(order)}
        with DuckEngine(threads) as made:
            path = tmp_path / f"{len(digests)}-{threads}.parquet"
            made.write(made.register(columns, "t"), path, ["id"])
            digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_profile_in_one_pass(engine: DuckEngine) -> None:
    table = engine.register(
        {"v": np.array([1.0, 0.0, np.inf, -2.0]), "w": np.array(["b", None, "a", "a"], object)}, "t"
    )
    engine.connection.execute(f"UPDATE {table.name} SET v = 'nan' WHERE v = 0").fetchall()
    found = engine.profile(table, ["v", "w"])
    assert (found["v"].rows, found["v"].nan, found["v"].infinite) == (4, 1, 1)
    assert (found["v"].least, found["v"].most) == (-2.0, 1.0)
    assert (found["w"].missing, found["w"].least, found["w"].most) == (1, "a", "b")


def test_nothing_is_left_behind() -> None:
    engine = DuckEngine(1)
    spill = Path(engine._spill)
    assert spill.is_dir()
    engine.close()
    assert not spill.exists()


def described(engine: DuckEngine, table: Table) -> dict[str, str]:
    return dict(engine.describe(table.name, "t").columns)


def test_kinds_of_columns(engine: DuckEngine) -> None:
    engine.connection.execute(
        "CREATE TABLE kinds AS SELECT 1::UTINYINT i, 1::HUGEINT h, 1.5::FLOAT f, 2::DECIMAL(9, 2) d, 'x' t, true b,"
        " DATE '2024-01-01' AS day, TIMESTAMPTZ '2024-01-01' AS at, [1] l, {'a': 1} s, 'ab'::BLOB raw,"
        " INTERVAL 1 DAY AS iv, [DATE '2024-01-01'] AS dates, 'x'::ENUM ('x') AS e"
    )
    found = described(engine, Table("kinds", "t", {}))
    expected = "integer integer number number text boolean time time list other other other other text"
    assert list(found.values()) == expected.split()
