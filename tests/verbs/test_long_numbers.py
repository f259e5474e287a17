"""Whole numbers of more digits than floating point keeps: told apart to the last digit, whatever file they come in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from assay.base.errors import AlignmentError, MetricError
from assay.verbs.compare import CompareRequest, run
from tests.helpers.tables import binary

N = 60
LONG = [f"9999999999999999999{i % 3}" for i in range(N)]
FORMS = (".csv", ".jsonl", ".parquet", "frame")


def table(folder: Path, form: str, **more: list[str]) -> Any:
    """One table with the predictions `a` and `b`, and columns whose texts are digits, written as numbers."""
    data = {**binary(N), **more}
    if form == "frame":
        return pd.DataFrame({c: [int(v) for v in values] if c in more else values for c, values in data.items()})
    path = folder / f"table{form}"
    rows = [dict(zip(data, row, strict=True)) for row in zip(*data.values(), strict=True)]
    if form == ".csv":
        path.write_text("\n".join([",".join(data), *(",".join(str(v) for v in r.values()) for r in rows)]) + "\n")
    elif form == ".jsonl":
        digits = ({c: int(v) if c in more else v for c, v in r.items()} for r in rows)
        path.write_text("".join(json.dumps(r) + "\n" for r in digits))
    else:
        frame = pd.DataFrame(data)
        connection = duckdb.connect()
        connection.register("frame", frame)
        casts = ", ".join(f"{c}::DECIMAL(38, 0) AS {c}" for c in more)
        connection.execute(f"COPY (SELECT * REPLACE ({casts}) FROM frame) TO '{path}' (FORMAT parquet)")
    return str(path)


def found(given: Any, *metrics: str, **more: Any) -> Any:
    request = {"files": (given,), "on": ("id",), "target": "y", "baseline": "a", "candidates": ("b",), **more}
    return run(CompareRequest(metrics=metrics, **request)).comparisons


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("metric", ["brier", "accuracy@0.5", "auc"])
def test_slices_are_not_merged(form: str, metric: str, tmp_path: Path) -> None:
    made = found(table(tmp_path, form, s=LONG), metric, slices=("s",))
    assert [(c.slice.get("s"), c.alignment.rows) for c in made] == [
        (None, N),
        *((value, N // 3) for value in sorted(set(LONG))),
    ]


@pytest.mark.parametrize("form", FORMS)
def test_units_and_keys_are_not_merged(form: str, tmp_path: Path) -> None:
    units = [f"1234567890123456789{i // 2:03d}" for i in range(N)]
    ids = [f"5555555555555555555{i:03d}" for i in range(N)]
    made = found(table(tmp_path, form, u=units, i=ids), "brier", unit="u", on=("i",))
    assert (made[0].alignment.rows, made[0].alignment.units) == (N, N // 2)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("clustered", [False, True])
def test_labels_are_not_merged(form: str, clustered: bool, tmp_path: Path) -> None:
    units = [str(i // 2) for i in range(N)]
    shifted = LONG[1:] + LONG[:1]
    half = [a if i % 2 else b for i, (a, b) in enumerate(zip(LONG, shifted, strict=True))]
    given = table(tmp_path, form, t=LONG, p=half, q=shifted, u=units)
    unit = {"unit": "u"} if clustered else {}
    made = found(given, "accuracy", f"recall(class={LONG[0]})", target="t", baseline="p", candidates=("q",), **unit)
    assert [(c.baseline.value, c.candidate.value) for c in made] == [(0.5, 0.0), (0.5, 0.0)]


@pytest.mark.parametrize("form", FORMS)
def test_short_numbers_of_a_long_type_stay_numbers(form: str, tmp_path: Path) -> None:
    made = found(table(tmp_path, form, s=[str(i % 3) for i in range(N)]), "brier", slices=("s",))
    assert [c.slice.get("s") for c in made] == [None, 0, 1, 2]


@pytest.mark.parametrize("form", FORMS)
def test_long_whole_numbers_are_no_scores(form: str, tmp_path: Path) -> None:
    with pytest.raises(MetricError) as refused:
        found(table(tmp_path, form, p=LONG), "auc", baseline="p")
    assert "the predictions are text" in refused.value.what
    assert "save scores as floating point" in refused.value.fix


@pytest.mark.parametrize(("role", "more"), [("s", {"slices": ("s",)}), ("u", {"unit": "u"}), ("i", {"on": ("i",)})])
def test_floating_point_that_has_merged_them_is_refused(role: str, more: dict[str, Any]) -> None:
    values = [float(2**53 + i) for i in range(N)]
    with pytest.raises(AlignmentError) as refused:
        found({**binary(N), role: values}, "brier", **more)
    assert f"the column '{role}' holds numbers up to 9.0072e+15 in floating point" in refused.value.what


def test_labels_in_floating_point_are_refused_where_they_merge() -> None:
    truth = [2.0**53 + 2 * (i % 2) for i in range(N)]
    given = {**binary(N), "t": truth, "p": truth, "q": truth}
    with pytest.raises(MetricError, match="the target holds numbers"):
        found(given, "accuracy", target="t", baseline="p", candidates=("q",))


def test_labels_and_rounded_predictions_are_refused_without_a_crash() -> None:
    truth = [2**53 + i % 3 for i in range(N)]
    given = {**binary(N), "t": truth, "p": [float(v) for v in truth], "q": truth}
    with pytest.raises(MetricError) as refused:
        found(given, "accuracy", target="t", baseline="p", candidates=("q",))
    assert "not as floating point" in refused.value.fix
