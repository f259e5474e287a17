"""The verb `compare`: the interface's JSON, names, policies, seeds, units, slices, and tables of every kind."""

from __future__ import annotations

import math
import statistics
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from scipy import stats
from sklearn import metrics as sk

from assay.base.canonical import canonical_json
from assay.base.errors import AlignmentError, InputError, MetricError
from assay.records.comparison import Comparison, ComparisonSet
from assay.verbs import compare as verb
from tests.helpers.runs import compared
from tests.helpers.tables import Columns, binary, two, write

KEYS = ("--on", "id", "--target", "y")


def run(*tables: Any, on: str = "id", target: str = "y", **options: Any) -> ComparisonSet:
    return verb.run(verb.CompareRequest(files=tables, on=(on,), target=target, **options))


def whole(*tables: Any, **options: Any) -> Comparison:
    return next(c for c in run(*tables, **options).comparisons if not c.slice)


def split(data: Columns) -> tuple[Columns, Columns]:
    """The baseline's and the candidate's table, the second in another order."""
    shared = {k: v for k, v in data.items() if k not in ("a", "b")}
    base, cand = {**shared, "p": data["a"]}, {**shared, "p": data["b"]}
    order = np.random.default_rng(9).permutation(len(data["id"]))
    return base, {k: [v[i] for i in order] for k, v in cand.items()}


# --- the interface -----------------------------------------------------------


def test_the_object_has_the_keys_of_the_interface(tmp_path: Path) -> None:
    files = two(tmp_path, binary(60, region=["north", "south"] * 30))
    found = compared(*files, *KEYS, "--metric", "auc", "--slice", "region", "--seed", "7")
    assert {"assay", "schema", "seed", "inputs", "comparisons"} <= set(found)
    assert (found["assay"], found["schema"], found["seed"]) == ("0.1.0", 1, 7)
    assert [set(i) for i in found["inputs"]] == [{"name", "digest", "rows"}] * 2
    assert [i["name"] for i in found["inputs"]] == ["base.csv", "cand.csv"]
    assert all(
        i["digest"].startswith("sha256:") and len(i["digest"]) == 71 and i["rows"] == 60 for i in found["inputs"]
    )
    one = found["comparisons"][0]
    assert one["metric"] == {"name": "auc", "parameters": {}, "direction": "higher"}
    assert (one["baseline_name"], one["candidate_name"]) == ("base", "cand")
    aligned = "rows units effective_units dropped missing_in_baseline missing_in_candidate duplicates unscored"
    assert set(aligned.split()) <= set(one["alignment"])
    assert set(one["baseline"]) == {"value", "interval", "level", "method", "undefined"}
    shown = "value interval level decision_interval p_value alternative margin method reason exact monte_carlo_error"
    assert {*shown.split(), "undefined"} <= set(one["difference"])
    assert one["difference"]["alternative"] == "two-sided"
    assert one["difference"]["margin"] == 0.0
    assert [c["slice"] for c in found["comparisons"]] == [{}, {"region": "north"}, {"region": "south"}]


def test_an_undefined_value_is_null_and_says_why(tmp_path: Path) -> None:
    data = {**binary(30), "y": [1] * 30}
    found = compared(*two(tmp_path, data), *KEYS, "--metric", "auc", "--positive", "1")["comparisons"][0]
    for side in ("baseline", "candidate", "difference"):
        assert found[side]["value"] is None
        assert found[side]["interval"] is None
        assert "class" in found[side]["undefined"]


def test_parameters_are_shown(tmp_path: Path) -> None:
    files = two(tmp_path, binary(60))
    found = compared(*files, *KEYS, "--metric", "fbeta(beta=2, threshold=0.4)")["comparisons"][0]
    assert found["metric"] == {"name": "fbeta", "parameters": {"beta": 2.0, "threshold": 0.4}, "direction": "higher"}


def test_one_file_with_a_column_for_each_model(tmp_path: Path) -> None:
    data = binary(120, region=["n", "s", "w"] * 40, lang=["x", "y"] * 60)
    wide = write(tmp_path / "both.parquet", {**data, "score_a": data["a"], "score_b": data["b"]})
    options = ("--baseline", "score_a", "--candidate", "score_b", "--threshold", "0.5", "--metric", "f1")
    found = compared(wide, *KEYS, *options, "--slice", "region", "--slice", "region*lang")
    assert [c["baseline_name"] for c in found["comparisons"]] == ["score_a"] * 10
    assert found["comparisons"][0]["candidate_name"] == "score_b"
    crossed = [c["slice"] for c in found["comparisons"] if len(c["slice"]) == 2]
    assert crossed == [{"region": r, "lang": v} for r in "nsw" for v in "xy"]
    assert len(found["inputs"]) == 1


