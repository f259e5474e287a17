"""Metrics of ranked lists: each reads one query's list and judgements, and is averaged over queries.

Documents are ranked by score as trec_eval does (`assay.data.lists`), unjudged ones are not relevant, and a query
without a relevant document is left out: no order of its documents is better than another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from assay.base.errors import MetricError
from assay.base.registry import Registry
from assay.metrics.rankings import Ranked
from assay.metrics.registry import Definition
from assay.records.metric import Array, Family, Floats, Metric

PerQuery = Callable[[Ranked, Ranked], Floats]
_UNDEFINED = "no query has a relevant document"


def _of_queries(name: str, per_query: PerQuery, rel: float, empty: str, **declared: Any) -> Metric:
    """A metric from a function of (ideal list, ranked list) -> a value a query."""
    if empty not in ("omit", "zero"):
        raise MetricError(
            f"{name}: empty is {empty!r}",
            rule="queries without a relevant document are left out (omit) or count 0 (zero)",
            fix=f"{name}(empty=zero)",
        )

    def scorer(ideal: Any, ranked: Any, centre: float) -> tuple[Floats, ...]:
        none = np.bincount(ideal.at_least(rel).query, minlength=ideal.queries) == 0
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.where(none, 0.0, per_query(ideal, ranked))
        return (values if empty == "zero" else np.ma.masked_array(values, mask=none),)

    return Metric(
        name=name,
        family=Family.MEAN,
        reads="ranking",
        direction="higher",
        lower=0.0,
        upper=1.0,
        unit="1",
        columns=(name,),
        scorer=scorer,
        value=lambda means: means[..., 0],
        undefined=_UNDEFINED,
        label=name,
        **declared,
    )


def _cut(name: str, k: int | None, rel: float) -> None:
    if k is not None and k < 1:
        raise MetricError(f"{name}: k is {k}", rule="a list is cut after its first k documents, k >= 1", fix="ndcg@10")
    if not rel > 0:
        raise MetricError(
            f"{name}: rel is {rel}",
            rule="documents of a relevance of at least rel are relevant, and rel is above 0",
            fix=f"{name}@{k or 10}(rel=1)",
        )


def _within(ranked: Ranked, k: int | None) -> Array:
    return (ranked.rank <= k) if k else np.ones(len(ranked.rank), dtype=bool)


def _hits(ranked: Ranked, k: int | None, rel: float) -> Ranked:
    """Relevant documents among the first k; without k all of the list."""
    held = (ranked.grade >= rel) & _within(ranked, k)
    return Ranked(ranked.queries, ranked.query[held], ranked.rank[held], ranked.grade[held])


def _count(ranked: Ranked) -> Floats:
    return np.bincount(ranked.query, minlength=ranked.queries).astype(float)


def _at(k: int | None) -> str:
    return f" in the first {k}" if k else ""


def ndcg(k: int | None = None, gain: str = "linear", empty: str = "omit") -> Metric:
    """Normalised discounted cumulative gain."""
    _cut("ndcg", k, 1.0)
    if gain not in ("linear", "exponential"):
        raise MetricError(
            f"ndcg: gain is {gain!r}",
            rule="gain is linear (the relevance, as trec_eval) or exponential (2^relevance - 1)",
            fix="ndcg@10(gain=exponential)",
        )

    def dcg(ranked: Ranked) -> Floats:
        gains = ranked.grade if gain == "linear" else np.exp2(ranked.grade) - 1
        return ranked.total(np.where(_within(ranked, k), gains / np.log2(ranked.rank + 1), 0.0))

    return _of_queries(
        "ndcg",
        lambda ideal, ranked: dcg(ranked) / dcg(ideal),
        np.nextafter(0.0, 1.0),
        empty,
        parameters={"k": k} if k else {},
        summary=f"Gain of relevant documents{_at(k)}, discounted by rank, as a share of the best order's.",
        formula="DCG / ideal DCG; DCG = sum gain(relevance) / log2(rank + 1)",
        citation="Jarvelin & Kekalainen (2002), ACM TOIS 20(4); exponential gain: Burges et al. (2005), ICML",
    )


def mrr(k: int | None = None, rel: float = 1.0, empty: str = "omit") -> Metric:
    """Mean reciprocal rank of the first relevant document."""
    _cut("mrr", k, rel)

    def per_query(ideal: Ranked, ranked: Ranked) -> Floats:
        hits = _hits(ranked, k, rel)
        return hits.total(np.where(hits.place() == 1, 1.0 / hits.rank, 0.0))

    return _of_queries(
        "mrr",
        per_query,
        rel,
        empty,
        parameters={"k": k, "rel": rel} if k else {"rel": rel},
        summary=f"One over the rank of the first relevant document; 0 where there is none{_at(k)}.",
        formula="mean(1 / rank of the first relevant document)",
        citation="Voorhees (1999), TREC-8 question answering track report",
    )


def map_(k: int | None = None, rel: float = 1.0, empty: str = "omit") -> Metric:
    """Mean average precision of ranked lists."""
    _cut("map", k, rel)

    def per_query(ideal: Ranked, ranked: Ranked) -> Floats:
        hits = _hits(ranked, k, rel)
        return hits.total(hits.place() / hits.rank) / _count(ideal.at_least(rel))

    return _of_queries(
        "map",
        per_query,
        rel,
        empty,
        parameters={"k": k, "rel": rel} if k else {"rel": rel},
        summary=f"Precision at the rank of each relevant document{_at(k)}, averaged over all relevant ones.",
        formula="mean(sum of precision at relevant ranks / relevant documents)",
        citation="Buckley & Voorhees (2000), SIGIR",
    )


def _share_at(
    name: str, k: int, rel: float, empty: str, share: Callable[[Floats, Ranked], Floats], **said: str
) -> Metric:
    """A share from the relevant documents among the first k."""
    _cut(name, k, rel)
    return _of_queries(
        name,
        lambda ideal, ranked: share(_count(_hits(ranked, k, rel)), ideal),
        rel,
        empty,
        parameters={"k": k, "rel": rel},
        citation="Buckley & Voorhees (2005), in TREC: Experiment and Evaluation in Information Retrieval",
        **said,
    )


def recall_at(k: int = 10, rel: float = 1.0, empty: str = "omit") -> Metric:
    """Share of the relevant documents among the first k."""
    return _share_at(
        "recall",
        k,
        rel,
        empty,
        lambda hits, ideal: hits / _count(ideal.at_least(rel)),
        summary=f"Share of the relevant documents that are among the first {k}.",
        formula="relevant in the first k / relevant",
    )


def precision_at(k: int = 10, rel: float = 1.0, empty: str = "omit") -> Metric:
    """Share of relevant documents among the first k."""
    return _share_at(
        "precision",
        k,
        rel,
        empty,
        lambda hits, ideal: hits / k,
        summary=f"Share of the first {k} places that hold a relevant document; places left empty count.",
        formula="relevant in the first k / k",
    )


def success_at(k: int = 10, rel: float = 1.0, empty: str = "omit") -> Metric:
    """Whether a relevant document is among the first k (hit rate)."""
    _cut("success", k, rel)
    return _of_queries(
        "success",
        lambda ideal, ranked: (_count(_hits(ranked, k, rel)) > 0).astype(float),
        rel,
        empty,
        parameters={"k": k, "rel": rel},
        summary=f"Share of queries with a relevant document among the first {k}: the hit rate.",
        formula="mean(any relevant in the first k)",
        citation="Craswell & Hawking (2002), TREC-2002 Web track overview",
    )


def rbp(p: float = 0.8, rel: float = 1.0, empty: str = "omit") -> Metric:
    """Rank-biased precision."""
    _cut("rbp", None, rel)
    if not 0 < p < 1:
        raise MetricError(f"rbp: p is {p}", rule="p, the chance to read on, lies between 0 and 1", fix="rbp@0.8")

    def per_query(ideal: Ranked, ranked: Ranked) -> Floats:
        hits = _hits(ranked, None, rel)
        return (1 - p) * hits.total(np.asarray(p ** (hits.rank - 1.0), dtype=float))

    return _of_queries(
        "rbp",
        per_query,
        rel,
        empty,
        parameters={"p": p, "rel": rel},
        summary=f"Relevant documents that a reader meets who goes on to the next one with probability {p:g}.",
        formula="(1 - p) sum of p^(rank - 1) over relevant documents",
        citation="Moffat & Zobel (2008), ACM TOIS 27(1)",
    )


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room; `recall@10` and `precision@10` lead here too."""
    for name, build, at, example in (
        ("ndcg", ndcg, "k", "ndcg@10"),
        ("mrr", mrr, "k", "mrr@10"),
        ("map", map_, "k", "map@100"),
        ("rbp", rbp, "p", "rbp@0.8"),
        ("success", success_at, "k", "success@10"),
        ("recall_at", recall_at, "k", "recall_at@100"),
        ("precision_at", precision_at, "k", "precision_at@10"),
    ):
        registry.add(name, Definition(name, build, at, example))
