"""Scored documents become ranked lists: one row a query, with what its documents are judged and where they rank.

A list is ordered as trec_eval orders it: by score in single precision, the greatest first, and documents of one score
by id, read as text, the last first. Documents without a score are not in the list, those without a relevance are not
relevant, and queries without any relevance are no part of the evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import numpy as np

from assay.base.errors import AlignmentError
from assay.base.wording import counted
from assay.data.request import Names
from assay.metrics.rankings import judged_texts, ranked_texts
from assay.records.metric import Array, Floats, Ints

QUERY, DOCUMENT, RELEVANCE = "k0", "k1", "y"
FEW = 4096
"""Whole relevances in so narrow a range are counted, not sorted."""


class Lists:
    """Folds pieces of an aligned table of documents, whole queries each.

    Args:
        named: What the user calls the columns of query and document.
        arms: Columns of scores.
        constant: Columns of the query itself: unit and slices, by their names here with the user's.
        present: Columns that say whether a file has the document; one that is not in a piece is true.
        where: The files, for errors.

    Attributes:
        unjudged: Queries without any judgement, and `unanswered` judged ones that no model has a list for: left out.
    """

    def __init__(
        self, named: Names, arms: Names, constant: Sequence[tuple[str, str]], present: Names, where: str
    ) -> None:
        self.named, self.arms, self.constant, self.present, self.where = named, arms, constant, present, where
        self.unjudged = self.unanswered = 0
        self._counting = Lock()

    def __call__(self, piece: dict[str, Array]) -> dict[str, Array]:
        """The rows of the judged queries in a piece, in the order of their keys; several threads may call it."""
        keys, query = _numbered(np.ma.getdata(piece[QUERY]))
        many = len(keys)
        self._refuse_repeats(piece, query)
        grades, code = _graded(piece[RELEVANCE])
        judged = slice(None) if code.min() >= 0 else code >= 0
        result = {QUERY: keys, RELEVANCE: judged_texts(many, query[judged], code[judged], grades)}
        result |= {c: self._same(c, name, piece, query, many) for c, name in self.constant}
        relevant = int(np.searchsorted(grades, 0.0, side="right"))
        ordering = Ordering(many, query, np.maximum(code - (relevant - 1), 0), piece[DOCUMENT])
        answered = np.zeros(many, dtype=bool)
        for arm in self.arms:
            texts = ranked_texts(many, *ordering.relevant(piece[arm]), grades[relevant:])
            some = _any(query, ~np.ma.getmaskarray(piece[arm]), many)
            texts[~some] = None
            answered |= some
            result[arm] = texts
        for c in self.present:
            held = np.ma.filled(piece[c], False).astype(bool) if c in piece else np.ones(len(query), dtype=bool)
            result[c] = _any(query, held, many)
        known = result[RELEVANCE] != ""
        with self._counting:
            self.unjudged += int(many - known.sum())
            self.unanswered += int((known & ~answered).sum())
        return {c: v[known & answered] for c, v in result.items()}

    def _refuse_repeats(self, rows: dict[str, Array], query: Ints) -> None:
        found = _repeated(query, np.ma.getdata(rows[DOCUMENT]))
        if len(found):
            values = (np.ma.getdata(rows[c])[found[0]] for c in (QUERY, DOCUMENT))
            said = ", ".join(f"{n}={v}" for n, v in zip(self.named, values, strict=True))
            raise AlignmentError(
                f"a document is repeated in its query in {counted(len(found), 'row')}, first {said}",
                rule="each document occurs once in a query",
                fix="drop the duplicates, or number several runs by --seed-column",
                where=self.where,
            )

    def _same(self, column: str, said: str, rows: dict[str, Array], query: Ints, many: int) -> Array:
        """The value that all documents of a query share; documents without it do not matter."""
        values, missing = np.ma.getdata(rows[column]), np.ma.getmaskarray(rows[column])
        held = np.flatnonzero(~missing)[::-1]
        first = np.full(many, -1, dtype=np.int64)
        first[query[held]] = held
        taken = values[first]
        differs = np.flatnonzero(~missing & (values != taken[query]))
        if len(differs):
            least = np.ma.getdata(rows[QUERY])[differs].min()
            raise AlignmentError(
                f"the column {said!r} differs within {self.named[0]}={least}",
                rule="unit and slices belong to the query: all its documents have the same",
                fix="name a column of the query",
                where=self.where,
            )
        return np.ma.masked_array(taken, mask=first < 0)


def _any(query: Ints, held: Array, many: int) -> Array:
    """Whether any row of each query is held, [many]."""
    found = np.zeros(many, dtype=bool)
    found[query if held.all() else query[held]] = True
    return found


class Ordering:
    """The order of the documents of many queries, by any column of scores.

    Args:
        queries: How many.
        query: [n], from 0, in any order.
        code: [n], 0 where a document is not relevant, else the number of its relevance, from 1.
        document: [n], ids.
    """

    def __init__(self, queries: int, query: Ints, code: Ints, document: Array) -> None:
        self.queries, self.query, self.code, self.document = queries, query, code, document
        self.bits = int(code.max(initial=1)).bit_length()
        self.fits = queries.bit_length() + 32 + self.bits <= 64
        if self.fits:
            self.frame = (query.astype(np.uint64) << np.uint64(32 + self.bits)) | code.astype(np.uint64)

    def relevant(self, scores: Array) -> tuple[Ints, Ints, Ints]:
        """Query, rank and number of the relevance, from 0, of every relevant document, in ranked order.

        Args:
            scores: [n], masked where a document is not in the list.
        """
        mask = np.ma.getmask(scores)
        rows = None if mask is np.ma.nomask or not mask.any() else np.flatnonzero(~mask)
        query = self.query if rows is None else self.query[rows]
        falling = _falling(np.ma.getdata(scores) if rows is None else np.ma.getdata(scores)[rows])
        lengths = np.bincount(query, minlength=self.queries)
        if self.fits:
            ordered = self._packed(query, falling, rows, lengths)
        else:
            ordered = self._exactly(query, falling, rows, np.arange(len(query)))
        hits = np.flatnonzero(ordered)
        ends = np.cumsum(lengths)
        at = np.searchsorted(ends, hits, side="right")
        return at, hits - (ends - lengths)[at] + 1, ordered[hits].astype(np.int64) - 1

    def _packed(self, query: Ints, falling: Array, rows: Ints | None, lengths: Ints) -> Array:
        """The codes in ranked order, by one sort of whole numbers: query, score, code."""
        keys = falling.astype(np.uint64)
        keys <<= np.uint64(self.bits)
        keys |= self.frame if rows is None else self.frame[rows]
        keys.sort()
        one = np.uint64(1 << self.bits)
        # Documents of one score and different relevance differ in these bits alone: only there their ids matter.
        apart = keys[1:] ^ keys[:-1]
        apart -= np.uint64(1)
        tied = np.flatnonzero(apart < one - np.uint64(1))
        ordered = keys & (one - np.uint64(1))
        if len(tied):
            undecided = np.zeros(self.queries, dtype=bool)
            undecided[np.searchsorted(np.cumsum(lengths), tied, side="right")] = True
            places = np.repeat(undecided, lengths)
            ordered[places] = self._exactly(query, falling, rows, np.flatnonzero(undecided[query]))
        return ordered

    def _exactly(self, query: Ints, falling: Array, rows: Ints | None, chosen: Ints) -> Array:
        """The codes of the chosen rows, whole queries, in ranked order, ids deciding between equal scores."""
        places = chosen if rows is None else rows[chosen]
        ids = _as_text(np.ma.getdata(self.document)[places])
        return self.code[places][np.lexsort((*(-i for i in ids), falling[chosen], query[chosen]))]


def _graded(relevance: Array) -> tuple[Floats, Ints]:
    """The distinct relevances, ascending, and the place of each row's among them; -1 where it is missing."""
    values, missing = np.ma.getdata(relevance), np.ma.getmask(relevance)
    if missing is not np.ma.nomask and missing.any():
        graded = np.flatnonzero(~missing)
        grades, held = _graded(values[graded])
        code = np.full(len(values), -1, dtype=np.int64)
        code[graded] = held
        return grades, code
    if values.dtype.kind in "iu" and len(values) and int(values.max()) - int(values.min()) < FEW:
        least = int(values.min())
        shifted = values.astype(np.int64) - least
        found = np.flatnonzero(np.bincount(shifted))
        place = np.zeros(FEW, dtype=np.int64)
        place[found] = np.arange(len(found))
        return (found + least).astype(float), place[shifted]
    grades = np.unique(values)
    return grades.astype(float), np.searchsorted(grades, values)


