"""The plan: what is asked, claimed and allowed, written down before the data is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from assay.records.comparison import MissingPolicy
from assay.records.sweep import Sweep

ClaimKind = Literal["better", "not_worse", "equivalent", "at_least", "at_most"]
About = Literal["model", "method"]
RiskTier = Literal["low", "medium", "high"]
LooksKind = Literal["group-sequential", "always-valid"]
Spending = Literal[
    "obrien-fleming",
    "pocock",
    "hwang-shih-decani",
    "power",
    "classical-obrien-fleming",
    "classical-pocock",
]
SPENDING_LIMITS = {"hwang-shih-decani": (-40.0, 40.0), "power": (0.0, 50.0)}
"""Families of spending functions with the limits of their parameter; that of the power family lies above 0."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated step."""

    date: str
    what: str


@dataclass(frozen=True, slots=True)
class DataSpec:
    """The test data and the meaning of its columns.

    Attributes:
        id: Columns that together name a row.
        unit: The column of what is sampled; empty means that each row is a unit.
        slices: Columns, or columns crossed with `*`.
        seed: The column of the training seed in a long file; empty where there is one prediction a row.
        repeat: The column that numbers repeated predictions of one row.
        labels: The classes, where the target alone does not show all of them.
        positive: The class taken as positive.
        threshold: Scores at or above it become the positive class.
        query: The column of the query, where rows are documents of ranked lists; `id` names query and document then.
        qrels: A file of relevance besides those of the models; `qrels_digest` is filled in when the plan is frozen.
        time: The column of time; `split` says in words how the data was split from the training data.
    """

    name: str
    id: tuple[str, ...]
    target: str
    unit: str = ""
    slices: tuple[str, ...] = ()
    positive: str | int | float | bool | None = None
    labels: tuple[str | int | float | bool, ...] = ()
    threshold: float | None = None
    seed: str = ""
    repeat: str = ""
    time: str = ""
    split: str = ""
    population: str = ""
    query: str = ""
    qrels: str = ""
    qrels_digest: str = ""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A set of predictions: in a file, or kept by runs.

    Attributes:
        file: Path, relative to the plan's folder; empty where runs keep the predictions.
        runs: `("sweep",)` for the runs of the plan's sweep, or ids of runs, one a seed.
        config: What the plan's sweep passes to the command for this model.
        command: Of this model, where it is not that of the sweep.
        score: The column of predictions; empty where the file leaves no choice.
        digest: Of the file's content, filled in when the plan is frozen.
        why: Why this is the right baseline, or what the candidate changes.
        deterministic: The procedure has no randomness, so one seed stands for the method.
    """

    name: str
    file: str
    score: str = ""
    digest: str = ""
    why: str = ""
    deterministic: bool = False
    runs: tuple[str, ...] = ()
    config: Mapping[str, Any] = field(default_factory=dict)
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """A candidate against its baseline, or against a threshold.

    Attributes:
        metric: In the notation of metrics, e.g. `log_loss`, `recall@0.5`, `gap(recall, by=region)`.
        margin: For `better` (default 0), `not_worse` and `equivalent` (required): in the metric's unit, >= 0.
        threshold: For `at_least` and `at_most`: the value that the candidate has to reach.
        slice: Column and value that restrict the claim; {} is all data.
        about: `model` or `method`.
        minimal_effect: The least improvement worth detecting, for power and for the units that are still needed.
        sd: Standard deviation of one unit's difference, from earlier data, for power without a pilot.
        primary: Whether its refutation stops the plan.
        guardrail: Whether any adoption needs it, whatever the primary claims say; it is never primary.
        candidate: The candidate's name; empty means each candidate in turn.
        alpha: The error on each side; the plan's level gives it where None.
    """

    name: str
    metric: str
    kind: ClaimKind
    margin: float | None = None
    threshold: float | None = None
    slice: dict[str, str | int | float | bool | None] = field(default_factory=dict)
    about: About = "model"
    minimal_effect: float | None = None
    sd: float | None = None
    primary: bool = True
    guardrail: bool = False
    candidate: str = ""
    alpha: float | None = None


@dataclass(frozen=True, slots=True)
class Looks:
    """How often new units may be read, and how the error is spent.

    Attributes:
        planned: Number of looks; 0 where any number is allowed.
        units: Units expected at the last look; information is units. Required with more than one look. Where looks are
            always valid, the units at which intervals are to be tightest.
        spending: Spending function, or classical design.
        at: Units of each planned look, the last one `units`; empty where they are equally spaced.
        kind: `group-sequential`: so many looks share the error. `always-valid`: any number, at any time.
        parameter: Of the spending family: gamma of Hwang, Shih and DeCani, or the exponent of the power family.
    """

    planned: int = 1
    units: int | None = None
    spending: Spending = "obrien-fleming"
    at: tuple[int, ...] = ()
    kind: LooksKind = "group-sequential"
    parameter: float | None = None

    @property
    def several(self) -> bool:
        """Whether new units may be read after the first look."""
        return self.planned != 1

    @property
    def any_number(self) -> bool:
        """Whether looks are not counted."""
        return self.kind == "always-valid"


@dataclass(frozen=True, slots=True)
class Reuse:
    """How many candidates may be read on these units, and what of the numbers is shown to their makers."""

    candidates: int = 1
    release: Literal["verdict", "full"] = "full"


@dataclass(frozen=True, slots=True)
class Ablation:
    """A variant that leaves out one component, to learn what it contributes."""

    name: str
    removes: str
    model: ModelSpec | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A research plan.

    Attributes:
        decide: `all-of`: every primary claim has to hold, each at its level. `any-of`: one is enough, Holm-adjusted.
        seeds: Training seeds that each model needs for a claim about the method.
        seeds_paired: Seed i of both models is the same draw of the training data.
        missing: What is done with rows that one side lacks.
        sweep: How runs fill the plan's matrix of models and seeds; None where predictions are files.
        reproduction: Whether a claim that decides has to be reproduced before anything is adopted.
        version: 1, or more after deviations; `parent` is the digest of the version before, `deviation` says why.
    """

    name: str
    question: str
    hypothesis: str
    owner: str
    data: DataSpec
    baseline: ModelSpec
    candidates: tuple[ModelSpec, ...]
    claims: tuple[Claim, ...]
    guardrails: tuple[Claim, ...] = ()
    ablations: tuple[Ablation, ...] = ()
    user_impact: str = ""
    product_kpi: str = ""
    risk_tier: RiskTier = "low"
    milestones: tuple[Milestone, ...] = ()
    decide: Literal["all-of", "any-of"] = "all-of"
    level: float = 0.95
    power: float = 0.8
    seeds: int = 1
    seeds_paired: bool = False
    looks: Looks = Looks()
    reuse: Reuse = Reuse()
    missing: MissingPolicy = "refuse"
    stop_rules: tuple[str, ...] = ()
    change_my_mind: str = ""
    policy: str = "default"
    seed: int = 0
    version: int = 1
    parent: str = ""
    deviation: str = ""
    sweep: Sweep | None = None
    reproduction: Literal["", "required"] = ""
