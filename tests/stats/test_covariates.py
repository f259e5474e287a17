"""Strengths adjusted for covariates: the largest likelihood, units that repeat themselves, and what is refused."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.optimize import minimize

import assay
from assay.base.errors import AssayError, InputError
from assay.records.metric import Floats
from assay.stats.preferences import (
    Votes,
    count_votes,
    covariance,
    fit,
    refuse_collinear,
    replicates,
)
from assay.stats.procedures import StudentT
from assay.stats.strengths import infer_strengths
from tests.known.preferences import BASEBALL


def drawn(seed: int, n: int = 800, ties: bool = True, groups: int = 40, slope: float = 0.7) -> Votes:
    """Votes between four models; the longer answer is preferred."""
    rng = np.random.default_rng(seed)
    first = rng.integers(4, size=n)
    second = (first + rng.integers(1, 4, n)) % 4
    x = np.stack([rng.normal(size=n), rng.integers(2, size=n).astype(float)], axis=1)
    theta = np.array([0.6, 0.1, -0.2, -0.5])
    eta = theta[first] - theta[second] + 0.2 + slope * x[:, 0] - 0.3 * x[:, 1]
    weights = np.stack([np.exp(eta / 2), np.exp(-eta / 2), np.full(n, 0.4 if ties else 0.0)], axis=1)
    outcome = (rng.random(n)[:, None] * weights.sum(1)[:, None] > np.cumsum(weights, axis=1)).sum(axis=1)
    return count_votes(first, second, outcome, rng.integers(groups, size=n), 4, x)


def _loss(at: Floats, votes: Votes) -> float:
    theta, order, tie, slopes = np.append(at[:3], -at[:3].sum()), at[3], at[4], at[5:]
    half = (theta[votes.first] - theta[votes.second] + order + votes.covariates @ slopes) / 2
    logs = np.stack([half, -half, np.full(half.size, tie)], axis=1)
    return float(-(votes.counts * (logs - np.log(np.exp(logs).sum(axis=1, keepdims=True)))).sum())


@pytest.mark.parametrize("seed", range(3))
def test_the_fit_is_where_the_likelihood_is_largest(seed: int) -> None:
    votes = drawn(seed)
    made = fit(votes, votes.counts, order=True)
    best = minimize(_loss, np.zeros(7), args=(votes,), method="BFGS", options={"gtol": 1e-7})
    assert np.append(made.theta[:3], [made.order, made.tie, *made.slopes]) == pytest.approx(best.x, abs=1e-4)


def test_a_vote_without_ties_is_a_logistic_regression() -> None:
    """statsmodels Logit on differences of models and the covariates, against the last model."""
    import statsmodels.api as sm

    votes = drawn(5, ties=False)
    rows = np.repeat(np.arange(len(votes.first)), votes.counts.sum(axis=1).astype(int))
    won = np.concatenate([np.repeat([1.0, 0.0], c[:2].astype(int)) for c in votes.counts])
    design = np.zeros((rows.size, 4))
    design[np.arange(rows.size), votes.first[rows]] += 1
    design[np.arange(rows.size), votes.second[rows]] -= 1
    peer = sm.Logit(won, np.column_stack([design[:, :3], votes.covariates[rows]])).fit(disp=0, tol=1e-12)
    made = fit(votes, votes.counts, order=False)
    assert made.theta[:3] - made.theta[3] == pytest.approx(peer.params[:3], abs=1e-6)
    assert made.slopes == pytest.approx(peer.params[3:], abs=1e-6)
    spread = covariance(votes, made, order=False)
    assert np.sqrt(np.diag(spread)[6:]) == pytest.approx(peer.bse[3:], rel=1e-5)


def baseball(shown: bool) -> Votes:
    """The games; half of them written down with the visitor first, so that being at home is a covariate of 1 or -1."""
    won, lost = (np.array(each) for each in BASEBALL)
    home, away = (a.ravel() for a in np.indices(won.shape))
    first = np.concatenate([np.repeat(home, won.ravel()), np.repeat(home, lost.ravel())])
    second = np.concatenate([np.repeat(away, won.ravel()), np.repeat(away, lost.ravel())])
    outcome = np.repeat([0, 1], [int(won.sum()), int(lost.sum())])
    turn = np.arange(first.size) % 2 == 1 if shown else np.zeros(first.size, dtype=bool)
    one, other = np.where(turn, second, first), np.where(turn, first, second)
    at_home = np.where(turn, -1.0, 1.0)[:, None]
    return count_votes(one, other, np.where(turn, 1 - outcome, outcome), np.zeros(first.size, dtype=int), 7, at_home)


@pytest.mark.parametrize("shown", [False, True])
def test_being_at_home_is_a_covariate(shown: bool) -> None:
    votes = baseball(shown)
    made = fit(votes, votes.counts, order=False)
    # source: R BradleyTerry2, tests/testthat/test-baseball.R: at.home 0.302
    assert made.slopes[0] == pytest.approx(0.302, abs=5e-4)
    shares = np.exp(made.theta) / np.exp(made.theta).sum()
    # source: Agresti (2002), table 10.11, column 5, as in R BradleyTerry2 test-baseball.R
    assert sorted(shares.round(3).tolist()) == [0.044, 0.088, 0.137, 0.157, 0.164, 0.190, 0.220]


def test_no_covariates_is_the_fit_without() -> None:
    votes = drawn(1)
    plain = count_votes(
        *(np.repeat(v, votes.votes.astype(int)) for v in (votes.first[votes.pair], votes.second[votes.pair])),
        np.repeat(votes.outcome, votes.votes.astype(int)),
        np.repeat(votes.group, votes.votes.astype(int)),
        4,
    )
    nothing = fit(plain, plain.counts, order=True)
    assert nothing.slopes.size == 0
    assert nothing.values.size == 6


def test_one_step_is_near_the_whole_jackknife() -> None:
    votes = drawn(2, n=1200, groups=30)
    whole = fit(votes, votes.counts, order=True)
    near = replicates(votes, whole, order=True)
    for g in range(5):
        mine = votes.group == g
        left = votes.counts.copy()
        np.subtract.at(left, (votes.pair[mine], votes.outcome[mine]), votes.votes[mine])
        exact = fit(votes, left, order=True, start=whole).values
        moved = np.abs(exact - whole.values).max()
        assert np.abs(near[g] - exact).max() < 0.02 * moved


def test_units_that_repeat_their_votes_count_once() -> None:
    rng = np.random.default_rng(0)
    n = 400
    first = rng.integers(3, size=n)
    second = (first + rng.integers(1, 3, n)) % 3
    x = rng.normal(size=(n, 1))
    outcome = (rng.random(n) < 1 / (1 + np.exp(0.5 * x[:, 0]))).astype(int)
    each = [np.repeat(v, 4, axis=0) for v in (first, second, outcome, np.arange(n))]
    votes = count_votes(*each, 3, np.repeat(x, 4, axis=0))
    units = infer_strengths(votes, True, False, 0.95, 0).slopes[0]
    rows = infer_strengths(votes, False, False, 0.95, 0).slopes[0]
    assert isinstance(units, StudentT)
    assert isinstance(rows, StudentT)
    assert units.value == pytest.approx(rows.value)
    assert units.se == pytest.approx(2 * rows.se, rel=0.1)


def test_units_of_measurement_change_nothing_but_the_slope() -> None:
    votes = drawn(3)
    scaled = Votes(
        votes.models, votes.first, votes.second, votes.counts, votes.group, votes.pair, votes.outcome, votes.votes,
        votes.covariates * [1e6, 1e-3],
    )  # fmt: skip
    one, other = (infer_strengths(v, True, True, 0.95, 0) for v in (votes, scaled))
    for a, b in zip(one.models, other.models, strict=True):
        assert a.value == pytest.approx(b.value)  # type: ignore[union-attr]
    for a, b, unit in zip(one.slopes, other.slopes, (1e6, 1e-3), strict=True):
        assert a.value == pytest.approx(b.value * unit)  # type: ignore[union-attr]
        assert a.se == pytest.approx(b.se * unit)  # type: ignore[union-attr]


def test_perfect_separation_is_refused() -> None:
    votes = drawn(4, ties=False)
    x = np.where(votes.counts[:, 0] > 0, 1.0, -1.0)[:, None]
    split = Votes(
        votes.models, votes.first, votes.second, votes.counts, votes.group, votes.pair, votes.outcome, votes.votes, x
    )
    with pytest.raises(InputError, match="tell winners from losers without fail"):
        fit(split, split.counts, order=False)


@pytest.mark.parametrize("kind", ["models", "order", "sum", "zero"])
def test_covariates_that_follow_from_the_rest_are_refused(kind: str) -> None:
    votes = drawn(6)
    theta = np.array([1.0, 2.0, 5.0, 3.0])
    x = {
        "models": theta[votes.first] - theta[votes.second],
        "order": np.ones(len(votes.first)),
        "sum": votes.covariates.sum(axis=1),
        "zero": np.zeros(len(votes.first)),
    }[kind]
    held = np.column_stack([votes.covariates, x])
    made = Votes(
        votes.models, votes.first, votes.second, votes.counts, votes.group, votes.pair, votes.outcome, votes.votes, held
    )
    with pytest.raises(InputError, match="'bad' follows from the models"):
        refuse_collinear(made, True, ["a", "b", "bad"])
    refuse_collinear(votes, True, ["a", "b"])


def table(n: int = 600) -> dict[str, list[Any]]:
    rng = np.random.default_rng(9)
    names = np.array(["ada", "bea", "cleo"])
    first = rng.integers(3, size=n)
    second = (first + rng.integers(1, 3, n)) % 3
    longer = rng.normal(size=n) + 0.8 * (first == 0) - 0.8 * (second == 0)
    won = rng.random(n) < 1 / (1 + np.exp(-longer))
    return {
        "one": names[first].tolist(),
        "two": names[second].tolist(),
        "winner": np.where(won, names[first], names[second]).tolist(),
        "longer": longer.tolist(),
        "user": (np.arange(n) // 3).tolist(),
    }


ASKED = {"first": "one", "second": "two", "winner": "winner"}


def test_a_model_that_only_writes_more_loses_its_lead() -> None:
    plain, adjusted = (assay.preferences(table(), **ASKED, covariates=c) for c in ((), "longer"))
    assert plain["ada"].rank_interval == (1, 1)
    assert adjusted["ada"].rank_interval[1] == 3
    slope = adjusted.results.covariates[0]
    assert slope.name == "longer"
    assert slope.estimate.value == pytest.approx(1.0, abs=0.3)
    assert "adjusted for longer: " in str(adjusted)
    assert "Adjusted for longer" in adjusted._repr_html_()
    assert adjusted.to_json()["covariates"][0]["name"] == "longer"
    assert plain.to_json()["covariates"] == []


BAD = [
    ({"covariates": "gone"}, "has no column 'gone' for a covariate"),
    ({"covariates": "one"}, "the covariate 'one' is text"),
    ({"covariates": ["longer", "longer"]}, "is named twice"),
    ({"covariates": "hole"}, "the column 'hole' is empty in 1 row"),
    ({"covariates": "wild"}, "is no finite number in 1 row"),
    ({"covariates": "none"}, "'none' follows from the models"),
    ({"covariates": "sure"}, "tell winners from losers without fail"),
]


@pytest.mark.parametrize(("change", "said"), BAD, ids=[said for _, said in BAD])
def test_bad_covariates_are_refused(change: dict[str, Any], said: str) -> None:
    made = table()
    sure = [1.0 if w == o else -1.0 for w, o in zip(made["winner"], made["one"], strict=True)]
    more = {"hole": [None, *made["longer"][1:]], "wild": [math.inf, *made["longer"][1:]], "none": [0.0] * 600}
    with pytest.raises(AssayError, match=said):
        assay.preferences({**made, **more, "sure": sure}, **{**ASKED, **change})


def test_models_that_no_votes_link_are_refused_with_covariates_too() -> None:
    made = {"one": ["a", "c"] * 20, "two": ["b", "d"] * 20, "winner": ["a", "c", "b", "d"] * 10, "x": list(range(40))}
    with pytest.raises(AssayError, match="were never compared"):
        assay.preferences(made, **ASKED, covariates="x")
