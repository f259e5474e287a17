"""Groups of runs: mean and interval over seeds, n, and what is an anecdote."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from assay.records.runlist import Column, RunGroup, RunTable
from assay.report.runs import render_groups
from assay.runs.groups import groups, seed_mean

LOSS = Column("", "loss")


def table(values: list[float], seeds: list[int | None], held: list[int] | None = None) -> RunTable:
    """Finished runs with one metric; all of one group unless said."""
    many = len(values)
    codes = np.asarray([0] * many if held is None else held, np.int64)
    settings = {"rate": [0.1 * (g + 1) for g in range(int(codes.max()) + 1)]}
    has = np.asarray([not math.isnan(v) for v in values])
    ids = [f"run{i}" for i in range(many)]
    return RunTable(ids, seeds, codes, settings, (np.asarray(values),), (has,))


def one(values: list[float], seeds: list[int | None], over_seeds: bool = True) -> RunGroup:
    """The only group."""
    return groups(table(values, seeds), [LOSS], 0.95, over_seeds)[0]


def test_the_interval_is_t_over_seeds() -> None:
    values = [0.31, 0.28, 0.35, 0.30]
    # source: scipy 1.17.1, stats.ttest_1samp(values, 0).confidence_interval(0.95)
    expected = stats.ttest_1samp(values, 0.0).confidence_interval(0.95)
    found = one(values, [1, 2, 3, 4]).metrics["loss"]
    assert found.interval == pytest.approx((expected.low, expected.high), rel=1e-12)
    assert (found.count, found.mean) == (4, pytest.approx(0.31))
    assert seed_mean(values) == found


def test_runs_of_one_seed_count_once() -> None:
    found = one([0.2, 0.4, 0.5], [1, 1, 2]).metrics["loss"]
    assert (found.count, found.mean) == (2, pytest.approx(0.4))
    assert found.interval == pytest.approx(one([0.3, 0.5], [1, 2]).metrics["loss"].interval, rel=1e-12)
    said = render_groups([one([0.2, 0.4, 0.5], [1, 1, 2])], 0.95)
    assert ", n 2" in said
    assert said.rstrip().endswith("runs of one seed count once")


def test_one_seed_run_twice_is_an_anecdote() -> None:
    found = one([0.2, 0.4], [7, 7]).metrics["loss"]
    assert (found.count, found.interval) == (1, None)
    assert found.note == "one seed, run 2 times: anecdotal"


def test_runs_that_say_no_seed_count_each_and_so_do_runs_of_chosen_settings() -> None:
    assert one([0.2, 0.4], [None, None]).metrics["loss"].count == 2
    assert one([0.2, 0.4], [7, 7], over_seeds=False).metrics["loss"].count == 2


def test_each_group_stands_alone() -> None:
    found = groups(table([1.0, 5.0, 3.0, math.inf, 7.0, 7.0], [1, 1, 2, 1, 1, 2], [0, 1, 0, 2, 3, 3]), [LOSS])
    notes = {g.settings["rate"]: (g.metrics["loss"].mean, g.metrics["loss"].note) for g in found}
    assert {round(rate, 1): told for rate, told in notes.items()} == {
        0.1: (2.0, ""),
        0.2: (5.0, "one run: anecdotal"),
        0.3: (None, "a run ended in NaN or infinity"),
        0.4: (7.0, "all runs have the same value: no interval"),
    }
    assert [len(g.runs) for g in found] == [2, 2, 1, 1]


def test_runs_that_are_in_no_mean_are_counted_and_said() -> None:
    held = table([1.0, 5.0, 3.0, math.nan, 9.0], [1, 2, 3, 4, 1], [0, 0, 0, 0, 1])
    first, second = groups(replace(held, states=["finished", "failed", "finished", "finished", "running"]), [LOSS])
    assert (first.runs, first.seeds, first.others) == (("run0", "run2", "run3"), (1, 3, 4), {"failed": 1})
    assert (first.metrics["loss"].mean, first.metrics["loss"].count, first.metrics["loss"].lacking) == (2.0, 2, 1)
    assert (second.runs, second.others, second.metrics["loss"].mean) == ((), {"running": 1}, None)
    assert second.metrics["loss"].note == "no run of it counts"
    said = render_groups([first, second], 0.95)
    assert "3 of 4" in said
    assert said.endswith("not in the numbers: 1 failed, 1 running, 1 without loss\n")
    assert groups(replace(held, ids=[], seeds=[], groups=np.asarray([], np.int64)), [LOSS]) == ()


def test_n_is_shown_where_runs_lack_the_metric() -> None:
    group = one([0.2, 0.4, math.nan], [1, 2, 3])
    assert ", n 2" in render_groups([group], 0.95)
    assert "count once" not in render_groups([group], 0.95)
