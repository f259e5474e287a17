"""Copies of one training run under several seeds are refused, whatever the order of rows and wherever they are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assay.base.errors import AlignmentError
from tests.helpers.runs import refused as compare_refused
from tests.helpers.tables import Columns, write
from tests.verbs.runs import run
from tests.verbs.scenes import CLAIM, frozen, refused, scene

N = 120


def runs(seeds: dict[Any, int], labels: bool = False) -> Columns:
    """A long table: for each seed the run of that number, its rows in an order of their own."""
    made: dict[str, list[Any]] = {"id": [], "y": [], "s": [], "p": []}
    y = np.random.default_rng(0).integers(0, 2, N)
    for place, (seed, number) in enumerate(seeds.items()):
        rng = np.random.default_rng(number + 1)
        p = np.clip(0.5 + 0.2 * (2 * y - 1) + rng.normal(0, 0.2, N), 0.01, 0.99)
        p = (p > 0.5).astype(float) if labels else np.round(p, 6)
        for i in np.random.default_rng(place).permutation(N):
            for name, value in zip(made, (int(i), int(y[i]), seed, float(p[i])), strict=True):
                made[name].append(value)
    return made


@pytest.mark.parametrize("names", [(7, 8, 9), ("a", "b", "c")])
def test_a_copy_is_refused_by_its_seeds(names: tuple[Any, ...]) -> None:
    base = runs({s: 10 + i for i, s in enumerate(names)})
    copied = runs(dict(zip(names, (1, 2, 1), strict=True)))
    said = f"the seeds {names[0]!r} and {names[2]!r} of candidate1 have the same prediction in every row"
    with pytest.raises(AlignmentError, match=said):
        run(base, copied, metrics=("brier",), seed_column="s")
    fresh = runs(dict(zip(names, (1, 2, 3), strict=True)))
    assert run(base, fresh, metrics=("brier",), seed_column="s").comparisons


def test_one_row_that_differs_is_another_run() -> None:
    base, cand = runs({1: 10, 2: 11}), {k: list(v) for k, v in runs({1: 1, 2: 1}).items()}
    place = next(i for i, s in enumerate(cand["s"]) if s == 2)
    cand["p"][place] = round(cand["p"][place] * 0.999, 6)
    assert run(base, cand, metrics=("brier",), seed_column="s").comparisons


def test_labels_may_agree_in_every_row() -> None:
    base, cand = runs({1: 10, 2: 11}, labels=True), runs({1: 1, 2: 1}, labels=True)
    found = run(base, cand, metrics=("accuracy",), seed_column="s").comparisons[0]
    assert not found.difference.inside_domain


def test_compare_and_judge_refuse_copies(tmp_path: Path) -> None:
    base, copied = runs({1: 10, 2: 11, 3: 12}), runs({1: 1, 2: 1, 3: 2})
    spec = {"name": "test", "id": ["id"], "target": "y", "positive": 1, "seed": "s"}
    path = scene(tmp_path, freeze=False, data=spec, seeds=3, claims=[CLAIM | {"about": "method"}], guardrails=[])
    files = [write(tmp_path / f"{name}.csv", rows) for name, rows in (("base", base), ("cand", copied))]
    frozen(path)
    for line in (
        refused(path),
        compare_refused(*files, "--on", "id", "--target", "y", "--seed-column", "s", "--metric", "brier"),
    ):
        assert "the seeds 1 and 2 of cand have the same prediction in every row" in line
        assert "drop the copies" in line
