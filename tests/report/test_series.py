"""Series of a run as curves on its page."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import assay
from assay.records.runs import Series, SeriesKey
from assay.report.html import fragment
from assay.report.runs import run_page
from assay.report.svg.series import series as drawn
from assay.verbs import runs as verb
from tests.runs.scenes import begun, lab


def of(values: list[float]) -> Series:
    steps = np.arange(len(values))
    return Series(SeriesKey("loss"), steps, np.asarray(values, float), steps.astype(float))


def test_a_million_points_are_shown_in_few_and_no_extreme_is_missing() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(size=1_000_000)
    values[[123_456, 654_321]] = 99.0, -99.0
    values[777_777] = np.nan
    few = of([]).__class__(SeriesKey("loss"), np.arange(1_000_000), values, values).downsampled(500)
    assert len(few) <= 500
    assert {123_456, 654_321, 777_777, 0, 999_999} <= set(few.steps.tolist())
    assert values[few.steps].tolist()[1:5] == few.values.tolist()[1:5]


@given(st.lists(st.floats(width=32, allow_nan=True, allow_infinity=True), min_size=1, max_size=300), st.integers(8, 60))
def test_least_and_greatest_survive_whatever_the_values(values: list[float], points: int) -> None:
    few = of(values).downsampled(points)
    finite = [v for v in values if np.isfinite(v)]
    kept = few.values[np.isfinite(few.values)]
    assert len(few) <= max(points, min(len(values), 8))
    if finite:
        assert (kept.min(), kept.max()) == (min(finite), max(finite))
    assert bool(np.isfinite(few.values).all()) == (len(finite) == len(values))
    assert (np.diff(few.steps) > 0).all()


def test_a_page_has_a_curve_for_each_series_and_breaks_it_where_there_is_no_number(tmp_path: Path) -> None:
    lab(tmp_path)
    with begun(tmp_path) as run:
        for step in range(2000):
            run.log(step=step, loss=float("nan") if step == 1000 else 1 / (1 + step), same=5.0)
        run.log(once=1.0)
        run.log({"<script>": 1.0}, step=0)
        run.log({"<script>": 2.0}, step=1)
    page = fragment(run_page(verb.read(run.id, tmp_path)))
    assert page.count('<svg class="wide"') == 3
    assert "<script>" not in page
    loss = re.findall(r"<svg.*?</svg>", page, re.S)
    broken = next(p for p in loss if ">loss</title>" in p)
    assert broken.count("<polyline") == 2
    assert broken.count('class="margin"') == 1
    assert assay.Lab(tmp_path).run(run.id)._repr_html_().count("<svg") == 6


@pytest.mark.parametrize(
    "values", [[float("nan")] * 3, [1e308, -1e308], [float("inf"), 1.0], [0.0, 0.0], [5e-324, 0.0], [2.0**70, 1.0]]
)
def test_odd_values_are_drawn_within_the_picture(values: list[float]) -> None:
    wide, narrow = drawn([(i * 2**40, v) for i, v in enumerate(values)], "t", "d")
    for picture, width in ((wide, 560), (narrow, 350)):
        assert "nan" not in picture
        assert max(map(len, re.findall(r">([^<]*)</text>", picture))) < 12
        for path in re.findall(r'points="([^"]*)"', picture):
            assert all(0 <= float(x) <= width for x, _ in (p.split(",") for p in path.split()))
