"""Worlds: the candidate has the value wanted, the rest stays as in the pilot, and the judge is the real one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from assay.base.errors import PlanError
from assay.base.progress import Silent
from assay.metrics import parse
from assay.records.sample import Design, GroupedCounts, GroupedSums, Moments, PairedCounts, Rows
from assay.stats.choose import infer
from assay.stats.options import InferenceOptions
from assay.stats.power import Aim, Noise, power_at
from assay.stats.power_moved import correlation, moved
from assay.stats.power_proportions import paired_power
from assay.stats.power_routes import least_inside
from assay.stats.power_simulation import chance, search_units, simulated_power
from assay.stats.power_worlds import has_world, world
from assay.stats.procedures import Descriptive, Undefined

ALONE = Design(400, 400, 400.0, False)


def patterns(n: int = 400) -> PairedCounts:
    rng = np.random.default_rng(1)
    y = (rng.random(n) < 0.3).astype(int)
    a = np.where(rng.random(n) < 0.8, y, 1 - y)
    b = np.where(rng.random(n) < 0.6, a, np.where(rng.random(n) < 0.8, y, 1 - y))
    counts = np.zeros((2, 2, 2), dtype=np.int64)
    np.add.at(counts, (y, a, b), 1)
    return PairedCounts(counts)


def clustered(units: int = 60) -> tuple[GroupedCounts, Design]:
    rng = np.random.default_rng(2)
    sizes = rng.integers(2, 8, units)
    counts = np.zeros((units, 2, 2, 2), dtype=np.int64)
    for g, n in enumerate(sizes):
        y = rng.integers(0, 2, n)
        for arm in range(2):
            p = np.where(rng.random(n) < 0.6 + 0.3 * rng.random(), y, 1 - y)
            np.add.at(counts, (g, arm, y, p), 1)
    effective = sizes.sum() ** 2 / (sizes**2).sum()
    return GroupedCounts(counts), Design(int(sizes.sum()), units, float(effective), True)


def rows(units: int = 0) -> tuple[Rows, Design]:
    rng = np.random.default_rng(3)
    y = (np.arange(400) % 3 == 0).astype(int)
    scores = rng.normal(size=(2, 400)) + 1.0 * y
    if not units:
        return Rows(y, scores), ALONE
    unit = np.arange(400) % units
    return Rows(y, scores, unit, unit), Design(400, units, float(units), True)


def supported(metric: Any, level: float = 0.95) -> Any:
    def judge(sample: Any, design: Design, number: int) -> bool:
        found = infer(metric, sample, design, InferenceOptions(0, 999, (number,))).difference
        if isinstance(found, (Undefined, Descriptive)):
            return False
        low, high = found.interval(level)
        return low > 0 if metric.sign > 0 else high < 0

    return judge


@pytest.mark.parametrize("name", ["accuracy", "f1", "mcc", "recall", "precision", "kappa"])
@pytest.mark.parametrize("value", [0.4, 0.6])
def test_tilted_patterns_have_the_value_wanted(name: str, value: float) -> None:
    metric, sample = parse(name), patterns()
    made = world(metric, sample, ALONE, value)
    shares = made.shares
    assert float(metric.value(shares.sum(axis=1) * 1000)) == pytest.approx(value, abs=1e-9)
    assert shares.sum(axis=2) == pytest.approx(sample.counts.sum(axis=2) / 400)


@pytest.mark.parametrize("name", ["accuracy", "f1", "mcc"])
@pytest.mark.parametrize("value", [0.45, 0.85])
def test_clusters_have_the_value_wanted(name: str, value: float) -> None:
    metric = parse(name)
    sample, design = clustered()
    drawn, found = world(metric, sample, design, value).draw(20_000, np.random.default_rng(4))
    total = drawn.counts.sum(axis=0)[1]
    assert float(metric.value(total)) == pytest.approx(value, abs=0.01)
    assert drawn.counts.shape[0] == 1024
    assert found.units == 20_000
    base = float(metric.value(sample.counts.sum(axis=0)[0]))
    assert float(metric.value(drawn.counts.sum(axis=0)[0])) == pytest.approx(base, abs=0.02)


@pytest.mark.parametrize("units", [0, 80])
def test_ranked_rows_have_the_value_wanted(units: int) -> None:
    metric = parse("auc")
    sample, design = rows(units)
    drawn, _ = world(metric, sample, design, 0.85).draw(4000, np.random.default_rng(5))
    found = infer(metric, drawn, design, InferenceOptions())
    assert found.candidate.value == pytest.approx(0.85, abs=0.012)


def test_a_shifted_quantile_has_the_value_wanted() -> None:
    metric = parse("p90")
    rng = np.random.default_rng(6)
    sample = Rows(np.zeros(500), rng.gamma(3, 10, size=(2, 500)))
    drawn, design = world(metric, sample, ALONE, 70.0).draw(20_000, rng)
    found = infer(metric, drawn, design, InferenceOptions())
    assert found.candidate.value == pytest.approx(70.0, abs=2.0)


def test_shifted_sums_have_the_value_wanted() -> None:
    metric = parse("mae")
    rng = np.random.default_rng(7)
    n = rng.integers(1, 6, 50).astype(np.int64)
    sums = rng.gamma(2, 1, size=(50, 2, 1)) * n[:, None, None]
    sample = GroupedSums(n, sums)
    drawn, _ = world(metric, sample, Design(int(n.sum()), 50, 40.0, True), 3.0).draw(900, rng)
    found = drawn.sums.sum(axis=0) / drawn.n.sum()
    assert found[1, 0] == pytest.approx(3.0, abs=0.2)


def moments(sd: float = 1.0) -> Moments:
    co = 200 * np.array([[1.0, 1 - sd * sd / 2], [1 - sd * sd / 2, 1.0]])
    return Moments(201, np.array([[1.0], [1.4]]), co, 201, np.zeros(3))


def test_normal_moments_have_the_power_of_t() -> None:
    metric = parse("mae")
    made = world(metric, moments(), Design(201, 201, 201.0, False), 0.8)
    found = simulated_power(made, supported(metric), 60, 4000, 0, Silent())
    assert found.value == pytest.approx(power_at(Noise(1.0, small=True), Aim(), 0.2, 60), abs=4 * found.error)


def test_simulated_power_is_the_exact_power() -> None:
    metric = parse("accuracy")
    sample = patterns()
    base = float(metric.value(sample.counts.sum(axis=2)))
    made = world(metric, sample, ALONE, base + 0.05)
    shares = made.shares
    discordant = float(sum(shares[t, a, b] for t in range(2) for a in range(2) for b in range(2) if a != b))
    found = simulated_power(made, supported(metric), 300, 2000, 0, Silent())
    assert found.value == pytest.approx(paired_power(discordant, 0.05, 300, Aim()), abs=4 * found.error)


@pytest.mark.parametrize("start", [30, 4000])
def test_the_search_finds_the_units_from_anywhere(start: int) -> None:
    metric = parse("mae")
    made = world(metric, moments(), Design(201, 201, 201.0, False), 0.8)
    found = search_units(made, supported(metric), start, 0.8, 0.025, 600, 0, Silent())
    assert found.units is not None
    assert found.low is not None
    assert found.high is not None
    exact = power_at(Noise(1.0, small=True), Aim(), 0.2, found.units)
    assert exact == pytest.approx(0.8, abs=0.05)
    assert found.low <= found.units <= found.high
    assert found.power.error < 0.03


def test_seeds_repeat_and_differ() -> None:
    metric = parse("mae")
    made = world(metric, moments(), Design(201, 201, 201.0, False), 0.8)
    one, two, other = (simulated_power(made, supported(metric), 50, 200, seed, Silent()) for seed in (1, 1, 2))
    assert one == two
    assert one != other


def test_no_or_all_samples_still_have_an_error() -> None:
    assert chance(0, 100).error > 0
    assert chance(100, 100).error > 0


def test_what_no_candidate_can_reach_is_refused() -> None:
    with pytest.raises(PlanError, match="it lies between"):
        world(parse("f1"), patterns(), ALONE, 1.2)
    with pytest.raises(PlanError, match="the pilot has 9 units"):
        world(parse("f1"), patterns(9), Design(9, 9, 9.0, False), 0.5)
    made = world(parse("f1"), patterns(), ALONE, 0.6)
    for samples in (5, 10**6):
        with pytest.raises(PlanError, match="samples"):
            simulated_power(made, supported(parse("f1")), 50, samples, 0, Silent())


def test_which_pilots_can_be_drawn_from() -> None:
    assert has_world(parse("f1"), patterns(), ALONE)
    assert has_world(parse("mae"), moments(), ALONE)
    assert not has_world(parse("rmse"), moments(), ALONE)
    sample, design = clustered()
    assert has_world(parse("f1"), sample, design)
    assert not has_world(parse("f1"), sample, Design(9000, 3000, 3000.0, True))
    assert not has_world(parse("f1"), sample, Design(400, 60, 60.0, True, (0, 1), (2, 3)))


def test_claims_on_the_same_rows_correlate() -> None:
    sample, design = clustered(200)
    each = [moved(parse(m), sample, design, 200, True) for m in ("accuracy", "f1", "mcc")]
    found = correlation([e for e in each if e is not None])
    assert found is not None
    assert found.shape == (3, 3)
    assert found[0, 1] > 0.5
    ranked, shape = rows(100)
    auc = moved(parse("auc"), ranked, shape, 100, True)
    assert auc is not None
    assert auc.shape == (100,)
    assert moved(parse("p90"), ranked, shape, 100, True) is None
    assert correlation([np.zeros(5), np.arange(5.0)]) is None


def test_the_least_units_of_a_domain() -> None:
    least, why = least_inside("t", {"units": 1.0, "nonzero": 0.1, "skew_units": 0.2})
    assert (least, why) == (200, "40 units, as a multiple of the squared skewness of their values")
    assert least_inside("t", {"nonzero": 0.0})[0] == math.inf
    assert least_inside("unknown", {"units": 1.0}) == (1.0, "")
