"""A query as two short texts: which relevance its documents have, and where a model ranks the relevant ones.

Judgements read `2x1 1x4 0x30`: one document of relevance 2, four of 1, thirty of 0. A ranked list reads `1:2 7:1`:
relevance 2 at rank 1, relevance 1 at rank 7; `none` where it holds no relevant document. Every metric of rankings
follows from these two, so they are what evidence keeps of a query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assay.records.metric import Array, Floats, Ints

NONE = "none"
_BETWEEN = ";"


@dataclass(frozen=True, slots=True)
class Ranked:
    """The relevant documents of many queries, in ranked order.

    Attributes:
        queries: How many queries.
        query: [m], the query of each document, ascending.
        rank: [m], from 1, ascending in a query.
        grade: [m], relevance, above 0.
    """

    queries: int
    query: Ints
    rank: Ints
    grade: Floats

    def total(self, weights: Floats) -> Floats:
        """Sums of a weight a document, [queries]; they are taken in ranked order."""
        return np.bincount(self.query, weights=weights, minlength=self.queries).astype(float)

    def at_least(self, grade: float) -> Ranked:
        """Only documents of at least that relevance, at the ranks they have."""
        held = self.grade >= grade
        return Ranked(self.queries, self.query[held], self.rank[held], self.grade[held])

    def place(self) -> Ints:
        """[m], the number of each document among the documents of its query that are here, from 1."""
        starts = np.searchsorted(self.query, np.arange(self.queries))
        return np.arange(1, len(self.query) + 1) - starts[self.query]


def ranked_of(texts: Array) -> Ranked:
    """Read ranked lists.

    Raises:
        ValueError: a text that is no ranked list.

    >>> ranked_of(np.array(["1:2 7:1", "none"], dtype=object)).rank.tolist()
    [1, 7]
    """
    query, tokens, words = _tokens(texts)
    read = [(0, 0.0) if w == NONE else _pair(w, ":") for w in words]
    ranks, grades = np.array([r for r, _ in read], dtype=np.int64), np.array([g for _, g in read], dtype=float)
    held = ranks[tokens] > 0
    return Ranked(len(texts), query[held], ranks[tokens][held], grades[tokens][held])


def ideal_of(texts: Array) -> Ranked:
    """The best order of the documents that are judged relevant.

    Raises:
        ValueError: a text that is no count of judgements.

    >>> ideal_of(np.array(["0x30 1x2 3x1"], dtype=object)).grade.tolist()
    [3.0, 1.0, 1.0]
    """
    number = {t: i for i, t in enumerate(dict.fromkeys(texts))}
    grades = [_judged(t) for t in number]
    # Judgements of many queries read alike: each text is read once.
    which = np.fromiter(map(number.__getitem__, texts), dtype=np.int64, count=len(texts))
    long = np.array([len(g) for g in grades], dtype=np.int64)
    query = np.repeat(np.arange(len(texts)), long[which])
    rank = np.arange(len(query)) - (np.cumsum(long[which]) - long[which])[query]
    starts = (np.cumsum(long) - long)[which[query]]
    return Ranked(len(texts), query, rank + 1, np.concatenate([*grades, np.zeros(0)])[starts + rank])


def _judged(text: str) -> Floats:
    """The relevances above 0 that a text counts, descending."""
    read = [w.partition("x") for w in text.split(" ")]
    wrong = next((w for w in read if not w[1]), None)
    if wrong is not None:
        raise ValueError(f"{wrong[0]!r} is no part of a ranked list or of its judgements")
    return np.sort(np.array([float(g) for g, _, c in read for _ in range(int(c)) if float(g) > 0]))[::-1]


def _pair(word: str, sign: str) -> tuple[int, float]:
    first, found, second = word.partition(sign)
    if not found:
        raise ValueError(f"{word!r} is no part of a ranked list or of its judgements")
    return int(first), float(second)


def _tokens(texts: Array) -> tuple[Ints, Ints, list[str]]:
    """The query of every word, the number of the word, and the distinct words."""
    pieces = f" {_BETWEEN} ".join(texts).split(" ") if len(texts) else []
    number = {_BETWEEN: 0}
    number |= {w: i for i, w in enumerate((w for w in dict.fromkeys(pieces) if w != _BETWEEN), start=1)}
    tokens = np.fromiter(map(number.__getitem__, pieces), dtype=np.int64, count=len(pieces))
    word = tokens > 0
    return np.cumsum(~word, dtype=np.int64)[word], tokens[word] - 1, list(number)[1:]


def ranked_texts(queries: int, query: Ints, rank: Ints, code: Ints, grades: Floats) -> Array:
    """Write ranked lists, [queries].

    Args:
        queries: How many.
        query: [m], ascending.
        rank: [m], ascending in a query.
        code: [m], the place of the document's relevance in `grades`.
        grades: Distinct relevances.
    """
    return _written(queries, query, rank, code, [f"{_plain(g)}" for g in grades], "{0}:{1}")


def judged_texts(queries: int, query: Ints, code: Ints, grades: Floats) -> Array:
    """Write judgements, [queries], the greatest relevance first; empty where nothing is judged.

    Args:
        queries: How many.
        query: [m], of each judged document.
        code: [m], the place of its relevance in `grades`.
        grades: Distinct relevances, ascending.
    """
    size = len(grades)
    place = query * size + (size - 1 - code)
    if queries * size <= 4 * len(query):
        every = np.bincount(place, minlength=queries * size)
        cells = np.flatnonzero(every)
        counts = every[cells]
    else:
        cells, counts = np.unique(place, return_counts=True)
    at, place = cells // max(size, 1), size - 1 - cells % max(size, 1)
    texts = _written(queries, at, counts, place, [f"{_plain(g)}" for g in grades], "{1}x{0}")
    texts[texts == NONE] = ""
    return texts


def _plain(grade: float) -> str:
    return str(int(grade)) if float(grade).is_integer() else repr(float(grade))


def _written(queries: int, query: Ints, number: Ints, code: Ints, names: Sequence[str], form: str) -> Array:
    """The words of each query, joined; each distinct word is written once."""
    size = max(len(names), 1)
    pairs, place = np.unique(number * size + code, return_inverse=True)
    words = np.array([form.format(p // size, names[p % size]) for p in pairs.tolist()], dtype=object)
    every = words[place].tolist() if len(pairs) else []
    ends = np.cumsum(np.bincount(query, minlength=queries)).tolist()
    result = np.empty(queries, dtype=object)
    start = 0
    for i, end in enumerate(ends):
        result[i] = " ".join(every[start:end]) if end > start else NONE
        start = end
    return result
