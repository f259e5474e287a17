"""Scored documents become ranked lists: one row a query, with what its documents are judged and where they rank.

A list is ordered as trec_eval orders it: by score in single precision, the greatest first, and documents of one score
by id, read as text, the last first. Documents without a score are not in the list, those without a relevance are not
relevant, and queries without any relevance are no part of the evaluation.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assay.base.errors import AlignmentError
from assay.base.wording import counted
from assay.data.request import Names
from assay.metrics.rankings import judged_texts, ranked_texts
from assay.records.metric import Array, Floats, Ints

QUERY, DOCUMENT, RELEVANCE = "k0", "k1", "y"


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

    def __call__(self, piece: dict[str, Array]) -> dict[str, Array]:
        """The rows of the judged queries in a piece, in the order of their keys."""
        query, order = _numbered(np.ma.getdata(piece[QUERY]))
        rows = {c: v if order is None else v[order] for c, v in piece.items()}
        starts = np.flatnonzero(np.concatenate([[True], query[1:] != query[:-1]]))
        many = len(starts)
        self._refuse_repeats(rows, query)
        grades, code = _graded(rows[RELEVANCE])
        judged = slice(None) if code.min() >= 0 else code >= 0
        result = {
            QUERY: np.ma.getdata(rows[QUERY])[starts],
            RELEVANCE: judged_texts(many, query[judged], code[judged], grades),
        }
        result |= {c: self._same(c, name, rows, query, starts) for c, name in self.constant}
        relevant = int(np.searchsorted(grades, 0.0, side="right"))
        ordering = Ordering(query, starts, np.maximum(code - (relevant - 1), 0), rows[DOCUMENT])
        answered = np.zeros(many, dtype=bool)
        for arm in self.arms:
            texts = ranked_texts(many, *ordering.relevant(rows[arm]), grades[relevant:])
            missing = np.ma.getmaskarray(rows[arm])
            none = np.logical_and.reduceat(missing, starts)
            texts[none] = None
            answered |= ~none
            result[arm] = texts
        result |= {c: self._present(c, rows, starts) for c in self.present}
        judged = result[RELEVANCE] != ""
        self.unjudged += int(many - judged.sum())
        self.unanswered += int((judged & ~answered).sum())
        return {c: v[judged & answered] for c, v in result.items()}

    @staticmethod
    def _present(column: str, rows: dict[str, Array], starts: Ints) -> Array:
        if column not in rows:
            return np.ones(len(starts), dtype=bool)
        return np.logical_or.reduceat(np.ma.filled(rows[column], False).astype(bool), starts)

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

    def _same(self, column: str, said: str, rows: dict[str, Array], query: Ints, starts: Ints) -> Array:
        """The value that all documents of a query share; documents without it do not matter."""
        values, missing = np.ma.getdata(rows[column]), np.ma.getmaskarray(rows[column])
        first = np.minimum.reduceat(np.where(missing, len(query), np.arange(len(query))), starts)
        none = first == len(query)
        taken = values[np.where(none, 0, first)]
        differs = ~missing & (values != taken[query])
        if differs.any():
            row = int(np.flatnonzero(differs)[0])
            raise AlignmentError(
                f"the column {said!r} differs within {self.named[0]}={np.ma.getdata(rows[QUERY])[row]}",
                rule="unit and slices belong to the query: all its documents have the same",
                fix="name a column of the query",
                where=self.where,
            )
        return np.ma.masked_array(taken, mask=none)


class Ordering:
    """The order of the documents of many queries, by any column of scores.

    Args:
        query: [n], from 0, ascending.
        starts: [queries], the first row of each.
        code: [n], 0 where a document is not relevant, else the number of its relevance, from 1.
        document: [n], ids.
    """

    def __init__(self, query: Ints, starts: Ints, code: Ints, document: Array) -> None:
        self.query, self.starts, self.code, self.document = query, starts, code, document
        self.bits = int(code.max(initial=1)).bit_length()
        self.fits = len(starts).bit_length() + 32 + self.bits <= 64
        if self.fits:
            self.frame = (query.astype(np.uint64) << np.uint64(32 + self.bits)) | code.astype(np.uint64)

    def relevant(self, scores: Array) -> tuple[Ints, Ints, Ints]:
        """Query, rank and number of the relevance, from 0, of every relevant document, in ranked order.

        Args:
            scores: [n], masked where a document is not in the list.
        """
        mask = np.ma.getmask(scores)
        rows = None if mask is np.ma.nomask or not mask.any() else np.flatnonzero(~mask)
        query, starts = self.query, self.starts
        if rows is not None:
            query = query[rows]
            starts = np.searchsorted(query, np.arange(len(starts)))
        falling = _falling(np.ma.getdata(scores) if rows is None else np.ma.getdata(scores)[rows])
        if self.fits:
            ordered = self._packed(query, falling, rows)
        else:
            ordered = self._exactly(query, falling, rows, np.arange(len(query)))
        hits = np.flatnonzero(ordered)
        at = query[hits]
        return at, hits - starts[at] + 1, ordered[hits].astype(np.int64) - 1

    def _packed(self, query: Ints, falling: Array, rows: Ints | None) -> Array:
        """The codes in ranked order, by one sort of whole numbers: query, score, code."""
        keys = falling.astype(np.uint64)
        keys <<= np.uint64(self.bits)
        keys |= self.frame if rows is None else self.frame[rows]
        keys.sort()
        ordered = keys & np.uint64((1 << self.bits) - 1)
        keys >>= np.uint64(self.bits)
        # Documents of one score and different relevance: only there their ids matter.
        tied = np.flatnonzero(keys[1:] == keys[:-1])
        tied = tied[ordered[tied] != ordered[tied + 1]]
        if len(tied):
            undecided = np.zeros(len(self.starts), dtype=bool)
            undecided[query[tied]] = True
            chosen = np.flatnonzero(undecided[query])
            ordered[chosen] = self._exactly(query, falling, rows, chosen)
        return ordered

    def _exactly(self, query: Ints, falling: Array, rows: Ints | None, chosen: Ints) -> Array:
        """The codes of the chosen rows, whole queries, in ranked order, ids deciding between equal scores."""
        places = chosen if rows is None else rows[chosen]
        ids = _as_text(np.ma.getdata(self.document)[places])
        return self.code[places][np.lexsort((*(-i for i in ids), falling[chosen], query[chosen]))]


def _graded(relevance: Array) -> tuple[Floats, Ints]:
    """The distinct relevances, ascending, and the place of each row's among them; -1 where it is missing."""
    values, missing = np.ma.getdata(relevance), np.ma.getmask(relevance)
    if missing is np.ma.nomask or not missing.any():
        grades = np.unique(values)
        return grades.astype(float), np.searchsorted(grades, values)
    graded = np.flatnonzero(~missing)
    grades = np.unique(values[graded])
    code = np.full(len(values), -1, dtype=np.int64)
    code[graded] = np.searchsorted(grades, values[graded])
    return grades.astype(float), code


def _numbered(keys: Array) -> tuple[Ints, Ints | None]:
    """The number of each row's key among the keys, sorted, and the order that brings equal keys together, if any."""
    change = np.flatnonzero(keys[1:] != keys[:-1]) + 1
    heads = np.concatenate([[0], change]).astype(np.int64)
    lengths = np.diff(np.concatenate([heads, [len(keys)]]))
    found, place = np.unique(keys[heads], return_inverse=True)
    if len(found) == len(heads) and np.array_equal(place, np.arange(len(heads))):
        return np.repeat(place, lengths), None
    number = np.repeat(place, lengths)
    order = np.argsort(number, kind="stable")
    return number[order], order


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
        if span.bit_length() + int(query[-1]).bit_length() < 63:
            keys = (query << span.bit_length()) | (document.astype(np.int64) - least)
            ordered = np.sort(keys)
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
