"""Per-row scores of metrics that read more than one number a row: text, labels, vectors, several columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from assay.base.errors import MetricError
from assay.evaluate import values
from assay.records.metric import VALUES, Array, Floats, Metric
from assay.records.protocols import By, Kind

Read = dict[Any, Array]
"""What was read of a chunk, for metrics that read the same."""


class RowReader:
    """Reads the rows of a chunk that are complete, and scores them.

    Args:
        kinds: Of the aligned columns.
    """

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = kinds
        self.widths: dict[str, int] = {}
        self.common: dict[str, By] = {}

    def check_common(self, chunk: Mapping[str, Array]) -> None:
        """What belongs to a row is the same whichever model's file says it.

        Raises:
            MetricError: naming the column, with two values of a row.
        """
        for column, arms in self.common.items():
            first = chunk[arms[0]]
            for other in (chunk[a] for a in arms[1:]):
                differs = np.flatnonzero(np.ma.filled(first != other, False))
                if len(differs):
                    at = differs[0]
                    raise MetricError(
                        f"the column {column!r} is {first[at]:g} for one model and {other[at]:g} for another in a row",
                        rule="it belongs to the row, not to the model",
                        fix="build both files from one version of the data",
                    )

    def scores(
        self, metric: Metric, columns: By, chunk: Mapping[str, Array], centre: float, read: Read
    ) -> tuple[list[Floats], Array]:
        """Score columns [n] of one arm, 0 in missing rows; and which rows are missing.

        Args:
            columns: The arm's columns.
            chunk: Columns of rows.
            centre: As for every scorer.
            read: What other metrics read of this chunk; new readings are added.
        """
        truth = ("y",) if metric.targeted and "y" in chunk else ()
        missing = np.logical_or.reduce([np.ma.getmaskarray(chunk[c]) for c in (*truth, *columns)])
        kept, found = np.flatnonzero(~missing), [np.zeros(len(missing)) for _ in metric.columns]
        if metric.scorer is None:
            raise TypeError(f"{metric.name} has no scorer")
        if not len(kept):
            return found, missing
        form = (metric.reads, metric.parameters.get("separator"), *truth)
        # Models whose rows are all there share the target.
        aim, how = (form, () if len(kept) == len(missing) else columns), (form, columns, "prediction")
        if aim not in read:
            raw = np.ma.getdata(chunk["y"])[kept] if truth else kept
            read[aim] = self._targets(metric, raw) if truth else np.zeros(len(kept))
        if how not in read:
            read[how] = self._predictions(metric, columns, [np.ma.getdata(chunk[c])[kept] for c in columns])
        with np.errstate(over="ignore", invalid="ignore"):
            scored = metric.scorer(read[aim], read[how], centre)
        for column, score in zip(found, scored, strict=True):
            column[kept] = score
        return found, missing

    def _predictions(self, metric: Metric, columns: By, raw: Sequence[Array]) -> Array:
        if metric.reads not in VALUES:
            return np.stack([r.astype(float) for r in raw], axis=1)
        found = values.predictions(metric, raw[0], self.kinds[columns[0]])
        if found.ndim == 2:
            width = self.widths.setdefault(columns[0], found.shape[1])
            if found.shape[1] != width:
                raise values.unequal(metric, width, found.shape[1])
        return found

    def _targets(self, metric: Metric, raw: Array) -> Array:
        if metric.reads not in VALUES:
            return raw.astype(float)
        values.check(metric, self.kinds["y"], target=True)
        return values.targets(metric, raw, self.kinds["y"])
