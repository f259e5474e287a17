"""Tampering is noticed whatever the metric's unit is, and what rounding does on another machine is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.flows.nearness import array_gap, compared, sums_compared
from assay.records.sample import GroupedCounts, GroupedSums, Moments, Rows
from tests.flows.bundles import copied, doubted, edit, edit_arrays, edit_scores, judge_anew, rechecked
from tests.verbs.scenes import data, plan, scene, told

UNITS = (1e-8, 1e-14)


@pytest.fixture(scope="module", params=[(u, c) for u in UNITS for c in (False, True)], ids=str)
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Evidence of a metric whose values are tiny, with one row a unit (moments) or two (sums by group)."""
    unit, clustered = request.param
    held = data(120, user=[f"u{i // 2}" for i in range(120)])
    for column in ("y", "a", "b"):
        held[column] = [v * unit for v in held[column]]
    about = plan()["data"] | ({"unit": "user"} if clustered else {})
    about.pop("positive")
    claim = {"name": "error", "metric": "mae", "kind": "better", "minimal_effect": 0.02 * unit}
    path = scene(tmp_path_factory.mktemp("small"), held, data=about, claims=[claim], guardrails=[])
    return Path(told(path)["folder"])


def grown(arrays: dict[str, Any]) -> None:
    for name, array in arrays.items():
        if array.dtype.kind == "f" and array.ndim > 1:
            arrays[name] = array * np.linspace(1, 1.3, array.size).reshape(array.shape)


def test_small_numbers_hold(small: Path) -> None:
    assert "identical bytes" in rechecked(small).out


def test_small_moments_and_sums_that_were_changed(small: Path, tmp_path: Path) -> None:
    held = copied(small, tmp_path)
    clustered = "grouped_sums" in (held / "cells.json").read_text()
    edit_arrays(held, grown)
    judge_anew(held)
    doubted(held, ".sums: differs by" if clustered else ".comoment: differs by", "judgement from the scores")


def test_small_numbers_of_a_judgement_that_were_changed(small: Path, tmp_path: Path) -> None:
    held = copied(small, tmp_path)

    def change(judgement: Any) -> None:
        difference = judgement["comparisons"][0]["difference"]
        difference["interval"] = [1.01 * bound for bound in difference["interval"]]

    edit(held, "judgement.json", change)
    doubted(held, "difference.interval[0]", "follows")


def test_small_scores_that_were_changed(small: Path, tmp_path: Path) -> None:
    held = copied(small, tmp_path)
    edit_scores(held, "v0_0_a1_0_0 * 1.001 AS v0_0_a1_0_0")
    doubted(held, "scores.v0_0_a1_0_0")


def test_counts_and_rows_are_equal_to_the_last_one() -> None:
    counts = np.full((1, 2, 2, 2), 4_000_000_000_000_000)
    sample = GroupedCounts(counts)
    assert array_gap("counts", counts + 1, counts, sample) == (1.0, True)
    scores = np.array([[0.5, 0.5], [0.25, 0.75]])
    rows = Rows(np.array([0, 1]), scores)
    # Two tied scores that are no longer tied are another ranking.
    assert array_gap("scores", scores * (1 + 1e-15), scores, rows)[1]


@pytest.mark.parametrize("unit", [1e-300, 1e-14, 1.0, 1e12])
@pytest.mark.parametrize("step", [1e-10, 1e-14])
def test_the_rounding_of_another_machine_is_none(unit: float, step: float) -> None:
    rng = np.random.default_rng(0)
    sums = rng.normal(0, unit, (50, 2, 1))
    sample = GroupedSums(np.ones(50, dtype=np.int64), sums)
    least = np.abs(sums).argmin()
    moved = sums.copy()
    moved.flat[least] += step * np.abs(sums).max()
    assert array_gap("sums", moved, sums, sample)[1] == (step == 1e-10)


@pytest.mark.parametrize("unit", [1e-14, 1.0, 1e12])
def test_moments_are_held_to_their_own_spread(unit: float) -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(0, [unit, unit * 1e-3], (400, 2))
    mean, centred = values.mean(axis=0), values - values.mean(axis=0)
    sample = Moments(400, mean[:, None], centred.T @ centred, 400, np.zeros(3))
    for name, array, size in (
        ("mean", sample.mean, np.array([[unit], [unit * 1e-3]])),
        ("comoment", sample.comoment, 400 * np.outer([unit, unit * 1e-3], [unit, unit * 1e-3])),
    ):
        assert not array_gap(name, array + 1e-13 * size, array, sample)[1]
        assert array_gap(name, array + 1e-10 * size, array, sample)[1]
        moved = array.copy()
        moved[-1, -1] += 1e-9 * size[0, 0]
        # A second column of smaller values is not held to the size of the first.
        assert array_gap(name, moved, array, sample)[1]


def test_a_difference_that_cancels_is_held_to_the_size_of_its_metric() -> None:
    def comparison(value: float, scale: float) -> dict[str, Any]:
        side = {"value": 0.5 * scale, "interval": [0.4 * scale, 0.6 * scale]}
        return {"baseline": side, "candidate": side, "difference": {"value": value, "interval": [-value, value]}}

    def differ(stored: float, found: float, scale: float) -> list[str]:
        said: list[str] = []
        compared(comparison(stored, scale), comparison(found, scale), "judgement", said)
        return said

    assert differ(1e-17, 3e-17, 1.0) == []
    assert any("difference.value" in line for line in differ(1e-17, 3e-17, 1e-15))


def test_a_whole_number_that_became_another_kind_of_number_is_noticed() -> None:
    said: list[str] = []
    compared({"n": 100.00000000001}, {"n": 100}, "cells", said)
    assert said == ["cells.n: '100.00000000001' is stored, '100' follows"]


def test_sums_of_scores_are_held_to_the_size_of_their_rows() -> None:
    said: list[str] = []
    found = {"v0": 1e-17, "v1": 2e-14}
    sums_compared({"v0": 3e-17, "v1": 2.1e-14}, found, {"v0": 100.0, "v1": 1e-13}, said)
    assert [line.split(":")[0] for line in said] == ["scores.v1"]
