from __future__ import annotations

import pytest

from assay.stats.domain import DOMAINS, within

NAMES = [
    *("wilson", "wilson-clustered", "tango", "newcombe-paired", "dirichlet", "multinomial-bootstrap", "t", "t-ratio"),
    *("jackknife", "jackknife-logit", "delong", "delong-logit", "delong-paired", "auc-jackknife", "order-statistics"),
    *(
        "woodruff",
        "quantile-mover",
        "seeds-satterthwaite",
        "gap-pairwise",
        "clopper-pearson",
        "clopper-pearson-clustered",
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
