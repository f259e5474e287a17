"""Seeds against units: against enumeration, and in the limits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.base.errors import PlanError
from assay.stats.power import Aim, power_at
from assay.stats.power_seeds import LEAST_SEEDS, Costs, SeedNoise, best, least_budget, seed_variance, splits


def test_every_split_spends_the_budget() -> None:
    costs = Costs(100, 0.5, 0.1)
    for split in splits(SeedNoise(1.0, 0.05), costs, 2000, Aim(), 0.1):
        assert split.cost <= 2000
        assert costs.of(split.seeds, split.units + 1) > 2000


def test_without_variance_over_seeds_the_fewest_are_best() -> None:
    found = splits(SeedNoise(1.0, 1e-9), Costs(100, 0.5), 2000, Aim(), 0.1)
    assert best(found).seeds == LEAST_SEEDS


def test_with_much_variance_over_seeds_more_are_better() -> None:
    few, many = (best(splits(SeedNoise(1.0, s), Costs(100, 0.5), 5000, Aim(), 0.1)).seeds for s in (0.01, 0.1))
    assert many > few


@settings(max_examples=15, deadline=None)
@given(st.floats(0.5, 2), st.floats(0.01, 0.1), st.floats(0.15, 0.4))
def test_the_cheapest_study_is_the_cheapest(unit_sd: float, seed_sd: float, effect: float) -> None:
    noise, costs = SeedNoise(unit_sd, seed_sd), Costs(50, 1.0)
    found = least_budget(noise, costs, Aim(), effect)
    assert found is not None
    assert power_at(noise.at(found.seeds), Aim(), effect, found.units) >= 0.8
    cheaper = splits(noise, costs, found.cost * 0.98, Aim(), effect) if found.cost * 0.98 > costs.of(3, 2) else ()
    assert all(s.power < 0.8 for s in cheaper)


def test_no_budget_reaches_an_effect_within_the_margin() -> None:
    assert least_budget(SeedNoise(1.0, 0.01), Costs(50, 1.0), Aim(margin=0.2), 0.1) is None


def test_a_deterministic_baseline_has_no_seeds() -> None:
    assert SeedNoise(1.0, 0.1, deterministic_baseline=True).at(5).fixed == pytest.approx(0.002)
    assert SeedNoise(1.0, 0.1).at(5).fixed == pytest.approx(seed_variance(0.1, 5, 5))
    assert SeedNoise(1.0, 0.1).at(5).fixed_df == 8


@pytest.mark.parametrize(
    ("costs", "budget"),
    [
        (Costs(1, 1), -5),
        (Costs(1, 1), 0),
        (Costs(0, 1), 10),
        (Costs(1, 0), 10),
        (Costs(1, 1), float("nan")),
        (Costs(9, 1), 20),
    ],
)
def test_impossible_budgets_are_refused(costs: Costs, budget: float) -> None:
    with pytest.raises(PlanError):
        splits(SeedNoise(1.0, 0.1), costs, budget, Aim(), 0.1)


def test_no_split_has_fewer_seeds_than_a_claim_needs() -> None:
    """Three seeds of the one model that varies have two degrees of freedom, and the method asks for three."""
    noise, costs = SeedNoise(1.0, 0.01, deterministic_baseline=True), Costs(10, 0.1)
    assert noise.least == 4
    assert min(s.seeds for s in splits(noise, costs, 1000, Aim(), 0.1)) == 4
    cheapest = least_budget(noise, costs, Aim(), 0.1)
    assert cheapest is not None
    assert cheapest.seeds >= 4
