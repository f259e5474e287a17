"""`assay compare` and plans on ranked lists: both forms of input, what is left out, undefined or refused."""

from __future__ import annotations

import itertools
import json
import warnings
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

import assay as sdk
from assay.engine import folding
from tests.helpers.runs import assay, compared, inside, line_of
from tests.helpers.tables import Columns, write

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pytrec_eval

METRICS = ("ndcg@5", "map", "mrr", "recall@5", "precision@5")
PEER = ("ndcg_cut_5", "map", "recip_rank", "recall_5", "P_5")
ASKED = [v for m in METRICS for v in ("--metric", m)]
ON = ("--on", "q", "--on", "d", "--query", "q", "--target", "rel")


def lists(queries: int = 40, seed: int = 2) -> dict[str, list[Any]]:
    """One table with tied scores of two models, documents that one lacks, and unjudged ones."""
    rng = np.random.default_rng(seed)
    rows = []
    for q in range(queries):
        for d in rng.choice(90, 12, replace=False):
            rel = None if rng.random() < 0.1 else int(rng.choice([0, 0, 0, 1, 2]))
            scores = rng.normal(size=2) + (rel or 0) * np.array([0.3, 0.8])
            a, b = (None if rng.random() < 0.2 else round(float(x), 1) for x in scores)
            rows.append((f"q{q:02d}", f"d{d}", rel, a, b, f"u{q // 3}", "long" if q % 2 else "short"))
    return dict(zip(("q", "d", "rel", "a", "b", "user", "kind"), map(list, zip(*rows, strict=True)), strict=True))


def trec(folder: Path, table: Columns) -> tuple[Path, Path, Path]:
    """The same as qrels and two runs."""
    rows = list(zip(*(table[c] for c in ("q", "d", "rel", "a", "b")), strict=True))
    (folder / "t.qrels").write_text("".join(f"{q} 0 {d} {r}\n" for q, d, r, _, _ in rows if r is not None))
    for name, place in (("a", 3), ("b", 4)):
        kept = [(r[0], r[1], r[place]) for r in rows if r[place] is not None]
        (folder / f"{name}.run").write_text("".join(f"{q} Q0 {d} 1 {s!r} {name}\n" for q, d, s in kept))
    return folder / "t.qrels", folder / "a.run", folder / "b.run"


def peer(table: Columns, model: str) -> dict[str, float]:
    """Means over queries with a relevant document, by pytrec_eval."""
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for q, d, rel, score in zip(table["q"], table["d"], table["rel"], table[model], strict=True):
        if rel is not None:
            qrels.setdefault(q, {})[d] = rel
        if score is not None:
            run.setdefault(q, {})[d] = score
    kept = {q: r for q, r in qrels.items() if max(r.values()) > 0}
    found = pytrec_eval.RelevanceEvaluator(kept, {"ndcg_cut.5", "map", "recip_rank", "recall.5", "P.5"}).evaluate(run)
    return {m: float(np.mean([v[m] for v in found.values()])) for m in PEER}


def values(found: dict[str, Any]) -> dict[str, tuple[float, float]]:
    return {
        m: (c["baseline"]["value"], c["candidate"]["value"])
        for m, c in zip(METRICS, (c for c in found["comparisons"] if not c["slice"]), strict=True)
    }


def test_both_forms_give_the_means_of_pytrec_eval(tmp_path: Path) -> None:
    # source: pytrec-eval-terrier 0.5.11, RelevanceEvaluator on the same rows, averaged over queries, computed here
    table = lists()
    one = compared(write(tmp_path / "t.parquet", table), *ON, "--baseline", "a", "--candidate", "b", *ASKED)
    qrels, a, b = trec(tmp_path, table)
    two = compared(a, b, "--qrels", qrels, *ASKED)
    assert values(one) == values(two)
    theirs = [peer(table, model) for model in ("a", "b")]
    for m, p in zip(METRICS, PEER, strict=True):
        assert values(one)[m] == pytest.approx(tuple(t[p] for t in theirs), abs=1e-12)
    for mine, other in zip(one["comparisons"], two["comparisons"], strict=True):
        assert mine["difference"] == other["difference"]


