"""The index's columns: what runs are found, ordered and grouped by, in pieces of 256 runs each.

A condition on a hundred thousand runs reads one column of four hundred pieces, not a hundred thousand rows; a run that
changes costs one piece of each of its columns, made anew from the rows of that piece.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from assay.records.metric import Array, Floats, Ints
from assay.records.runlist import NUMBERS, SAID, Tally

PIECE = 256
# Before the kind of a column whose values are numbers: `number field`, `number param`.
NUMBER = "number "
TIMES = ("started", "seconds")
METRIC = np.dtype(
    [("key", "<u4"), ("rank", "<i4"), ("worker", "<i4"), ("count", "<i8"), ("odd", "<i8"), ("last", "<f8"),
     ("low", "<f8"), ("high", "<f8")]
)  # fmt: skip
_METRIC = struct.Struct("<Iiiqqddd")
_MANY = struct.Struct("<H")
_NAN = float("nan")
_WORDS = tuple((i, name) for i, name in enumerate(SAID) if name not in (*TIMES, "ended", "params", "mark", "healthy"))
_TIMES = tuple((SAID.index(name), name) for name in TIMES)
_PARAMS = SAID.index("params")
_INT64 = 1 << 63

Said = list[Any]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A column of numbers: runs in ascending order, and the value of each; NaN where it has none."""

    runs: Ints
    values: Floats


@dataclass(frozen=True, slots=True)
class Words:
    """A column of anything: runs in ascending order, and the place of each one's value among `values`."""

    runs: Ints
    places: Ints
    values: list[Any]


def packed_metrics(keyed: Iterable[tuple[int, Tally]]) -> bytes:
    """The series of one run, each in one record of `METRIC`."""
    pack, nan = _METRIC.pack, _NAN
    return b"".join(
        [
            pack(key, rank, worker, count, odd, last, nan if low is None else low, nan if high is None else high)
            for key, (count, last, low, high, odd, rank, worker) in keyed
        ]
    )


def tallies(held: bytes) -> Iterator[tuple[int, Tally]]:
    """What `packed_metrics` has packed."""
    for key, rank, worker, count, odd, last, low, high in _METRIC.iter_unpack(held):
        yield key, (count, last, None if low != low else low, None if high != high else high, odd, rank, worker)


def pieces(held: Sequence[tuple[int, Said, bytes]]) -> Iterator[tuple[str, str | int, bytes]]:
    """The columns of up to 256 runs: kind, name (the number of the name for metrics) and bytes.

    Args:
        held: Number, what is said (in the order of `SAID`) and packed metrics of each run, by ascending number.
    """
    if not held:
        return
    own = np.asarray([run % PIECE for run, _, _ in held], "u1")
    for i, name in _TIMES:
        values = np.asarray([_NAN if said[i] is None else said[i] for _, said, _ in held], "<f8")
        yield NUMBER + "field", name, _numbers(own, values)
    for i, name in _WORDS:
        known = [(run % PIECE, said[i]) for run, said, _ in held if said[i] is not None]
        yield "field", name, _words(known)
        if name in NUMBERS:
            yield from _also_numbers("field", name, known)
    params: dict[str, list[tuple[int, Any]]] = {}
    for run, said, _ in held:
        for name, value in said[_PARAMS].items():
            params.setdefault(name, []).append((run % PIECE, value))
    for name, known in params.items():
        yield "param", name, _words(known)
        yield from _also_numbers("param", name, known)
    yield from _metrics(own, [metrics for _, _, metrics in held])


def _also_numbers(kind: str, name: str, known: Sequence[tuple[int, Any]]) -> Iterator[tuple[str, str, bytes]]:
    """The numbers among some values, apart: they are compared and ordered without reading any JSON."""
    some = [(run, value) for run, value in known if isinstance(value, (bool, int, float)) and -_INT64 <= value < _INT64]
    if some:
        yield (
            NUMBER + kind,
            name,
            _numbers(np.asarray([r for r, _ in some], "u1"), np.asarray([v for _, v in some], "<f8")),
        )


def _metrics(own: Array, held: Sequence[bytes]) -> Iterator[tuple[str, int, bytes]]:
    rows = np.frombuffer(b"".join(held), METRIC)
    if not len(rows):
        return
    owners = np.repeat(own, [len(h) // METRIC.itemsize for h in held])
    order = np.argsort(rows["key"], kind="stable")
    rows, owners = rows[order], owners[order]
    edges = np.flatnonzero(np.diff(rows["key"])) + 1
    for mine, whose in zip(np.split(rows, edges), np.split(owners, edges), strict=True):
        values = np.concatenate([mine["last"], mine["low"], mine["high"]])
        yield "metric", int(mine["key"][0]), _numbers(whose, values)


def _numbers(own: Array, values: Array) -> bytes:
    return _MANY.pack(len(own)) + own.tobytes() + values.tobytes()


def _words(known: Sequence[tuple[int, Any]]) -> bytes:
    places: dict[Any, int] = {}
    values: list[Any] = []
    codes = bytearray()
    for _, value in known:
        # True, 1 and 1.0 are equal and hash alike, and are different settings.
        mark = (type(value), value if value.__hash__ is not None else repr(value))
        place = places.setdefault(mark, len(values))
        if place == len(values):
            values.append(value)
        codes.append(place)
    return _MANY.pack(len(known)) + bytes([run for run, _ in known]) + bytes(codes) + json_bytes(values)


def json_bytes(value: Any) -> bytes:
    """Plain values as JSON; half of a pair of surrogates becomes a question mark."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def read_numbers(held: Sequence[tuple[int, bytes]], which: int = 0) -> Numbers:
    """A column of numbers from its pieces.

    Args:
        held: Number and bytes of each piece, ascending.
        which: Of the numbers that stand beside each other: last, least, greatest.
    """
    sizes = np.asarray([data[0] | data[1] << 8 for _, data in held], np.int64)
    parts = [d[2 + n + 8 * n * which : 2 + n + 8 * n * (which + 1)] for n, (_, d) in zip(sizes, held, strict=True)]
    return Numbers(_owners(held, sizes), np.frombuffer(b"".join(parts), "<f8"))


def _owners(held: Sequence[tuple[int, bytes]], sizes: Ints) -> Ints:
    """The runs of a column's pieces, joined before they are read: a column has hundreds of pieces."""
    own = np.frombuffer(b"".join([data[2 : 2 + n] for n, (_, data) in zip(sizes, held, strict=True)]), "u1")
    return own + np.repeat(np.asarray([piece * PIECE for piece, _ in held], np.int64), sizes)


def read_words(held: Sequence[tuple[int, bytes]]) -> Words:
    """A column of anything from its pieces."""
    sizes = np.asarray([data[0] | data[1] << 8 for _, data in held], np.int64)
    said = json.loads(b"[" + b",".join([d[2 + 2 * n :] for n, (_, d) in zip(sizes, held, strict=True)]) + b"]")
    own = b"".join([data[2 + n : 2 + 2 * n] for n, (_, data) in zip(sizes, held, strict=True)])
    before = np.cumsum([0, *map(len, said)])[:-1]
    places = np.frombuffer(own, "u1") + np.repeat(before.astype(np.int64), sizes)
    return Words(_owners(held, sizes), places, list(chain.from_iterable(said)))
