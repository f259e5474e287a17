"""Many models on one test set, as they are kept and shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from assay.base.canonical import plain
from assay.records.comparison import InputFile
from assay.records.estimate import Estimate
from assay.records.metric import Metric


@dataclass(frozen=True, slots=True)
class Standing:
    """One model among the others.

    Attributes:
        place: 1 is the best value; ties in the order of the names.
        value: Of the model alone, with an interval of its own.
        best: The model minus the best of the others; the intervals of all models hold together.
        p_best: p-value of "this model is the best".
        may_be_best: Whether that interval leaves it open that no other model is better.
        letters: Models that share one are not told apart.
        same_as: A model before it that scores every unit alike; empty where there is none.
    """

    name: str
    place: int
    value: Estimate
    best: Estimate
    p_best: float
    may_be_best: bool
    letters: str
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class PairDifference:
    """The first minus the second, with an interval that holds together with those of all pairs."""

    first: str
    second: str
    difference: Estimate


@dataclass(frozen=True, slots=True)
class BlockStanding:
    """One model over the blocks: its average rank (1 the best), its mean value, and letters by either."""

    name: str
    rank: float
    letters: str
    mean: float
    mean_letters: str


@dataclass(frozen=True, slots=True)
class Blocks:
    """Models over several data sets: each block counts once.

    Attributes:
        column: What names the blocks.
        left_out: Blocks in which the metric is undefined for some model.
        chi2: Friedman's statistic, corrected for ties, with K - 1 degrees of freedom.
        f: Iman and Davenport's, with K - 1 and (K - 1)(N - 1).
        critical_difference: How far average ranks must lie apart at the level, all pairs together.
        models: By average rank.
        groups: Models whose average ranks are not told apart.
        pairs: Differences of the means over blocks: the same on the scale of the metric.
    """

    column: str
    blocks: int
    left_out: tuple[str, ...]
    chi2: float
    chi2_p: float
    f: float | None
    f_p: float
    critical_difference: float
    models: tuple[BlockStanding, ...]
    groups: tuple[tuple[str, ...], ...]
    pairs: tuple[PairDifference, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """All models by one metric, the best first."""

    metric: Metric
    rows: int
    units: int
    models: tuple[Standing, ...]
    pairs: tuple[PairDifference, ...]
    groups: tuple[tuple[str, ...], ...]
    blocks: Blocks | None = None


@dataclass(frozen=True, slots=True)
class CandidateSet:
    """All that one reading of many models gives.

    Attributes:
        unit: What was sampled: the column's name, or empty where each row is a unit.
    """

    version: str
    seed: int
    inputs: tuple[InputFile, ...]
    unit: str
    level: float
    rankings: tuple[Ranking, ...]
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The object that `assay candidates --json -` prints, of what JSON holds alone."""
        found: dict[str, Any] = plain(
            {
                "assay": self.version,
                "schema": 1,
                "seed": self.seed,
                "inputs": self.inputs,
                "unit": self.unit,
                "level": self.level,
                "rankings": [_ranking(r) for r in self.rankings],
                "warnings": self.warnings,
            }
        )
        return found


def _ranking(ranking: Ranking) -> dict[str, Any]:
    return {
        "metric": ranking.metric.to_json(),
        "rows": ranking.rows,
        "units": ranking.units,
        "models": [_standing(m) for m in ranking.models],
        "pairs": [_pair(p) for p in ranking.pairs],
        "groups": ranking.groups,
        "blocks": None if ranking.blocks is None else _blocks(ranking.blocks),
    }


def _standing(m: Standing) -> dict[str, Any]:
    return {
        "name": m.name,
        "place": m.place,
        "value": m.value.full(),
        "minus_best_of_others": m.best.full(),
        "p_best": m.p_best,
        "may_be_best": m.may_be_best,
        "letters": m.letters,
        "same_as": m.same_as,
    }


def _pair(pair: PairDifference) -> dict[str, Any]:
    return {"first": pair.first, "second": pair.second, "difference": pair.difference.full()}


def _blocks(blocks: Blocks) -> dict[str, Any]:
    return {
        "column": blocks.column,
        "blocks": blocks.blocks,
        "left_out": blocks.left_out,
        "friedman": {"chi2": blocks.chi2, "p": blocks.chi2_p},
        "iman_davenport": {"f": blocks.f, "p": blocks.f_p},
        "critical_difference": blocks.critical_difference,
        "models": blocks.models,
        "groups": blocks.groups,
        "pairs": [_pair(p) for p in blocks.pairs],
    }
