"""Comparing tables in memory through the verb."""

from __future__ import annotations

from typing import Any

import numpy as np

from assay.records.comparison import Comparison, ComparisonSet
from assay.verbs import compare as verb
from tests.helpers.tables import Columns

KEYS = ("--on", "id", "--target", "y")


def run(*tables: Any, on: str = "id", target: str = "y", **options: Any) -> ComparisonSet:
    return verb.run(verb.CompareRequest(files=tables, on=(on,), target=target, **options))


def whole(*tables: Any, **options: Any) -> Comparison:
    return next(c for c in run(*tables, **options).comparisons if not c.slice)


def split(data: Columns) -> tuple[Columns, Columns]:
    """The baseline's and the candidate's table, the second in another order."""
    shared = {k: v for k, v in data.items() if k not in ("a", "b")}
    base, cand = {**shared, "p": data["a"]}, {**shared, "p": data["b"]}
    order = np.random.default_rng(9).permutation(len(data["id"]))
    return base, {k: [v[i] for i in order] for k, v in cand.items()}
