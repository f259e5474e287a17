from __future__ import annotations

import numpy as np
import pytest

from assay.stats.extremes import Contrasts, Extreme, Separate, pairs, singles


def normal(values, se, paired_se, contrasts, least=-np.inf):
    """Groups with normal intervals: [2, P] values and standard errors; the width grows with the level."""

    def reach(s, level):
        return np.asarray(s) * -np.log(1 - level)

    alone = Separate(lambda level: (reach(se, level),) * 2, lambda level: (reach(paired_se, level),) * 2)
    return Extreme(contrasts, np.asarray(values), alone, least)


def test_pairs_stay_within_a_metric():
    found = pairs([2, 3])
    assert len(found) == 2 + 6
    assert (found.plus // 2 == found.minus // 2)[:2].all()
    assert found.plus[2:].min() == 2


def test_a_gap_is_the_largest_difference_and_its_bounds_hold_it():
    found = normal([[0.1, 0.5, 0.3], [0.2, 0.2, 0.2]], np.full((2, 3), 0.05), np.full(3, 0.02), pairs([3]), 0.0)
    assert found.value(0) == pytest.approx(0.4)
    assert found.value(1) == 0.0
    low, high = found.bounds(0, 0.95)
    assert 0 < low < 0.4 < high
    assert found.bounds(1, 0.95)[0] == 0.0


def test_swapping_the_models_mirrors_the_difference():
    rng = np.random.default_rng(1)
    values, se, paired = rng.random((2, 4)), 0.05 + 0.1 * rng.random((2, 4)), 0.03 + 0.02 * rng.random(4)
    one = normal(values, se, paired, pairs([4])).difference(0.9)
    two = normal(values[::-1], se[::-1], paired, pairs([4])).difference(0.9)
    assert two == pytest.approx((-one[1], -one[0]))


def test_pairing_narrows_the_difference_of_two_gaps():
    values, se = np.array([[0.1, 0.5, 0.3], [0.1, 0.4, 0.3]]), np.full((2, 3), 0.1)
    wide = normal(values, se, np.full(3, 0.14), pairs([3])).difference(0.95)
    narrow = normal(values, se, np.full(3, 0.01), pairs([3])).difference(0.95)
    assert narrow[1] - narrow[0] < 0.7 * (wide[1] - wide[0])


def test_a_contrast_against_its_mirror_is_as_if_wholly_correlated():
    alone = Separate(lambda _: (np.full((2, 2), 0.1),) * 2, lambda _: (np.full(2, 0.01),) * 2)
    x, y = Contrasts(np.array([0]), np.array([1])), Contrasts(np.array([1]), np.array([0]))
    assert alone.between(1, x, y, 0.95) == pytest.approx([np.hypot(0.2, 0.2)])
    assert alone.between(1, x, x, 0.95) == pytest.approx([np.hypot(0.01, 0.01)])


@pytest.mark.parametrize("contrasts", [pairs([5]), singles(5, True), singles(5, False)])
@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_simulated_maxima_and_their_differences_are_held(contrasts, spread):
    rng = np.random.default_rng(2)
    truth = np.stack([np.linspace(0, spread, 5), np.linspace(0, spread / 2, 5)])
    common, own = 0.3, 0.2
    held = np.zeros(2)
    from assay.stats.procedures import z_quantile

    z = {}
    for _ in range(600):
        seen = truth + common * rng.normal(size=5) + own * rng.normal(size=(2, 5))
        se, paired = np.full((2, 5), np.hypot(common, own)), np.full(5, own * np.sqrt(2))
        alone = Separate(
            lambda level, se=se: (se * z.setdefault(level, z_quantile(level)),) * 2,
            lambda level, se=paired: (se * z.setdefault(level, z_quantile(level)),) * 2,
        )
        found = Extreme(contrasts, seen, alone, -np.inf)
        maxima = [contrasts.of(t).max() for t in truth]
        low, high = found.bounds(1, 0.95)
        held[0] += low <= maxima[1] <= high
        low, high = found.difference(0.95)
        held[1] += low <= maxima[1] - maxima[0] <= high
    assert (held >= 0.935 * 600).all()
