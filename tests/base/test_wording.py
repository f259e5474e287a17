"""Figures and names in sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assay.base.wording import counted, figure, level, metric_words


@pytest.mark.parametrize(
    ("notation", "words"),
    [
        ("auc", "AUC"),
        ("log_loss", "log loss"),
        ("f1@0.5", "F1@0.5"),
        ("balanced_accuracy@0.5", "balanced accuracy@0.5"),
        ("mean(time_ms)", "mean(time_ms)"),
        ("gap(auc, by=day)", "gap(auc, by=day)"),
        ("my-metric", "my-metric"),
    ],
)
def test_a_metric_reads_as_people_write_it(notation: str, words: str) -> None:
    assert metric_words(notation) == words


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.95, "95%"), (0.9975, "99.75%"), (1 - 2 * 0.025 / 3, "98.33%"), (0.999176, "99.92%"), (1 - 1e-9, "99.9999999%")],
)
def test_a_level_has_the_digits_that_it_needs(value: float, text: str) -> None:
    assert level(value) == text


@given(st.floats(0.5, 1, exclude_max=True))
def test_no_level_reads_as_certain(value: float) -> None:
    assert level(value) != "100%"


@pytest.mark.parametrize(
    ("number", "text"),
    [(12.30443, "12.3"), (0.123456, "0.1235"), (-0.5, "−0.5"), (-0.0, "0"), (55_628, "55,628"), (1e-7, "1e−07")],
)
def test_a_figure_has_four_digits_at_most(number: float, text: str) -> None:
    assert figure(number) == text


def test_one_thing_is_one() -> None:
    assert [counted(n, "row") for n in (0, 1, 2_000)] == ["0 rows", "1 row", "2,000 rows"]
