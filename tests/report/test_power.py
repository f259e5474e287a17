"""The page of power: curves, marks, words, and hostile names."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import assay
from assay.records.plan import Claim
from assay.records.power import ClaimPower, PlanPower, PowerPoint, SeedPlan, SeedSplit
from assay.report.html import render
from assay.report.power import power_page, render_power
from assay.report.svg.charts import Chart, Curve, curves


def found(name: str = "c", **more: object) -> PlanPower:
    claim = ClaimPower(
        Claim(name, "auc", "better", minimal_effect=0.1), "cand", 40, 0.7, 0.1,
        curve=(PowerPoint(20, 0.5), PowerPoint(40, 0.8), PowerPoint(45, 0.83, 0.01)), effects=((20, 0.2), (40, 0.1)),
        **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return PlanPower((claim,), 30, 0.8, 0.71, 0.65, version="1")


def test_curves_mark_the_plan_and_show_simulated_points() -> None:
    line = Curve("power", ((10, 0.2), (100, 0.9)), ((50, 0.6, 0.02),))
    chart = Chart("Power", (line,), "units", "power", (0.8, "80%"), (60, "planned"), (0.0, 1.0))
    for text in curves((chart,), "t", "d"):
        root = ET.fromstring(text)
        tags = [e.tag for e in root.iter()]
        assert tags.count("polyline") == 1
        assert tags.count("circle") == 1
        assert "planned" in text
        assert "80%" in text


def test_a_page_holds_its_curves_and_what_they_rest_on() -> None:
    page = render(power_page(found()))
    assert page.count("<polyline") == 4
    assert "never those that a pilot shows" in page
    assert "How many units it takes" in page


def test_hostile_names_stay_text() -> None:
    page = render(power_page(found("<script>alert(1)</script>")))
    assert "<script>" not in page
    assert "\x1b" not in render_power(found("\x1b[31mred"))


def test_one_claim_depends_on_no_other() -> None:
    assert "the claim holds with probability 0.71" in render_power(found())


def test_a_budget_is_drawn() -> None:
    split = SeedSplit(5, 100, 900.0, 0.8, 0.1)
    plan = SeedPlan(1000.0, (split, SeedSplit(6, 80, 950.0, 0.78, 0.1)), split, None)
    text = render_power(found(seeds=plan))
    assert "best is 5 seeds and 100 units, power 0.80" in text
    assert "no budget gives the power wanted" in text
    assert "seeds of each model" in render(power_page(found(seeds=plan)))


def test_in_a_notebook() -> None:
    shown = assay.power(metric="accuracy", effect=0.03, discordant=0.1, units=500)
    assert "<svg" in shown._repr_html_()
    assert str(shown) == repr(shown)
    assert shown.needed == 851
    assert len(shown) == 1