def test_several_candidates_each_against_the_baseline(tmp_path: Path) -> None:
    data = binary(80)
    base, cand = two(tmp_path, data)
    third = write(tmp_path / "third.csv", {"id": data["id"], "y": data["y"], "p": data["a"][::-1]})
    positional = compared(base, cand, third, *KEYS, "--metric", "auc")
    named = compared(base, cand, "--candidate", third, *KEYS, "--metric", "auc")
    all_named = compared("--baseline", base, "--candidate", cand, "--candidate", third, *KEYS, "--metric", "auc")
    assert positional == named == all_named
    assert [c["candidate_name"] for c in positional["comparisons"]] == ["cand", "third"]
    alone = compared(base, third, *KEYS, "--metric", "auc")["comparisons"][0]
    assert alone == positional["comparisons"][1]


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    one, _ = two(tmp_path / "one", binary(40))
    other, _ = two(tmp_path / "two", binary(40))
    found = compared(one, other, *KEYS, "--metric", "auc")["comparisons"][0]
    assert found["baseline_name"].endswith("one/base")
    assert found["candidate_name"].endswith("two/base")


def test_scores_are_named_once_or_for_each_file(tmp_path: Path) -> None:
    data = binary(50)
    wide = {"id": data["id"], "y": data["y"], "s": data["a"], "t": data["b"]}
    one, other = write(tmp_path / "one.csv", wide), write(tmp_path / "two.csv", wide)
    each = compared(one, other, *KEYS, "--metric", "auc", "--score", "s", "--score", "t")["comparisons"][0]
    assert each["baseline"]["value"] == pytest.approx(sk.roc_auc_score(data["y"], data["a"]))
    assert each["candidate"]["value"] == pytest.approx(sk.roc_auc_score(data["y"], data["b"]))
    once = compared(one, other, *KEYS, "--metric", "auc", "--score", "t")["comparisons"][0]
    assert once["baseline"]["value"] == once["candidate"]["value"] == each["candidate"]["value"]


# --- forms of input ----------------------------------------------------------


def numbers(found: ComparisonSet) -> bytes:
    return canonical_json([{k: v for k, v in c.to_json().items() if "name" not in k} for c in found.comparisons])


METRICS = ("auc", "accuracy@0.5", "f1@0.5", "log_loss", "brier", "rmse", "mcc@0.5", "ece")


@pytest.mark.parametrize("ending", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_every_form_gives_the_numbers_of_a_table_in_memory(ending: str, tmp_path: Path) -> None:
    data = binary(90, region=["é", "b c", None] * 30)
    expected = numbers(run(*split(data), metrics=METRICS, slices=("region",)))
    names = ("baseline", "candidate1")
    files = [write(tmp_path / f"{n}{ending}", t) for n, t in zip(names, split(data), strict=True)]
    assert numbers(run(*files, metrics=METRICS, slices=("region",))) == expected


FRAMES: dict[str, Any] = {
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "polars, lazy": lambda d: pl.DataFrame(d).lazy(),
    "Arrow": pa.table,
    "arrays": lambda d: {k: np.array(v) if k != "region" else np.array(v, dtype=object) for k, v in d.items()},
    "pandas with categories": lambda d: pd.DataFrame(d).astype({"region": "category"}),
    "polars with categories": lambda d: pl.DataFrame(d).with_columns(pl.col("region").cast(pl.Categorical)),
    "small types": lambda d: pd.DataFrame(d).astype({"id": "int16", "y": "int8"}),
    "Arrow with booleans": lambda d: pa.table({**d, "y": [bool(v) for v in d["y"]]}),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_every_table_in_memory_gives_the_same_numbers(kind: str) -> None:
    tables = split(binary(90, region=["north", "b c", None] * 30))
    expected = numbers(run(*tables, metrics=METRICS, slices=("region",)))
    assert numbers(run(*(FRAMES[kind](t) for t in tables), metrics=METRICS, slices=("region",))) == expected


def test_missing_whole_numbers_of_polars_stay_whole() -> None:
    base, cand = split(binary(40))
    big = 2**60
    ids = [{**t, "id": [big + i for i in t["id"]], "p": [int(v * 10) for v in t["p"]]} for t in (base, cand)]
    ids[0]["p"][3] = None
    found = whole(*(pl.DataFrame(t) for t in ids), metrics=("auc",), missing="exclude")
    assert found.alignment.rows == 39
    assert found.alignment.unscored == 1


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "has no columns"),
        ([1, 2], "is a list"),
        (None, "is a NoneType"),
        (np.zeros(3), "is a ndarray"),
        ({"id": [1, 2], "y": [0], "p": [0.1, 0.2]}, "columns of unequal length"),
        ({"id": [1], "y": [0], "p": np.zeros((1, 2))}, "has 2 dimensions"),
        ({"id": [1], "y": [0], "p": 0.3}, "has 0 dimensions"),
        (pd.DataFrame([[1, 0, 0.3, 0.4]], columns=["id", "y", "p", "p"]), "has the column 'p' 2 times"),
        (pd.DataFrame([[1, 0, 0.3]], columns=["id", "y", "Y"]), "has the columns ['y', 'Y']"),
        (pd.DataFrame({"id": [], "y": [], "p": []}), "has no rows"),
        ({"id": [1, 2], "y": [0, 1], "p": [{"a": 1}, {"a": 2}]}, "nested or mixed"),
    ],
)
def test_a_table_that_is_none_is_refused(table: Any, said: str) -> None:
    good = {"id": [1, 2], "y": [0, 1], "p": [0.2, 0.3]}
    with pytest.raises((InputError, AlignmentError)) as caught:
        run(table, good, metrics=("auc",))
    assert said in caught.value.line()
    assert len(caught.value.line().splitlines()) == 1


