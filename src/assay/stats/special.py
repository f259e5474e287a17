"""Distribution functions of scipy.special, loaded when the first of them is needed.

Its import takes as long as reading millions of rows, and most questions need no more than the normal distribution of a
single number, which the standard library has.
"""

from __future__ import annotations

import functools
import importlib
import math
from collections.abc import Callable
from statistics import NormalDist
from typing import Any, cast

_NORMAL = NormalDist()


def _late(name: str) -> Callable[..., Any]:
    @functools.cache
    def found() -> Callable[..., Any]:
        return cast(Callable[..., Any], getattr(importlib.import_module("scipy.special"), name))

    def function(*arguments: Any) -> Any:
        return found()(*arguments)

    function.__name__ = name
    function.__doc__ = f"`scipy.special.{name}`."
    return function


bdtr, bdtrc, bdtrik = _late("bdtr"), _late("bdtrc"), _late("bdtrik")
betainc, betaincc, betaincinv, betaln = _late("betainc"), _late("betaincc"), _late("betaincinv"), _late("betaln")
chdtrc, fdtrc, fdtri = _late("chdtrc"), _late("fdtrc"), _late("fdtri")
expit, logit = _late("expit"), _late("logit")
nctdtr, stdtr, stdtrit = _late("nctdtr"), _late("stdtr"), _late("stdtrit")
_ndtr, _ndtri = _late("ndtr"), _late("ndtri")


def ndtr(x: Any) -> Any:
    """Normal distribution function of a number or of an array."""
    return 0.5 * math.erfc(-x / math.sqrt(2)) if isinstance(x, float) else _ndtr(x)


def ndtri(p: Any) -> Any:
    """Normal quantile of a probability or of an array of them.

    Source: Wichura (1988), Applied Statistics 37:477-484, for a single number.
    """
    return _NORMAL.inv_cdf(p) if isinstance(p, float) and 0 < p < 1 else _ndtri(p)
