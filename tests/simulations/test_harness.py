from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest
from simulations.counts import classes, patterns
from simulations.harness import Cell, all_scenarios, named, simulate
from simulations.ranked import tied_auc
from simulations.run import main
from simulations.scores import SHAPES
from simulations.shapes import design, sizes
from simulations.table import failures, inside

from assay.stats.procedures import StudentT

QUICK = [
    "accuracy n=100 one prevalence=0.3 better",
    "f1 n=30 one prevalence=0.05 equal",
    "recall n=100 pareto prevalence=0.3 better",
    "mcc n=20 equal5 prevalence=0.5 equal",
    "f1(average=macro) n=500 one four classes better",
    "mean n=1000 one exponential effect=0",
    "mean n=30 equal5 normal effect=0.3",
    "rmse n=300 one ratio=0.8",
    "auc n=60 one positives=0.5 0.8->0.85 spread=1",
    "auc n=30 equal5 positives=0.4 0.8->0.85 spread=1",
    "quantile@0.95 n=200 one effect=0 correlation=0.5",
    "quantile@0.5 n=30 equal20 effect=0.2 correlation=0.5",
    "mean seeds=5 seeds n=300 one seed-sd=0.1 effect=0",
    "accuracy seeds=5 n=50 seed-sd=0.1 effect=0",
    "krippendorff interval items=200 raters=3 classes=5 rarest=0.2 right=0.8 missing=0 items/unit=4",
    "gap of recall, 3 groups, n=50 each, worst=0.6, independent",
    "gap of recall, 3 groups, n=50 each, worst=0.8, shared units",
]


@pytest.mark.parametrize("name", QUICK)
def test_intervals_hold_the_truth(name):
    (scenario,) = named([name])
    cells = [cell.to_json() for cell in simulate(scenario, 150, seed=20261121)]
    assert cells
    assert failures(cells) == []
    assert any(inside(cell) for cell in cells)


def test_rows_taken_for_units_are_caught():
    (scenario,) = named(["mean n=30 equal5 normal effect=0.3"])

    def naive(rng):
        sample, made = scenario.draw(rng)
        spread = dataclasses.replace(sample, n=np.repeat(1, 150), sums=np.repeat(sample.sums / 5, 5, axis=0))
        return spread, dataclasses.replace(made, units=150, effective_units=150.0)

    wrong = dataclasses.replace(scenario, draw=naive)
    assert failures([cell.to_json() for cell in simulate(wrong, 200)])


def test_a_scenario_gives_the_same_cells_whatever_else_runs():
    (scenario,) = named(["auc n=60 one positives=0.5 0.8->0.85 spread=1"])
    one, two = (simulate(scenario, 20, seed=3) for _ in range(2))
    assert [c.to_json() for c in one] == [c.to_json() for c in two]
    assert [c.to_json() for c in simulate(scenario, 20, seed=4)] != [c.to_json() for c in one]


def test_a_cell_counts_hits_width_and_domain():
    cell = Cell("s", "f", "difference", 0.0)
    flat = design(np.ones(100, dtype=np.int64))
    cell.add(StudentT(0.1, 0.1, math.inf, "t", "why"), flat)
    cell.add(StudentT(0.5, 0.1, math.inf, "t", "why"), flat)
    cell.add(StudentT(0.5, 0.1, math.inf, "t", "why"), design(np.ones(3, dtype=np.int64)))
    kept = cell.to_json()
    assert (kept["samples"], kept["inside"], kept["hits"], kept["excludes_zero"]) == (3, 2, 1, 1)
    assert (kept["intervals"], kept["all_hits"]) == (3, 1)
    assert (kept["over"], kept["under"], kept["strict"]) == (1, 0, 1)
    assert kept["width"] == pytest.approx(2 * 1.959964 * 0.1, abs=1e-6)
    assert json.dumps(kept)


def test_truths_of_the_worlds():
    """Against large samples drawn from the same worlds."""
    rng = np.random.default_rng(0)
    assert patterns(0.2, (0.9, 0.7), (0.8, 0.6)).sum() == pytest.approx(1.0)
    assert patterns(0.2, (0.9, 0.7), (0.8, 0.6))[1, 1].sum() == pytest.approx(0.2 * 0.7)
    assert patterns(0.2, (0.9, 0.7), (0.8, 0.6))[0, :, 0].sum() == pytest.approx(0.8 * 0.8)
    assert classes(4, 0.7, 0.8).sum() == pytest.approx(1.0)
    for noise in SHAPES.values():
        drawn = noise(rng, 400_000)
        assert drawn.mean() == pytest.approx(0.0, abs=0.02)
    pos, neg = np.round(rng.normal(1.0, 2.0, 4000)), np.round(rng.normal(size=4000))
    brute = np.mean(pos[:, None] > neg) + 0.5 * np.mean(pos[:, None] == neg)
    assert tied_auc(1.0, 2.0, 1.0) == pytest.approx(brute, abs=0.02)


def test_unit_sizes():
    rng = np.random.default_rng(0)
    assert sizes(rng, 4, "equal5").tolist() == [5, 5, 5, 5]
    drawn = sizes(rng, 2000, "pareto")
    assert drawn.min() >= 1
    assert drawn.max() <= 100
    assert design(drawn).effective_units < 0.7 * 2000


def test_names_are_unique_and_every_family_is_there():
    scenarios = all_scenarios()
    assert len({s.name for s in scenarios}) == len(scenarios)
    assert {s.family.split(",")[0] for s in scenarios} >= {"counts", "means", "AUC", "quantiles", "methods (seeds)"}
    assert any(s.null for s in scenarios)


def test_the_command_prints_the_table(capsys):
    assert main(["--samples", "10", "--processes", "1", "--only", "rmse n=300"]) == 0
    shown = capsys.readouterr()
    assert "| rmse n=300 one ratio=0.8 | difference | t-ratio |" in shown.out
    assert "0 cells below the floor" in shown.err
