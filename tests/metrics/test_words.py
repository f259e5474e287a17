"""Words as numbers: the same words, matches and overlaps as text by text."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assay.metrics.text import Rows, exact_rows, f1_rows
from assay.metrics.words import Lexicon, Words, normalised, overlaps, same

# What ends words, what changes in lower case, and words of the length from which on they are looked up.
LETTERS = "athen .,!-_\x00\x01\x1c\x7f\xa0\u3000\u2028ßΣİé–\u0301\ud800中7\n\t"
COMMON = ["the", "a", "an", "The!", "abcdefg", "abcdefgh", "abcdefgi", "ééé", "éééé", "x"]
TEXT = st.one_of(st.text(LETTERS, max_size=14), st.lists(st.sampled_from(COMMON)).map(" ".join))


def plain(text: str) -> list[str]:
    """The rules of SQuAD's evaluation script, one after the other."""
    kept = "".join(c for c in text.replace("\x00", " ").lower() if c not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", kept).split()


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXT, max_size=6))
@example(["\u201cthe\u201d cat", "a\x01the", "the\u0301", "Σ", "ΑΣ"])
# Spaces of text that are none of bytes: they end longer words too.
@example(["elephants\x1ceverywhere\x1delephants\x1eeverywhere\x1felephants"])
def test_words_are_those_of_the_plain_rules(texts: list[str]) -> None:
    assert normalised(texts).lists() == [plain(t) for t in texts]


def numbered(first: Sequence[str], second: Sequence[str]) -> tuple[Words, Words]:
    known = Lexicon()
    return normalised(first).numbered(known), normalised(second).numbered(known)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT), max_size=8))
def test_overlaps_and_matches_are_those_of_counters_and_lists(pairs: list[tuple[str, str]]) -> None:
    first, second = numbered([a for a, _ in pairs], [b for _, b in pairs])
    assert overlaps(first, second).tolist() == [(Counter(plain(a)) & Counter(plain(b))).total() for a, b in pairs]
    assert same(first, second).tolist() == [plain(a) == plain(b) for a, b in pairs]


def best_f1(said: str, references: Sequence[str]) -> float:
    """F1 of SQuAD's script; of no words on both sides 1."""

    def one(reference: str) -> float:
        a, b = plain(said), plain(reference)
        return 2 * (Counter(a) & Counter(b)).total() / (len(a) + len(b)) if a or b else 1.0

    return max(map(one, references))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXT, TEXT, st.lists(TEXT, min_size=1, max_size=3)), min_size=1, max_size=5))
def test_scores_are_those_of_the_plain_definition(rows: list[tuple[str, str, list[str]]]) -> None:
    first, second, found = (np.fromiter(v, dtype=object, count=len(rows)) for v in zip(*rows, strict=True))
    truth = Rows.of(found)
    # Two models beside the same references, which share what was read of them.
    for said in map(Rows.of, (first, second)):
        pairs = list(zip(said.tolist(), truth.tolist(), strict=True))
        assert f1_rows(truth, said, 0.0)[0].tolist() == [best_f1(s, refs) for s, refs in pairs]
        assert exact_rows(truth, said, 0.0)[0].tolist() == [
            any(plain(s) == plain(r) for r in refs) for s, refs in pairs
        ]


def test_a_prediction_beside_other_references_is_numbered_anew() -> None:
    said = Rows.of(np.array(["elephants everywhere", "nowhere seen"], dtype=object))
    asked = [(["everywhere seen", "somewhere nowhere seen"], [0.5, 0.8]), (["nobody", "nowhere"], [0, 2 / 3])]
    for texts, expected in asked:
        truth = Rows.of(np.fromiter([(t,) for t in texts], dtype=object, count=2))
        assert f1_rows(truth, said, 0.0)[0].tolist() == expected


def test_no_texts_have_no_words() -> None:
    assert normalised([]).lists() == []
    assert overlaps(*numbered([], [])).tolist() == []
