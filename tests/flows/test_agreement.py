"""From files of ratings to measures: both layouts, units, and every bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet
import pytest

import assay
from assay.base.errors import AssayError
from assay.stats.agreement import krippendorff
from tests.helpers.runs import assay as command
from tests.helpers.tables import write
from tests.known.agreement import FOUR, THREE, ratings


def lines(table: Any) -> dict[str, list[Any]]:
    held = [(f"item {i}", f"rater {r}", v) for r, row in enumerate(table) for i, v in enumerate(row) if v is not None]
    return {name: [line[k] for line in held] for k, name in enumerate(("item", "rater", "score"))}


def many(items: int = 60, seed: int = 0) -> dict[str, list[Any]]:
    rng = np.random.default_rng(seed)
    true = np.repeat(rng.integers(4, size=items), 3)
    score = np.where(rng.random(items * 3) < 0.8, true, rng.integers(4, size=items * 3))
    item = np.repeat(np.arange(items), 3)
    rater = np.tile(["ann", "ben", "cy"], items)
    return {"g": item.tolist(), "y": rater.tolist(), "a0": score.tolist(), "u": (item // 5).tolist()}


@pytest.mark.parametrize("table", [THREE, FOUR])
@pytest.mark.parametrize("scale", ["nominal", "ordinal", "interval", "ratio"])
def test_lines_and_columns_are_read_alike(tmp_path: Path, table: Any, scale: str) -> None:
    expected = float(krippendorff(ratings(table), scale).values[0])  # type: ignore[arg-type]
    long = assay.agreement(lines(table), item="item", rater="rater", rating="score", scale=scale)
    names = [f"r{k}" for k in range(len(table))]
    wide = {"item": list(range(len(table[0]))), **dict(zip(names, table, strict=True))}
    path = write(tmp_path / "wide.csv", {k: ["" if v is None else v for v in values] for k, values in wide.items()})
    beside = assay.agreement(path, item="item", rating=names, scale=scale)
    for found in (long, beside):
        assert found["krippendorff"].value == pytest.approx(expected, rel=1e-12)
    assert long["krippendorff"].interval == pytest.approx(beside["krippendorff"].interval, rel=1e-9)
    assert (long.results.raters, beside.results.raters) == (len(table), len(table))
    assert (
        long.results.ratings == beside.results.ratings == sum(v is not None for r in table for v in r) - _alone(table)
    )


def _alone(table: Any) -> int:
    return sum(sum(v is not None for v in column) == 1 for column in zip(*table, strict=True))


def test_units_hold_items_and_widen_the_interval() -> None:
    rng = np.random.default_rng(3)
    users = np.repeat(np.arange(40), 10)
    hard = (rng.random(40) < 0.3)[users]
    true = rng.integers(2, size=400)
    score = [np.where(hard & (rng.random(400) < 0.5), 1 - true, true) for _ in range(2)]
    table = {"item": np.arange(400), "user": users, "one": score[0], "two": score[1]}
    rows = assay.agreement(table, item="item", rating=["one", "two"], measures=["krippendorff", "agreement"])
    units = assay.agreement(table, item="item", rating=["one", "two"], unit="user", measures="krippendorff")
    assert rows["krippendorff"].value == units["krippendorff"].value
    assert (rows["krippendorff"].units, units["krippendorff"].units) == (400, 40)
    narrow, wide = rows["krippendorff"].interval, units["krippendorff"].interval
    assert narrow is not None
    assert wide is not None
    assert wide[1] - wide[0] > 1.5 * (narrow[1] - narrow[0])


def test_more_units_than_groups_are_put_into_buckets() -> None:
    rng = np.random.default_rng(4)
    true = rng.integers(3, size=3000)
    one, two = (np.where(rng.random(3000) < 0.9, true, rng.integers(3, size=3000)) for _ in range(2))
    found = assay.agreement({"item": np.arange(3000), "one": one, "two": two}, item="item", rating=["one", "two"])
    alpha = found["krippendorff"]
    assert alpha.units == 3000
    assert alpha.inside_domain
    assert alpha.interval is not None
    assert alpha.interval[0] < 0.81 < alpha.interval[1]


def test_columns_may_have_any_name() -> None:
    found = assay.agreement(many(), item="g", rater="y", rating="a0", unit="u")
    assert found["krippendorff"].units == 12


@pytest.mark.parametrize("form", ["json", "html", "text"])
def test_the_command_says_the_same(tmp_path: Path, form: str) -> None:
    path = write(tmp_path / "ratings.parquet", many())
    how = ["agreement", path, "--item", "g", "--rater", "y", "--rating", "a0"]
    found = assay.agreement(path, item="g", rater="y", rating="a0")
    if form == "json":
        said = json.loads(command(*how, "--json", "-").out)
        assert said["measures"][0]["value"] == found["krippendorff"].value
        assert said["measures"][0]["interval"] == list(found["krippendorff"].interval or ())
        assert (said["items"], said["raters"], said["ratings"]) == (60, 3, 180)
    elif form == "html":
        target = tmp_path / "page.html"
        assert command(*how, "--html", target).code == 0
        page = target.read_text("utf-8")
        assert all(title in page for title in ("Agreement between raters", "krippendorff", "<svg"))
        assert "<svg" in found._repr_html_()
    else:
        assert command(*how).out == str(found)


BAD = [
    ({"item": "gone"}, "has no column 'gone' for the item"),
    ({"rating": "gone"}, "has no column 'gone' for a rating"),
    ({"rater": ""}, "who rates is not said"),
    ({"rating": ["a0", "u"]}, "a column of raters and several columns of ratings"),
    ({"scale": "cardinal"}, "the scale is 'cardinal'"),
    ({"measures": "gwet"}, "unknown measure 'gwet'"),
    ({"rating": "y", "rater": "a0", "scale": "ordinal"}, "the ratings in 'y' are text"),
    ({"level": 1.5}, "the level is 1.5"),
    ({"rating": []}, "is not named"),
    ({"rating": ["a0", "y"], "rater": ""}, "the ratings have mixed types: number in 'a0', text in 'y'"),
    ({"unit": "y"}, "an item has ratings in two values of the unit 'y'"),
]


@pytest.mark.parametrize(("change", "said"), BAD, ids=[said for _, said in BAD])
def test_bad_input_is_refused(change: dict[str, Any], said: str) -> None:
    asked = {"item": "g", "rater": "y", "rating": "a0", **change}
    with pytest.raises(AssayError, match=said):
        assay.agreement(many(), **asked)


def test_a_rating_that_is_nan_was_not_given(tmp_path: Path) -> None:
    table = many()
    holes = {**table, "a0": [float("nan"), *map(float, table["a0"][1:])]}
    path = tmp_path / "ratings.parquet"
    pyarrow.parquet.write_table(pyarrow.table(holes), path)
    rest = {k: v[1:] for k, v in table.items()}
    asked = {"item": "g", "rater": "y", "rating": "a0"}
    expected = assay.agreement(rest, **asked)["krippendorff"].value
    for given in (path, holes):
        found = assay.agreement(given, **asked)
        assert found.results.ratings == 179
        assert found["krippendorff"].value == pytest.approx(expected)


def test_item_and_rater_swapped_is_answered_in_time_and_memory() -> None:
    rater, item = np.tile(np.arange(20_000), 2), np.repeat([0, 1], 20_000)
    score = np.random.default_rng(0).integers(0, 3, 40_000)
    found = assay.agreement({"i": item, "r": rater, "s": score}, item="i", rater="r", rating="s", scale="ordinal")
    assert not found["krippendorff"].inside_domain


def test_repeats_empty_items_and_nothing_are_refused() -> None:
    table = many(20)
    twice = {k: v + v[:1] for k, v in table.items()}
    with pytest.raises(AssayError, match="1 row repeats a rating, first g=0, y=ann"):
        assay.agreement(twice, item="g", rater="y", rating="a0")
    holes = {**table, "g": [None, *table["g"][1:]]}
    with pytest.raises(AssayError, match="the column 'g' is empty in 1 row"):
        assay.agreement(holes, item="g", rater="y", rating="a0")
    nothing = {k: np.array(v)[:0] for k, v in table.items()}
    with pytest.raises(AssayError, match="has no rows"):
        assay.agreement(nothing, item="g", rater="y", rating="a0")
    wrong = {**table, "a0": [float("inf"), *map(float, table["a0"][1:])]}
    with pytest.raises(AssayError, match="a rating is infinite"):
        assay.agreement(wrong, item="g", rater="y", rating="a0", scale="interval")


@pytest.mark.parametrize(("size", "said"), [(1e200, r"a rating is 3e\+200"), (1e-200, "a rating is 3e-200 at most")])
def test_ratings_whose_squares_are_no_numbers_are_refused(size: float, said: str) -> None:
    table = {"item": [1, 2, 3], "a": [1 * size, 2 * size, 3 * size], "b": [1 * size, 3 * size, 3 * size]}
    with pytest.raises(AssayError, match=said):
        assay.agreement(table, item="item", rating=["a", "b"], scale="interval")
    assert assay.agreement(table, item="item", rating=["a", "b"])["krippendorff"].value is not None
