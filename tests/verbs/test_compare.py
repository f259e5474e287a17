"""The verb `compare`: the JSON of the interface, names, and inputs of every form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from sklearn import metrics as sk

from assay.base.canonical import canonical_json
from assay.base.errors import AlignmentError, InputError
from assay.records.comparison import ComparisonSet
from tests.helpers.runs import compared
from tests.helpers.tables import binary, two, write
from tests.verbs.runs import KEYS, run, split, whole

# --- the interface -----------------------------------------------------------


def test_the_object_has_the_keys_of_the_interface(tmp_path: Path) -> None:
    files = two(tmp_path, binary(60, region=["north", "south"] * 30))
    found = compared(*files, *KEYS, "--metric", "auc", "--slice", "region", "--seed", "7")
    assert {"assay", "schema", "seed", "inputs", "comparisons"} <= set(found)
    assert (found["assay"], found["schema"], found["seed"]) == ("0.1.0", 1, 7)
    assert [set(i) for i in found["inputs"]] == [{"name", "digest", "rows"}] * 2
    assert [i["name"] for i in found["inputs"]] == ["base.csv", "cand.csv"]
    assert all(
        i["digest"].startswith("blake3:") and len(i["digest"]) == 71 and i["rows"] == 60 for i in found["inputs"]
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
        ({"id": [1], "y": [0], "p": np.zeros((1, 2))}, "nested or mixed"),
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