def test_order_partition_threads_and_files_do_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = lists()
    given = ("--baseline", "a", "--candidate", "b", "--slice", "kind", "--unit", "user", *ASKED)
    whole = compared(write(tmp_path / "t.parquet", table), *ON, *given)
    order = np.random.default_rng(1).permutation(len(table["q"]))
    shuffled = {c: [v[i] for i in order] for c, v in table.items()}
    monkeypatch.setattr(folding, "PIECE", 50)
    for i, threads in itertools.product((table, shuffled), (1, 2)):
        found = compared(write(tmp_path / "s.parquet", i, rows_a_group=64), *ON, *given, "--threads", threads)
        assert found["comparisons"] == whole["comparisons"]
    each = {m: {c: v for c, v in table.items() if c not in ("a", "b")} | {"s": table[m]} for m in ("a", "b")}
    a, b = (write(tmp_path / f"{m}.csv", t) for m, t in each.items())
    found = compared(a, b, *ON, "--score", "s", "--slice", "kind", "--unit", "user", *ASKED)
    assert [c["difference"] for c in found["comparisons"]] == [c["difference"] for c in whole["comparisons"]]


def test_judged_documents_of_the_other_file_count(tmp_path: Path) -> None:
    a = write(tmp_path / "a.csv", {"q": ["1", "2"], "d": ["x", "x"], "rel": [1, 1], "s": [1.0, 1.0]})
    b = write(tmp_path / "b.csv", {"q": ["1", "2"], "d": ["y", "x"], "rel": [1, 1], "s": [1.0, 1.0]})
    found = compared(a, b, *ON, "--score", "s", "--metric", "recall@5")["comparisons"][0]
    assert found["baseline"]["value"] == found["candidate"]["value"] == 0.75


def test_a_metric_undefined_in_half_of_the_slices_says_why() -> None:
    table = lists()
    table["rel"] = [0 if kind == "short" else r for r, kind in zip(table["rel"], table["kind"], strict=True)]
    given: dict[str, Any] = {"on": ["q", "d"], "query": "q", "target": "rel", "baseline": "a", "candidates": "b"}
    for unit in ("", "user"):
        found = sdk.compare(table, metrics=["ndcg@5", "mrr"], slices="kind", unit=unit, **given)
        by = {(c.metric.label, c.slice.get("kind")): c for c in found}
        assert len(by) == 6
        for metric in ("ndcg@5", "mrr"):
            assert by[metric, "short"].difference.undefined == "no query has a relevant document"
            assert by[metric, "short"].alignment.rows == 0
            assert by[metric, "long"].difference.value == by[metric, None].difference.value
    assert "have no relevant document: left out" in " ".join(found.results.warnings)
    nothing = sdk.compare({**table, "rel": [0] * len(table["q"])}, metrics="map", **given)[0]
    assert nothing.difference.undefined == "no query has a relevant document"
    zero = sdk.compare({**table, "rel": [0] * len(table["q"])}, metrics="map(empty=zero)", **given)[0]
    assert zero.baseline.value == 0.0


def test_queries_that_a_run_lacks_follow_the_policy(tmp_path: Path) -> None:
    qrels, a, b = trec(tmp_path, lists())
    b.write_text("".join(line for line in b.read_text().splitlines(True) if not line.startswith("q07 ")))
    ask = (a, b, "--qrels", qrels, "--metric", "success@5(empty=zero)")
    assert "b lacks 1 row that a has" in line_of(assay("compare", *ask))
    rows = {p: compared(*ask, "--missing", p)["comparisons"][0] for p in ("exclude", "failure", "bounds")}
    assert [r["alignment"]["rows"] for r in rows.values()] == [39, 40, 40]
    assert rows["failure"]["candidate"]["value"] == pytest.approx(rows["exclude"]["candidate"]["value"] * 39 / 40)
    assert rows["bounds"]["difference"]["interval"][0] < rows["failure"]["difference"]["interval"][0] + 1e-12


