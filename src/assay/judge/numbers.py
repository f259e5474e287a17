"""Numbers as a verdict's reason shows them: short, and never rounded onto the bound that they are compared with."""

from __future__ import annotations

import math

from assay.base.wording import MINUS
from assay.base.wording import metric_words as words_of
from assay.records.metric import Metric

_LONGEST = 17


def texts(*numbers: float) -> tuple[str, ...]:
    """Numbers with three significant digits, or as many more as keep different numbers different.

    >>> texts(-0.0312, 0.0)
    ('−0.0312', '0')
    >>> texts(0.0100001, 0.01)
    ('0.0100001', '0.01')
    """
    for digits in range(3, _LONGEST + 1):
        shown = tuple(_text(x, digits) for x in numbers)
        if len(set(shown)) == len({x + 0.0 for x in numbers}):
            return shown
    return tuple(repr(x).replace("-", MINUS) for x in numbers)


def _text(number: float, digits: int) -> str:
    return "0" if number == 0 else f"{number:.{digits}g}".replace("-", MINUS)


def with_unit(text: str, metric: Metric) -> str:
    """A number with the metric's unit, where the unit says something."""
    return text if metric.unit in ("", "1") else f"{text} {metric.unit}"


def metric_words(metric: Metric) -> str:
    """The metric as people write it."""
    return words_of(metric.label or metric.name)


def usable(bounds: tuple[float, float] | None) -> bool:
    """Whether two bounds can decide anything: both there, finite, in order."""
    return bounds is not None and all(map(math.isfinite, bounds)) and bounds[0] <= bounds[1]
