"""What pairwise preferences say of models, as it is kept and shown."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from assay.records.comparison import InputFile
from assay.records.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Strength:
    """One model.

    Attributes:
        estimate: Log-odds of winning against an average model.
        rank: 1 is the strongest.
        rank_interval: Where the rank may lie; the intervals of all models hold together.
    """

    name: str
    estimate: Estimate
    rank: int
    rank_interval: tuple[int, int]
    won: int
    lost: int
    tied: int


@dataclass(frozen=True, slots=True)
class Slope:
    """How much the log-odds of the first model change by one unit of a covariate."""

    name: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Showing:
    """Whether the order in which models were shown was drawn by chance.

    Attributes:
        statistic: Chi-square of how often each pair was shown in either order, all pairs together; None if untested.
        df: Its degrees of freedom: as many as pairs, fewer where votes of a unit share an order.
        p_value: How often orders as uneven come about by chance; None where no pair has votes enough.
        pairs: Pairs of models that were tested; `left_out` have too few votes.
        first: Of the most uneven pair the model that stood first more often; `second` the other one.
        counts: Votes of that pair in which it stood first, and in which it stood second.
    """

    statistic: float | None
    df: float
    p_value: float | None
    pairs: int
    left_out: int
    first: str = ""
    second: str = ""
    counts: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class PreferenceSet:
    """All that one reading of votes gives.

    Attributes:
        unit: What was sampled: the column's name, or `vote`.
        models: The strongest first.
        order: Log-odds of the model shown first; None where it was not asked.
        covariates: What strengths are adjusted for.
        showing: How evenly each pair was shown in either order; None where no order was asked for.
        warnings: What nobody could look up.
    """

    version: str
    seed: int
    inputs: tuple[InputFile, ...]
    unit: str
    votes: int
    ties: int
    level: float
    models: tuple[Strength, ...]
    order: Estimate | None = None
    covariates: tuple[Slope, ...] = ()
    warnings: tuple[str, ...] = ()
    showing: Showing | None = None

    def to_json(self) -> dict[str, Any]:
        """The object that `assay preferences --json -` prints."""
        return {
            "assay": self.version,
            "schema": 1,
            "seed": self.seed,
            "inputs": [dataclasses.asdict(i) for i in self.inputs],
            "unit": self.unit,
            "votes": self.votes,
            "ties": self.ties,
            "level": self.level,
            "models": [
                {
                    "name": m.name,
                    "rank": m.rank,
                    "rank_interval": list(m.rank_interval),
                    "strength": _json(m.estimate),
                    "won": m.won,
                    "lost": m.lost,
                    "tied": m.tied,
                }
                for m in self.models
            ],
            "order": None if self.order is None else _json(self.order),
            "showing": None if self.showing is None else dataclasses.asdict(self.showing),
            "covariates": [{"name": s.name, **_json(s.estimate)} for s in self.covariates],
            "warnings": list(self.warnings),
        }


def _json(estimate: Estimate) -> dict[str, Any]:
    return {
        **estimate.brief(),
        "units": estimate.units,
        "effective_units": estimate.effective_units,
        "reason": estimate.reason,
        "inside_domain": estimate.inside_domain,
        "domain": estimate.domain,
    }
