"""Figures and metrics as people write them: one minus sign, few digits, one name, in every sentence."""

from __future__ import annotations

import functools
import math
import re

MINUS = "−"

_NAMES = {
    "auc": "AUC",
    "mae": "MAE",
    "rmse": "RMSE",
    "mse": "MSE",
    "mape": "MAPE",
    "mcc": "MCC",
    "ece": "ECE",
    "f1": "F1",
    "r2": "R²",
    "brier": "Brier score",
    "kappa": "Cohen's kappa",
    "bleu": "BLEU",
    "chrf": "chrF",
    "ter": "TER",
    "wer": "WER",
    "cer": "CER",
    "rouge": "ROUGE",
    "token_f1": "token F1",
    "hamming": "Hamming loss",
    "multilabel_f1": "multilabel F1",
    "topk": "top-k",
    "wape": "WAPE",
    "mase": "MASE",
    "crps": "CRPS",
}
_PLAIN = re.compile(r"[a-z0-9_]+")
_HEAD = re.compile(r"([a-z0-9_]+)(@.*|\(.*)", re.DOTALL)


def metric_words(notation: str) -> str:
    """A metric's notation as it reads in a sentence; parameters and columns stay as they were written.

    >>> metric_words("log_loss"), metric_words("f1@0.5"), metric_words("mean(time_ms)")
    ('log loss', 'F1@0.5', 'mean(time_ms)')
    """
    if _PLAIN.fullmatch(notation):
        return _NAMES.get(notation, notation.replace("_", " "))
    match = _HEAD.fullmatch(notation)
    return _NAMES.get(match[1], match[1].replace("_", " ")) + match[2] if match else notation


@functools.lru_cache(maxsize=4096)
def figure(number: float, digits: int = 4) -> str:
    """A number with at most so many significant digits and a typographic minus; zero has no sign.

    >>> figure(12.3044), figure(-0.5), figure(-0.0), figure(1234567)
    ('12.3', '−0.5', '0', '1,234,567')
    """
    if number == 0:
        return "0"
    size = math.floor(math.log10(abs(number))) if math.isfinite(number) else 0
    if digits <= size < 15:
        return f"{number:,.0f}".replace("-", MINUS)
    return f"{number:.{digits}g}".replace("-", MINUS)


def level(value: float) -> str:
    """A level of confidence as a percentage: four digits, or as many as keep it from reading as 100.

    >>> level(0.95), level(1 - 0.05 / 19), level(0.999176), level(0.99999)
    ('95%', '99.74%', '99.92%', '99.999%')
    """
    digits = max(2, -math.floor(math.log10(max(1 - value, 1e-16))) - 2)
    return f"{100 * value:.{digits}f}".rstrip("0").rstrip(".") + "%"


def counted(n: float, thing: str) -> str:
    """A number of things; the word gets an s where they are not one.

    >>> counted(1, "row"), counted(1200, "row")
    ('1 row', '1,200 rows')
    """
    return f"{n:,.0f} {thing}" + ("" if n == 1 else "s")
