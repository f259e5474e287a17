"""How far two tables of predictions lie apart, row by row, where their bytes are not the same."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np

from assay.engine.duck import DuckEngine
from assay.engine.sql import names
from assay.records.metric import Floats
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


def pairwise(engine: DuckEngine, tables: Sequence[Table]) -> dict[str, tuple[bool, Floats, Floats]] | None:
    """How far tables lie apart in each column, each from each, rows taken in their order.

    Returns:
        By column: whether it holds texts or whole numbers; [k, k], the root of the mean squared difference, of texts
        the share of rows that differ; [k, k], the greatest difference. Infinite where missing or infinite values are
        not in the same rows. None where tables have other columns, or another number of rows.
    """
    if any(dict(t.columns) != dict(tables[0].columns) for t in tables):
        return None
    found = {}
    for column, kind in tables[0].columns.items():
        query = f"SELECT {names([column])} FROM "
        held = [engine.connection.execute(query + t.name).fetchnumpy()[column] for t in tables]
        if len({len(values) for values in held}) > 1:
            return None
        rms, far = np.zeros((len(held), len(held))), np.zeros((len(held), len(held)))
        for i, j in combinations(range(len(held)), 2):
            rms[i, j], far[i, j] = rms[j, i], far[j, i] = _distance(held[i], held[j])
        found[column] = kind != "number", rms, far
    return found


def _distance(a: Any, b: Any) -> tuple[float, float]:
    """On the whole, and in the row that lies farthest."""
    empty, other = np.ma.getmaskarray(np.ma.asarray(a)), np.ma.getmaskarray(np.ma.asarray(b))
    if not np.array_equal(empty, other):
        return math.inf, math.inf
    x, y = np.ma.getdata(a)[~empty], np.ma.getdata(b)[~empty]
    if x.dtype.kind not in "iuf":
        unlike = [p != q for p, q in zip(x.tolist(), y.tolist(), strict=True)]
        return (sum(unlike) / len(unlike), float(any(unlike))) if unlike else (0.0, 0.0)
    odd = ~np.isfinite(x) | ~np.isfinite(y)
    if not np.array_equal(x[odd], y[odd], equal_nan=True):
        return math.inf, math.inf
    far = np.abs(x[~odd].astype(float) - y[~odd].astype(float))
    most = float(far.max(initial=0.0))
    # Divided by the greatest, so that squares of tiny and of huge numbers are kept.
    return (most * math.sqrt(float(np.mean((far / most) ** 2))) if 0 < most < math.inf else most), most


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
