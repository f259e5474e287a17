"""Text judged over a whole corpus: BLEU, chrF and TER by sacrebleu, word and character error rates by jiwer.

A value follows from sums over all documents, never from a mean of values: documents are counted, and left out in turn.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from assay.base.errors import MetricError
from assay.base.optional import need
from assay.base.registry import Registry
from assay.metrics.confusion import ratio
from assay.metrics.registry import Definition
from assay.metrics.text import EXTRA
from assay.records.metric import Array, Family, Floats, Metric

ORDER = 4
CHARACTERS = 6
BETA = 2
TOKENIZERS = ("13a", "intl", "char", "zh", "none")
_BLEU = ("words", "reference_words", *(f"{kind}_{n}" for kind in ("right", "said") for n in range(1, ORDER + 1)))
_POST = "Post (2018), WMT (sacrebleu)"


def bleu_value(sums: Floats) -> Floats:
    """BLEU from sums [..., 10]: words, words of the closest reference, right and said n-grams of orders 1 to 4.

    An order without a right n-gram counts 1/2, 1/4, … of one (NIST's smoothing).
    """
    words, reference = sums[..., 0], sums[..., 1]
    right, said = sums[..., 2 : 2 + ORDER], sums[..., 2 + ORDER :]
    empty = right == 0
    smoothed = np.where(empty, 0.5 ** np.cumsum(empty, axis=-1), right)
    with np.errstate(divide="ignore", invalid="ignore"):
        brevity = np.exp(np.minimum(0.0, 1 - reference / words))
        value = 100 * brevity * np.exp(np.log(smoothed / said).mean(axis=-1))
    value = np.where(empty.all(axis=-1), 0.0, value)
    return np.asarray(np.where((reference > 0) & ((words == 0) | (said[..., -1] > 0)), value, np.nan))


def chrf_value(sums: Floats) -> Floats:
    """ChrF from sums [..., 3 orders]: n-grams of text, of reference, and shared, order by order."""
    said, truth, shared = (sums[..., k::3] for k in range(3))
    used = (said > 0) & (truth > 0)
    count = used.sum(axis=-1)
    precision = ratio(np.where(used, ratio(shared, said), 0).sum(axis=-1), count)
    recall = ratio(np.where(used, ratio(shared, truth), 0).sum(axis=-1), count)
    value = ratio(100 * (1 + BETA**2) * precision * recall, BETA**2 * precision + recall)
    value = np.where((count == 0) | (precision + recall == 0), 0.0, value)
    return np.asarray(np.where(truth.sum(axis=-1) > 0, value, np.nan))


def rate(scale: float) -> Callable[[Floats], Floats]:
    """Edits over words, from sums [..., 2]."""
    return lambda sums: scale * ratio(sums[..., 0], sums[..., 1])


def _statistics(scorer: Any, target: Array, prediction: Array) -> tuple[Floats, ...]:
    """Sufficient statistics of every row, by sacrebleu's own code; rows may have different numbers of references."""
    most = max(map(len, target))
    streams = [[row[k] if k < len(row) else None for row in target] for k in range(most)]
    found = np.array(scorer._extract_corpus_statistics(prediction.tolist(), streams), dtype=float)
    return tuple(found.T)


def _corpus(name: str, **more: Any) -> Metric:
    declared: dict[str, Any] = {
        "parameters": {},
        "family": Family.SUMS,
        "reads": "text",
        "direction": "higher",
        "lower": 0.0,
        "upper": 100.0,
        "unit": "points",
        "citation": _POST,
        "corpus": True,
        "label": name,
    }
    return Metric(name=name, **{**declared, **more})


def _one_of(name: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise MetricError(
            f"{name} is {given!r}", rule=f"{name} is one of {', '.join(allowed)}", fix=f"{name}={allowed[0]}"
        )


def bleu(tokenize: str = "13a", lowercase: Literal["no", "yes"] = "no") -> Metric:
    """Corpus BLEU."""
    _one_of("tokenize", tokenize, TOKENIZERS)
    _one_of("lowercase", lowercase, ("no", "yes"))

    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        # `force` only silences a remark on text that looks tokenised.
        made = need("sacrebleu", EXTRA).BLEU(tokenize=tokenize, lowercase=lowercase == "yes", force=True)
        return _statistics(made, target, prediction)

    return _corpus(
        "bleu",
        columns=_BLEU,
        scorer=scorer,
        value=bleu_value,
        summary="Corpus BLEU as sacrebleu computes it, 0 to 100: shared n-grams of one to four words, with a "
        "penalty for "
        "short text. Needs the extra `text`.",
        formula="100 min(1, exp(1 - R/W)) exp(mean over n of log(right_n / said_n)), of sums over all rows",
        citation="Papineni et al. (2002), ACL; Post (2018), WMT (sacrebleu)",
        undefined="no reference has a word, or no text has four words",
    )


def chrf(words: int = 0) -> Metric:
    """Corpus chrF."""
    if not 0 <= words <= 4:
        raise MetricError(
            f"words is {words}", rule="words counts orders of words beside characters, 0 to 4", fix="chrf(words=2)"
        )

    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        made = need("sacrebleu", EXTRA).CHRF(char_order=CHARACTERS, word_order=words, beta=BETA)
        return _statistics(made, target, prediction)

    orders = [f"characters_{n + 1}" for n in range(CHARACTERS)] + [f"words_{n + 1}" for n in range(words)]
    return _corpus(
        "chrf",
        columns=tuple(f"{kind}_{order}" for order in orders for kind in ("said", "reference", "shared")),
        scorer=scorer,
        value=chrf_value,
        summary="Corpus chrF as sacrebleu computes it, 0 to 100: shared n-grams of one to six characters; `words=2` is "
        "chrF++. Needs the extra `text`.",
        formula="100 (1 + 4) P R / (4 P + R), P and R the means over orders, of sums over all rows",
        citation="Popovic (2015), WMT; Post (2018), WMT (sacrebleu)",
        undefined="no reference has a character",
    )


def ter() -> Metric:
    """Corpus translation edit rate."""

    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        return _statistics(need("sacrebleu", EXTRA).TER(), target, prediction)

    return _corpus(
        "ter",
        columns=("edits", "reference_words"),
        scorer=scorer,
        value=rate(100.0),
        direction="lower",
        upper=None,
        summary="Translation edit rate as sacrebleu computes it: edits and shifts for each hundred words of the "
        "reference. Needs the extra `text`.",
        formula="100 sum(edits to the nearest reference) / sum(mean words of the references)",
        citation="Snover et al. (2006), AMTA; Post (2018), WMT (sacrebleu)",
        undefined="no reference has a word",
    )


def _error_rate(name: str, thing: str, process: str, counted: str) -> Metric:
    def scorer(target: Array, prediction: Array, centre: float) -> tuple[Floats, ...]:
        several = next((row for row in target if len(row) > 1), None)
        if several is not None:
            raise MetricError(
                f"{name} has {len(several)} references in a row",
                rule="an error rate compares with the one transcript",
                fix="keep one reference a row, or use ter, which takes the nearest",
            )
        found = getattr(need("jiwer", EXTRA), process)([row[0] for row in target], prediction.tolist())
        edits = [sum(_length(part) for part in row if part.type != "equal") for row in found.alignments]
        return np.array(edits, dtype=float), np.array([len(row) for row in found.references], dtype=float)

    return _corpus(
        name,
        columns=("edits", f"reference_{thing}s"),
        scorer=scorer,
        value=rate(1.0),
        direction="lower",
        upper=None,
        unit="1",
        summary=f"{counted} error rate by jiwer: {thing}s substituted, deleted and inserted, over {thing}s of the "
        f"reference. "
        "Case and punctuation count. Needs the extra `text`.",
        formula=f"sum(S + D + I) / sum({thing}s of the reference)",
        citation="Levenshtein (1966), Soviet Physics Doklady 10; Morris, Maier & Green (2004), Interspeech; jiwer",
        undefined=f"no reference has a {thing}",
    )


def _length(part: Any) -> int:
    """Edits of one stretch of an alignment; of an insertion only the text has a length, of a deletion the reference."""
    return int(max(part.ref_end_idx - part.ref_start_idx, part.hyp_end_idx - part.hyp_start_idx))


def wer() -> Metric:
    """Word error rate."""
    return _error_rate("wer", "word", "process_words", "Word")


def cer() -> Metric:
    """Character error rate."""
    return _error_rate("cer", "character", "process_characters", "Character")


def register(registry: Registry[Definition]) -> None:
    """Add the metrics of this room."""
    for name, build, example in (
        ("bleu", bleu, "bleu"),
        ("chrf", chrf, "chrf(words=2)"),
        ("ter", ter, "ter"),
        ("wer", wer, "wer"),
        ("cer", cer, "cer"),
    ):
        registry.add(name, Definition(name, build, "", example))