def test_unjudged_and_unanswered_queries_are_warned_of(tmp_path: Path) -> None:
    qrels, a, b = trec(tmp_path, lists())
    qrels.write_text(qrels.read_text() + "q98 0 d1 1\n")
    a.write_text(a.read_text() + "q99 Q0 d1 1 1.0 a\n")
    run = assay("compare", a, b, "--qrels", qrels, "--metric", "mrr")
    assert run.code == 0
    assert "1 query without a judgement: left out" in run.err
    assert "1 query that no model has a list for: left out" in run.err


CHANGES: list[tuple[str, dict[str, Any], tuple[str, ...], str]] = [
    ("a repeated document", {"d": {1: "first"}}, (), "a document is repeated in its query"),
    ("a score that is text", {"b": {0: "high"}}, (), "is text"),
    ("NaN", {"b": {0: float("nan")}}, (), "the score of b 'b' is NaN in 1 row"),
    ("infinity", {"a": {0: float("inf")}}, (), "the score of a 'a' is infinite in 1 row"),
    ("relevance that is text", {"rel": {0: "good"}}, (), "the relevance 'rel' is text"),
    ("infinite relevance", {"rel": {0: float("inf")}}, (), "the relevance 'rel' is infinite"),
    ("no relevance at all", {"rel": {}}, (), "no query of a model has a document whose relevance 'rel' is known"),
    ("a slice that differs", {"kind": {0: "other"}}, ("--slice", "kind"), "the column 'kind' differs within q="),
    ("a repeat", {}, ("--repeat", "user"), "ranked lists are repeated by 'user'"),
    ("a query that is not there", {}, ("--query", "topic"), "two columns, one of them 'topic'"),
    ("a metric of rows", {}, ("--metric", "accuracy"), "accuracy reads rows"),
    ("recall without a cut-off", {}, ("--metric", "recall"), "recall reads rows"),
]


@pytest.mark.parametrize(("changed", "more", "what"), [c[1:] for c in CHANGES], ids=[c[0] for c in CHANGES])
def test_bad_input_is_one_line(changed: dict[str, Any], more: tuple[str, ...], what: str, tmp_path: Path) -> None:
    table = lists()
    for column, rows in changed.items():
        for row, value in rows.items():
            table[column][row] = table[column][0] if value == "first" else value
        if not rows:
            table[column] = [None] * len(table["q"])
    binary = "NaN" in what or "known" in what
    file = write(tmp_path / ("t.parquet" if binary else "t.csv"), table, {"rel": "INTEGER"})
    before = set(tmp_path.rglob("*"))
    arguments = [file, *ON, "--baseline", "a", "--candidate", "b", "--metric", "ndcg@5", *more]
    if "--query" in more:
        arguments = [v for i, v in enumerate(arguments) if i not in (5, 6)]
    assert what in line_of(assay("compare", *arguments), tmp_path, before)


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (("--on", "q", "--on", "d", "--target", "rel"), "ndcg@5 reads ranked lists, and no column names the query"),
        (("--on", "d", "--query", "q", "--target", "rel"), "the key of a ranked document is d"),
        (("--on", "q", "--on", "d", "--query", "q"), "none has a column 'relevance'"),
    ],
)
def test_what_is_not_named_is_asked_for(arguments: tuple[str, ...], what: str, tmp_path: Path) -> None:
    file = write(tmp_path / "t.csv", lists())
    given = ("--baseline", "a", "--candidate", "b", "--metric", "ndcg@5")
    assert what in line_of(assay("compare", file, *arguments, *given))


def test_a_recall_that_lacks_its_query_is_told_from_a_threshold(tmp_path: Path) -> None:
    file = write(tmp_path / "t.csv", lists())
    given = ("--on", "q", "--on", "d", "--target", "rel", "--baseline", "a", "--candidate", "b", "--metric", "recall@5")
    assert "a threshold is recall(threshold=…)" in line_of(assay("compare", file, *given))


