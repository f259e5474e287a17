"""How far two tables of predictions lie apart, row by row, where their bytes are not the same."""

from __future__ import annotations

from typing import Any

import numpy as np

from assay.engine.duck import DuckEngine
from assay.engine.sql import names
from assay.records.protocols import Table


def apart(engine: DuckEngine, first: Table, second: Table) -> float | None:
    """The greatest relative difference of any number, rows taken in their order.

    Returns:
        0 where every value is the same; None where columns, rows, texts or missing values differ.
    """
    if dict(first.columns) != dict(second.columns):
        return None
    greatest = 0.0
    for column in first.columns:
        query = f"SELECT {names([column])} FROM "
        a, b = (engine.connection.execute(query + t.name).fetchnumpy()[column] for t in (first, second))
        found = _column(a, b)
        if found is None:
            return None
        greatest = max(greatest, found)
    return greatest


def _column(a: Any, b: Any) -> float | None:
    empty, other = np.ma.getmaskarray(np.ma.asarray(a)), np.ma.getmaskarray(np.ma.asarray(b))
    if not np.array_equal(empty, other):
        return None
    x, y = np.ma.getdata(a)[~empty], np.ma.getdata(b)[~empty]
    if x.dtype.kind not in "iuf":
        return 0.0 if all(np.array_equal(p, q) for p, q in zip(x.tolist(), y.tolist(), strict=True)) else None
    odd = ~np.isfinite(x) | ~np.isfinite(y)
    if not np.array_equal(x[odd], y[odd], equal_nan=True):
        return None
    x, y = x[~odd].astype(float), y[~odd].astype(float)
    size = np.maximum(np.abs(x), np.abs(y))
    differs = x != y
    return float((np.abs(x - y)[differs] / size[differs]).max(initial=0.0))
