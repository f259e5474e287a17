"""Curves on the page of a comparison: made only where a metric reads probabilities, with their tables."""

from __future__ import annotations

import numpy as np
import pytest

import assay
from assay.report.html import render
from assay.report.page import comparison_page


def compared(metrics, curves=True, **more):
    rng = np.random.default_rng(1)
    p = rng.uniform(0.02, 0.98, (2, 500))
    table = {"id": np.arange(500), "y": (rng.random(500) < p[1]).astype(int), "one": p[0], "two": p[1]}
    table |= {"user": np.arange(500) // 5, "part": np.arange(500) % 4}
    return assay.compare(
        table, on="id", target="y", baseline="one", candidates="two", metrics=metrics, curves=curves, **more
    )


@pytest.mark.parametrize(
    ("metrics", "kinds"),
    [
        (["brier"], ["reliability"]),
        (["ece", "calibration_slope"], ["reliability"]),
        (["aurc"], ["reliability", "risk-coverage"]),
        (["gap(brier, by=part)"], ["reliability"]),
        (["auc"], []),
        (["mae"], []),
    ],
)
def test_curves_follow_from_the_metrics(metrics, kinds):
    found = compared(metrics).results.curves
    assert list(dict.fromkeys(c.kind for c in found)) == kinds
    assert [c.model for c in found] == ["one", "two"] * len(kinds)


def test_nothing_is_drawn_unless_it_is_asked_for():
    assert compared(["brier"], curves=False).results.curves == ()
    assert "curves" not in compared(["brier"], curves=False).to_json()


def test_a_risk_coverage_curve_ends_at_the_error_rate():
    found = compared(["aurc", "selective_risk@1"], unit="user")
    drawn = [c for c in found.results.curves if c.kind == "risk-coverage"]
    assert drawn[1].y[-1] == pytest.approx(found[1].candidate.value)
    assert drawn[1].low[-1] == pytest.approx(found[1].candidate.interval[0])
    assert drawn[1].y[0] < drawn[1].y[-1]


def test_the_page_shows_each_curve_with_its_table_and_band():
    page = render(comparison_page(compared(["aurc"]).results))
    assert page.count('<svg class="wide"') == 3
    assert "what is said with a probability comes true" in page
    assert "Bonferroni over bins" in page
    assert "share of rows answered" in page
    assert "NaN" not in page


def test_curves_are_in_the_json():
    kept = compared(["brier"]).to_json()["curves"]
    assert kept[0]["kind"] == "reliability"
    assert sum(kept[0]["rows"]) == 500
