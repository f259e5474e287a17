"""Text against one or more references: exact match and token F1 as SQuAD has them, ROUGE."""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import Any, Literal

import numpy as np

from assay.base.errors import MetricError
from assay.base.optional import need
from assay.base.registry import Registry
from assay.metrics.registry import Definition
from assay.records.metric import Array, Family, Floats, Ints, Metric

EXTRA = "text"
_BREAK = "\x00"
_DROPPED = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_SQUAD = "Rajpurkar et al. (2016), EMNLP; the evaluation script of SQuAD 1.1"
ROUGES = ("1", "2", "L")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of texts, one after the other, and how many each text has [n]."""

    words: list[str]
    sizes: Ints

    @property
    def row(self) -> Ints:
        """The text of each word."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    def lists(self) -> list[list[str]]:
        """The words of each text."""
        ends = np.cumsum(self.sizes).tolist()
        return [self.words[end - size : end] for end, size in zip(ends, self.sizes.tolist(), strict=True)]


def normalised(texts: Sequence[str]) -> Words:
    """The words of each text, as SQuAD compares them: lower case, no punctuation, no articles.

    >>> normalised(["The Eiffel-Tower, in Paris!", "a"]).lists()
    [['eiffeltower', 'in', 'paris'], []]
    """
    whole = _BREAK.join(texts)
    if whole.count(_BREAK) != max(len(texts) - 1, 0):
        whole = _BREAK.join(t.replace(_BREAK, " ") for t in texts)
    # All texts at once: what ends one is no letter, so that no rule sees beyond it.
    whole = _ARTICLES.sub(" ", whole.lower().translate(_DROPPED))
    found = whole.replace(_BREAK, f" {_BREAK} ").split()
    ends = np.array([-1, *(i for i, word in enumerate(found) if word == _BREAK), len(found)])
    return Words([word for word in found if word != _BREAK], np.diff(ends)[: len(texts)] - 1)


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


def _words_of(prediction: Array) -> Words:
    found: Words = _once(prediction, "words", lambda: normalised(prediction.tolist()))
    return found


def _references_of(target: Array) -> tuple[Words, Ints, Ints]:
    """Words of every reference, the row of each, and where each row's begin."""

    def make() -> tuple[Words, Ints, Ints]:
        counts = np.fromiter(map(len, target), dtype=np.int64, count=len(target))
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        return normalised(list(chain.from_iterable(target))), np.repeat(np.arange(len(target)), counts), starts

    found: tuple[Words, Ints, Ints] = _once(target, "words", make)
    return found


def _chosen(words: Words, row: Ints) -> Words:
    """The words of some texts, in that order."""
    if len(row) == len(words.sizes):
        return words
    lists = words.lists()
    return Words(list(chain.from_iterable(lists[r] for r in row.tolist())), words.sizes[row])


def coded(first: Words, second: Words) -> tuple[Ints, Ints, int]:
    """The words of both as numbers, equal where words are, and more than the largest."""
    known: dict[str, int] = {}
    numbers = count()

    def code(words: list[str]) -> Ints:
        return np.fromiter(map(known.setdefault, words, numbers), dtype=np.int64, count=len(words))

    a, b = code(first.words), code(second.words)
    return a, b, next(numbers)


def exact_rows(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
    """1 where the prediction equals a reference after normalisation."""
    truth, row, starts = _references_of(target)
    said = _chosen(_words_of(prediction), row)
    same = said.sizes == truth.sizes
    a, b, _ = coded(said, truth)
    differs = a[same[said.row]] != b[same[truth.row]]
    wrong = np.bincount(said.row[same[said.row]], weights=differs, minlength=len(same))
    return (np.maximum.reduceat((same & (wrong == 0)).astype(float), starts),)


def f1_rows(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
    """F1 of the words that prediction and reference share, the best over references."""
    truth, row, starts = _references_of(target)
    said = _chosen(_words_of(prediction), row)
    total = (said.sizes + truth.sizes).astype(float)
    # Without words on both sides they are equal: SQuAD 2.0 counts 1.
    found = np.where(total > 0, 2 * overlaps(said, truth) / np.where(total > 0, total, 1), 1.0)
    return (np.maximum.reduceat(found, starts),)


def overlaps(first: Words, second: Words) -> Ints:
    """Words that two texts share, each as often as in both: [n]."""
    a, b, size = coded(first, second)
    left, right = np.sort(first.row * size + a), np.sort(second.row * size + b)
    # The k-th of equal words of a text is paired with the k-th of the other's.
    again, times = (np.arange(len(k)) - np.searchsorted(k, k) for k in (left, right))
    most = 1 + max(int(again.max(initial=0)), int(times.max(initial=0)))
    both = np.intersect1d(left * most + again, right * most + times, assume_unique=True)
    return np.bincount(both // most // max(size, 1), minlength=len(first.sizes)).astype(np.int64)


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
