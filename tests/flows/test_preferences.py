"""From files of votes to ranks: the ways to name a winner, units, and every bad input."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import chisquare

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


def uneven(share: float, n: int = 600) -> dict[str, list[Any]]:
    """Votes in which a share of the pairs that stand against the alphabet is turned to it."""
    table, rng = votes(n), np.random.default_rng(0)
    for i, (one, other) in enumerate(zip(table["g"], table["a0"], strict=True)):
        if one > other and rng.random() < share:
            table["g"][i], table["a0"][i] = other, one
    return table


def test_an_order_that_was_not_drawn_is_a_warning_that_names_the_pair() -> None:
    table = uneven(0.6)
    found = assay.preferences(table, **ASKED, order=True)
    seen = found.results.showing
    assert seen is not None
    rows = list(zip(table["g"], table["a0"], strict=True))
    assert seen.counts == (rows.count((seen.first, seen.second)), rows.count((seen.second, seen.first)))
    statistics = {
        (a, b): chisquare([rows.count((a, b)), rows.count((b, a))]).statistic
        for a, b in combinations(sorted(set(table["g"])), 2)
    }
    assert seen.statistic == pytest.approx(sum(statistics.values()))
    assert max(statistics, key=statistics.__getitem__) == (seen.first, seen.second)
    ahead, behind = seen.counts
    said = (
        f"{seen.first!r} was shown first in {ahead} of {ahead + behind} votes with {seen.second!r}: the order was not"
    )
    assert [w.startswith(said) for w in found.results.warnings] == [True]
    assert "was shown first in" in found._repr_html_()
    assert "order of showing: test of equal orders in 6 pairs: p < 0.001 (chi-square 163, 6 df)" in str(found)


def test_an_order_that_may_be_drawn_is_none_and_an_order_not_asked_for_is_not_tested() -> None:
    even = assay.preferences(votes(), **ASKED, order=True)
    assert even.results.warnings == ()
    assert even.results.showing is not None
    assert even.results.showing.df == even.results.showing.pairs == 6
    plain = assay.preferences(uneven(1.0), **ASKED)
    assert plain.results.showing is None
    assert plain.to_json()["showing"] is None
    assert plain.results.warnings == ()
    assert "order of showing" not in str(plain)


def test_pairs_with_few_votes_are_left_out_and_counted() -> None:
    found = assay.preferences(uneven(1.0, 40), **ASKED, order=True)
    assert found.results.showing is not None
    assert found.results.showing.p_value is None
    assert "order of showing: not tested; 6 pairs with too few votes left out" in str(found)
    assert found.results.warnings == ()


def test_the_warning_goes_to_standard_error(tmp_path: Path) -> None:
    path = write(tmp_path / "votes.parquet", uneven(0.6))
    done = command("preferences", path, "--first", "g", "--second", "a0", "--winner", "k0", "--order", "--json", "-")
    assert "assay: warning: 'bea' was shown first in " in done.err
    assert json.loads(done.out)["showing"]["first"] == "bea"


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
