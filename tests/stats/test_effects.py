"""Effects of factors: worked examples of the textbooks, aliases, missing cells, and noise of units and runs."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from assay.base.errors import InputError
from assay.records.metric import Floats
from assay.stats.effects import exactly, half_normal, infer_effects, lenth, run_noise
from assay.stats.factorial import Factorial, factorial
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, MaxT, StudentT
from assay.stats.together import Joint

# source: Box, Hunter & Hunter (2005), Statistics for Experimenters, 2nd edition, table 5.3: pilot plant, T fastest
PILOT = [60.0, 72, 54, 68, 52, 83, 45, 80]
# source: Montgomery (2017), Design and Analysis of Experiments, example 6.2: filtration rate, A fastest
FILTRATION = [45.0, 71, 48, 65, 68, 60, 80, 65, 43, 100, 45, 104, 75, 86, 70, 96]


def two_level(names: str, order: int, keep: Any = None) -> tuple[Factorial, list[int]]:
    """A 2^k design in standard order, or some of its runs."""
    codes = np.array([r[::-1] for r in itertools.product([0, 1], repeat=len(names))])
    held = [i for i, r in enumerate(codes) if keep is None or keep(2 * r - 1)]
    return factorial(list(names), [(-1, 1)] * len(names), codes[held], order), held


def effects(names: str, values: list[float], order: int, keep: Any = None) -> dict[str, float]:
    design, held = two_level(names, order, keep)
    found = exactly(design.weights, np.array(values)[held])
    return {t.name.replace(" x ", ""): float(v) for t, v in zip(design.terms, found, strict=True)}


# source: Box, Hunter & Hunter (2005), table 5.4: effects of the pilot plant
PLANT = [("T", 23.0), ("C", -5.0), ("K", 1.5), ("TC", 1.5), ("TK", 10.0), ("CK", 0.0), ("TCK", 0.5)]


@pytest.mark.parametrize(("name", "effect"), PLANT)
def test_the_pilot_plant(name: str, effect: float) -> None:
    assert effects("TCK", PILOT, 3)[name] == pytest.approx(effect)


# source: Montgomery (2017), table 6.12: factor effect estimates of the filtration rate
RATES = [
    *(("A", 21.625), ("B", 3.125), ("C", 9.875), ("D", 14.625), ("AB", 0.125), ("AC", -18.125), ("AD", 16.625)),
    *(("BC", 2.375), ("BD", -0.375), ("CD", -1.125), ("ABC", 1.875), ("ABD", 4.125), ("ACD", -1.625), ("BCD", -2.625)),
    ("ABCD", 1.375),
]


@pytest.mark.parametrize(("name", "effect"), RATES)
def test_the_filtration_rate(name: str, effect: float) -> None:
    assert effects("ABCD", FILTRATION, 4)[name] == pytest.approx(effect)


# source: Montgomery (2017), example 8.1, table 8.4: the half fraction I = ABCD of the filtration rate
HALF = [("A", 19.0), ("B", 1.5), ("C", 14.0), ("D", 16.5), ("AB", -1.0), ("AC", -18.5), ("AD", 19.0)]


@pytest.mark.parametrize(("name", "effect"), HALF)
def test_a_half_fraction(name: str, effect: float) -> None:
    assert effects("ABCD", FILTRATION, 2, lambda r: r.prod() == 1)[name] == pytest.approx(effect)


def test_a_half_fraction_names_its_aliases() -> None:
    design, _ = two_level("ABCD", 3, lambda r: r.prod() == 1)
    assert design.kind == "fraction of a factorial"
    named = {t.name.replace(" x ", ""): a for t, a in zip(design.terms, design.aliases, strict=True)}
    # source: Montgomery (2017), example 8.1: A = BCD, AB = CD, AC = BD, AD = BC
    assert {k: tuple(v.replace(" x ", "") for v in a) for k, a in named.items()} == {
        "A": ("BCD",),
        "B": ("ACD",),
        "C": ("ABD",),
        "D": ("ABC",),
        "AB": ("CD",),
        "AC": ("BD",),
        "AD": ("BC",),
    }
    other, _ = two_level("ABCD", 3, lambda r: r.prod() == -1)
    assert other.aliases[0] == ("-B x C x D",)


def test_lenths_margins_of_the_filtration_rate() -> None:
    found = lenth(np.array([e for _, e in RATES]))
    assert found is not None
    # source: Lenth's method on Montgomery's example 6.2, R package BsMD LenthPlot: PSE 2.625, ME 6.748, SME 13.699
    assert found.pse == pytest.approx(2.625)
    assert found.margin == pytest.approx(6.748, abs=5e-4)
    assert found.simultaneous == pytest.approx(13.699, abs=5e-4)


def test_few_or_empty_effects_have_no_margins() -> None:
    assert lenth(np.array([1.0, 2.0])) is None
    assert lenth(np.zeros(7)) is None


def test_half_normal_scores_are_those_of_the_order() -> None:
    scores = half_normal(np.array([3.0, -1.0, 0.5]))
    # source: Daniel (1959), Technometrics 1:311-341: at (i - 1/2) / m the quantiles 0.210, 0.674, 1.383
    assert scores == pytest.approx([1.383, 0.674, 0.210], abs=5e-4)


def runs_of(values: Floats) -> Joint:
    return Joint(values, np.zeros((1, len(values))), np.ones(1), 0.0, np.zeros(1, dtype=np.int64))


def test_replicated_runs_have_the_textbooks_standard_error() -> None:
    # source: Box, Hunter & Hunter (2005), table 5.3 and section 5.5: duplicates of the pilot plant, s2 = 8 on 8 df,
    # standard error of an effect 1.4
    pairs = [(59, 61), (74, 70), (50, 58), (69, 67), (50, 54), (81, 85), (46, 44), (79, 81)]
    codes = np.array([r[::-1] for r in itertools.product([0, 1], repeat=3) for _ in range(2)])
    design = factorial(list("TCK"), [(-1, 1)] * 3, codes, 2)
    values = np.array([float(v) for pair in pairs for v in pair])
    assert run_noise(values, design.cells) == (8.0, 8)
    found = infer_effects(design, runs_of(values), False, InferenceOptions(0))
    first, alone = found.together[0], found.alone[0]
    assert isinstance(first, MaxT)
    assert isinstance(alone, StudentT)
    assert alone.se == pytest.approx(1.414, abs=5e-4)
    assert (first.value, alone.df) == (pytest.approx(23.0), 8.0)
    low, high = alone.interval(0.95)
    wide = first.interval(0.95)
    assert wide[0] < low < high < wide[1]


def test_without_replication_there_is_no_interval() -> None:
    design, _ = two_level("TCK", 2)
    found = infer_effects(design, runs_of(np.array(PILOT)), False, InferenceOptions(0))
    assert found.run_variance is None
    assert all(isinstance(r, Descriptive) and "no setting was run twice" in r.reason for r in found.together)


def test_missing_cells_are_filled_by_the_model_and_named() -> None:
    truth = [1.0, 3.0, 2.0, 4.0, 1.5, 3.5, 2.5, 4.5]
    design, held = two_level("ABC", 1, lambda r: tuple(r) != (1, 1, 1))
    assert (design.kind, design.absent, design.missing) == ("cells missing", 1, ("A=1, B=1, C=1",))
    assert exactly(design.weights, np.array(truth)[held]) == pytest.approx([2.0, 1.0, 0.5])


def test_one_factor_at_a_time_is_named_and_gives_simple_differences() -> None:
    codes = np.array([[1, 1, 1], [0, 1, 1], [1, 0, 1], [1, 1, 0]])
    design = factorial(list("ABC"), [("off", "on")] * 3, codes, 3)
    assert design.kind == "one factor at a time"
    assert [t.name for t in design.terms] == ["A", "B", "C"]
    assert set(design.aliases) == {()}
    assert exactly(design.weights, np.array([10.0, 7, 9, 10])) == pytest.approx([3, 1, 0])


def test_factors_with_more_levels_are_against_the_first() -> None:
    codes = np.array(list(itertools.product(range(3), range(2))))
    design = factorial(["size", "cache"], [("s", "m", "l"), ("off", "on")], codes, 2)
    assert [t.name for t in design.terms] == [
        *("size: m - s", "size: l - s", "cache", "size: m - s x cache", "size: l - s x cache")
    ]
    means = np.array([1.0, 2.0, 3.0, 5.0, 4.0, 9.0])
    assert exactly(design.weights, means) == pytest.approx([2.5, 5.0, 8 / 3, 0.5, 2.0])


def test_an_unbalanced_design_gives_every_setting_the_same_weight() -> None:
    codes = np.array([[0, 0], [0, 0], [0, 0], [0, 1], [1, 0], [1, 1]])
    design = factorial(["a", "b"], [(0, 1)] * 2, codes, 2)
    assert exactly(design.weights, np.array([1.0, 2, 3, 4, 6, 10])) == pytest.approx([5.0, 3.0, 1.0])


@pytest.mark.parametrize(
    ("codes", "levels", "said"),
    [
        ([[0, 0], [0, 1]], [("on",), (0, 1)], "the factor 'a' has one level"),
        ([[0, 0], [1, 1], [0, 0]], [(0, 1), (0, 1)], "always change together"),
        ([[0] * 13, [1] * 13], [(0, 1)] * 13, "always change together"),
    ],
)
def test_designs_that_tell_nothing_are_refused(codes: list[list[int]], levels: list[Any], said: str) -> None:
    names = [chr(97 + i) for i in range(len(levels))]
    with pytest.raises(InputError, match=said):
        factorial(names, levels, np.array(codes), 2)


def test_too_many_combinations_are_refused() -> None:
    codes = np.random.default_rng(0).integers(0, 2, size=(40, 13))
    with pytest.raises(InputError, match="13 factors have 8,192 combinations"):
        factorial([f"f{i}" for i in range(13)], [(0, 1)] * 13, codes, 1)


def test_units_that_all_runs_share_cancel() -> None:
    rng = np.random.default_rng(0)
    codes = np.array(list(itertools.product([0, 1], repeat=2)))
    design = factorial(["a", "b"], [(0, 1)] * 2, codes, 2)
    shared = rng.normal(size=(300, 1)) * 10
    x = shared + rng.normal(size=(300, 4)) * 0.1 + codes @ [1.0, 0.5]
    moved = -(x - x.mean(axis=0)) / 299
    found = infer_effects(
        design, Joint(x.mean(axis=0), moved, np.ones(300), 299, np.arange(300)), True, InferenceOptions(0)
    )
    first = found.alone[0]
    assert first is not None
    assert first.value == pytest.approx(1.0, abs=0.03)
    assert first.se < 0.01
