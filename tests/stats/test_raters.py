"""Measures of agreement as procedures: intervals and tests that invert one another, shares by plain Python."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from simulations.raters import agreement_scenario

from assay.base.errors import InputError
from assay.stats.agreement import krippendorff
from assay.stats.jackknife import jackknife
from assay.stats.procedures import Descriptive, Inverted, LogitT, StudentT, Undefined
from assay.stats.raters import MEASURES, disagreeing, infer_agreement
from tests.known.agreement import ratings
from tests.stats.test_agreement import drawn


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.6, 0.999))
@pytest.mark.parametrize("measure", ["krippendorff", "agreement", "ceiling"])
def test_a_bound_is_where_the_p_value_meets_the_level(measure: str, seed: int, level: float) -> None:
    found = infer_agreement(measure, drawn(seed, items=40), "nominal")  # type: ignore[arg-type]
    assert isinstance(found, (Inverted, LogitT))
    low, high = found.interval(level)
    assert low < found.value < high <= 1
    for bound in (low, high):
        assert found.p_value(bound) == pytest.approx(1 - level, rel=1e-6)
    assert found.p_value(found.value) == pytest.approx(1)


@pytest.mark.parametrize("seed", range(5))
def test_shares_are_those_of_plain_python(seed: int) -> None:
    found = drawn(seed, items=30, raters=5)
    agreed, led, rows = 0.0, 0.0, 0
    for item in range(30):
        held = found.level[found.item == item]
        for place, own in enumerate(held if held.size > 1 else []):
            others = np.delete(held, place)
            counts = np.bincount(others, minlength=9)
            top = np.flatnonzero(counts == counts.max())
            agreed += float((others == own).mean())
            led += (own in top) / top.size
            rows += 1
    assert infer_agreement("agreement", found, "nominal").value == pytest.approx(agreed / rows)
    assert infer_agreement("ceiling", found, "nominal").value == pytest.approx(led / rows)


def test_agreement_of_many_raters_is_as_sure_as_the_jackknife_says() -> None:
    """100 items by five raters who guess: 500 ratings, but 1,000 pairs, each with a variance of its own."""
    rng = np.random.default_rng(3)
    found = infer_agreement("agreement", ratings(list(rng.integers(1, 4, (5, 100)).astype(float))), "nominal")
    assert 600 < found.diagnostics["effective_trials"] <= 1000


def test_a_share_of_items_rated_twice_is_a_proportion_of_items() -> None:
    """Two ratings an item agree or do not: the design effect is that of the jackknife's n / (n - 1) alone."""
    rng = np.random.default_rng(1)
    same = rng.random(60) < 0.8
    made = infer_agreement("agreement", ratings([np.ones(60), np.where(same, 1, 2)]), "nominal")
    assert isinstance(made, Inverted)
    assert made.value == pytest.approx(same.mean())
    assert made.diagnostics["effective_trials"] == pytest.approx(59)


@pytest.mark.parametrize(("items", "apart"), [(30, 0.01), (30, 0.03), (300, 0.003)])
def test_shares_near_full_agreement_cover_what_is_promised(items: int, apart: float) -> None:
    # On the logit scale 87 %, 91 % and 92 % of those with an interval; where all agree there was none.
    rng = np.random.default_rng(5)
    held = 0
    for _ in range(200):
        found = ratings([np.ones(items), np.where(rng.random(items) < apart, 2, 1)])
        low, high = infer_agreement("agreement", found, "nominal").interval(0.95)
        held += low <= 1 - apart <= high
    assert held >= 0.96 * 200


def test_raters_who_agree_on_all_items_have_a_lower_bound() -> None:
    found = infer_agreement("ceiling", ratings([np.ones(40), np.ones(40)]), "nominal")
    # source: Clopper & Pearson (1934), Biometrika 26: 1 - 0.025^(1/n) is the bound without an event; t widens it here
    assert found.interval(0.95)[1] == 1.0
    assert 0.9 < found.interval(0.95)[0] < 0.025 ** (1 / 40)


def test_what_cannot_be_measured_says_why() -> None:
    alone = ratings([[1, None], [None, 2]])
    constant = ratings([[1, 1, 1], [1, 1, 1]])
    perfect = ratings([[1, 2, 1], [1, 2, 1]])
    one_unit = dataclasses.replace(ratings([[1, 2, 1], [1, 2, 2]]), group=np.zeros(6, dtype=int))
    for measure in ("krippendorff", "agreement", "ceiling"):
        found = infer_agreement(measure, alone, "nominal")
        assert isinstance(found, Undefined)
        assert "no item has ratings of two raters" in found.reason
    found = infer_agreement("krippendorff", constant, "nominal")
    assert isinstance(found, Undefined)
    assert "all ratings are the same" in found.reason
    found = infer_agreement("krippendorff", perfect, "nominal")
    assert isinstance(found, Descriptive)
    assert (found.value, found.reason) == (1.0, "no interval: raters agree on every item")
    found = infer_agreement("krippendorff", one_unit, "nominal")
    assert isinstance(found, Descriptive)
    assert "one unit" in found.reason


def test_without_the_only_disagreement_there_is_no_interval() -> None:
    found = infer_agreement("krippendorff", ratings([[1, 2, 1, 2, 1], [1, 2, 1, 2, 2]]), "nominal")
    assert isinstance(found, Descriptive)
    assert "without one of the units" in found.reason


def test_raters_and_scales_that_a_measure_does_not_take() -> None:
    with pytest.raises(InputError, match="there are 4 raters; Cohen's kappa is of two"):
        infer_agreement("cohen", drawn(0), "nominal")
    with pytest.raises(InputError, match="the scale is ordinal; Fleiss' kappa is nominal"):
        infer_agreement("fleiss", drawn(0), "ordinal")


def test_disagreement_is_counted_in_units() -> None:
    found = ratings([[1, 2, 1, 2], [1, 2, 2, 1]])
    assert disagreeing(found) == 2
    assert disagreeing(dataclasses.replace(found, group=found.item // 2)) == 1


def test_every_measure_has_a_title() -> None:
    assert set(MEASURES) == {"krippendorff", "cohen", "fleiss", "agreement", "ceiling"}


def test_near_full_agreement_the_log_scale_covers_where_the_plain_one_does_not() -> None:
    """100 items, three raters, alpha = 0.97^2: the figures of design/0008."""
    scenario = agreement_scenario("krippendorff", "interval", 100, 3, [0.2] * 5, 0.97, 0.0, 1)
    rng, plain, logs, samples = np.random.default_rng(8), 0, 0, 0
    for _ in range(400):
        sample, design = scenario.draw(rng)
        found = krippendorff(sample, "interval")  # type: ignore[arg-type]
        own = jackknife(float(found.values[0]), found.values[1:], design.effective_units - 1, "plain")
        scaled = infer_agreement("krippendorff", sample, "interval")  # type: ignore[arg-type]
        if not (isinstance(own, StudentT) and isinstance(scaled, Inverted)):
            continue
        samples += 1
        for made, name in ((own.interval(0.95), "plain"), (scaled.interval(0.95), "log")):
            hit = made[0] <= scenario.candidate <= made[1]
            plain, logs = plain + (hit and name == "plain"), logs + (hit and name == "log")
    assert samples > 390
    assert plain / samples < 0.9
    assert logs / samples > 0.94
