"""Ratios and functions of sums over documents: error rates, BLEU, F1 of label sets, weighted errors."""

from __future__ import annotations

import math

import numpy as np

from assay.metrics import parse
from assay.metrics.corpus import ORDER, bleu_value
from assay.metrics.multilabel import f1_value, macro
from assay.records.metric import Floats, Metric
from assay.records.sample import GroupedSums
from simulations.scenario import Drawn, Scenario
from simulations.shapes import design, group_sums, sizes

LENGTHS = np.arange(5, 60)
"""Words of a document; short ones are many, as in the lines of a transcript."""
CHANCES = 1.0 / LENGTHS / (1.0 / LENGTHS).sum()
HARD = (0.6, 1.4)
"""Half of the documents are easier, half are harder: what multiplies the chance of an error."""
LABELS = np.array([0.5, 0.3, 0.2, 0.1, 0.05])
"""How common each label is."""


def documents(rng: np.random.Generator, n: int) -> tuple[Floats, Floats]:
    """Words and hardness of n documents."""
    return rng.choice(LENGTHS, size=n, p=CHANCES).astype(float), rng.choice(HARD, size=n)


def _grouped(scores: Floats, n: int, shape: str, rng: np.random.Generator) -> Drawn:
    """Sums by unit of scores [A, m, rows] drawn in the order of their units."""
    rows = sizes(rng, n, shape)
    unit = np.repeat(np.arange(n), rows)
    return GroupedSums(rows, group_sums(scores[..., : unit.size], unit, n)), design(rows)


def error_rate(n: int, rates: tuple[float, float]) -> Scenario:
    """Word error rate of documents of uneven length: errors are binomial in the words."""

    def draw(rng: np.random.Generator) -> Drawn:
        words, hard = documents(rng, n)
        edits = [rng.binomial(words.astype(int), rate * hard) for rate in rates]
        return _grouped(np.stack([[e.astype(float), words] for e in edits]), n, "one", rng)

    name = f"wer n={n} rates={rates[0]:g}, {rates[1]:g}"
    return Scenario(name, "corpora", parse("wer"), draw, rates[1], rates[1] - rates[0])


def corpus_bleu(n: int, rights: tuple[float, float]) -> Scenario:
    """BLEU: a word is right with a chance that the document lowers or raises, an n-gram where its words are."""
    spread = np.array([0.9, 1.05])

    def truth(right: float) -> float:
        said = np.array([(CHANCES * (LENGTHS - k)).sum() for k in range(ORDER)])
        shared = [said[k] * ((right * spread) ** (k + 1)).mean() for k in range(ORDER)]
        words = (CHANCES * LENGTHS).sum()
        return float(bleu_value(np.array([words, words + 1, *shared, *said])))

    def draw(rng: np.random.Generator) -> Drawn:
        words, hard = rng.choice(LENGTHS, size=n, p=CHANCES), rng.choice(spread, size=n)
        said = [words - k for k in range(ORDER)]
        arms = []
        for right in rights:
            shared = [rng.binomial(said[k], (right * hard) ** (k + 1)) for k in range(ORDER)]
            arms.append(np.stack([words, words + 1, *shared, *said]).astype(float))
        return _grouped(np.stack(arms), n, "one", rng)

    values = [truth(r) for r in rights]
    name = f"bleu n={n} rights={rights[0]:g}, {rights[1]:g}"
    return Scenario(name, "corpora", parse("bleu"), draw, values[1], values[1] - values[0])


def label_f1(n: int, shape: str, average: str, wrong: tuple[float, float]) -> Scenario:
    """F1 of five labels of uneven frequency, each said wrongly with one chance, alike in the rows of a unit."""
    metric: Metric = parse(f"multilabel_f1(average={average})")
    micro = average == "micro"

    def counts(rate: float) -> Floats:
        fp = (1 - LABELS) * rate * LABELS
        return np.stack([LABELS * (1 - rate), fp, LABELS * rate], axis=-1)

    def truth(rate: float) -> float:
        found = counts(rate)
        return float(f1_value(found.sum(axis=0)) if micro else macro(f1_value)(found.ravel()))

    def draw(rng: np.random.Generator) -> Drawn:
        rows = sizes(rng, n, shape)
        unit = np.repeat(np.arange(n), rows)
        held = rng.random((unit.size, LABELS.size)) < LABELS
        arms = []
        for rate in wrong:
            # A unit is all easy or all hard; its mean is the rate.
            own = rate * rng.choice(HARD, size=n)[unit][:, None]
            missed = held & (rng.random(held.shape) < own)
            added = ~held & (rng.random(held.shape) < own * LABELS)
            parts = np.stack([held & ~missed, added, missed], axis=-1).astype(float)
            arms.append(parts.sum(axis=1).T if micro else parts.reshape(unit.size, -1).T)
        scores = np.stack(arms)
        return GroupedSums(rows, group_sums(scores, unit, n)), design(rows)

    values = [truth(r) for r in wrong]
    name = f"multilabel f1 {average} n={n} {shape} wrong={wrong[0]:g}, {wrong[1]:g}"
    return Scenario(name, "corpora", metric, draw, values[1], values[1] - values[0])


def weighted_error(n: int, shape: str, sigma: float, ratio: float) -> Scenario:
    """WAPE of log-normal targets with errors in proportion; half of the error is the unit's."""

    def draw(rng: np.random.Generator) -> Drawn:
        rows = sizes(rng, n, shape)
        unit = np.repeat(np.arange(n), rows)
        target = np.exp(sigma * rng.normal(size=n))[unit]
        shared = rng.normal(size=n)[unit]
        errors = [0.2 * r * np.abs(0.7 * shared + math.sqrt(0.51) * rng.normal(size=unit.size)) for r in (1.0, ratio)]
        scores = np.stack([[target * e, target] for e in errors])
        return GroupedSums(rows, group_sums(scores, unit, n)), design(rows)

    value = 0.2 * math.sqrt(2 / math.pi)
    name = f"wape n={n} {shape} sigma={sigma:g} ratio={ratio:g}"
    return Scenario(name, "corpora", parse("wape"), draw, value * ratio, value * (ratio - 1))


def scenarios() -> list[Scenario]:
    """All scenarios of values over a corpus."""
    out = [error_rate(n, rates) for n in (30, 200) for rates in ((0.2, 0.2), (0.2, 0.15))]
    out += [corpus_bleu(n, (0.7, 0.75)) for n in (30, 200)]
    out += [label_f1(n, "one", average, (0.3, 0.2)) for n in (100, 300) for average in ("micro", "macro")]
    out += [label_f1(100, "equal5", "micro", (0.3, 0.3))]
    out += [weighted_error(n, "one", sigma, 0.8) for n, sigma in ((100, 0.5), (400, 0.8))]
    out += [weighted_error(100, "equal5", 0.5, 1.0)]
    return out
