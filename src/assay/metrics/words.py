"""Words of texts as SQuAD compares them, as numbers: all texts at once, and equal numbers for equal words alone.

A word of up to seven bytes is its bytes; a longer one has a number in a lexicon. Nothing is hashed, so that no two
words are taken for one.
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt

from assay.records.metric import Ints

Keys = npt.NDArray[np.uint64]
Bytes = npt.NDArray[np.uint8]
_BREAK = "\x00"
_PUNCTUATION = string.punctuation.encode()
_DROPPED = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")
# What is neither of a word, nor a space or punctuation of ASCII, ends an article without ending a word.
_ODD = re.compile(r"[^\w\x00\t-\r\x1c-\x20!-/:-@\[-`{-~]")
_COMMON = bytes(i for i in range(128) if not _ODD.match(chr(i)))
_SPACE = np.zeros(256, dtype=bool)
_SPACE[[0, *range(9, 14), *range(28, 33)]] = True
_ONE_SPACE = bytes(32 if space else byte for byte, space in enumerate(_SPACE.tolist()))
PACKED = 7
"""Bytes of a word that are its number; an eighth is left for what it is compared with."""
_MASKS = np.array([(1 << 8 * n) - 1 for n in range(PACKED + 1)] + [0], dtype=np.uint64)
_REMOVED = np.array([int.from_bytes(w, "little") for w in (b"a", b"an", b"the")], dtype=np.uint64)
_SPELT = "surrogatepass"


class Lexicon:
    """Numbers of the longer words of texts that are compared."""

    def __init__(self) -> None:
        self._known: dict[bytes, int] = {}
        self._new = count(1 << 8 * PACKED)

    def numbers(self, words: Sequence[bytes]) -> Keys:
        """One each, above those of all shorter words; equal words have equal numbers."""
        return np.fromiter(map(self._known.setdefault, words, self._new), dtype=np.uint64, count=len(words))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of texts, one after the other.

    Attributes:
        keys: One a word: its bytes; 0 for a longer one that has no number yet.
        longer: Those in order.
        sizes: How many words each text has [n].
    """

    keys: Keys
    longer: list[bytes]
    sizes: Ints

    @property
    def row(self) -> Ints:
        """The text of each word."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @property
    def starts(self) -> Ints:
        """Where each text's words begin."""
        return np.asarray(np.cumsum(self.sizes) - self.sizes)

    def lists(self) -> list[list[str]]:
        """The words of each text, spelt; none of them numbered."""
        longer = iter(self.longer)
        words = [k.to_bytes(PACKED, "little").rstrip(b"\x00") or next(longer) for k in self.keys.tolist()]
        spelt = [w.decode(errors=_SPELT) for w in words]
        return [spelt[s : s + n] for s, n in zip(self.starts.tolist(), self.sizes.tolist(), strict=True)]

    def numbered(self, known: Lexicon) -> Words:
        """The same with a number for every word."""
        keys = self.keys.copy()
        keys[keys == 0] = known.numbers(self.longer)
        return Words(keys, [], self.sizes)

    def chosen(self, row: Ints) -> Words:
        """The words of some texts, in that order; all of them numbered."""
        if len(row) == len(self.sizes):
            return self
        sizes = self.sizes[row]
        begin = np.cumsum(sizes) - sizes
        return Words(self.keys[np.repeat(self.starts[row] - begin, sizes) + np.arange(int(sizes.sum()))], [], sizes)


