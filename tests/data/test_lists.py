"""The order of ranked lists is trec_eval's, and does not depend on the order of rows, files, pieces or threads."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.base.errors import AlignmentError
from assay.data.lists import Lists
from assay.metrics import parse
from assay.metrics.rankings import ideal_of, ranked_of

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pytrec_eval

PEER = {
    "ndcg": "ndcg",
    "ndcg@3": "ndcg_cut_3",
    "map": "map",
    "map@3": "map_cut_3",
    "mrr": "recip_rank",
    "recall@3": "recall_3",
    "precision@3": "P_3",
    "success@3": "success_3",
}


def folded(rows: list[tuple[Any, Any, float | None, float | None]]) -> dict[str, Any]:
    """The lists of rows (query, document, relevance, score)."""
    query, document, relevance, score = (list(c) for c in zip(*rows, strict=True))
    kinds = [np.asarray(c) if not isinstance(c[0], str) else np.array(c, dtype=object) for c in (query, document)]
    numbers = [np.ma.masked_invalid(np.array([np.nan if v is None else v for v in c])) for c in (relevance, score)]
    piece = {"k0": kinds[0], "k1": kinds[1], "y": numbers[0], "a0": numbers[1]}
    return Lists(("q", "d"), ("a0",), (), ("here0",), "rows")(piece)


def values(metric: str, found: dict[str, Any]) -> list[float]:
    scorer = parse(f"{metric}(empty=zero)").scorer
    assert scorer is not None
    return [float(v) for v in scorer(ideal_of(found["y"]), ranked_of(found["a0"]), 0.0)[0]]


def test_ties_are_broken_by_the_id_as_text_the_last_first() -> None:
    # source: trec_eval, form_res_rels.c, comp_sim_docno: strcmp(p2->docno, p1->docno) decides between equal scores
    rows = [("q", d, float(d == "9"), 1.0) for d in ("10", "9", "100", "1")]
    assert folded(rows)["a0"].tolist() == ["1:1"]
    assert folded([(q, int(d), r, s) for q, d, r, s in rows])["a0"].tolist() == ["1:1"]
    rows = [("q", d, float(d == "10"), 1.0) for d in ("10", "9", "100", "1")]
    assert folded(rows)["a0"].tolist() == folded([(q, int(d), r, s) for q, d, r, s in rows])["a0"].tolist() == ["3:1"]


def test_scores_that_are_one_in_single_precision_tie() -> None:
    # source: trec_eval, trec_format.h: `float sim`; pytrec_eval-terrier 0.5.11, reciprocal ranks computed below
    for more, rank in ((1e-9, "2:1"), (1e-6, "1:1")):
        assert folded([("q", "a", 1.0, 1.0 + more), ("q", "b", 0.0, 1.0)])["a0"].tolist() == [rank]
        run = {"q": {"a": 1.0 + more, "b": 1.0}}
        peer = pytrec_eval.RelevanceEvaluator({"q": {"a": 1, "b": 0}}, {"recip_rank"}).evaluate(run)
        assert peer["q"]["recip_rank"] == 1 / int(rank[0])


def test_zero_and_minus_zero_tie_and_signs_order() -> None:
    rows = [
        ("q", "a", 1.0, 0.0),
        ("q", "b", 0.0, -0.0),
        ("q", "c", 2.0, -1.0),
        ("q", "d", 0.0, 3.0),
        ("q", "e", 3.0, -7.5),
    ]
    assert folded(rows)["a0"].tolist() == ["3:1 4:2 5:3"]


GRADES = st.sampled_from([None, -2, -1, 0, 0, 1, 1, 2, 3])
SCORES = st.sampled_from([None, -1.5, 0.0, -0.0, 0.25, 1.0, 1.0 + 1e-9, 1.0 + 1e-6, 7.0])
IDS = {"text": st.text("aAzZ09é-", min_size=1, max_size=4), "whole": st.integers(0, 1200)}


@pytest.mark.parametrize("ids", IDS)
@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_values_are_those_of_pytrec_eval(ids: str, data: st.DataObject) -> None:
    # source: pytrec-eval-terrier 0.5.11, RelevanceEvaluator(qrels, measures).evaluate(run), computed here
    documents = data.draw(st.lists(IDS[ids], min_size=1, max_size=14, unique=True))
    rows = [
        (query, d, data.draw(GRADES), data.draw(SCORES))
        for query in ("q1", "q2", "q3")
        for d in documents
        if data.draw(st.booleans())
    ]
    if not rows:
        return
    order = data.draw(st.permutations(range(len(rows))))
    found = folded([rows[i] for i in order])
    qrels: dict[str, dict[str, int]] = {}
    run: dict[str, dict[str, float]] = {}
    for query, document, grade, score in rows:
        if grade is not None:
            qrels.setdefault(query, {})[str(document)] = grade
        if score is not None:
            run.setdefault(query, {})[str(document)] = score
    assert found["k0"].tolist() == sorted(set(qrels) & set(run))
    if not len(found["k0"]):
        return
    # It crashes on a query of negative judgements alone; nothing is relevant there.
    safe = {q: judged for q, judged in qrels.items() if max(judged.values()) >= 0}
    measures = {"ndcg", "map", "recip_rank", "ndcg_cut.3", "map_cut.3", "recall.3", "P.3", "success.3"}
    peer = pytrec_eval.RelevanceEvaluator(safe, measures).evaluate({q: r for q, r in run.items() if q in safe})
    for ours, theirs in PEER.items():
        expected = [peer[q][theirs] if q in peer else 0.0 for q in found["k0"]]
        assert values(ours, found) == pytest.approx(expected, abs=1e-12), ours


def test_many_grades_and_huge_ids_take_the_longer_way_to_the_same_order() -> None:
    rng = np.random.default_rng(8)
    rows = [
        (q, int(d), float(rng.integers(1, 5000)) / 7, float(rng.integers(0, 9)))
        for q in range(40)
        for d in rng.choice(10**6, 60, replace=False)
    ]
    short = folded(rows)
    far = folded([(q * 10**9, d * 9_000_000_000_000 - 4 * 10**18, g, s) for q, d, g, s in rows])
    slow = [sorted((r for r in rows if r[0] == q), key=lambda r: (r[3], str(r[1])), reverse=True) for q in range(40)]
    said = [" ".join(f"{i}:{g if g % 1 else int(g)}" for i, (_, _, g, _) in enumerate(rs, 1)) for rs in slow]
    assert short["a0"].tolist() == said
    # Negative ids are ordered as text too, where the minus comes before every digit.
    texts = [(q, str(d * 9_000_000_000_000 - 4 * 10**18), g, s) for q, d, g, s in rows]
    assert far["a0"].tolist() == folded(texts)["a0"].tolist()


@pytest.mark.parametrize("document", ["a", 7])
def test_a_repeated_document_is_refused(document: Any) -> None:
    other = "b" if document == "a" else 8
    rows = [("q1", document, 1.0, 1.0), ("q2", document, 1.0, 1.0), ("q1", other, 0.0, 1.0), ("q1", document, 1.0, 2.0)]
    with pytest.raises(AlignmentError, match=f"repeated in its query in 1 row, first q=q1, d={document}"):
        folded(rows)


def test_unjudged_and_unanswered_queries_are_counted_and_left_out() -> None:
    lists = Lists(("q", "d"), ("a0",), (), ("here0",), "rows")
    piece = {
        "k0": np.array([3, 1, 2, 2]),
        "k1": np.array([1, 1, 1, 2]),
        "y": np.ma.masked_array([1.0, 0, 1, 0], mask=[False, True, False, False]),
        "a0": np.ma.masked_array([0.0, 1, 1, 2], mask=[True, False, False, False]),
    }
    found = lists(piece)
    assert (lists.unjudged, lists.unanswered) == (1, 1)
    assert found["k0"].tolist() == [2]
    assert found["y"].tolist() == ["1x1 0x1"]
    assert found["a0"].tolist() == ["2:1"]


def test_the_query_has_one_unit_and_one_slice() -> None:
    lists = Lists(("q", "d"), ("a0",), (("u", "user"), ("s0", "topic")), ("here0",), "rows")
    piece = {
        "k0": np.array(["x", "y", "x", "y"], dtype=object),
        "k1": np.array([1, 1, 2, 2]),
        "y": np.ma.masked_array([1.0, 0, 1, 0]),
        "a0": np.ma.masked_array([0.0, 1, 1, 2]),
        "u": np.ma.masked_array([5, 6, 5, 6], mask=[True, False, False, False]),
        "s0": np.ma.masked_array(np.array(["", "", "", ""], dtype=object), mask=[True] * 4),
    }
    found = lists(piece)
    assert found["u"].tolist() == [5, 6]
    assert found["s0"].mask.all()
    with pytest.raises(AlignmentError, match="the column 'user' differs within q=y"):
        lists({**piece, "u": np.ma.masked_array([5, 6, 5, 7])})
