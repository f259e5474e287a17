"""From files of votes to ranks: the ways to name a winner, units, and every bad input."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assay
from assay.base.errors import AssayError
from tests.helpers.runs import assay as command
from tests.helpers.tables import write

ASKED = {"first": "g", "second": "a0", "winner": "k0"}


def votes(n: int = 600, seed: int = 0, by: str = "name") -> dict[str, list[Any]]:
    rng = np.random.default_rng(seed)
    names = np.array(["ada", "bea", "cleo", "dora"])
    first = rng.integers(4, size=n)
    second = (first + rng.integers(1, 4, n)) % 4
    half = (np.array([1.0, 0.3, 0.0, -1.0])[first] - np.array([1.0, 0.3, 0.0, -1.0])[second]) / 2
    weights = np.stack([np.exp(half), np.exp(-half), np.full(n, 0.4)], axis=1)
    ended = (rng.random(n)[:, None] * weights.sum(1)[:, None] > np.cumsum(weights, axis=1)).sum(axis=1)
    won = {
        "name": np.stack([names[first], names[second], np.full(n, "tie")]),
        "column": np.array([["g"], ["a0"], ["tie"]]),
    }
    winner = won[by][ended, np.arange(n) if by == "name" else 0]
    return {
        "g": names[first].tolist(),
        "a0": names[second].tolist(),
        "k0": winner.tolist(),
        "u": (np.arange(n) // 6).tolist(),
    }


def test_a_winner_is_named_by_model_or_by_column() -> None:
    one, other = (assay.preferences(votes(by=by), **ASKED) for by in ("name", "column"))
    assert one.to_json() == other.to_json()
    assert next(m.name for m in one) == "ada"
    assert sum(m.won for m in one) + one.results.ties == one.results.votes == 600
    assert one["dora"].rank == 4


def test_order_of_rows_and_form_of_file_change_nothing(tmp_path: Path) -> None:
    table = votes()
    order = np.random.default_rng(1).permutation(600)
    mixed = {k: [v[i] for i in order] for k, v in table.items()}
    found = [
        assay.preferences(path, **ASKED, unit="u").to_json()["models"]
        for path in (write(tmp_path / "votes.parquet", table), write(tmp_path / "votes.csv", mixed))
    ]
    assert found[0] == found[1]


def test_voters_who_repeat_themselves_are_units() -> None:
    table = votes(300)
    many = {k: [v for v in values for _ in range(4)] for k, values in table.items()} | {
        "u": [i for i in range(300) for _ in range(4)]
    }
    rows, units = assay.preferences(many, **ASKED), assay.preferences(many, **ASKED, unit="u")
    for m in rows:
        narrow, wide = m.estimate.interval, units[m.name].estimate.interval
        assert narrow is not None
        assert wide is not None
        assert wide[1] - wide[0] > 1.7 * (narrow[1] - narrow[0])
    assert {m.estimate.units for m in units} == {300}


@pytest.mark.parametrize("form", ["json", "html", "text"])
def test_the_command_says_the_same(tmp_path: Path, form: str) -> None:
    path = write(tmp_path / "votes.parquet", votes())
    how = ["preferences", path, "--first", "g", "--second", "a0", "--winner", "k0", "--order"]
    found = assay.preferences(path, **ASKED, order=True)
    if form == "json":
        said = json.loads(command(*how, "--json", "-").out)
        assert said["models"][0]["strength"]["value"] == next(iter(found)).estimate.value
        assert said["order"]["interval"] == list(found.results.order.interval)  # type: ignore[union-attr]
        assert json.loads(json.dumps(found.to_json())) == said
    elif form == "html":
        target = tmp_path / "page.html"
        assert command(*how, "--html", target).code == 0
        page = target.read_text("utf-8")
        assert all(word in page for word in ("Models ranked by preference", "cleo", "<svg", "Shown first"))
        assert "<svg" in found._repr_html_()
    else:
        assert command(*how).out == str(found)
        assert "shown first: " in str(found)


BAD = [
    ({"first": "gone"}, "has no column 'gone' for the first model"),
    ({"winner": "gone"}, "has no column 'gone' for the winner"),
    ({"unit": "gone"}, "has no column 'gone' for the unit"),
    ({"winner": "u"}, "'0' won in "),
    ({"second": "g"}, "is compared with itself in 600 rows"),
    ({"level": 2.0}, "the level is 2.0"),
    ({"seed": -1}, "the seed is -1"),
    ({"winner": ""}, "is not named"),
]


@pytest.mark.parametrize(("change", "said"), BAD, ids=[said for _, said in BAD])
def test_bad_input_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(AssayError, match=said):
        assay.preferences(votes(), **{**ASKED, **change})


def test_votes_that_cannot_be_ranked_are_refused() -> None:
    table = votes()
    with pytest.raises(AssayError, match="the column 'k0' is empty in 1 row"):
        assay.preferences({**table, "k0": [None, *table["k0"][1:]]}, **ASKED)
    with pytest.raises(AssayError, match="the unit column 'u' has one value"):
        assay.preferences({**table, "u": [1] * 600}, **ASKED, unit="u")
    with pytest.raises(AssayError, match="has no rows"):
        assay.preferences({k: np.array(v)[:0] for k, v in table.items()}, **ASKED)
    perfect = {"g": ["x", "y"] * 20, "a0": ["y", "x"] * 20, "k0": ["x"] * 40}
    with pytest.raises(AssayError, match="x never lost to, or tied with, any of the others"):
        assay.preferences(perfect, **ASKED)


@pytest.mark.parametrize(("size", "said"), [(1e200, r"'x' is .*e\+200; "), (1e-200, "'x' is .*e-200 at most")])
def test_covariates_whose_squares_are_no_numbers_are_refused(size: float, said: str) -> None:
    table = votes()
    longer = np.random.default_rng(0).normal(size=600) * size
    with pytest.raises(AssayError, match=said):
        assay.preferences({**table, "x": longer}, **ASKED, covariates="x")


UNBOUNDED = {
    "first": ({"one": ["x", "y"] * 20, "two": ["y", "x"] * 20, "w": ["x", "y"] * 20}, {"order": True}),
    "ties": ({"one": ["x", "y"], "two": ["y", "x"], "w": ["tie", "tie"]}, {}),
    "wins and ties": ({"one": ["x"] * 4, "two": ["y"] * 4, "w": ["x", "tie", "tie", "x"]}, {}),
    "a chain": ({"one": list("xyxx"), "two": list("yzzy"), "w": ["x", "y", "x", "tie"]}, {}),
}


@pytest.mark.parametrize(("table", "more"), UNBOUNDED.values(), ids=UNBOUNDED)
def test_votes_without_a_finite_fit_are_refused(table: dict[str, Any], more: dict[str, Any]) -> None:
    with pytest.raises(AssayError, match=r"the same side wins without fail|never lost to, or tied with"):
        assay.preferences(table, first="one", second="two", winner="w", **more)


def test_a_unit_without_which_no_fit_is_finite_leaves_no_interval() -> None:
    table = {"one": ["x"] * 4, "two": ["y"] * 4, "w": ["x", "tie", "tie", "y"], "u": [1, 2, 3, 4]}
    found = assay.preferences(table, first="one", second="two", winner="w", unit="u")
    assert all(m.estimate.value == 0 and m.estimate.interval is None for m in found)


def test_a_winner_that_means_two_things_is_refused() -> None:
    swapped = {"a": ["b", "a"] * 4, "b": ["a", "b"] * 4, "w": ["a", "b"] * 4}
    with pytest.raises(AssayError, match="'a' is a model's name and that of a column in 4 rows"):
        assay.preferences(swapped, first="a", second="b", winner="w")
    tied = {"a": ["tie", "y"] * 4, "b": ["y", "tie"] * 4, "w": ["tie", "y"] * 4}
    with pytest.raises(AssayError, match="'tie' is a model's name and the word for a tie in 4 rows"):
        assay.preferences(tied, first="a", second="b", winner="w")


def test_a_model_named_as_the_column_it_stands_in_is_clear() -> None:
    table = {"a": ["a"] * 6, "b": ["b"] * 6, "w": ["a", "a", "b", "a", "b", "a"]}
    found = assay.preferences(table, first="a", second="b", winner="w")
    # source: 4 wins against 2 have log-odds log 2, half of it on either side
    assert [(m.name, round(m.estimate.value or 0, 6)) for m in found] == [("a", 0.346574), ("b", -0.346574)]
