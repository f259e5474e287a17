"""The same in plain text: widths, what is left out, and that it is said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assay.records.comparison import ComparisonSet
from assay.records.estimate import Estimate
from assay.report.terminal import columns, render_text
from assay.report.text import cells
from tests.report import samples


def samples_of(difference: Estimate) -> ComparisonSet:
    return ComparisonSet("0.1.0", 0, (), (samples.comparison(samples.LOG_LOSS, difference),))


@pytest.mark.parametrize("width", [80, 100, 120, 160])
def test_the_terminal_keeps_its_width(width: int) -> None:
    text = render_text(samples.several()[1], width) + render_text(samples.judgement(), width)
    assert max(cells(line) for line in text.splitlines()) <= width
    assert all(line == line.rstrip() for line in text.splitlines())


def test_a_column_that_does_not_fit_is_named() -> None:
    assert "left out for want of width: p, rows, units; --html or --json shows all" in render_text(
        samples.results(), 80
    )
    assert "left out" not in render_text(samples.results(), 120)


def test_the_values_go_last() -> None:
    text = render_text(samples.results(), 92)
    assert "baseline  candidate" in text
    assert "left out for want of width: p, rows" in text


@pytest.mark.parametrize(("asked", "width"), [("", 100), ("132", 132), ("999", 160), ("20", 80), ("wide", 100)])
def test_the_width_is_what_columns_asks_for(monkeypatch: pytest.MonkeyPatch, asked: str, width: int) -> None:
    monkeypatch.setenv("COLUMNS", asked)
    assert columns() == width


def test_training_seeds_are_counted_for_each_model() -> None:
    assert "training seeds" not in render_text(samples.results(), 100)
    several = replace(samples.results(), notes={"seeds": {"logistic": 1, "boosting": 5}})
    assert "  training seeds: logistic 1, boosting 5\n" in render_text(several, 100)


def test_the_terminal_says_more_where_there_is_room() -> None:
    assert "baseline  candidate" in render_text(samples.results(), 120)
    assert "jackknife-t" in render_text(samples.results(), 80)
    assert "one class only" in render_text(samples_of(samples.estimate(None, 0.0)), 80)
