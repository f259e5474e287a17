"""BLEU, chrF, TER and error rates: equal to sacrebleu and jiwer, from sums over documents."""

from __future__ import annotations

import math

import jiwer
import numpy as np
import pytest
import sacrebleu
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.base.errors import MetricError
from assay.metrics import parse
from assay.metrics.corpus import bleu_value, chrf_value
from tests.metrics.rows import texts

CORPORA: dict[str, tuple[list[str], list[list[str]]]] = {
    # The example of sacrebleu's README.
    "readme": (
        ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."],
        [
            ["The dog bit the man.", "The dog had bit the man."],
            ["It was not unexpected.", "No one was surprised."],
            ["The man bit him first.", "The man had bitten the dog."],
        ],
    ),
    "one": (["the cat sat on the mat"], [["the cat is on the mat"]]),
    "short": (["a dog", "a cat"], [["a dog", "the dog"], ["a cat ran away"]]),
    "empty": (["", "the quick brown fox jumps"], [["nothing said here"], ["the quick brown fox jumped"]]),
    "none": (["q w e r t", "z x c v"], [["a b c d e"], ["f g h j"]]),
    # The examples of Papineni et al. (2002) and of NLTK's documentation.
    "unequal": (
        [
            "It is a guide to action which ensures that the military always obeys the commands of the party.",
            "he read the book because he was interested in world history",
        ],
        [
            [
                "It is a guide to action that ensures that the military will forever heed Party commands.",
                "It is the guiding principle which guarantees the military forces always being under the command of "
                "the Party.",
                "It is the practical guide for the army always to heed the directions of the party.",
            ],
            ["he was interested in world history because he read the book"],
        ],
    ),
    "umlaut": (
        ["Die Übersetzung ist gut, oder?", "Straße 7 ist gesperrt"],
        [["Die Übersetzung ist gut."], ["Die Straße 7 ist heute gesperrt"]],
    ),
}
PEERS: list[tuple[str, str, float]] = [
    ("readme", "bleu", 48.530827009929865),  # source: sacrebleu 2.6.0, BLEU().corpus_score
    (
        "readme",
        "bleu(tokenize=intl, lowercase=yes)",
        43.91623493336995,
    ),  # source: sacrebleu 2.6.0, BLEU(True, tokenize='intl')
    ("readme", "chrf", 59.72751782684763),  # source: sacrebleu 2.6.0, CHRF().corpus_score
    ("readme", "chrf(words=2)", 59.15310444399262),  # source: sacrebleu 2.6.0, CHRF(word_order=2).corpus_score
    ("readme", "ter", 40.0),  # source: sacrebleu 2.6.0, TER().corpus_score
    ("one", "bleu", 37.99178428257963),  # source: sacrebleu 2.6.0, BLEU().corpus_score
    (
        "one",
        "bleu(tokenize=intl, lowercase=yes)",
        37.99178428257963,
    ),  # source: sacrebleu 2.6.0, BLEU(True, tokenize='intl')
    ("one", "chrf", 64.5779420625287),  # source: sacrebleu 2.6.0, CHRF().corpus_score
    ("one", "chrf(words=2)", 66.36067072084818),  # source: sacrebleu 2.6.0, CHRF(word_order=2).corpus_score
    ("one", "ter", 16.666666666666664),  # source: sacrebleu 2.6.0, TER().corpus_score
    ("one", "wer", 0.16666666666666666),  # source: jiwer 4.0.0, wer
    ("one", "cer", 0.14285714285714285),  # source: jiwer 4.0.0, cer
    ("short", "chrf", 44.956334193685265),  # source: sacrebleu 2.6.0, CHRF().corpus_score
    ("short", "chrf(words=2)", 51.358213334340384),  # source: sacrebleu 2.6.0, CHRF(word_order=2).corpus_score
    ("short", "ter", 33.33333333333333),  # source: sacrebleu 2.6.0, TER().corpus_score
    ("empty", "bleu", 36.70124608961282),  # source: sacrebleu 2.6.0, BLEU().corpus_score
    (
        "empty",
        "bleu(tokenize=intl, lowercase=yes)",
        36.70124608961282,
    ),  # source: sacrebleu 2.6.0, BLEU(True, tokenize='intl')
    ("empty", "chrf", 59.77520990963119),  # source: sacrebleu 2.6.0, CHRF().corpus_score
    ("empty", "chrf(words=2)", 58.299909878689235),  # source: sacrebleu 2.6.0, CHRF(word_order=2).corpus_score
    ("empty", "ter", 50.0),  # source: sacrebleu 2.6.0, TER().corpus_score
    ("empty", "wer", 0.5),  # source: jiwer 4.0.0, wer
    ("empty", "cer", 0.4418604651162791),  # source: jiwer 4.0.0, cer
    ("none", "bleu", 6.376715693797412),  # source: sacrebleu 2.6.0, BLEU().corpus_score
    (
        "none",
        "bleu(tokenize=intl, lowercase=yes)",
        6.376715693797412,
    ),  # source: sacrebleu 2.6.0, BLEU(True, tokenize='intl')
    ("none", "chrf", 2.222222222222222),  # source: sacrebleu 2.6.0, CHRF().corpus_score
    ("none", "chrf(words=2)", 3.1746031746031744),  # source: sacrebleu 2.6.0, CHRF(word_order=2).corpus_score
    ("none", "ter", 100.0),  # source: sacrebleu 2.6.0, TER().corpus_score
    ("none", "wer", 1.0),  # source: jiwer 4.0.0, wer
    ("none", "cer", 0.5625),  # source: jiwer 4.0.0, cer
    ("unequal", "bleu", 61.105973267990656),  # source: sacrebleu 2.6.0, BLEU().corpus_score
    (
        "unequal",
        "bleu(tokenize=intl, lowercase=yes)",
        61.105973267990656,
    ),  # source: sacrebleu 2.6.0, BLEU(True, tokenize='intl')
    ("unequal", "chrf", 74.13600886048994),  # source: sacrebleu 2.6.0, CHRF().corpus_score
    ("unequal", "chrf(words=2)", 73.77647687368149),  # source: sacrebleu 2.6.0, CHRF(word_order=2).corpus_score
    ("unequal", "ter", 36.144578313253014),  # source: sacrebleu 2.6.0, TER().corpus_score
    ("umlaut", "bleu", 43.13894320445206),  # source: sacrebleu 2.6.0, BLEU().corpus_score
    (
        "umlaut",
        "bleu(tokenize=intl, lowercase=yes)",
        43.13894320445206,
    ),  # source: sacrebleu 2.6.0, BLEU(True, tokenize='intl')
    ("umlaut", "chrf", 73.1461742978083),  # source: sacrebleu 2.6.0, CHRF().corpus_score
    ("umlaut", "chrf(words=2)", 70.90551277370461),  # source: sacrebleu 2.6.0, CHRF(word_order=2).corpus_score
    ("umlaut", "ter", 40.0),  # source: sacrebleu 2.6.0, TER().corpus_score
    ("umlaut", "wer", 0.4),  # source: jiwer 4.0.0, wer
    ("umlaut", "cer", 0.3090909090909091),  # source: jiwer 4.0.0, cer
]

