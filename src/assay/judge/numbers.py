"""Numbers as a verdict's reason shows them: short, and never rounded onto the bound that they are compared with."""

from __future__ import annotations

import math

from assay.records.metric import Metric

_LONGEST = 17


def texts(*numbers: float) -> tuple[str, ...]:
    """Numbers with three significant digits, or as many more as keep different numbers different.

    >>> texts(-0.0312, 0.0)
    ('-0.0312', '0')
    >>> texts(0.0100001, 0.01)
    ('0.0100001', '0.01')
    """
    for digits in range(3, _LONGEST + 1):
        shown = tuple(_text(x, digits) for x in numbers)
        if len(set(shown)) == len({x + 0.0 for x in numbers}):
            return shown
    return tuple(repr(x) for x in numbers)


def _text(number: float, digits: int) -> str:
    return "0" if number == 0 else f"{number:.{digits}g}"


def percent(level: float) -> str:
    """A level as a percentage with as many digits as it needs.

    >>> percent(0.95), percent(0.9975)
    ('95 %', '99.75 %')
    """
    return f"{shown_level(level)} %"


def shown_level(level: float) -> str:
    """100 x level with four decimals, or as many as keep a level below 1 from reading as 100."""
    digits = max(4, 1 - math.floor(math.log10(max(1 - level, 1e-15))) - 2)
    return f"{100 * level:.{digits}f}".rstrip("0").rstrip(".")


def with_unit(text: str, metric: Metric) -> str:
    """A number with the metric's unit, where the unit says something."""
    return text if metric.unit in ("", "1") else f"{text} {metric.unit}"


def metric_words(metric: Metric) -> str:
    """The metric as users write it, readable in a sentence."""
    return (metric.label or metric.name).replace("_", " ")


def usable(bounds: tuple[float, float] | None) -> bool:
    """Whether two bounds can decide anything: both there, finite, in order."""
    return bounds is not None and all(map(math.isfinite, bounds)) and bounds[0] <= bounds[1]
