"""Metrics of ranked lists: published values, laws, and what is refused or undefined."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assay.base.errors import MetricError
from assay.metrics import parse
from assay.metrics.rankings import ideal_of, judged_texts, ranked_of, ranked_texts
from assay.records.metric import Family

ALL = ("ndcg", "ndcg@10", "ndcg@10(gain=exponential)", "mrr", "mrr@5", "map", "map@5", "recall@5", "precision@5")
EVERY = (*ALL, "success@5", "rbp@0.8", "recall@5(rel=2)", "map(rel=2)")


def texts(*values: str) -> Any:
    return np.array(values, dtype=object)


def score(metric: str, judged: str, ranked: str) -> float | None:
    scorer = parse(metric).scorer
    assert scorer is not None
    (found,) = scorer(ideal_of(texts(judged)), ranked_of(texts(ranked)), 0.0)
    return None if np.ma.getmaskarray(found)[0] else float(found[0])


# source: trec_eval, test/out.test.aqc (github.com/usnistgov/trec_eval), topic 303: relstring '0011101000',
# num_rel 10, num_ret 84; and iprec_at_recall 0.3846 = 5/13 and 0.3333 = 6/18 place its six relevant documents.
TOPIC_303 = ("1x10 0x61", "3:1 4:1 5:1 7:1 13:1 18:1")
PUBLISHED_303 = [
    ("map", 0.2723), ("mrr", 0.3333), ("ndcg", 0.4730),
    ("precision@5", 0.6), ("precision@10", 0.4), ("precision@15", 0.3333), ("precision@20", 0.3),
    ("precision@30", 0.2), ("precision@100", 0.06), ("precision@200", 0.03), ("precision@1000", 0.006),
    ("recall@5", 0.3), ("recall@10", 0.4), ("recall@15", 0.5), ("recall@20", 0.6), ("recall@1000", 0.6),
    ("ndcg@5", 0.4469), ("ndcg@10", 0.3633), ("ndcg@15", 0.4211), ("ndcg@20", 0.4730), ("ndcg@1000", 0.4730),
    ("map@5", 0.1433), ("map@10", 0.2005), ("map@15", 0.2389), ("map@20", 0.2723), ("map@1000", 0.2723),
    ("success@1", 0.0), ("success@5", 1.0), ("success@10", 1.0), ("rbp@0.9", 0.3176),
]  # fmt: skip


@pytest.mark.parametrize(("metric", "value"), PUBLISHED_303)
def test_trec_eval_publishes_these_for_its_topic_303(metric: str, value: float) -> None:
    assert score(metric, *TOPIC_303) == pytest.approx(value, abs=5e-5)


PUBLISHED = [
    # source: scikit-learn, documentation of ndcg_score: relevance [10, 0, 0, 1, 5], scores [.1, .2, .3, 4, 70] -> 0.69
    ("ndcg", "10x1 5x1 1x1 0x2", "1:5 2:1 5:10", 0.69, 0.006),
    # source: scikit-learn, documentation of ndcg_score: scores [.05, 1.1, 1., .5, .0] -> 0.49
    ("ndcg", "10x1 5x1 1x1 0x2", "3:1 4:10 5:5", 0.49, 0.006),
    # source: scikit-learn, documentation of ndcg_score with k=4 -> 0.35
    ("ndcg@4", "10x1 5x1 1x1 0x2", "3:1 4:10 5:5", 0.35, 0.006),
    # source: scikit-learn, documentation of ndcg_score: scores of the truth itself, k=4 -> 1.0
    ("ndcg@4", "10x1 5x1 1x1 0x2", "1:10 2:5 3:1", 1.0, 1e-12),
    # source: scikit-learn, documentation of dcg_score: DCG 9.49 of the first order; ideal 10 + 5/log2(3) + 1/2
    ("ndcg", "10x1 5x1 1x1 0x2", "1:5 2:1 5:10", 9.49 / (10 + 5 / np.log2(3) + 0.5), 0.0008),
    # source: Wikipedia, Discounted cumulative gain: 3 2 3 0 1 2, two more of 3 and 2 known -> 6.861 / 8.740 = 0.785
    ("ndcg@6", "3x3 2x3 1x1 0x1", "1:3 2:2 3:3 5:1 6:2", 0.785, 0.0005),
    # source: Wikipedia, Mean reciprocal rank: ranks 3, 2 and 1 -> 1/3, 1/2, 1
    ("mrr", "1x1", "3:1", 1 / 3, 1e-12),
    ("mrr", "1x1", "2:1", 1 / 2, 1e-12),
    ("mrr", "1x1", "1:1", 1.0, 1e-12),
    # source: ir_measures, test/test_pytrec_eval.py, test_infAP: AP of topics 0 and 1, at rel=1 and rel=2
    ("map", "2x1 1x1 -1x1 0x2", "1:1 3:2", 0.8333, 5e-5),
    ("map", "2x1 1x1 -1x1 0x1", "4:2", 0.125, 5e-5),
    ("map(rel=2)", "2x1 1x1 -1x1 0x2", "1:1 3:2", 0.3333, 5e-5),
    ("map(rel=2)", "2x1 1x1 0x2", "4:2", 0.25, 5e-5),
    # source: ir_measures, test/test_pytrec_eval.py, test_Success: topics 0 and 1, at rel=1 and rel=2
    ("success@2", "2x2 1x1 0x2", "2:2 3:2 4:1", 1.0, 1e-12),
    ("success@2", "2x1 1x1 0x1", "3:2", 0.0, 1e-12),
    ("success@2(rel=2)", "2x2 1x1 0x2", "2:2 3:2 4:1", 1.0, 1e-12),
    ("success@2(rel=2)", "2x1 1x1 0x1", "3:2", 0.0, 1e-12),
]


@pytest.mark.parametrize(("metric", "judged", "ranked", "value", "within"), PUBLISHED)
def test_published_examples(metric: str, judged: str, ranked: str, value: float, within: float) -> None:
    assert score(metric, judged, ranked) == pytest.approx(value, abs=within)


@pytest.mark.parametrize("metric", EVERY)
def test_a_query_without_a_relevant_document_is_left_out_or_counts_zero(metric: str) -> None:
    assert score(metric, "0x5", "none") is None
    head, bracket, rest = metric.partition("(")
    zero = f"{head}({rest.rstrip(')') + ', ' if bracket else ''}empty=zero)"
    assert score(zero, "0x5", "none") == 0.0


@pytest.mark.parametrize("metric", EVERY)
def test_a_list_without_relevant_documents_scores_zero_and_the_best_list_the_most(metric: str) -> None:
    judged = "2x3 1x4 0x9"
    assert score(metric, judged, "none") == 0.0
    best = score(metric, judged, "1:2 2:2 3:2 4:1 5:1 6:1 7:1")
    worse = score(metric, judged, "1:1 3:2 5:2 6:1 9:1")
    assert best is not None
    assert worse is not None
    assert worse <= best <= 1.0
    if metric.startswith(("ndcg", "mrr", "success")) or metric == "map":
        assert best == pytest.approx(1.0)


@pytest.mark.parametrize("metric", EVERY)
def test_each_query_is_scored_alone(metric: str) -> None:
    rng = np.random.default_rng(5)
    lists, judged = [], []
    for _ in range(40):
        ranks = np.sort(rng.choice(30, rng.integers(0, 6), replace=False)) + 1
        grades = rng.integers(1, 4, len(ranks))
        lists.append(" ".join(f"{r}:{g}" for r, g in zip(ranks, grades, strict=True)) or "none")
        held = {g: int((grades == g).sum()) + int(rng.integers(0, 2)) for g in (3, 2, 1)}
        judged.append(" ".join(f"{g}x{n}" for g, n in held.items() if n) or "0x4")
    declared = parse(metric)
    assert declared.scorer is not None
    assert declared.family is Family.MEAN
    (whole,) = declared.scorer(ideal_of(texts(*judged)), ranked_of(texts(*lists)), 0.0)
    alone = [score(metric, j, r) for j, r in zip(judged, lists, strict=True)]
    assert [None if m else float(v) for v, m in zip(whole.data, np.ma.getmaskarray(whole), strict=True)] == alone
    (none,) = declared.scorer(ideal_of(texts()), ranked_of(texts()), 0.0)
    assert none.shape == (0,)


def test_texts_are_read_as_they_are_written() -> None:
    grades = np.array([-1.0, 0.0, 0.5, 2.0])
    query, code = np.array([0, 0, 0, 2, 2]), np.array([3, 0, 2, 1, 1])
    assert judged_texts(3, query, code, grades).tolist() == ["2x1 0.5x1 -1x1", "", "0x2"]
    written = ranked_texts(3, np.array([0, 0, 2]), np.array([2, 11, 1]), np.array([1, 0, 1]), np.array([0.5, 2.0]))
    assert written.tolist() == ["2:2 11:0.5", "none", "1:2"]
    read = ranked_of(written)
    assert (read.query.tolist(), read.rank.tolist(), read.grade.tolist()) == ([0, 0, 2], [2, 11, 1], [2.0, 0.5, 2.0])
    assert ideal_of(texts("0x30 1x2 3x1", "0x1", "2x1")).rank.tolist() == [1, 2, 3, 1]


@pytest.mark.parametrize("text", ["1", "1-2", "a:b", "1:", ""])
def test_what_is_no_ranked_list_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"part of a ranked list|invalid literal|could not convert"):
        ranked_of(texts(text))
    with pytest.raises(ValueError, match=r"part of a ranked list|invalid literal|could not convert"):
        ideal_of(texts(text))


@pytest.mark.parametrize(
    ("metric", "what"),
    [
        ("ndcg@-1", "ndcg: k is -1"),
        ("ndcg@0", "ndcg: k is 0"),
        ("mrr@0", "mrr: k is 0"),
        ("map@0", "map: k is 0"),
        ("recall_at@0", "recall: k is 0"),
        ("precision_at@0", "precision: k is 0"),
        ("success@0", "success: k is 0"),
        ("ndcg@1.5", "ndcg: k is '1.5'"),
        ("map(rel=0)", "map: rel is 0"),
        ("map(rel=-2)", "map: rel is -2"),
        ("rbp@1", "rbp: p is 1"),
        ("rbp@0", "rbp: p is 0"),
        ("ndcg@10(gain=cubic)", "gain is 'cubic'"),
        ("mrr(empty=one)", "empty is 'one'"),
    ],
)
def test_parameters_out_of_range_are_refused(metric: str, what: str) -> None:
    with pytest.raises(MetricError, match=what):
        parse(metric)


def test_a_whole_number_cuts_a_list_and_a_share_is_a_threshold() -> None:
    assert parse("recall@100").reads == parse("precision@1").reads == "ranking"
    assert parse("recall@0.5").threshold == 0.5
    assert parse("precision(threshold=3)").threshold == 3.0
    assert parse("recall@1.0").reads == "label"
    assert parse("recall@100(rel=2)").parameters == {"k": 100, "rel": 2.0}
    assert parse("recall@100").label == "recall@100"
