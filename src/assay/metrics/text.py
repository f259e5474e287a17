"""Text against one or more references: exact match and token F1 as SQuAD has them, ROUGE."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain
from typing import Any, Literal

import numpy as np

from assay.base.errors import MetricError
from assay.base.optional import need
from assay.base.registry import Registry
from assay.metrics.registry import Definition
from assay.metrics.words import Lexicon, Words, normalised, overlaps, same
from assay.records.metric import Array, Family, Floats, Ints, Metric

EXTRA = "text"
_SQUAD = "Rajpurkar et al. (2016), EMNLP; the evaluation script of SQuAD 1.1"
ROUGES = ("1", "2", "L")


class Rows(np.ndarray[Any, np.dtype[Any]]):
    """Rows [n] that keep what was worked out of them, for metrics and models that read the same."""

    kept: dict[str, Any]

    @classmethod
    def of(cls, values: Array) -> Array:
        """The rows, ready to keep something."""
        made = values.view(cls)
        made.kept = {}
        return made


def _once(rows: Array, name: str, make: Callable[[], Any]) -> Any:
    """What follows from the rows, worked out once where they can keep it."""
    kept = getattr(rows, "kept", None)
    if kept is None:
        return make()
    if name not in kept:
        kept[name] = make()
    return kept[name]


def _read(target: Array, prediction: Array) -> tuple[Words, Words, Ints]:
    """Words of every reference, those of its prediction, and where each row's references begin."""

    def references() -> tuple[Words, Ints, Ints, Lexicon]:
        counts, known = np.fromiter(map(len, target), dtype=np.int64, count=len(target)), Lexicon()
        truth = normalised(list(chain.from_iterable(target))).numbered(known)
        return truth, np.repeat(np.arange(len(target)), counts), np.cumsum(counts) - counts, known

    truth, row, starts, known = _once(target, "words", references)
    words = _once(prediction, "words", lambda: normalised(prediction.tolist()))
    # Numbers are those of these references: beside other ones the words are numbered anew.
    said = _once(prediction, f"words beside {id(known)}", lambda: (known, words.numbered(known).chosen(row)))
    return truth, said[1], starts


def exact_rows(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
    """1 where the prediction equals a reference after normalisation."""
    truth, said, starts = _read(target, prediction)
    return (np.maximum.reduceat(same(said, truth).astype(float), starts),)


def f1_rows(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
    """F1 of the words that prediction and reference share, the best over references."""
    truth, said, starts = _read(target, prediction)
    total = (said.sizes + truth.sizes).astype(float)
    # Without words on both sides they are equal: SQuAD 2.0 counts 1.
    found = np.where(total > 0, 2 * overlaps(said, truth) / np.where(total > 0, total, 1), 1.0)
    return (np.maximum.reduceat(found, starts),)


def _share(name: str, **more: Any) -> Metric:
    declared: dict[str, Any] = {
        "parameters": {},
        "family": Family.MEAN,
        "reads": "text",
        "direction": "higher",
        "lower": 0.0,
        "upper": 1.0,
        "unit": "1",
        "citation": _SQUAD,
        "columns": (name,),
        "value": lambda means: means[..., 0],
        "label": name,
    }
    return Metric(name=name, **{**declared, **more})


def exact_match() -> Metric:
    """Share of texts that equal a reference."""
    return _share(
        "exact_match",
        scorer=exact_rows,
        shares=True,
        summary="Share of the texts that equal one of their references, without case, punctuation and articles.",
        formula="mean(max over references r of [normal(f) = normal(r)])",
    )


def token_f1() -> Metric:
    """Mean F1 of the words of text and reference."""
    return _share(
        "token_f1",
        scorer=f1_rows,
        summary="Mean F1 of the words that text and reference share, the best over references; words are compared "
        "without case, punctuation and articles. Two texts without words are equal.",
        formula="mean(max over references r of 2 |f & r| / (|f| + |r|)), of words with their multiplicity",
    )


def rouge(n: str = "L", stemmer: Literal["no", "yes"] = "no") -> Metric:
    """Mean ROUGE F-measure."""
    if n not in ROUGES:
        raise MetricError(
            f"rouge@{n}", rule="ROUGE counts words (1), pairs (2) or the longest common run (L)", fix="rouge@L"
        )
    if stemmer not in ("no", "yes"):
        raise MetricError(f"stemmer is {stemmer!r}", rule="stemmer is yes or no", fix="rouge@L(stemmer=yes)")

    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        return (
            np.fromiter(_rouges(target, prediction, f"rouge{n}", stemmer == "yes"), dtype=float, count=len(target)),
        )

    return _share(
        "rouge",
        parameters={"n": n},
        scorer=scorer,
        summary="Mean ROUGE F-measure, the best over references, by rouge-score: words (`@1`), pairs of words "
        "(`@2`) or "
        "the longest common subsequence (`@L`). Without a word in text or reference it is 0. Needs the extra `text`.",
        formula="mean(max over references of 2 P R / (P + R)), P and R of the n-grams or the subsequence",
        citation="Lin (2004), ACL workshop Text Summarization Branches Out; rouge-score",
        label=f"rouge@{n}",
    )


def _rouges(target: Array, prediction: Array, kind: str, stemmer: bool) -> Iterator[float]:
    scorer = need("rouge_score.rouge_scorer", EXTRA).RougeScorer([kind], use_stemmer=stemmer)
    for references, text in zip(target, prediction, strict=True):
        yield scorer.score_multi(list(references), text)[kind].fmeasure


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    registry.add("exact_match", Definition("exact_match", exact_match, "", "exact_match"))
    registry.add("token_f1", Definition("token_f1", token_f1, "", "token_f1"))
    registry.add("rouge", Definition("rouge", rouge, "n", "rouge@L"))
