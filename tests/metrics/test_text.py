"""Exact match, token F1 and ROUGE."""

from __future__ import annotations

from typing import Any

import pytest

from assay.base import optional
from assay.base.errors import AssayError, MetricError
from assay.metrics import parse
from tests.metrics.rows import texts

# What the metric card of SQuAD in Hugging Face's `datasets` shows (metrics/squad/README.md), as shares.
CARD: list[tuple[list[str], list[list[str]], float, float]] = [
    (["1976"], [["1976"]], 1.0, 1.0),  # source: metrics/squad/README.md, perfect match
    (["1999"], [["1976"]], 0.0, 0.0),  # source: metrics/squad/README.md, no match
    (
        ["1976", "Beyonce", "climate change"],
        [["1976"], ["Beyoncé and Bruno Mars"], ["climate change"]],
        0.6666666666666667,  # source: metrics/squad/README.md, partial match, exact_match 66.66666666666667
        0.6666666666666667,  # source: metrics/squad/README.md, partial match, f1 66.66666666666667
    ),
]
# By the rules of the evaluation script of SQuAD 1.1 (Rajpurkar et al., 2016): lower, no punctuation, no articles.
SCRIPT: list[tuple[str, list[str], float, float]] = [
    ("The Eiffel Tower.", ["eiffel tower"], 1.0, 1.0),  # source: SQuAD 1.1 evaluation script, normalize_answer
    ("an apple", ["apple", "pear"], 1.0, 1.0),  # source: SQuAD 1.1 script, metric_max_over_ground_truths
    ("U.S.A.", ["usa"], 1.0, 1.0),  # source: SQuAD 1.1 script, remove_punc joins what it parts
    ("in the house", ["the big house"], 0.0, 0.5),  # source: SQuAD 1.1 script, f1_score with P = R = 1/2
    ("red red red", ["red red blue"], 0.0, 2 / 3),  # source: SQuAD 1.1 script, Counter intersection is 2 of 3
    ("Paris, France", ["Paris"], 0.0, 2 / 3),  # source: SQuAD 1.1 script, P = 1/2 and R = 1
    ("", ["the"], 1.0, 1.0),  # source: SQuAD 2.0 evaluation script, no tokens on both sides count 1
    ("", ["word"], 0.0, 0.0),  # source: SQuAD 2.0 evaluation script, no tokens on one side count 0
]
# source: rouge-score 0.1.2, RougeScorer([kind], use_stemmer=...).score_multi(references, text)[kind].fmeasure, mean
ROUGE: list[tuple[str, list[str], list[list[str]], float]] = [
    # source: rouge-score 0.1.2, rouge1
    ("rouge@1", ["the cat sat on the mat"], [["the cat is on the mat"]], 0.8333333333333334),
    # source: rouge-score 0.1.2, rouge2
    ("rouge@2", ["the cat sat on the mat"], [["the cat is on the mat"]], 0.6),
    # source: rouge-score 0.1.2, rougeL
    ("rouge@L", ["the cat sat on the mat"], [["the cat is on the mat"]], 0.8333333333333334),
    # source: rouge-score 0.1.2, rouge1 with two references
    ("rouge@1", ["a dog", "a cat"], [["a dog", "the dog"], ["a cat ran away"]], 0.8333333333333333),
    # source: rouge-score 0.1.2, rouge2 with two references
    ("rouge@2", ["a dog", "a cat"], [["a dog", "the dog"], ["a cat ran away"]], 0.75),
    # source: rouge-score 0.1.2, rougeL of an empty text
    ("rouge@L", ["", "a quick fox jumps"], [["nothing said"], ["a quick fox jumped"]], 0.375),
    # source: rouge-score 0.1.2, rougeL with the stemmer
    (
        "rouge@L(stemmer=yes)",
        ["", "the quick brown fox jumps"],
        [["nothing said"], ["the quick brown fox jumped"]],
        0.5,
    ),
    # source: rouge-score 0.1.2, rouge1 of umlauts, which its tokenizer drops
    ("rouge@1", ["Straße 7 ist gesperrt"], [["Die Straße 7 ist heute gesperrt"]], 0.8333333333333333),
]


@pytest.mark.parametrize(("said", "references", "exact", "f1"), CARD)
def test_values_are_those_of_the_metric_card(said: Any, references: Any, exact: float, f1: float) -> None:
    assert texts("exact_match", references, said) == pytest.approx(exact, abs=1e-12)
    assert texts("token_f1", references, said) == pytest.approx(f1, abs=1e-12)


@pytest.mark.parametrize(("said", "references", "exact", "f1"), SCRIPT)
def test_words_are_compared_as_squad_does(said: str, references: list[str], exact: float, f1: float) -> None:
    assert texts("exact_match", [references], [said]) == exact
    assert texts("token_f1", [references], [said]) == pytest.approx(f1, abs=1e-12)


@pytest.mark.parametrize(("notation", "said", "references", "expected"), ROUGE)
def test_rouge_is_that_of_rouge_score(notation: str, said: Any, references: Any, expected: float) -> None:
    assert texts(notation, references, said) == pytest.approx(expected, abs=1e-12)


def test_the_best_reference_counts_row_by_row() -> None:
    references = [["one", "two three"], ["four"], ["five six", "six", "seven"]]
    assert texts("exact_match", references, ["two three", "five", "six"]) == pytest.approx(2 / 3)
    assert texts("token_f1", references, ["two", "four", "six five"]) == pytest.approx((2 / 3 + 1 + 1) / 3)


@pytest.mark.parametrize(
    ("notation", "said"),
    [
        ("rouge@3", "ROUGE counts words"),
        ("rouge@L(stemmer=maybe)", "stemmer is yes or no"),
        ("exact_match@2", "takes no @ value"),
        ("token_f1(average=macro)", "has no parameter 'average'"),
    ],
)
def test_parameters_out_of_range_are_refused(notation: str, said: str) -> None:
    with pytest.raises(MetricError, match=said):
        parse(notation)


def test_a_missing_package_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(module: str) -> Any:
        raise ImportError(module)

    monkeypatch.setattr(optional.importlib, "import_module", absent)
    for notation in ("rouge@L", "bleu", "chrf", "ter", "wer", "cer"):
        with pytest.raises(AssayError, match=r"is not installed; pip install 'assay-lab\[text\]'"):
            texts(notation, [["a"]], ["a"])


def test_core_text_metrics_need_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assay.metrics.text.need", None)
    assert texts("exact_match", [["a b"]], ["A b"]) == 1.0
    assert texts("token_f1", [["b c"]], ["b"]) == pytest.approx(2 / 3)