def normalised(texts: Sequence[str]) -> Words:
    """The words of each text, as SQuAD compares them: lower case, no punctuation, no articles.

    >>> normalised(["The Eiffel-Tower, in Paris!", "a"]).lists()
    [['eiffeltower', 'in', 'paris'], []]
    """
    whole = _BREAK.join(texts)
    if whole.count(_BREAK) != max(len(texts) - 1, 0):
        whole = _BREAK.join(t.replace(_BREAK, " ") for t in texts)
    # All texts at once: what ends one is no letter, so that no rule sees beyond it.
    held = _plain(whole.lower()).encode(errors=_SPELT).translate(None, _PUNCTUATION)
    read = np.frombuffer(held + bytes(8), dtype=np.uint8)
    space = _SPACE[read]
    starts = np.flatnonzero(~space & np.concatenate([[True], space[:-1]]))
    long = np.flatnonzero(space & np.concatenate([[False], ~space[:-1]])) - starts
    # The eight bytes from each place on, as one number.
    window = np.ndarray((len(held) + 1,), dtype="<u8", buffer=read, strides=(1,))
    keys = (window[starts] & _MASKS[np.minimum(long, PACKED + 1)]).astype(np.uint64)
    kept = ~np.isin(keys, _REMOVED)
    starts, long, keys = starts[kept], long[kept], keys[kept]
    breaks = np.flatnonzero(read[: len(held)] == 0)
    sizes = np.diff(np.searchsorted(starts, breaks), prepend=0, append=len(starts))[: len(texts)]
    return Words(keys, _longer(read, starts[keys == 0], long[keys == 0]), sizes.astype(np.int64))


def _plain(whole: str) -> str:
    """The texts, in lower case, with no other spaces and articles than those that bytes tell."""
    odd = whole.encode().translate(None, _COMMON) if whole.isascii() else _ODD.search(whole)
    if not odd:
        return whole
    return _BREAK.join(_spaced(t) if _ODD.search(t) else t for t in whole.split(_BREAK))


def _spaced(text: str) -> str:
    return " ".join(_ARTICLES.sub(" ", text.translate(_DROPPED)).split())


def _longer(read: Bytes, starts: Ints, long: Ints) -> list[bytes]:
    """The words at these places, of so many bytes."""
    inside = np.zeros(len(read), dtype=np.int8)
    inside[starts] = 1
    # Each with the space that ends it.
    inside[starts + long + 1] -= 1
    held: bytes = read[np.cumsum(inside, dtype=np.int8).view(bool)].tobytes()
    return held.translate(_ONE_SPACE).split()


def same(first: Words, second: Words) -> npt.NDArray[np.bool_]:
    """Whether two texts have the same words in the same order, all of them numbered alike: [n]."""
    equal = first.sizes == second.sizes
    kept = np.repeat(equal, first.sizes)
    row, differs = first.row[kept], first.keys[kept] != second.keys[np.repeat(equal, second.sizes)]
    return np.asarray(equal & (np.bincount(row[differs], minlength=len(equal)) == 0))


def overlaps(first: Words, second: Words) -> Ints:
    """Words that two texts share, each as often as in both, all of them numbered alike: [n]."""
    found = np.zeros(len(first.sizes), dtype=np.int64)
    # Texts of about as many words are sorted together, as the rows of one array.
    powers = np.ceil(np.log2(np.maximum(np.maximum(first.sizes, second.sizes), 1))).astype(int)
    for power in np.unique(powers).tolist():
        rows = np.flatnonzero(powers == power)
        sides = [_padded(words, rows, 1 << power, i) for i, words in enumerate((first, second))]
        found[rows] = _shared(np.concatenate(sides, axis=1))
    return found


def _padded(words: Words, rows: Ints, width: int, side: int) -> Keys:
    """Keys of some texts [rows, width], twice their number plus the side; 0 where a text has no more words."""
    made = np.zeros((len(rows), width), dtype=np.uint64)
    held = np.arange(width) < words.sizes[rows][:, None]
    place = (words.starts[rows][:, None] + np.arange(width))[held]
    made[held] = (words.keys[place] << np.uint64(1)) | np.uint64(side)
    return made


def _shared(keys: Keys) -> Ints:
    """Of each row, how many keys of one side have a partner on the other."""
    keys.sort(axis=1)
    word, second = keys >> np.uint64(1), (keys & np.uint64(1)).astype(np.int64)
    new = np.ones(keys.shape, dtype=bool)
    new[:, 1:] = word[:, 1:] != word[:, :-1]
    begin = np.flatnonzero(new)
    theirs = np.add.reduceat(second.ravel(), begin)
    # Places without a word are all on one side, as it were: none of them counts.
    both = np.minimum(theirs, np.diff(begin, append=keys.size) - theirs)
    return np.bincount(begin // keys.shape[1], weights=both, minlength=keys.shape[0]).astype(np.int64)
