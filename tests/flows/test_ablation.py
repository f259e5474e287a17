"""Ablation studies through every door: predictions on the same units, files, values, and every bad input."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import assay
from assay.base.errors import AssayError
from tests.helpers import tables
from tests.helpers.runs import assay as command
from tests.helpers.runs import line_of
from tests.stats.test_effects import FILTRATION, RATES

ASKED: dict[str, Any] = {"factors": ["retrieval", "rerank"], "model": "run", "on": "id", "target": "y"}


def study(seeds: int = 1, n: int = 600, noise: float = 0.0) -> tuple[dict[str, Any], dict[str, Any]]:
    """A design and the predictions of its runs: retrieval adds 0.15, rerank 0.05."""
    rng = np.random.default_rng(4)
    runs = [(a, b, s) for a in (0, 1) for b in (0, 1) for s in range(seeds)]
    design = {
        "run": [f"r{a}{b}{s}" for a, b, s in runs],
        "retrieval": ["on" if a else "off" for a, _, _ in runs],
        "rerank": ["on" if b else "off" for _, b, _ in runs],
    }
    y, easy = rng.integers(2, size=n), rng.random(n)
    predictions: dict[str, Any] = {"id": list(range(n)), "y": y.tolist(), "user": (np.arange(n) // 3).tolist()}
    for a, b, s in runs:
        right = 0.3 * easy + 0.7 * rng.random(n) < 0.65 + 0.15 * a + 0.05 * b + rng.normal() * noise
        predictions[f"r{a}{b}{s}"] = np.where(right, y, 1 - y).tolist()
    return design, predictions


def test_effects_are_found_on_shared_units() -> None:
    found = assay.ablation(*study(), **ASKED, metrics="accuracy", unit="user")
    assert found["retrieval"].value == pytest.approx(0.18, abs=0.05)
    both = found["retrieval"].decision_interval
    own = found["retrieval"].interval
    assert both is not None
    assert own is not None
    assert 0 < both[0] < own[0] < own[1] < both[1]
    assert found["retrieval"].method == "max-t"
    assert (found.results.kind, found.results.settings) == ("full factorial", 4)
    assert any("about these runs" in n for n in found.results.notes)
    assert found.results.studies[0].units == 200


def test_a_main_effect_is_half_of_what_two_comparisons_say() -> None:
    design, predictions = study()
    found = assay.ablation(design, predictions, **ASKED, metrics="accuracy")
    pairs = [("r000", "r100"), ("r010", "r110")]
    each = [
        assay.compare(predictions, on="id", target="y", baseline=a, candidates=b, metrics="accuracy")[0]
        for a, b in pairs
    ]
    assert found["retrieval"].value == pytest.approx(np.mean([c.difference.value for c in each]))
    assert found["retrieval x rerank"].value == pytest.approx((each[1].difference.value - each[0].difference.value) / 2)  # type: ignore[operator]


def test_runs_of_the_same_settings_add_their_noise() -> None:
    quiet, loud = (next(iter(assay.ablation(*study(4, noise=n), **ASKED, metrics="accuracy"))) for n in (0.0, 0.15))
    assert quiet.run_variance is not None
    assert loud.run_variance is not None
    assert loud.run_variance > 5 * quiet.run_variance
    assert loud.run_df == 12
    widths = [np.ptp(s.effects[0].estimate.interval or ()) for s in (quiet, loud)]
    assert widths[1] > 1.5 * widths[0]
    assert not any(
        "about these runs" in n for n in assay.ablation(*study(4), **ASKED, metrics="accuracy").results.notes
    )


def test_a_table_of_values_is_the_textbooks() -> None:
    codes = [[(i >> k) & 1 for i in range(16)] for k in range(4)]
    design = {**dict(zip("ABCD", codes, strict=True)), "rate": FILTRATION}
    found = assay.ablation(design, factors=list("ABCD"), value="rate", order=4)
    named = {e.name.replace(" x ", ""): e.estimate.value for e in found.results.studies[0].effects}
    assert named == pytest.approx(dict(RATES))
    assert found["A"].interval is None
    # source: Montgomery (2017), example 6.2: A, C, D, AC and AD are the effects that stand out
    assert "beyond the first: A, C, D, A x C, A x D" in " ".join(str(found).split())


def test_files_of_runs_stand_beside_the_design(tmp_path: Path) -> None:
    design, predictions = study()
    for name in design["run"]:
        columns = {"id": predictions["id"], "y": predictions["y"], "p": predictions[name]}
        tables.write(tmp_path / f"{name}.csv", columns)
    listed = {**design, "run": [f"{n}.csv" for n in design["run"]]}
    path = tables.write(tmp_path / "design.csv", listed)
    one = assay.ablation(design, predictions, **ASKED, metrics="accuracy").to_json()["studies"][0]["effects"]
    other = assay.ablation(path, **ASKED, metrics="accuracy").to_json()["studies"][0]["effects"]
    assert one == other


@pytest.mark.parametrize("form", ["json", "html", "text"])
def test_the_command_says_the_same(tmp_path: Path, form: str) -> None:
    design, predictions = study(2)
    paths = [tables.write(tmp_path / f"{n}.parquet", t) for n, t in (("d", design), ("p", predictions))]
    how: list[Any] = ["ablation", *paths, "--factor", "retrieval", "--factor", "rerank", "--model", "run", "--on", "id"]
    how += ["--target", "y", "--metric", "accuracy"]
    found = assay.ablation(*paths, **ASKED, metrics="accuracy")
    if form == "json":
        said = json.loads(command(*how, "--json", "-").out)
        assert said == found.to_json()
        assert said["design"]["kind"] == "full factorial"
        assert said["studies"][0]["effects"][0]["together"] == list(found["retrieval"].decision_interval or ())
    elif form == "html":
        target = tmp_path / "page.html"
        assert command(*how, "--html", target).code == 0
        page = target.read_text("utf-8")
        assert all(w in page for w in ("Ablation study", "retrieval x rerank", "What the design can tell", "<svg"))
        assert "<svg" in found._repr_html_()
    else:
        assert command(*how).out == str(found)
        assert "full factorial: every one of 4 combinations" in str(found).lower()


def test_fractions_name_their_aliases_and_pages_show_half_normal_plots() -> None:
    codes = [[(i >> k) & 1 for i in range(16)] for k in range(4)]
    keep = [i for i in range(16) if sum(c[i] for c in codes) % 2 == 0]
    design = {n: [c[i] for i in keep] for n, c in zip("ABCD", codes, strict=True)} | {
        "v": [FILTRATION[i] for i in keep]
    }
    found = assay.ablation(design, factors=list("ABCD"), value="v")
    assert found.results.kind == "fraction of a factorial"
    assert "A x B" in str(found)
    assert "C x D" in str(found)
    assert "Half-normal plot" in found._repr_html_()
    assert "interactions of more than 2 factors are taken for none" in found.results.notes


def test_one_factor_at_a_time_says_what_it_cannot_tell() -> None:
    design = {"a": ["on", "off", "on"], "b": ["on", "on", "off"], "v": [0.9, 0.8, 0.85]}
    found = assay.ablation(design, factors=["a", "b"], value="v")
    assert [e.name for e in found.results.studies[0].effects] == ["a", "b"]
    assert "their interaction" in str(found).replace("\n", " ")


def test_identical_runs_have_no_variance_and_say_so() -> None:
    design, predictions = study()
    for name in design["run"]:
        predictions[name] = predictions["r000"]
    found = assay.ablation(design, predictions, **ASKED, metrics="accuracy")
    assert found["rerank"].value == 0
    assert found["rerank"].interval is None
    assert "every unit gives the same effect" in found["rerank"].reason


BAD: list[tuple[dict[str, Any], str]] = [
    ({"factors": []}, "no factor is named"),
    ({"factors": ["gone"]}, "has no column 'gone' for a factor"),
    ({"factors": ["rerank", "rerank"]}, "the factor 'rerank' is named twice"),
    ({"factors": ["retrieval", "same"]}, "always change together"),
    ({"factors": ["one"]}, "the factor 'one' has one level"),
    ({"factors": ["hole"]}, "is empty in 1 row"),
    ({"model": ""}, "neither a model nor a value is named"),
    ({"value": "size"}, "both a model and a value are named"),
    ({"model": "", "value": "size"}, "a column of values and a metric"),
    ({"model": "", "value": "run", "metrics": [], "predictions": None}, "the values in 'run' are text"),
    ({"model": "same"}, "is named twice"),
    ({"metrics": []}, "no metric is named"),
    ({"metrics": "quantile@0.5"}, "has no covariance between models"),
    ({"order": 0}, "the order is 0"),
    ({"on": []}, "neither a key nor a unit is named"),
    ({"factor": "rerank"}, "did you mean 'factors'"),
]


@pytest.mark.parametrize(("change", "said"), BAD, ids=[said for _, said in BAD])
def test_bad_input_is_refused(change: dict[str, Any], said: str) -> None:
    design, predictions = study()
    design |= {"same": design["retrieval"], "one": ["x"] * 4, "hole": ["a", None, "b", "b"], "size": [1.0, 2, 3, 4]}
    asked = {**ASKED, "metrics": "accuracy", "predictions": predictions, **change}
    with pytest.raises(AssayError, match=said):
        assay.ablation(design, **asked)


def test_a_run_that_lacks_rows_is_refused_on_one_line(tmp_path: Path) -> None:
    design, predictions = study()
    predictions["r110"] = [None if i < 9 else v for i, v in enumerate(predictions["r110"])]
    paths = [tables.write(tmp_path / f"{n}.csv", t) for n, t in (("d", design), ("p", predictions))]
    before = set(tmp_path.rglob("*"))
    how: list[Any] = ["ablation", *paths, "--factor", "retrieval", "--factor", "rerank", "--model", "run", "--on", "id"]
    how += ["--target", "y", "--metric", "accuracy"]
    said = line_of(command(*how), tmp_path, before)
    assert "a prediction is empty or NaN in 9 rows" in said
    with paths[0].open(newline="") as file:
        assert len(list(csv.reader(file))) == 5


@pytest.mark.parametrize("size", [1e200, 1e-200])
def test_values_whose_squares_are_no_numbers_are_refused(size: float) -> None:
    table = {"a": [0, 0, 1, 1] * 2, "b": [0, 1] * 4, "y": [v * size for v in (1, 2, 4, 5, 1.5, 2.5, 3.5, 4.5)]}
    with pytest.raises(AssayError, match="so that squares of them are numbers"):
        assay.ablation(table, factors=["a", "b"], value="y")
