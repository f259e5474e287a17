"""Values of metrics of text, and label sets: what sacrebleu, jiwer, rouge-score and scikit-learn publish.

Where a peer prints a share, 1/3 or 7/6, it is written here with ten digits.
"""

from __future__ import annotations

from collections.abc import Sequence

from assay.metrics import parse
from tests.known.answer import Known
from tests.metrics.rows import objects, texts, value

README = "sacrebleu's README, Using sacreBLEU from Python"
BLEU = "sacrebleu's tests, test/test_bleu.py, test_corpus_bleu_cases"
TER = "sacrebleu's tests, test/test_ter.py"
WER = "jiwer's tests, tests/test_measures.py; Morris, Maier & Green (2004), Interspeech"
CER = "jiwer's tests, tests/test_cer.py"
ROUGE = "rouge-score's tests, rouge_scorer_test.py"
SAID = ("The dog bit the man.", "It wasn't surprising.", "The man had just bitten him.")
FIRST = ("The dog bit the man.", "It was not unexpected.", "The man bit him first.")
SECOND = ("The dog had bit the man.", "No one was surprised.", "The man had bitten the dog.")
Texts = Sequence[str]


def _text(notation: str, said: Texts, references: Sequence[Texts], printed: str, source: str, what: str = "") -> Known:
    words = what or " / ".join(f"{s!r} for {' or '.join(map(repr, r))}" for s, r in zip(said, references, strict=True))
    return Known(
        "metrics",
        f"`{notation}`, {words}",
        lambda: texts(notation, [list(r) for r in references], list(said)),
        printed,
        source,
    )


def _dogs(notation: str, printed: str, source: str, first: bool = True) -> Known:
    pairs = list(zip(FIRST, SECOND, strict=True)) if first else [SECOND[:1], *zip(FIRST[1:], SECOND[1:], strict=True)]
    what = "three sentences of the README" + ("" if first else ", the first with its second reference alone")
    return _text(notation, SAID, pairs, printed, source, what)


def _one(notation: str, reference: str, said: str, printed: str, source: str) -> Known:
    return _text(notation, (said,), ((reference,),), printed, source)


def _sets(notation: str, target: Sequence[str], said: Sequence[str], printed: str, function: str) -> Known:
    """Sets of labels, each written as its letters."""
    what = f"`{notation}`, labels {' '.join(t or '-' for t in target)}, said {' '.join(t or '-' for t in said)}"
    labels = tuple(sorted(set("".join((*target, *said)))))

    def found() -> float:
        metric = parse(notation)
        bound = metric.bind(labels) if metric.bind else metric
        return value(bound, objects(map(frozenset, target)), objects(map(frozenset, said)))

    return Known("metrics", what, found, printed, f"scikit-learn documentation, {function}")


ANSWERS: tuple[Known, ...] = (
    _dogs("bleu", "48.53", README),
    _dogs("chrf", "59.73", README),
    _dogs("bleu", "29.44", README, first=False),
    _dogs("bleu(tokenize=none)", "49.1919566", BLEU),
    _dogs("bleu", "48.530827", BLEU),
    _dogs("bleu(tokenize=intl)", "43.91623493", BLEU),
    _one("ter", "aaaa bbbb cccc dddd", "aaaa bbbb cccc dddd", "0", TER),
    _one("ter", "aaaa bbbb cccc", "dddd eeee ffff", "100", TER),
    _one("ter", "a", "", "100", TER),
    _one("ter", "a b c d e f g h", "d e f g h a b c", "12.5", TER),
    _one("wer", "This is a test", "This is a test", "0", WER),
    _one("wer", "This is a test", "", "1", WER),
    _one("wer", "This is a test", "This test", "0.5", WER),
    _one(
        "wer",
        "i am a short ground truth",
        "i am a considerably longer and very much incorrect hypothesis",
        "1.1666666667",
        WER,
    ),
    _one("wer", "X", "X X Y Y", "3", WER),
    _one("wer", "X Y X", "X Z", "0.6666666667", WER),
    _one("wer", "X", "Y Z", "2", WER),
    _one("cer", "This is a test", "This test", "0.3571428571", CER),
    _one("cer", "X", "X X Y Y", "6", CER),
    _one("cer", "X Y X", "X Z", "0.6", CER),
    _one("cer", "X", "Y Z", "3", CER),
    _text("cer", ("i am", "i good"), (("i",), ("am i good",)), "0.6", CER),
    _text("cer", ("i am", "y good"), (("i",), ("am i good",)), "0.7", CER),
    _one("rouge@1", "testing one two", "testing", "0.5", ROUGE),
    _one("rouge@2", "testing one two", "testing one", "0.6666666667", ROUGE),
    _one("rouge@L", "testing one two", "testing one", "0.8", ROUGE),
    _one("rouge@L", "testing one two", "testing two", "0.8", ROUGE),
    _one("rouge@L", "testing one two", "", "0", ROUGE),
    _text("rouge@1", ("text first",), (("first text", "first something"),), "1", ROUGE),
    _text("rouge@2", ("text first",), (("first text", "first something"),), "0", ROUGE),
    _text("rouge@L", ("text first",), (("first text", "first something"),), "0.5", ROUGE),
    _sets("hamming", ("b", "ab"), ("", ""), "0.75", "hamming_loss"),
)
