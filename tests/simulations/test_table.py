from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import binom
from simulations.harness import all_scenarios, named
from simulations.table import below, failures, inside, lower_bound, markdown, regressions, upper_bound

from assay.stats.domain import DOMAINS
from assay.stats.procedures import StudentT
from simulations import run

KEPT = json.loads((Path(__file__).parents[2] / "docs" / "coverage.json").read_text(encoding="utf-8"))


def cell(hits, tries, samples=None, **more):
    made = {"scenario": "s", "target": "difference", "family": "f", "width": 1.0, "excludes_zero": 3}
    made |= {"over": 1, "under": tries - hits - 1, "strict": tries}
    counts = {"hits": hits, "inside": tries, "samples": samples or tries, "intervals": tries, "all_hits": hits}
    return {**made, **counts, "methods": {"t": tries}, **more}


@pytest.mark.parametrize(("hits", "tries"), [(0, 10), (7, 10), (930, 1000), (10, 10)])
def test_clopper_pearson_bounds_have_exactly_the_tail(hits, tries):
    high, low = upper_bound(hits, tries), lower_bound(hits, tries)
    assert hits == tries or binom.cdf(hits, tries, high) == pytest.approx(0.01)
    assert hits == 0 or binom.sf(hits - 1, tries, low) == pytest.approx(0.01)


def test_the_floor_is_held_with_exact_tolerance():
    least = next(h for h in range(1000) if not below(cell(h, 1000)))
    assert binom.cdf(least - 1, 1000, 0.93) < 0.01 <= binom.cdf(least, 1000, 0.93)
    assert failures([cell(least - 1, 1000)]) == [f"s (difference): {(least - 1) / 1000:.3f} of 1000 samples"]


def test_cells_outside_the_domain_are_not_held_to_it():
    assert not inside(cell(10, 40, samples=100))
    assert not below(cell(10, 40, samples=100))


def test_a_drop_against_the_kept_table_is_a_regression():
    kept = [cell(995, 1000)]
    assert regressions([cell(900, 1000)], kept)
    assert not regressions([cell(990, 1000)], kept)
    assert not regressions([cell(900, 1000, scenario="new")], kept)


@pytest.mark.parametrize(
    ("now", "lost"),
    [
        (cell(1870, 2000), "covers at most 0.947, was 0.960"),
        (cell(400, 420, samples=2000), "420 of 2000 samples in the domain, were 2000 of 2000"),
        (cell(1920, 2000, width=1.2), "intervals of width 1.2, were 1"),
    ],
)
def test_what_still_meets_the_floor_and_was_better_is_a_regression_too(now, lost):
    kept = [cell(1920, 2000)]
    assert failures([now]) == []
    assert regressions([now], kept) == [f"s (difference): {lost}"]
    assert regressions(kept, kept) == []


def kept_in(folder: Path, monkeypatch: pytest.MonkeyPatch, hits: int) -> None:
    """A kept table whose every cell held the truth in so many of 1,000 samples."""
    names = ["rmse n=300 one ratio=0.8"]
    cells = [cell(hits, 1000, scenario=name, target=target) for name in names for target in ("candidate", "difference")]
    table = {"samples": 1000, "seed": 1, "level": 0.95, "cells": cells}
    (folder / "coverage.json").write_text(json.dumps(table), encoding="utf-8")
    monkeypatch.setattr(run, "DOCS", folder)


@pytest.mark.parametrize(("widened", "status"), [(1.0, 0), (0.5, 1)])
def test_a_run_fails_where_intervals_cover_less_than_they_did(
    widened: float, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Intervals half as wide as they should be: the command says which cells, and its exit status is 1."""
    kept_in(tmp_path, monkeypatch, hits=960)
    plain = StudentT.interval

    def narrowed(self: StudentT, level: float) -> tuple[float, float]:
        low, high = plain(self, level)
        return self.value - widened * (self.value - low), self.value + widened * (high - self.value)

    monkeypatch.setattr(StudentT, "interval", narrowed)
    monkeypatch.setattr(run.multiprocessing, "Pool", InThisProcess)
    assert run.main(["--samples", "60", "--only", "rmse n=300", "--processes", "1"]) == status
    said = capsys.readouterr().err
    assert ("rmse n=300 one ratio=0.8 (difference): covers at most" in said) == bool(status)


def test_a_full_run_keeps_samples_seed_and_versions_beside_the_cells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_in(tmp_path, monkeypatch, hits=960)
    monkeypatch.setattr(run.multiprocessing, "Pool", InThisProcess)
    monkeypatch.setattr(run, "all_scenarios", lambda: named(["rmse n=300 one ratio=0.8"]))
    assert run.main(["--full", "--samples", "20", "--seed", "7", "--processes", "1"]) == 0
    made = json.loads((tmp_path / "coverage.json").read_text(encoding="utf-8"))
    assert (made["samples"], made["seed"]) == (20, 7)
    assert set(made["versions"]) == {"assay", "python", "numpy", "scipy"}
    assert [c["samples"] for c in made["cells"]] == [20, 20]
    assert "20 samples a scenario (seed 7)" in (tmp_path / "coverage.md").read_text(encoding="utf-8")


class InThisProcess:
    """A pool of no processes: what is patched here is patched there."""

    def __init__(self, processes: int) -> None:
        self.processes = processes

    def __enter__(self) -> InThisProcess:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def imap_unordered(self, function: Callable[[Any], Any], jobs: Iterable[Any]) -> Iterator[Any]:
        return map(function, jobs)


def test_the_page_shows_every_cell_and_marks_the_low_ones():
    page = markdown([cell(80, 100), cell(96, 100, scenario="good"), cell(1, 2, samples=100, scenario="small")], 100, 0)
    assert "| s | difference | t | 1.00 | 0.800 **below** |" in page
    assert "| good | difference | t | 1.00 | 0.960 | 0.030 | 1.000 |" in page
    assert "(outside: 0.500)" in page


def test_the_kept_table_meets_promise_4():
    assert failures(KEPT["cells"]) == []


def test_the_kept_table_is_of_these_scenarios():
    expected = [(s.name, target) for s in all_scenarios() for target in s.targets]
    assert [(c["scenario"], c["target"]) for c in KEPT["cells"]] == expected


def test_every_method_that_may_support_a_verdict_is_in_the_table():
    used = {method for c in KEPT["cells"] if inside(c) for method in c["methods"]}
    assert set(DOMAINS) - used == {"newcombe-paired"}


def test_a_miss_has_a_side_and_strict_intervals_hold_more():
    for c in KEPT["cells"]:
        assert c["hits"] + c["over"] + c["under"] == c["inside"]
        assert c["hits"] <= c["strict"] <= c["inside"]


def test_no_false_verdicts_where_there_is_no_difference():
    nulls = [c for c in KEPT["cells"] if c["target"] == "difference" and c["truth"] == 0 and inside(c)]
    assert len(nulls) > 100
    for c in nulls:
        assert lower_bound(c["excludes_zero"], c["inside"], 0.001) < 0.07, c["scenario"]
