"""From files of predictions to models in order: the same numbers by any door, and every bad input."""

from __future__ import annotations

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
from tests.stats.test_blocks import DEMSAR

MODELS = ["ada", "bea", "cleo", "dora"]
ASKED: dict[str, Any] = {"models": MODELS, "on": "id", "target": "y", "metrics": "accuracy"}


def write(path: Path, made: dict[str, Any]) -> Path:
    return tables.write(path, {k: np.asarray(v, dtype=object).tolist() for k, v in made.items()})


def table(n: int = 600, per: int = 3, seed: int = 0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    y = rng.integers(2, size=n)
    right = {"ada": 0.9, "bea": 0.88, "cleo": 0.7, "dora": 0.6}
    made = {name: np.where(rng.random(n) < p, y, 1 - y) for name, p in right.items()}
    p = {f"p_{name}": np.clip(0.5 + (2 * v - 1) * 0.2 + rng.normal(size=n) * 0.2, 0, 1) for name, v in made.items()}
    unit = np.arange(n) // per
    return {"id": np.arange(n), "y": y, "user": unit, "set": np.char.add("set", (unit % 6).astype(str)), **made, **p}


def test_models_are_ordered_and_told_apart() -> None:
    found = assay.candidates(table(), **ASKED, unit="user")["accuracy"]
    assert [m.name for m in found.models] == MODELS
    assert [m.may_be_best for m in found.models] == [True, True, False, False]
    assert [m.letters for m in found.models] == ["a", "a", "b", "c"]
    assert found.groups == (("ada", "bea"), ("cleo",), ("dora",))
    assert (found.rows, found.units, len(found.pairs)) == (600, 200, 6)
    best = found.models[2].best.interval
    assert best is not None
    assert best[1] == 0
    assert found.models[0].value.method == "wilson-clustered"


def test_a_pair_is_what_compare_says_at_a_wider_level() -> None:
    made = table()
    pair = next(p for p in assay.candidates(made, **ASKED, unit="user")["accuracy"].pairs if p.second == "cleo")
    alone = assay.compare(
        made, on="id", target="y", unit="user", baseline="cleo", candidates="ada", metrics="accuracy"
    )[0].difference
    assert (pair.first, pair.difference.value) == ("ada", pytest.approx(alone.value))
    assert pair.difference.interval is not None
    assert alone.interval is not None
    wide, narrow = np.ptp(pair.difference.interval), np.ptp(alone.interval)
    assert 1.2 < wide / narrow < 1.4


OF_PROBABILITY = ("log_loss", "brier", "auc", "mae", "average_precision", "partial_auc@0.2", "aurc")


@pytest.mark.parametrize("metric", ["accuracy", "f1", "mcc", "recall", *OF_PROBABILITY])
def test_every_family_with_a_covariance_is_ranked(metric: str) -> None:
    probability = metric in OF_PROBABILITY
    models = [f"p_{m}" if probability else m for m in MODELS]
    asked = {**ASKED, "models": models, "metrics": metric}
    by_unit, by_row = (next(iter(assay.candidates(table(), **asked, unit=u, positive=1))) for u in ("user", ""))
    assert by_unit.models[0].name == models[0]
    assert by_unit.models[-1].value.value is not None
    assert all(p.difference.method == "max-t" for p in (*by_unit.pairs, *by_row.pairs))
    assert all(m.best.interval is not None for m in by_row.models)
    assert by_row.units == 600


def test_order_of_rows_files_and_threads_change_nothing(tmp_path: Path) -> None:
    made = table()
    order = np.random.default_rng(1).permutation(600)
    mixed = {k: np.asarray(v)[order] for k, v in made.items()}
    files = [
        write(tmp_path / f"{m}.parquet", {"id": mixed["id"], "y": mixed["y"], "user": mixed["user"], "p": mixed[m]})
        for m in MODELS
    ]
    one = assay.candidates(made, **ASKED, unit="user").to_json()["rankings"]
    several = assay.candidates(*files, on="id", target="y", unit="user", metrics="accuracy").to_json()["rankings"]
    assert one == several


def test_seeds_widen_the_intervals_of_a_method() -> None:
    rng = np.random.default_rng(2)
    rows, seeds = 300, 4
    long: dict[str, Any] = {"id": np.tile(np.arange(rows), seeds), "seed": np.repeat(np.arange(seeds), rows)}
    truth = rng.integers(2, size=rows)
    long["y"] = np.tile(truth, seeds)
    for name, p in (("ada", 0.8), ("bea", 0.75), ("cleo", 0.7)):
        share = np.repeat(p + rng.normal(size=seeds) * 0.05, rows)
        long[name] = np.where(rng.random(rows * seeds) < share, long["y"], 1 - long["y"])
    asked = {**ASKED, "models": ["ada", "bea", "cleo"], "seed_column": "seed"}
    method, model = (next(iter(assay.candidates(long, **asked, about=a))).pairs for a in ("method", "model"))
    for wide, narrow in zip(method, model, strict=True):
        assert wide.difference.value == pytest.approx(narrow.difference.value)
        assert np.ptp(wide.difference.interval or ()) > 1.1 * np.ptp(narrow.difference.interval or ())


def test_average_ranks_over_data_sets_are_the_published_ones() -> None:
    """Demsar (2006), section 3.2.2, through the public door: a row for each data set."""
    names = ["C4.5", "C4.5+m", "C4.5+cf", "C4.5+m+cf"]
    rows = {"set": [f"set{i:02d}" for i in range(14)], **dict(zip(names, DEMSAR.T, strict=True))}
    metric = "mean(direction=higher)"
    found = assay.candidates(rows, models=names, on="set", block="set", metrics=metric)
    blocks = next(iter(found)).blocks
    assert blocks is not None
    assert {m.name: round(m.rank, 3) for m in blocks.models} == dict(
        zip(names, [3.143, 2.0, 2.893, 1.964], strict=True)
    )
    # source: Demsar (2006), section 3.2.2: critical difference 1.25 at 0.05
    assert blocks.critical_difference == pytest.approx(1.25, abs=0.005)
    # source: Demsar (2006), section 3.2.2: the post-hoc test at 0.05 finds no pair
    assert blocks.groups == (("C4.5+m+cf", "C4.5+m", "C4.5+cf", "C4.5"),)
    assert "critical difference of average ranks 1.254 at 95%" in " ".join(str(found).split())
    assert "14 blocks are few" in str(found)


def test_blocks_where_a_metric_is_undefined_are_left_out_and_said() -> None:
    made = table()
    made["y"] = np.where(made["set"] == "set3", 0, made["y"])
    asked = {**ASKED, "metrics": "recall", "positive": 1}
    found = assay.candidates(made, **asked, unit="user", block="set")
    blocks = found["recall"].blocks
    assert blocks is not None
    assert (blocks.blocks, blocks.left_out) == (5, ("set3",))
    assert any("undefined in 1 block: set3" in w for w in found.results.warnings)


def test_identical_models_count_as_one_and_are_said() -> None:
    made = table()
    made["twin"] = made["ada"]
    found = assay.candidates(made, **{**ASKED, "models": [*MODELS, "twin"]}, unit="user")
    by_name = {m.name: m for m in found["accuracy"].models}
    assert by_name["twin"].same_as == "ada"
    assert by_name["twin"].may_be_best
    same = next(p for p in found["accuracy"].pairs if {p.first, p.second} == {"ada", "twin"})
    assert (same.difference.value, same.difference.interval) == (0, None)
    assert "twin scores every unit as ada does" in str(found)


@pytest.mark.parametrize("form", ["json", "html", "text"])
def test_the_command_says_the_same(tmp_path: Path, form: str) -> None:
    path = write(tmp_path / "models.parquet", table())
    how: list[Any] = ["candidates", path, *(a for m in MODELS for a in ("--model", m)), "--on", "id", "--target", "y"]
    how += ["--unit", "user", "--metric", "accuracy", "--block", "set"]
    found = assay.candidates(path, **ASKED, unit="user", block="set")
    if form == "json":
        said = json.loads(command(*how, "--json", "-").out)
        assert said == found.to_json()
        assert said["rankings"][0]["models"][0]["minus_best_of_others"]["method"] == "best-t"
    elif form == "html":
        target = tmp_path / "page.html"
        assert command(*how, "--html", target).code == 0
        page = target.read_text("utf-8")
        assert all(w in page for w in ("Models on one test set", "critical difference", "not told apart", "<svg"))
        assert page.count('class="wide"') == 3
        assert "<svg" in found._repr_html_()
    else:
        assert command(*how).out == str(found)
        assert "May be the best: ada, bea." in str(found)


BAD: list[tuple[dict[str, Any], str]] = [
    ({"models": ["ada"]}, "1 model is named"),
    ({"models": []}, "0 models are named"),
    ({"models": ["ada", "gone"]}, "has no column 'gone'"),
    ({"models": ["ada", "ada"]}, "is named twice"),
    ({"metrics": []}, "no metric is named"),
    ({"metrics": "quantile@0.9"}, "has no covariance between models"),
    ({"metrics": "calibration_slope", "models": ["p_ada", "p_bea"]}, "calibration_slope has no best"),
    ({"metrics": "gap(accuracy, by=set)"}, "has no covariance between models"),
    ({"metrics": "ece", "models": ["p_ada", "p_bea"]}, "has no covariance between models"),
    ({"on": []}, "neither a key nor a unit is named"),
    ({"missing": "bounds"}, "cannot be bounded for many models"),
    ({"about": "method"}, "a claim about a method and no seeds"),
    ({"level": 1.0}, "the level is 1.0"),
    ({"seed": -1}, "the seed is -1"),
    ({"block": "gone"}, "has no column 'gone'"),
    ({"unit": "one"}, "the unit column 'one' has one value"),
    ({"block": "one"}, "has 1 block"),
    ({"blok": "set"}, "did you mean 'block'"),
]


@pytest.mark.parametrize(("change", "said"), BAD, ids=[f"{next(iter(c))}: {s}" for c, s in BAD])
def test_bad_input_is_refused(change: dict[str, Any], said: str) -> None:
    made = {**table(), "one": np.ones(600)}
    with pytest.raises(AssayError, match=said.replace("(", r"\(")):
        assay.candidates(made, **{**ASKED, **change})


def test_missing_rows_are_refused_left_out_or_failures(tmp_path: Path) -> None:
    made = table()
    holes = made["dora"].astype(object)
    holes[:30] = None
    made["dora"] = holes
    path = write(tmp_path / "models.parquet", made)
    how: list[Any] = [path, *(a for m in MODELS for a in ("--model", m)), "--on", "id", "--target", "y"]
    before = set(tmp_path.rglob("*"))
    refused = line_of(command("candidates", *how, "--metric", "accuracy"), tmp_path, before)
    assert "a prediction is empty or NaN in 30 rows" in refused
    left = assay.candidates(path, **ASKED, missing="exclude")["accuracy"]
    assert left.rows == 570
    failed = assay.candidates(path, **ASKED, missing="failure")["accuracy"]
    value = failed.models[-1].value.value
    assert (failed.rows, failed.models[-1].name) == (600, "dora")
    assert value == pytest.approx(np.mean(np.where(np.arange(600) < 30, False, table()["dora"] == table()["y"])))


def test_a_metric_that_is_undefined_for_a_model_is_refused() -> None:
    made = table()
    made["dora"] = np.zeros(600, dtype=int)
    with pytest.raises(AssayError, match="precision is undefined for dora"):
        assay.candidates(made, **{**ASKED, "metrics": "precision", "positive": 1})


def test_columns_named_for_several_files_are_refused() -> None:
    with pytest.raises(AssayError, match="columns are named for 2 files"):
        assay.candidates(table(), table(), **ASKED)
