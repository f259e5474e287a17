"""The benchmarks run, on tiny files; how fast is not for tests to say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.cases import CASES, FILES
from benchmarks.run import ROOT, main
from benchmarks.work import TWENTY

from benchmarks import table


def test_every_case_names_a_file_that_is_made() -> None:
    named = {c.file for c in CASES.values()} | {p.file for c in CASES.values() for p in c.peers}
    assert named - {""} == set(FILES)


def test_twenty_means_are_twenty_metrics() -> None:
    from assay.metrics import parse

    assert len({parse(m).label for m in TWENTY}) == 20


def test_case_and_peer_are_measured_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "PACKAGES", ("duckdb", "numpy"))
    assert main(["--small", "--only", "labels", "--out", str(tmp_path), "--data", str(tmp_path)]) == 0
    rows = json.loads((tmp_path / "benchmarks.json").read_text())["rows"]
    assert [r["own"] for r in rows] == [True, False, False]
    assert rows[1]["ratio"] == pytest.approx(rows[1]["seconds"] / rows[0]["seconds"])
    assert "A trial on small files" in (tmp_path / "benchmarks.md").read_text()


def test_generated_rows_do_not_depend_on_threads(tmp_path: Path) -> None:
    import duckdb
    from benchmarks.data import binary_predictions

    path = tmp_path / "rows.parquet"
    binary_predictions(path, 1000)
    found = duckdb.sql(f"SELECT count(*), sum(y), sum(a), sum(b), count(DISTINCT region) FROM '{path}'").fetchall()[0]
    assert found[0] == 1000
    assert found[4] == 20
    binary_predictions(tmp_path / "again.parquet", 1000)
    assert duckdb.sql(f"FROM '{path}' EXCEPT FROM '{tmp_path / 'again.parquet'}'").fetchall() == []


def test_goals_are_judged_by_seconds_memory_and_ratio() -> None:
    row = {"seconds": 2.0, "megabytes": 400.0, "asked_seconds": 3, "asked_megabytes": 500}
    assert table.verdict(row) == "yes"
    assert table.verdict({**row, "megabytes": 501.0}) == "**no**"
    assert table.verdict({"seconds": 8.0, "ratio": 0.3, "most": 4}) == "yes"
    assert table.verdict({"seconds": 8.0, "ratio": 0.2, "most": 4}) == "**no**"
    assert table.verdict({"seconds": 8.0, "ratio": 99.0, "least": 100}) == "**no**"


@pytest.mark.parametrize("name", ["numpy_delong", "poisson"])
def test_peers_print_seconds_and_version(name: str, tmp_path: Path) -> None:
    from benchmarks.data import scores

    scores(tmp_path / "s.parquet", 200, 20)
    command = [sys.executable, "-m", "benchmarks.peers", name, str(tmp_path / "s.parquet"), "10"]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, cwd=ROOT).stdout)
    assert said["seconds"] > 0
    assert said["version"].startswith("numpy ")


def test_plain_delong_agrees_with_assay(tmp_path: Path) -> None:
    from benchmarks.data import scores
    from benchmarks.peers import _delong
    from benchmarks.work import arrays

    from assay.stats import auc

    scores(tmp_path / "s.parquet", 500, 20)
    y, s = arrays(str(tmp_path / "s.parquet"))
    difference, covariance = _delong(y, s)
    own = auc.delong(y, s)
    assert difference == pytest.approx(own.values[1] - own.values[0], abs=1e-12)
    assert covariance == pytest.approx(own.covariance, rel=1e-9)


@pytest.mark.parametrize(
    ("kind", "peer", "metrics"),
    [
        ("texts", "squad", ("exact_match", "token_f1")),
        ("texts", "sacrebleu", ("bleu", "chrf")),
        ("label_sets", "multilabel", ("hamming", "multilabel_f1", "multilabel_f1(average=macro)")),
        ("ensembles", "scoringrules", ("crps",)),
    ],
)
def test_peers_find_the_values_that_assay_finds(kind: str, peer: str, metrics: tuple[str, ...], tmp_path: Path) -> None:
    from benchmarks.peers import PEERS

    from assay.verbs.compare import CompareRequest, run
    from benchmarks import data

    path = tmp_path / "rows.parquet"
    getattr(data, kind)(path, 300)
    request = CompareRequest([str(path)], baseline="a", candidates=["b"], on=["id"], target="y", metrics=metrics)
    found = [(c.baseline.value, c.candidate.value) for c in run(request).comparisons]
    theirs = PEERS[peer](str(path), 300)[0]()
    if peer == "squad":
        theirs = np.mean(theirs, axis=1).ravel()
    assert np.ravel(found, order="F") == pytest.approx(np.ravel(theirs))