def _numbered(keys: Array) -> tuple[Array, Ints]:
    """The distinct keys, ascending, and the place of each row's among them; rows of a key mostly stand together."""
    change = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    heads = np.concatenate([[0], change]).astype(np.int64)
    found, place = np.unique(keys[heads], return_inverse=True)
    return found, np.repeat(place, np.diff(np.concatenate([heads, [len(keys)]])))


def _falling(scores: Array) -> Array:
    """Single-precision scores as whole numbers from 0 to 2^32 - 1 that rise where the score falls."""
    with np.errstate(over="ignore"):
        # Adding 0 makes -0 the same as 0.
        bits = (scores.astype(np.float32) + np.float32(0)).view(np.uint32)
    below_zero = (bits.view(np.int32) >> 31).view(np.uint32)
    return ~(bits ^ (below_zero | np.uint32(1 << 31)))


def _as_text(ids: Array) -> tuple[Ints | Floats, ...]:
    """Numbers that order ids as their text is ordered, the one that decides last."""
    if ids.dtype.kind in "iu" and (not len(ids) or int(ids.min()) >= 0) and int(ids.max(initial=0)) < 10**18:
        digits = np.ones(len(ids), dtype=np.int64)
        for power in range(1, 18):
            digits += ids >= 10**power
        # Digits from the left decide; of two that go on alike, the shorter comes first.
        return digits, ids.astype(np.int64) * 10 ** (18 - digits)
    texts = [str(i) for i in ids.tolist()]
    place = {t: i for i, t in enumerate(sorted(set(texts)))}
    return (np.array([place[t] for t in texts], dtype=np.int64),)


def _repeated(query: Ints, document: Array) -> Ints:
    """Rows whose document occurs before in their query."""
    if document.dtype.kind in "iu" and len(document):
        least = int(document.min())
        span = int(document.max()) - least
        if span.bit_length() + int(query.max()).bit_length() < 63:
            ordered = (query << span.bit_length()) | (document.astype(np.int64) - least)
            ordered.sort()
            if not (ordered[1:] == ordered[:-1]).any():
                return np.zeros(0, dtype=np.int64)
    else:
        hashed = np.fromiter(map(hash, document.tolist()), dtype=np.int64, count=len(document))
        ordered = np.sort(hashed ^ (query * 0x9E3779B97F4A7C1))
        if not (ordered[1:] == ordered[:-1]).any():
            return np.zeros(0, dtype=np.int64)
    seen: set[tuple[int, object]] = set()
    found = []
    for row, pair in enumerate(zip(query.tolist(), document.tolist(), strict=True)):
        if pair in seen:
            found.append(row)
        seen.add(pair)
    return np.array(found, dtype=np.int64)
