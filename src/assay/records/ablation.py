"""An ablation study as a designed experiment, as it is kept and shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assay.base.canonical import plain
from assay.records.comparison import Comparison, InputFile
from assay.records.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Effect:
    """What a factor, or several together, change.

    Attributes:
        name: Factors joined by `x`; of a factor with more levels also which are compared.
        factors: The factors, in the order of the design.
        aliases: Effects that these runs cannot tell from it; with `-` where they count the other way.
        estimate: `interval` is its own, `decision_interval` and `p_value` hold for all effects together.
        score: Its place on the half-normal scale; larger where the effect is larger than most.
    """

    name: str
    factors: tuple[str, ...]
    aliases: tuple[str, ...]
    estimate: Estimate
    score: float


@dataclass(frozen=True, slots=True)
class StudyRun:
    """One run: its settings by factor, and its value."""

    name: str
    settings: Mapping[str, Any]
    value: float


@dataclass(frozen=True, slots=True)
class Study:
    """All effects on one metric, or on one column of values.

    Attributes:
        measure: The metric's notation, or the column.
        direction: `higher` or `lower` where a metric says so; empty for a column.
        run_variance: Of one run, pooled over settings with several; None where every setting has one run.
        lenth: Margins from the effects themselves, of one and of all together; None where intervals say it.
    """

    measure: str
    direction: str
    rows: int
    units: int
    runs: tuple[StudyRun, ...]
    effects: tuple[Effect, ...]
    run_variance: float | None
    run_df: int
    lenth: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class AblationSet:
    """All that one reading of an ablation study gives.

    Attributes:
        kind: Of the design: `full factorial`, `fraction of a factorial`, `one factor at a time`, `cells missing`.
        factors: Factor -> its levels; effects are against the first.
        settings: Combinations of levels that have a run.
        missing: Some that have none; `absent` counts them.
        notes: What the design can and cannot tell.
    """

    version: str
    seed: int
    inputs: tuple[InputFile, ...]
    unit: str
    level: float
    kind: str
    factors: Mapping[str, tuple[Any, ...]]
    settings: int
    missing: tuple[str, ...]
    absent: int
    studies: tuple[Study, ...]
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The object that `assay ablation --json -` prints, of what JSON holds alone."""
        found: dict[str, Any] = plain(
            {
                "assay": self.version,
                "schema": 1,
                "seed": self.seed,
                "inputs": self.inputs,
                "unit": self.unit,
                "level": self.level,
                "design": {
                    "kind": self.kind,
                    "factors": self.factors,
                    "settings": self.settings,
                    "absent": self.absent,
                    "missing": self.missing,
                },
                "studies": [_study(s) for s in self.studies],
                "notes": self.notes,
                "warnings": self.warnings,
            }
        )
        return found


@dataclass(frozen=True, slots=True)
class Contributions:
    """What each component of a plan's first candidate contributes, as judged.

    Attributes:
        plan: Its name.
        candidate: The whole: nothing is left out.
        removes: Ablation -> the component that it leaves out.
        comparisons: The candidate beside each ablation, which stands as the baseline, for every metric of the plan.
        whole: The same beside the plan's baseline.
        seeds: Training seeds of each model.
        unit: The column that names the units; empty where each row is one.
    """

    plan: str
    candidate: str
    removes: Mapping[str, str]
    comparisons: tuple[Comparison, ...]
    whole: tuple[Comparison, ...]
    seeds: Mapping[str, int]
    unit: str = ""

    def to_json(self) -> dict[str, Any]:
        """The object that `assay ablation PLAN --json -` prints, of what JSON holds alone."""
        found: dict[str, Any] = plain(
            {
                "type": "contributions",
                "schema": 1,
                "plan": self.plan,
                "candidate": self.candidate,
                "unit": self.unit,
                "seeds": self.seeds,
                "components": [
                    {"removes": self.removes.get(c.baseline_name, ""), **c.to_json()} for c in self.comparisons
                ],
                "beside_the_baseline": [c.to_json() for c in self.whole],
            }
        )
        return found


def _study(study: Study) -> dict[str, Any]:
    return {
        "measure": study.measure,
        "direction": study.direction,
        "rows": study.rows,
        "units": study.units,
        "runs": study.runs,
        "run_variance": study.run_variance,
        "run_df": study.run_df,
        "lenth": None if study.lenth is None else {"margin": study.lenth[0], "simultaneous": study.lenth[1]},
        "effects": [
            {
                "name": e.name,
                "factors": e.factors,
                "aliases": e.aliases,
                **e.estimate.full(),
                "together": e.estimate.decision_interval,
                "half_normal_score": e.score,
            }
            for e in study.effects
        ],
    }
