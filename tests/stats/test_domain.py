from __future__ import annotations

import pytest

from assay.stats.domain import DOMAINS, within
from assay.stats.skew import skew_facts

NAMES = [
    *("wilson", "wilson-clustered", "tango", "newcombe-paired", "dirichlet", "multinomial-bootstrap", "t", "t-ratio"),
    *("jackknife", "jackknife-logit", "delong", "delong-logit", "delong-paired", "auc-jackknife", "order-statistics"),
    *(
        "influence-jackknife",
        "influence-jackknife-logit",
        "influence-jackknife-paired",
        "worst-group",
        "extremes-difference",
        "woodruff",
        "quantile-mover",
        "seeds-satterthwaite",
        "gap-pairwise",
        "agreement-jackknife",
        "bradley-terry",
        "bradley-terry-jackknife",
        "max-t",
        "best-t",
        "max-t-runs",
        "fieller",
        "clopper-pearson",
        "clopper-pearson-clustered",
        "normal-mixture",
        "stage-wise",
        "beta-binomial-mixture",
        "betting-mixture",
    ),
]


@pytest.mark.parametrize("name", NAMES)
def test_every_method_declares_a_domain(name: str) -> None:
    facts = {need.fact: need.least for need in DOMAINS[name]}
    assert within(name, facts)[0]
    for need in DOMAINS[name]:
        inside, sentence = within(name, {**facts, need.fact: need.least - 1})
        assert not inside
        assert need.said in sentence
        assert f"here {need.least - 1:g}" in sentence


def test_no_method_beyond_the_known_names() -> None:
    assert set(DOMAINS) == set(NAMES)


def test_what_is_unknown_supports_nothing() -> None:
    assert not within("descriptive", {})[0]


def test_a_figure_that_was_not_reported_does_not_bind() -> None:
    assert within("t", {"units": 30})[0]
    assert not within("t", {"units": 30, "nonzero": 3})[0]


def test_skewed_units_are_told_how_many_would_do() -> None:
    inside, sentence = within("t", {"units": 61, **skew_facts(61, 1.57)})
    assert not inside
    # 40 x 1.57^2 = 98.6
    assert sentence == "too small: needs 99 units where values are as skewed as here (skewness 1.57; here 61)"
    assert within("t", {"units": 100, **skew_facts(100, 1.57)})[0]
    inside, sentence = within("jackknife", skew_facts(12.30443, -1.0))
    assert "needs 50 effective units where values are as skewed as here (skewness −1; here 12.3)" in sentence


@pytest.mark.parametrize(("units", "text"), [(12.30443, "12.3"), (19.99999, "19.99999"), (8.25, "8.25")])
def test_a_figure_is_short_and_never_reads_as_the_limit_that_it_misses(units: float, text: str) -> None:
    assert f"(here {text})" in within("wilson-clustered", {"effective_units": units, "effective_groups": 30})[1]


def test_effective_units_are_named_once_where_all_have_rows_that_count() -> None:
    alike = {"effective_units": 12.0, "effective_groups": 12.0}
    assert within("wilson-clustered", alike) == (False, "too small: needs 20 effective units (here 12)")
    fewer = {"effective_units": 14.0, "effective_groups": 12.0}
    said = "too small: needs 20 effective units (here 14), 20 effective units with rows that count (here 12)"
    assert within("wilson-clustered", fewer) == (False, said)
    alone = within("agreement-jackknife", {"effective_groups": 12.0, "disagreeing": 9})[1]
    assert alone.startswith("too small: needs 20 effective units with rows that count")
