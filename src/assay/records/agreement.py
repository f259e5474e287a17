"""How far raters agree, as it is kept and shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.base.canonical import plain
from assay.records.comparison import InputFile
from assay.records.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Agreement:
    """One measure of agreement.

    Attributes:
        measure: Its stable name, e.g. `krippendorff`.
        title: As people call it.
    """

    measure: str
    title: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class AgreementSet:
    """All that one reading of ratings gives.

    Attributes:
        scale: What distances between ratings mean.
        unit: What was sampled: the column's name.
        items: Items with a rating.
        alone: Of those, items that one rater alone has rated, which say nothing of agreement.
        ratings: Ratings that count.
    """

    version: str
    inputs: tuple[InputFile, ...]
    scale: str
    unit: str
    items: int
    alone: int
    raters: int
    ratings: int
    measures: tuple[Agreement, ...]
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The object that `assay agreement --json -` prints, of what JSON holds alone."""
        found: dict[str, Any] = plain(self._parts())
        return found

    def _parts(self) -> dict[str, Any]:
        return {
            "assay": self.version,
            "schema": 1,
            "inputs": self.inputs,
            "scale": self.scale,
            "unit": self.unit,
            "items": self.items,
            "items_with_one_rating": self.alone,
            "raters": self.raters,
            "ratings": self.ratings,
            "measures": [
                {
                    "measure": m.measure,
                    "title": m.title,
                    **m.estimate.brief(),
                    "units": m.estimate.units,
                    "effective_units": m.estimate.effective_units,
                    "reason": m.estimate.reason,
                    "inside_domain": m.estimate.inside_domain,
                    "domain": m.estimate.domain,
                    "diagnostics": dict(m.estimate.diagnostics),
                }
                for m in self.measures
            ],
            "warnings": list(self.warnings),
        }