def test_relevance_that_differs_between_files_is_refused(tmp_path: Path) -> None:
    qrels, a, b = trec(tmp_path, lists())
    other = write(tmp_path / "c.csv", {"query": ["q00"], "document": ["d1"], "relevance": [7], "score": [1.0]})
    qrels.write_text("q00 0 d1 1\n")
    line = line_of(assay("compare", a, other, "--qrels", qrels, "--metric", "mrr"))
    assert "the target 'relevance' differs between the files in 1 row, first at query=q00, document=d1" in line
    b.write_text(b.read_text() + b.read_text().splitlines()[0] + "\n")
    assert "a key is repeated in 1 row" in line_of(assay("compare", a, b, "--qrels", qrels, "--metric", "mrr"))


PLAN = """
assay: 1
name: dense
question: Does the dense ranker order documents better?
hypothesis: It matches words that mean the same.
owner: Ada Lovelace
data: {name: topics-1, id: [query, document], query: query, target: relevance, qrels: t.qrels, unit: query}
baseline: {name: bm25, file: a.run, why: in production}
candidates: [{name: dense, file: b.run}]
claims: [{name: better, metric: ndcg@5, kind: better, minimal_effect: 0.05}]
guardrails: [{name: recall, metric: recall@5, kind: not_worse, margin: 0.1}]
change_my_mind: no gain
"""


def test_a_plan_is_judged_and_its_evidence_checked_again(tmp_path: Path) -> None:
    qrels, *_ = trec(tmp_path, lists(80))
    (tmp_path / "plan.yaml").write_text(PLAN)
    with inside(tmp_path):
        for command in (("init",), ("plan", "check", "plan.yaml"), ("plan", "freeze", "plan.yaml")):
            assert assay(*command).code == 0, assay(*command).err
        judged = assay("judge", "plan.yaml")
        assert judged.code in (0, 3, 4, 5), judged.err
        (evidence,) = (tmp_path / ".assay" / "evidence").iterdir()
        again = assay("recheck", evidence)
        assert again.code == 0
        assert "identical bytes" in again.out
        manifest = json.loads((evidence / "manifest.json").read_text())
        assert [i["name"] for i in manifest["inputs"]] == ["a.run", "b.run", "t.qrels"]
        frozen = json.loads((evidence / "plan.json").read_text())["data"]
        assert frozen["qrels_digest"].startswith("blake3:")
        rows = duckdb.sql(f"SELECT * FROM '{evidence}/scores.parquet'").fetchnumpy()
        assert {"k0", "y", "a0_0_0", "a1_0_0", "v0_0_a0_0_0", "v1_0_a1_0_0"} <= set(rows)
        assert len(rows["k0"]) == 80
        qrels.write_text(qrels.read_text() + "q00 0 new 1\n")
        assert "the qrels changed: digest" in line_of(assay("judge", "plan.yaml"))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("query: query, ", "", "ndcg@5 reads ranked lists, and no column names the query"),
        ("metric: ndcg@5", "metric: accuracy", "accuracy reads rows, and with data.query rows are documents"),
        ("id: [query, document]", "id: [document]", "data.id is document, with the query 'query'"),
        ("qrels: t.qrels", "qrels: other.qrels", "no file 'other.qrels' beside the plan"),
        ("unit: query", "unit: user", "no column 'user' for the unit"),
        ("target: relevance", "target: rel", "no column 'rel' for the target"),
    ],
)
def test_a_plan_that_cannot_be_judged_says_so(old: str, new: str, what: str, tmp_path: Path) -> None:
    trec(tmp_path, lists(5))
    (tmp_path / "plan.yaml").write_text(PLAN.replace(old, new))
    with inside(tmp_path):
        run = assay("plan", "check", "plan.yaml")
    assert run.code == 2
    assert what in run.err