words = st.lists(st.sampled_from(["the", "cat", "sat", "on", "a", "mat", "dog", "."]), min_size=0, max_size=9).map(
    " ".join
)
documents = st.lists(st.tuples(words, st.lists(words.filter(bool), min_size=1, max_size=3)), min_size=1, max_size=6)


def streams(references: list[list[str]]) -> list[list[str | None]]:
    """References as sacrebleu takes them."""
    most = max(map(len, references))
    return [[row[k] if k < len(row) else None for row in references] for k in range(most)]


@pytest.mark.parametrize(("corpus", "notation", "expected"), PEERS)
def test_values_are_those_of_the_peers(corpus: str, notation: str, expected: float) -> None:
    said, references = CORPORA[corpus]
    assert texts(notation, references, said) == pytest.approx(expected, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(documents)
def test_any_corpus_scores_as_sacrebleu_scores_it(given_documents: list[tuple[str, list[str]]]) -> None:
    said, references = [d[0] for d in given_documents], [d[1] for d in given_documents]
    for notation, scorer in (
        ("bleu", sacrebleu.BLEU(force=True)),
        ("chrf", sacrebleu.CHRF()),
        ("chrf(words=2)", sacrebleu.CHRF(word_order=2)),
        ("ter", sacrebleu.TER()),
    ):
        found = texts(notation, references, said)
        # Where sacrebleu says 0 though nothing could be counted, the value is undefined.
        if not math.isnan(found):
            expected = scorer.corpus_score(said, streams(references)).score
            assert found == pytest.approx(expected, abs=1e-9), notation


@settings(max_examples=60, deadline=None)
@given(documents)
def test_error_rates_are_those_of_jiwer(given_documents: list[tuple[str, list[str]]]) -> None:
    said, references = [d[0] for d in given_documents], [d[1][:1] for d in given_documents]
    truth = [r[0] for r in references]
    assert texts("wer", references, said) == pytest.approx(jiwer.wer(truth, said), abs=1e-12)
    assert texts("cer", references, said) == pytest.approx(jiwer.cer(truth, said), abs=1e-12)


@pytest.mark.parametrize(
    ("notation", "said", "references"),
    [
        ("bleu", ["two words"], [["two words"]]),
        ("bleu", ["four words are here"], [[""]]),
        ("chrf", ["anything"], [[""]]),
        ("ter", ["anything"], [[""]]),
        ("wer", ["anything"], [[""]]),
        ("cer", ["anything"], [[""]]),
    ],
)
def test_what_cannot_be_counted_is_undefined(notation: str, said: list[str], references: list[list[str]]) -> None:
    assert math.isnan(texts(notation, references, said))
    assert parse(notation).undefined.startswith("no reference has a")


def test_an_empty_reference_adds_its_insertions() -> None:
    assert texts("wer", [["a b"], [""]], ["a b", "c"]) == 0.5


@pytest.mark.parametrize("notation", ["bleu", "chrf", "ter", "wer", "cer"])
def test_text_without_a_word_is_as_bad_as_it_can_be(notation: str) -> None:
    worst = {"bleu": 0.0, "chrf": 0.0, "ter": 100.0, "wer": 1.0, "cer": 1.0}
    assert texts(notation, [["four words are here"]], [""]) == worst[notation]


def test_an_error_rate_has_one_reference() -> None:
    with pytest.raises(MetricError, match="wer has 2 references in a row"):
        texts("wer", [["a", "b"]], ["a"])


def test_values_take_sums_of_any_shape() -> None:
    sums = np.array([[[10.0, 12, 8, 6, 4, 2, 10, 9, 8, 7], [10.0, 9, 0, 0, 0, 0, 10, 9, 8, 7]]])
    assert bleu_value(sums).shape == (1, 2)
    assert bleu_value(sums)[0, 1] == 0.0
    assert chrf_value(np.ones((2, 3, 18))).tolist() == [[100.0] * 3] * 2


@pytest.mark.parametrize(
    ("notation", "said"),
    [
        ("bleu(tokenize=moses)", "tokenize is one of 13a"),
        ("bleu(lowercase=1)", "lowercase is one of no, yes"),
        ("chrf(words=9)", "0 to 4"),
        ("chrf(words=two)", "words is a number"),
    ],
)
def test_parameters_out_of_range_are_refused(notation: str, said: str) -> None:
    with pytest.raises(MetricError, match=said):
        parse(notation)
