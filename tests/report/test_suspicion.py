"""A change is suspicious by one rule, on either side of it, and nothing that is judged heeds it."""

from __future__ import annotations

from dataclasses import replace

import pytest

import assay
from assay.metrics import parse
from assay.records.comparison import Alignment, Comparison
from assay.records.estimate import Estimate
from assay.report import html, terminal
from assay.report.memo import decision_memo
from assay.report.suspicion import suspicion
from tests.report import samples
from tests.verbs.scenes import data


def between(metric: str, base: float, low: float, high: float, **more: object) -> Comparison:
    """Two values and the interval of their difference."""
    value = (low + high) / 2
    sides = [Estimate(v, None, 0.95, "none") for v in (base, base + value)]
    known = replace(Estimate(value, (low, high), 0.95, "t"), **more)  # type: ignore[arg-type]
    return Comparison(parse(metric), {}, "old", "new", Alignment(900, 900, 900.0), sides[0], sides[1], known)


@pytest.mark.parametrize(
    ("comparison", "minimal", "said"),
    [
        (between("accuracy", 0.8, 0.11, 0.15), None, "new removes more than half of what old lacks"),
        (between("accuracy", 0.8, 0.09, 0.19), None, ""),
        (between("accuracy", 0.8, -0.36, -0.27), None, "old removes more than half of what new lacks"),
        (between("accuracy", 0.8, -0.25, -0.15), None, ""),
        (between("log_loss", 0.6, -0.4, -0.31), None, "new removes more than half of what old lacks"),
        (between("log_loss", 0.6, -0.4, -0.29), None, ""),
        (between("mean(ms)", 60.0, -50.0, -40.0), None, ""),
        (between("mean(ms)", 60.0, -50.0, -40.0), 3.0, "it is over ten times the smallest effect that matters (3)"),
        (between("mean(ms)", 60.0, -50.0, -40.0), 4.0, ""),
        (between("accuracy", 0.8, -0.1, 0.2), 0.0001, ""),
        (between("accuracy", 0.8, 0.11, 0.15, inside_domain=False), 0.001, ""),
        (replace(between("accuracy", 0.8, 0.11, 0.15), slice={"region": "north"}), 0.001, ""),
    ],
)
def test_only_what_is_too_large_even_at_its_cautious_end_is_suspicious(
    comparison: Comparison, minimal: float | None, said: str
) -> None:
    found = suspicion(comparison, minimal)
    assert (said in found) is True
    assert bool(found) is bool(said)


def test_a_memo_says_it_after_the_recommendation_and_recommends_the_same() -> None:
    sound, plan = samples.judgement(), samples.plan()
    assert "Suspicious" not in terminal.render_text(sound)
    (advice,) = sound.recommendations
    first = replace(advice.verdicts[0], comparison=between("log_loss", 0.6, -0.4, -0.31))
    odd = replace(sound, recommendations=(replace(advice, verdicts=(first, *advice.verdicts[1:])),))
    memo = html.render(decision_memo(plan, odd, samples.results(), samples.PROVENANCE))
    assert memo.index("Hold: boosting") < memo.index("Suspicious change") < memo.index("<h2>Claims")
    assert "over ten times the smallest effect that matters (0.01)" in memo
    shown = terminal.render_text(odd)
    assert "HOLD  boosting" in shown
    assert "Suspicious change: log loss" in shown


def test_a_comparison_says_it_of_a_model_that_has_seen_the_truth() -> None:
    columns = data(200)
    asked = {"on": ["id"], "target": "y", "baseline": "a", "candidates": ["b"], "metrics": ["log_loss"]}
    leaked = {**columns, "b": [0.97 if y else 0.03 for y in columns["y"]]}
    for table, odd in ((columns, False), (leaked, True)):
        found = assay.compare(table, **asked)  # type: ignore[arg-type]
        assert ("Suspicious change" in found._repr_html_()) is odd