@pytest.mark.parametrize(
    "ids",
    [
        [10**25 + i for i in range(40)],
        np.arange(40, dtype=np.uint64) + np.uint64(2**63),
        [f'user\'s "{i}"; DROP TABLE x; --' for i in range(40)],
        [f"2024-01-{i % 28 + 1:02d}T{i // 28:02d}:00" for i in range(40)],
        [i / 8 for i in range(40)],
        pd.date_range("2024-03-30", periods=40, freq="h"),
        [i - 20 for i in range(40)],
    ],
    ids=["huge", "unsigned", "hostile text", "time as text", "fractions", "times", "negative"],
)
def test_keys_of_every_type_join(ids: Any) -> None:
    data = binary(40)
    expected = whole(*split(data), metrics=("auc",))
    named = [{**t, "id": [ids[i] for i in t["id"]]} for t in split(data)]
    found = whole(*(pd.DataFrame(t) if isinstance(ids, pd.DatetimeIndex) else t for t in named), metrics=("auc",))
    assert found.to_json() == expected.to_json()


def test_strange_column_names_are_names(tmp_path: Path) -> None:
    strange = {"id": 'i"d', "y": "y'; DROP TABLE t; --", "p": "p %s {x} ü", "r": "r\t(a, b)*"[:-1], "u": "select"}
    data = binary(60, r=["n", "s"] * 30, u=[i // 2 for i in range(60)])
    plain_found = whole(*split(data), metrics=("auc", "brier"), unit="u", slices=("r",))
    renamed = [{strange[k]: v for k, v in t.items()} for t in split(data)]
    files = [write(tmp_path / f"{n}.parquet", t) for n, t in zip(("base", "cand"), renamed, strict=True)]
    for tables in (renamed, files):
        found = whole(
            *tables,
            on=strange["id"],
            target=strange["y"],
            unit="select",
            slices=(strange["r"],),
            metrics=("auc", "brier"),
        )
        assert found.difference == plain_found.difference


def test_times_and_text_of_times_join(tmp_path: Path) -> None:
    data = binary(28)
    days = [f"2024-02-{i + 1:02d}" for i in range(28)]
    base, cand = ({**t, "id": [days[i] for i in t["id"]]} for t in split(data))
    files = write(tmp_path / "base.parquet", base, {"id": "DATE"}), write(tmp_path / "cand.csv", cand)
    assert whole(*files, metrics=("auc",)).alignment.rows == 28


def test_a_csv_from_elsewhere_reads_alike(tmp_path: Path) -> None:
    base, cand = two(tmp_path, binary(40))
    expected = compared(base, cand, *KEYS, "--metric", "auc")["comparisons"][0]["difference"]
    text = base.read_text()
    for changed in (text.replace(",", ";"), "\ufeff" + text, text.replace("\n", "\r\n"), text.replace(",", "|")):
        base.write_bytes(changed.encode())
        assert compared(base, cand, *KEYS, "--metric", "auc")["comparisons"][0]["difference"] == expected


def test_labels_of_yes_and_no_stay_text(tmp_path: Path) -> None:
    data = binary(40)
    words = {"id": data["id"], "y": ["yes" if v else "no" for v in data["y"]]}
    words |= {
        "a": ["yes" if v > 0.5 else "no" for v in data["a"]],
        "b": ["yes" if v > 0.5 else "no" for v in data["b"]],
    }
    found = compared(*two(tmp_path, words), *KEYS, "--metric", "recall", "--positive", "yes")["comparisons"][0]
    expected = sk.recall_score(data["y"], [int(v > 0.5) for v in data["b"]])
    assert found["candidate"]["value"] == pytest.approx(expected)


# --- values ------------------------------------------------------------------


def test_values_are_those_of_scikit_learn() -> None:
    data = binary(300)
    y, b = np.array(data["y"]), np.array(data["b"])
    expected = {
        "auc": sk.roc_auc_score(y, b),
        "log_loss": sk.log_loss(y, b),
        "brier": sk.brier_score_loss(y, b),
        "accuracy@0.4": sk.accuracy_score(y, b >= 0.4),
        "f1@0.4": sk.f1_score(y, b >= 0.4),
        "fbeta(beta=2, threshold=0.4)": sk.fbeta_score(y, b >= 0.4, beta=2),
        "mcc@0.4": sk.matthews_corrcoef(y, b >= 0.4),
        "kappa@0.4": sk.cohen_kappa_score(y, b >= 0.4),
        "balanced_accuracy@0.4": sk.balanced_accuracy_score(y, b >= 0.4),
        "rmse": sk.root_mean_squared_error(y, b),
        "mae": sk.mean_absolute_error(y, b),
        "r2": sk.r2_score(y, b),
    }
    for found in run(*split(data), metrics=tuple(expected)).comparisons:
        assert found.candidate.value == pytest.approx(expected[found.metric.label], rel=1e-10), found.metric.label


def test_a_score_at_the_threshold_is_positive() -> None:
    base = {"id": [1, 2, 3, 4], "y": [1, 1, 0, 0], "p": [0.5, 0.4999, 0.5, 0.1]}
    found = whole(base, base, metrics=("confusion(cell=tp, threshold=0.5)",))
    assert found.baseline.value == 0.25
    assert whole(base, base, metrics=("confusion(cell=fp, threshold=0.5)",)).baseline.value == 0.25


def test_auc_takes_any_score_and_text_classes() -> None:
    data = binary(100)
    scaled = {**data, "y": ["bad" if v else "good" for v in data["y"]]}
    scaled |= {"a": [1000 * v - 3 for v in data["a"]], "b": [math.exp(3 * v) for v in data["b"]]}
    found = whole(*split(scaled), metrics=("auc",), positive="bad")
    expected = whole(*split(data), metrics=("auc",))
    assert found.difference.value == expected.difference.value
    assert found.difference.interval == pytest.approx(expected.difference.interval)
    flipped = whole(*split(scaled), metrics=("auc",), positive="good")
    assert flipped.candidate.value == pytest.approx(1 - expected.candidate.value)  # type: ignore[operator]


@pytest.mark.parametrize("labels", [[0, 1, 2], ["cat", "dog", "eel"]])
def test_many_classes(labels: list[Any]) -> None:
    rng = np.random.default_rng(5)
    y, a = rng.integers(0, 3, 200), rng.integers(0, 3, 200)
    b = np.where(rng.uniform(size=200) < 0.5, y, a)
    data = {"id": list(range(200)), **{k: [labels[i] for i in v] for k, v in (("y", y), ("a", a), ("b", b))}}
    second = str(labels[1])
    expected = {
        "accuracy": sk.accuracy_score(y, b),
        "f1(average=macro)": sk.f1_score(y, b, average="macro"),
        "f1(average=micro)": sk.f1_score(y, b, average="micro"),
        "mcc": sk.matthews_corrcoef(y, b),
        "kappa": sk.cohen_kappa_score(y, b),
        "balanced_accuracy": sk.balanced_accuracy_score(y, b),
        f"recall(class={second})": sk.recall_score(y, b, average=None)[1],
        f"precision(class={second})": sk.precision_score(y, b, average=None)[1],
        f"f1(class={second})": sk.f1_score(y, b, average=None)[1],
    }
    for found in run(*split(data), metrics=tuple(expected)).comparisons:
        assert found.candidate.value == pytest.approx(expected[found.metric.label], rel=1e-12), found.metric.label
    with pytest.raises(MetricError, match="needs a positive class"):
        run(*split(data), metrics=("recall",))


def test_the_t_interval_of_a_mean_is_that_of_scipy() -> None:
    data = binary(50)
    loss = [(np.array(data[k]) - np.array(data["y"])) ** 2 for k in "ab"]
    found = whole(*split(data), metrics=("brier",)).difference
    difference = loss[1] - loss[0]
    expected = stats.ttest_1samp(difference, 0)
    assert found.method == "t"
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)
    assert found.interval == pytest.approx(expected.confidence_interval(0.95), rel=1e-9)


def test_a_measured_column_of_its_own() -> None:
    data = binary(60)
    base, cand = split(data)
    base, cand = {**base, "ms": list(range(60))}, {**cand, "ms": [i * 2 for i in range(60)]}
    mean, p95, accuracy = run(base, cand, metrics=("mean(ms)", "quantile@0.95(ms)", "accuracy@0.5")).comparisons
    assert (mean.baseline.value, mean.candidate.value) == (29.5, 59.0)
    assert p95.baseline.value == sorted(base["ms"])[math.ceil(0.95 * 60) - 1] == 56
    assert p95.candidate.value == 112
    assert accuracy.metric.name == "accuracy"
    alone = whole(base, cand, target="", metrics=("mean(ms)",), scores=("p",))
    assert alone.difference.value == mean.difference.value


def test_the_calibration_error_is_descriptive() -> None:
    found = whole(*split(binary(200)), metrics=("ece@10",))
    assert found.candidate.value is not None
    assert found.difference.interval is None
    assert found.difference.method == "descriptive"


def test_a_gap_is_the_largest_difference_between_groups() -> None:
    data = binary(300, region=["n", "s", "w"] * 100)
    found = whole(*split(data), metrics=("gap(recall@0.5, by=region)",))
    recalls = []
    for r in "nsw":
        rows = [(y, b >= 0.5) for y, b, g in zip(data["y"], data["b"], data["region"], strict=True) if g == r]
        recalls.append(sk.recall_score([y for y, _ in rows], [b for _, b in rows]))
    assert found.candidate.value == pytest.approx(max(recalls) - min(recalls))
    assert found.candidate.interval is not None
    assert found.metric.to_json()["parameters"] == {"of": "recall@0.5", "by": "region"}


# --- slices ------------------------------------------------------------------


def test_each_slice_is_what_it_would_be_alone() -> None:
    data = binary(200, region=["n", "s", None, "w"] * 50)
    metrics = ("auc", "accuracy@0.5", "brier", "rmse")
    for found in run(*split(data), metrics=metrics, slices=("region",)).comparisons:
        if not found.slice:
            continue
        kept = [i for i, r in enumerate(data["region"]) if r == found.slice["region"]]
        part = {k: [v[i] for i in kept] for k, v in data.items()}
        alone = whole(*split(part), metrics=(found.metric.label,), scores=("p",))
        assert found.alignment.rows == len(kept) == 50
        assert found.difference.value == pytest.approx(alone.difference.value, rel=1e-9)
        assert found.difference.interval == pytest.approx(alone.difference.interval, rel=1e-9)


@pytest.mark.parametrize("values", [[1, None], [True, False, None], [1.5, math.nan], ["a", None], [2**70, None]])
def test_a_missing_slice_value_is_null(values: list[Any]) -> None:
    n = 20 * len(values)
    data = binary(n, s=values * 20)
    found = run(*split(data), metrics=("auc", "accuracy@0.5", "brier"), slices=("s",)).comparisons
    known = sorted(v for v in values if v is not None and v == v)
    for metric in ("auc", "accuracy@0.5", "brier"):
        assert [c.slice["s"] for c in found if c.slice and c.metric.label == metric] == [*known, None]


def test_slices_decide_at_a_shared_level() -> None:
    data = binary(200, region=["n", "s", "w", "e"] * 50)
    found = run(*split(data), metrics=("brier",), slices=("region",)).comparisons
    assert found[0].difference.decision_interval == found[0].difference.interval
    for sliced in found[1:]:
        assert sliced.difference.decision_level == pytest.approx(1 - 0.05 / 4)
        shown, deciding = sliced.difference.interval, sliced.difference.decision_interval
        assert shown is not None
        assert deciding is not None
        centre, wide = sliced.difference.value, stats.t.ppf(1 - 0.05 / 8, 49) / stats.t.ppf(0.975, 49)
        assert deciding[0] == pytest.approx(centre + (shown[0] - centre) * wide, rel=1e-9)  # type: ignore[operator]


def test_a_slice_by_the_unit_the_target_and_the_key_can_be_asked_for() -> None:
    data = binary(60, u=[i // 6 for i in range(60)])
    found = run(*split(data), metrics=("accuracy@0.5",), unit="u", slices=("u", "y")).comparisons
    assert [c.slice for c in found if "y" in c.slice] == [{"y": 0}, {"y": 1}]
    assert [c.slice["u"] for c in found if "u" in c.slice] == list(range(10))


# --- missing rows ------------------------------------------------------------

SMALL: Columns = {"id": [1, 2, 3, 4, 5, 6], "y": [1, 1, 1, 0, 0, 0], "p": [1, 1, 0, 0, 0, 1]}  # accuracy 4/6
HOLES: Columns = {"id": [1, 2, 3, 4, 5], "y": [1, 1, 1, 0, 0], "p": [1, None, 1, 0, 1]}  # 6 is missing, 2 unscored


def test_refuse_is_the_default() -> None:
    with pytest.raises(AlignmentError, match="candidate1 lacks 1 rows that baseline has, 1 rows have an empty"):
        run(SMALL, HOLES, metrics=("accuracy",))


def test_exclude_leaves_rows_out_for_both() -> None:
    found = whole(SMALL, HOLES, metrics=("accuracy",), missing="exclude")
    # rows 1, 3, 4, 5: baseline right on 1, 4, 5; candidate right on 1, 3, 4
    assert (found.baseline.value, found.candidate.value) == (0.75, 0.75)
    counts = found.alignment
    assert (counts.rows, counts.dropped, counts.unscored, counts.imputed) == (4, 2, 1, 0)
    assert (counts.missing_in_candidate, counts.missing_in_baseline) == (1, 0)


def test_failure_counts_a_missing_prediction_as_wrong() -> None:
    found = whole(SMALL, HOLES, metrics=("accuracy",), missing="failure")
    assert (found.baseline.value, found.candidate.value) == (pytest.approx(4 / 6), 3 / 6)
    assert (found.alignment.rows, found.alignment.dropped, found.alignment.imputed) == (6, 0, 2)
    recall = whole(SMALL, HOLES, metrics=("recall",), missing="failure")
    assert recall.candidate.value == pytest.approx(2 / 3)
    brier = whole(SMALL, HOLES, metrics=("brier",), missing="failure")
    assert (brier.baseline.value, brier.candidate.value) == (pytest.approx(2 / 6), pytest.approx(3 / 6))


def test_failure_is_symmetric() -> None:
    found = whole(HOLES, SMALL, metrics=("accuracy",), missing="failure")
    assert (found.baseline.value, found.candidate.value) == (3 / 6, pytest.approx(4 / 6))
    assert found.alignment.missing_in_baseline == 1


def test_bounds_span_the_best_and_the_worst() -> None:
    found = whole(SMALL, HOLES, metrics=("accuracy",), missing="bounds")
    # the candidate's two missing rows are both wrong (3/6) or both right (5/6); the baseline is complete
    assert found.candidate.diagnostics["bounds"] == (pytest.approx(3 / 6), pytest.approx(5 / 6))
    assert found.difference.diagnostics["bounds"] == (pytest.approx(-1 / 6), pytest.approx(1 / 6))
    failure = whole(SMALL, HOLES, metrics=("accuracy",), missing="failure")
    assert found.difference.interval is not None
    assert failure.difference.interval is not None
    assert found.difference.interval[0] == pytest.approx(failure.difference.interval[0])
    assert found.difference.interval[1] > failure.difference.interval[1]


def test_bounds_of_a_mean_with_a_range() -> None:
    found = whole(SMALL, HOLES, metrics=("brier",), missing="bounds")
    assert found.candidate.diagnostics["bounds"] == (pytest.approx(1 / 6), pytest.approx(3 / 6))


@pytest.mark.parametrize("metric", ["rmse", "mae", "log_loss", "auc", "ece"])
@pytest.mark.parametrize("policy", ["failure", "bounds"])
def test_a_metric_without_a_worst_value_refuses_the_policy(metric: str, policy: str) -> None:
    with pytest.raises(MetricError, match="has no worst value"):
        run(SMALL, HOLES, metrics=(metric,), missing=policy)


def test_rows_without_a_target_can_be_left_out() -> None:
    base = {**SMALL, "y": [1, None, 1, 0, 0, 0]}
    with pytest.raises(AlignmentError, match="the target 'y' is empty in 1 rows, first at id=2"):
        run(base, base, metrics=("accuracy",))
    found = whole(base, base, metrics=("accuracy",), missing="exclude")
    assert (found.alignment.rows, found.alignment.dropped) == (5, 1)
    assert found.baseline.value == pytest.approx(3 / 5)
    with pytest.raises(AlignmentError, match="no scored row in common"):
        run(
            {**SMALL, "y": [None] * 6},
            {**SMALL, "y": [None] * 6},
            metrics=("accuracy",),
            missing="exclude",
            labels=(0, 1),
        )


# --- units, seeds, repeats ---------------------------------------------------


def clustered(units: int, size: int, seed: int = 3) -> Columns:
    rng = np.random.default_rng(seed)
    u = np.repeat(np.arange(units), size)
    y = rng.integers(0, 2, units * size)
    shift = np.repeat(rng.normal(0, 0.1, units), size)
    scores = [np.clip(0.5 + w * (2 * y - 1) + shift + rng.normal(0, 0.2, len(u)), 0, 1) for w in (0.1, 0.2)]
    named = {"a": scores[0].round(3).tolist(), "b": scores[1].round(3).tolist()}
    return {"id": list(range(len(u))), "u": [f"u{i}" for i in u], "y": y.tolist(), **named}


def jackknife(values: np.ndarray[Any, Any], n: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Delete-one-group estimate of a ratio of sums and its standard error, written out."""
    left = np.array([(values.sum() - v) / (n.sum() - m) for v, m in zip(values, n, strict=True)])
    groups = len(left)
    return values.sum() / n.sum(), math.sqrt((groups - 1) / groups * np.sum((left - left.mean()) ** 2))


def test_units_are_what_is_left_out() -> None:
    data = clustered(40, 5)
    found = whole(*split(data), metrics=("brier",), unit="u")
    loss = (np.array(data["b"]) - data["y"]) ** 2 - (np.array(data["a"]) - data["y"]) ** 2
    value, se = jackknife(loss.reshape(40, 5).sum(1), np.full(40, 5.0))
    t = stats.t.ppf(0.975, 39)
    assert (found.alignment.rows, found.alignment.units, found.alignment.effective_units) == (200, 40, 40.0)
    assert found.difference.value == pytest.approx(value, rel=1e-9)
    assert found.difference.interval == pytest.approx((value - t * se, value + t * se), rel=1e-6)


def test_a_unit_of_one_row_is_a_row() -> None:
    data = binary(60)
    alone = whole(*split({**data, "u": [f"x{i}" for i in range(60)]}), metrics=("brier",), unit="u")
    assert alone.difference == whole(*split(data), metrics=("brier",)).difference


def test_more_than_1024_units_fall_into_buckets_and_are_still_counted() -> None:
    data = clustered(1500, 2)
    data = {**data, "r": ["n" if int(v[1:]) % 3 else "s" for v in data["u"]]}
    found = run(*split(data), metrics=("accuracy@0.5", "brier", "auc"), unit="u", slices=("r",)).comparisons
    assert len(found) == 9
    for c in found:
        expected = {(): 1500, ("n",): 1000, ("s",): 500}[tuple(c.slice.values())]
        assert (c.alignment.rows, c.alignment.units) == (2 * expected, expected), c.metric.label
    few = clustered(1000, 2)
    rows = whole(*split(data), metrics=("brier",), scores=("p",))
    bucketed = next(c for c in found if c.metric.label == "brier" and not c.slice)
    assert bucketed.difference.value == pytest.approx(rows.difference.value, rel=1e-12)
    assert whole(*split(few), metrics=("brier",), unit="u").difference.diagnostics["groups"] == 1000


def seeded(n: int, seeds: int, first: int, column: str, data: Columns) -> Columns:
    rng = np.random.default_rng(first)
    rows = [(i, s) for s in range(first, first + seeds) for i in range(n)]
    p = [float(np.clip(data[column][i] + rng.normal(0, 0.05), 0, 1).round(4)) for i, _ in rows]
    return {"id": [i for i, _ in rows], "s": [s for _, s in rows], "y": [data["y"][i] for i, _ in rows], "p": p}


def test_seeds_are_averaged_row_by_row_and_their_spread_counts() -> None:
    data = binary(80)
    base, cand = seeded(80, 3, 0, "a", data), seeded(80, 5, 10, "b", data)
    found = whole(base, cand, metrics=("brier",), seed_column="s")
    losses = []
    for table in (base, cand):
        per_seed: dict[int, list[float]] = {}
        for s, y, p in zip(table["s"], table["y"], table["p"], strict=True):
            per_seed.setdefault(s, []).append((p - y) ** 2)
        losses.append(np.array(list(per_seed.values())))
    d = losses[1].mean(0) - losses[0].mean(0)
    v_unit = np.var(d, ddof=1) / 80
    parts = [(np.var(x.mean(1), ddof=1) / len(x), len(x) - 1) for x in losses]
    total = v_unit + sum(v for v, _ in parts)
    df = total**2 / (v_unit**2 / 79 + sum(v**2 / k for v, k in parts))
    half = stats.t.ppf(0.975, df) * math.sqrt(total)
    assert found.difference.method == "seeds-satterthwaite"
    assert found.difference.value == pytest.approx(d.mean(), rel=1e-9)
    assert found.difference.interval == pytest.approx((d.mean() - half, d.mean() + half), rel=1e-6)
    assert (found.alignment.rows, found.alignment.units) == (80, 80)


def test_a_claim_about_the_models_takes_the_seeds_as_they_are() -> None:
    data = binary(80)
    tables = seeded(80, 3, 0, "a", data), seeded(80, 3, 10, "b", data)
    model = whole(*tables, metrics=("brier",), seed_column="s", about="model").difference
    method = whole(*tables, metrics=("brier",), seed_column="s").difference
    assert model.value == pytest.approx(method.value)
    assert model.method == "jackknife"
    assert model.interval is not None
    assert method.interval is not None
    assert model.interval[1] - model.interval[0] < method.interval[1] - method.interval[0]


def test_a_seed_that_lacks_rows_is_refused() -> None:
    data = binary(30)
    base, cand = seeded(30, 3, 0, "a", data), seeded(30, 3, 10, "b", data)
    short = {k: v[:-1] for k, v in cand.items()}
    with pytest.raises(AlignmentError, match="1 rows have an empty or NaN prediction"):
        run(base, short, metrics=("brier",), seed_column="s")
    changed = {**cand, "y": [1 - cand["y"][0], *cand["y"][1:]]}
    with pytest.raises(AlignmentError, match="first at id=0"):
        run(base, changed, metrics=("brier",), seed_column="s")
    twice = {**cand, "s": [10] * len(cand["s"])}
    with pytest.raises(AlignmentError, match="rows repeat a key"):
        run(base, twice, metrics=("brier",), seed_column="s")


def test_repeats_are_rows_of_one_unit() -> None:
    data = binary(30)
    tables = []
    for column in "ab":
        rows = [(i, k) for i in range(30) for k in range(4)]
        p = [min(1.0, data[column][i] + 0.01 * k) for i, k in rows]
        keys = {"id": [i for i, _ in rows], "k": [k for _, k in rows], "y": [data["y"][i] for i, _ in rows]}
        tables.append({**keys, "p": p})
    found = whole(*tables, metrics=("brier", "auc", "accuracy@0.5"), repeat_column="k")
    assert (found.alignment.rows, found.alignment.units, found.alignment.effective_units) == (120, 30, 30.0)
    assert found.difference.method == "jackknife"
    with pytest.raises(AlignmentError, match="rows repeat a key"):
        run(*tables, metrics=("brier",))


def test_a_row_of_each_model_is_enough_for_values_and_too_little_for_a_verdict() -> None:
    one = {"id": [1], "y": [1], "p": [0.8]}
    found = run(one, one, metrics=("accuracy@0.5", "brier", "auc", "f1@0.5", "rmse", "ece", "log_loss", "mcc@0.5"))
    for c in found.comparisons:
        assert not c.difference.inside_domain, c.metric.label
        assert c.baseline.value is None or math.isfinite(c.baseline.value)
    assert statistics.fmean([c.alignment.rows for c in found.comparisons]) == 1


def test_a_quantile_of_hardly_any_units_is_compared_without_a_crash() -> None:
    base = {"id": [0, 1, 2, 3, 4], "u": [0, 0, 1, 1, 1], "y": [0, 1, 0, 1, 1], "p": [0.5] * 5}
    found = run(base, base, metrics=("p95",), unit="u", scores=("p",), slices=("y",)).comparisons
    assert [c.baseline.value for c in found] == [0.5] * 3
