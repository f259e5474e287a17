"""Power over looks: against paths that were drawn."""

from __future__ import annotations

import numpy as np
import pytest

from assay.stats.power import Aim, Noise, power_at
from assay.stats.power_looks import fractions_of, looks_power, looks_units


def drawn(aim: Aim, effect: float, n: int, times: list[float], bounds: tuple[float, ...]):
    """First decisions of 200,000 studies: share supported and refuted at each look."""
    rng = np.random.default_rng(8)
    steps = np.diff([0.0, *times])
    z = np.cumsum(rng.normal(size=(200_000, len(times))) * np.sqrt(steps), axis=1) / np.sqrt(times)
    open_, up, down = np.ones(len(z), dtype=bool), [], []
    for k, (time, bound) in enumerate(zip(times, bounds, strict=True)):
        se = 1 / np.sqrt(n * time)
        low, high = effect + (z[:, k] - bound) * se, effect + (z[:, k] + bound) * se
        limit = {"better": aim.margin, "not_worse": -aim.margin}.get(aim.kind, 0.0)
        if aim.kind == "equivalent":
            yes, no = (low > -aim.margin) & (high < aim.margin), (low > aim.margin) | (high < -aim.margin)
        else:
            yes, no = low > limit, high < limit
        up.append((open_ & yes).mean())
        down.append((open_ & no).mean())
        open_ &= ~(yes | no)
    return up, down


@pytest.mark.parametrize(
    ("aim", "effect"),
    [(Aim(), 0.14), (Aim("not_worse", 0.1), 0.03), (Aim("better", 0.05), 0.2), (Aim("equivalent", 0.2), 0.02)],
)
@pytest.mark.parametrize("spending", ["obrien-fleming", "pocock"])
def test_the_chances_are_those_of_drawn_studies(aim: Aim, effect: float, spending) -> None:
    times = [0.3, 0.6, 1.0]
    found = looks_power(Noise(1.0), aim, effect, 400, times, spending)
    up, down = drawn(aim, effect, 400, times, found.bounds)
    assert found.supported == pytest.approx(up, abs=0.006)
    assert found.refuted == pytest.approx(down, abs=0.006)
    ended = np.array(up) + np.array(down)
    expected = 120 * ended[0] + 240 * ended[1] + 400 * (1 - ended[0] - ended[1])
    assert found.expected == pytest.approx(expected, abs=3)
    assert (found.power.error > 0) == (aim.kind == "equivalent")


def test_one_look_is_the_power_of_one() -> None:
    found = looks_power(Noise(1.0), Aim(), 0.14, 400, [1.0])
    assert found.power.value == pytest.approx(power_at(Noise(1.0), Aim(), 0.14, 400), abs=1e-6)


def test_looks_end_studies_early() -> None:
    found = looks_power(Noise(1.0), Aim(), 0.2, 400, fractions_of(4), "pocock")
    assert found.expected < 0.7 * 400


def test_units_for_equivalence_over_looks() -> None:
    aim = Aim("equivalent", 0.2)
    units = looks_units(Noise(1.0), aim, 0.0, fractions_of(2))
    assert units is not None
    assert looks_power(Noise(1.0), aim, 0.0, units, fractions_of(2)).power.value >= 0.8


def test_no_units_where_the_claim_is_false_or_seeds_limit_it() -> None:
    assert looks_units(Noise(1.0), Aim(margin=0.2), 0.1, fractions_of(2)) is None
    assert looks_units(Noise(1.0, fixed=0.1), Aim(), 0.1, fractions_of(2)) is None


def test_looks_units_reach_the_power() -> None:
    units = looks_units(Noise(1.0), Aim(), 0.1, fractions_of(4), "pocock")
    assert units is not None
    both = (units, units - 1)
    reached = [looks_power(Noise(1.0), Aim(), 0.1, n, fractions_of(4), "pocock").power.value for n in both]
    assert reached[0] >= 0.8 > reached[1]
