"""Two ways to get the same comparison wrong, computed with `assay.compare`: rows taken as units, and a random split."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import assay
from assay.records.comparison import Comparison
from assay.records.estimate import Estimate
from demo.flights import KEY
from demo.predictions import AT_RANDOM, BY_DATE

METRICS = ("log_loss", "auc")


@dataclass(frozen=True, slots=True)
class Effect:
    """A difference, candidate minus baseline, and its interval."""

    value: float
    low: float
    high: float

    @property
    def width(self) -> float:
        """From end to end."""
        return self.high - self.low


@dataclass(frozen=True, slots=True)
class Lesson:
    """One metric, the right way and the wrong way.

    Attributes:
        title: The metric's name.
    """

    title: str
    right: Effect
    wrong: Effect

    @property
    def too_narrow(self) -> float:
        """How many times narrower the wrong interval is."""
        return self.right.width / self.wrong.width

    @property
    def sign_turns(self) -> bool:
        """Whether the wrong way favours the other model."""
        return self.right.value * self.wrong.value < 0


def rows_as_units(folder: Path) -> list[Lesson]:
    """Days as units against rows as units, on the same predictions.

    Args:
        folder: Where the predictions are.
    """
    return _lessons(compared(folder, BY_DATE, "date"), compared(folder, BY_DATE, ""))


def random_split(folder: Path) -> list[Lesson]:
    """Trained and tested by date against a random split, days as units in both."""
    return _lessons(compared(folder, BY_DATE, "date"), compared(folder, AT_RANDOM, "date"))


def compared(folder: Path, split: str, unit: str) -> list[Comparison]:
    """Both methods on one split, a comparison for each metric."""
    files = [folder / f"{method}-{split}.parquet" for method in ("logistic", "boosting")]
    return list(assay.compare(*files, metrics=METRICS, on=KEY, target="late", positive=1, score="p_late", unit=unit))


def _lessons(right: list[Comparison], wrong: list[Comparison]) -> list[Lesson]:
    names = {"log_loss": "log loss", "auc": "AUC"}
    pairs = zip(METRICS, right, wrong, strict=True)
    return [Lesson(names[m], _effect(r.difference), _effect(w.difference)) for m, r, w in pairs]


def _effect(estimate: Estimate) -> Effect:
    if estimate.value is None or estimate.interval is None:
        raise ValueError(f"the difference is undefined: {estimate.undefined}")
    return Effect(estimate.value, *estimate.interval)
