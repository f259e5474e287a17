"""The keys of a plan file: names, types, limits, and an example of each. Strict; unknown keys are refused.

Documented for users in docs/plan.md, key by key.
"""

from __future__ import annotations

import json
import shlex
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, model_validator
from pydantic_core import PydanticCustomError

from assay.base.canonical import DIGEST
from assay.records.comparison import MissingPolicy
from assay.records.plan import About, ClaimKind, LooksKind, RiskTier, Spending
from assay.records.sweep import Goal, Search

Scalar = str | int | float | bool


def _not_blank(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "it must not be empty")
    return text.strip()


def _one_line(text: str) -> str:
    if "\n" in text or "\t" in text:
        raise PydanticCustomError("one_line", "it is one line")
    return text


def _listed(value: Any) -> Any:
    return value if isinstance(value, list) else [value]


def _words(value: Any) -> Any:
    """A command as words; one text is split as a shell does, and nothing else of a shell happens."""
    if not isinstance(value, str):
        return value
    try:
        return shlex.split(value)
    except ValueError as error:
        raise PydanticCustomError("words", "it is a command whose quotes are closed") from error


def _json_value(value: Any) -> Any:
    return _json({"": value})[""]


def _json(value: dict[str, Any]) -> dict[str, Any]:
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        raise PydanticCustomError("json", "values are texts, finite numbers, true, false, lists or mappings") from None
    return value


def _scalar(value: Any) -> Scalar:
    if not isinstance(value, (str, int, float, bool)):
        raise PydanticCustomError("scalar", "it is one text, number, true or false")
    return value


def _scalar_or_missing(value: Any) -> Scalar | None:
    return None if value is None else _scalar(value)


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise PydanticCustomError("date", "it is a date like 2026-03-31") from None


Text = Annotated[str, Field(max_length=10_000), AfterValidator(_not_blank)]
Prose = Annotated[str, Field(max_length=10_000)]
Name = Annotated[str, Field(max_length=120), AfterValidator(_not_blank), AfterValidator(_one_line)]
Optional = Annotated[str, Field(max_length=1_000), AfterValidator(_one_line)]
Names = Annotated[list[Name], Field(min_length=1, max_length=100), BeforeValidator(_listed)]
Value = Annotated[Any, PlainValidator(_scalar)]
RunNames = Annotated[list[Name], Field(max_length=1_000), BeforeValidator(_listed)]
Words = Annotated[list[Prose], Field(max_length=1_000), BeforeValidator(_words)]
Config = Annotated[dict[Name, Any], Field(max_length=200), AfterValidator(_json)]
Number = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, lt=1)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class Keys(BaseModel):
    """One mapping of the file."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _empty_is_absent(cls, value: Any) -> Any:
        """A known key with nothing behind it counts as not given."""
        if not isinstance(value, dict):
            return value
        return {k: v for k, v in value.items() if v is not None or k not in cls.model_fields}


class MilestoneKeys(Keys):
    """`milestones`."""

    date: Annotated[str, AfterValidator(_date)] = Field(examples=["2026-03-31"])
    what: Text = Field(examples=["pilot in one region"])


class DataKeys(Keys):
    """`data`."""

    name: Name = Field(examples=["orders-test-2026-01"])
    id: Names = Field(examples=["order_id"])
    target: Name = Field(examples=["late"])
    population: Prose = ""
    positive: Value | None = None
    labels: list[Value] = Field(default=[], max_length=1_000)
    threshold: Number | None = None
    unit: Optional = ""
    slices: list[Name] = Field(default=[], max_length=1_000)
    seed: Optional = ""
    repeat: Optional = ""
    query: Optional = ""
    qrels: Optional = ""
    qrels_digest: Annotated[str, Field(pattern=f"^({DIGEST})?$")] = ""
    time: Optional = ""
    split: Prose = ""


class ModelKeys(Keys):
    """`baseline`, and each of `candidates`."""

    name: Name = Field(examples=["gradient-boosting"])
    file: Optional = Field(default="", examples=["predictions/candidate.parquet"])
    runs: RunNames = []
    config: Config = {}
    command: Words = []
    score: Optional = ""
    why: Prose = ""
    deterministic: bool = False
    digest: Annotated[str, Field(pattern=f"^({DIGEST})?$")] = ""


class AblationKeys(Keys):
    """Each of `ablations`."""

    name: Name = Field(examples=["without-history"])
    removes: Text = Field(examples=["the features of past orders"])
    file: Optional = ""
    score: Optional = ""
    runs: RunNames = []
    config: Config = {}
    command: Words = []


class GuardrailKeys(Keys):
    """Each of `guardrails`."""

    name: Name = Field(examples=["ranking-not-worse"])
    metric: Name = Field(examples=["auc"])
    kind: ClaimKind = Field(examples=["not_worse"])
    margin: Number | None = None
    threshold: Number | None = None
    slice: dict[Name, Annotated[Any, PlainValidator(_scalar_or_missing)]] = Field(default={}, max_length=20)
    about: About = "model"
    minimal_effect: Number | None = None
    sd: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    candidate: Optional = ""
    alpha: Annotated[float, Field(gt=0, lt=0.5)] | None = None


class ClaimKeys(GuardrailKeys):
    """Each of `claims`."""

    primary: bool = True


class LooksKeys(Keys):
    """`looks`."""

    planned: int = Field(default=1, ge=1, le=20)
    units: Annotated[int, Field(ge=2)] | None = None
    spending: Spending = "obrien-fleming"
    at: list[Number] = Field(default=[], max_length=20)
    kind: LooksKind = "group-sequential"
    parameter: Number | None = None


class ReuseKeys(Keys):
    """`reuse`."""

    candidates: int = Field(default=1, ge=1, le=10_000)
    release: Literal["verdict", "full"] = "full"


class BudgetKeys(Keys):
    """`sweep.budget`."""

    hours: Positive | None = None
    cpu_hours: Positive | None = None


class StopKeys(Keys):
    """`sweep.stop`."""

    failures: Annotated[int, Field(ge=1)] | None = None
    value: Number | None = None
    patience: Annotated[int, Field(ge=1)] | None = None
    diverged: bool = False


class SweepKeys(Keys):
    """`sweep`."""

    command: Words = Field(default=[], examples=["python train.py --model {model} --seed {seed}"])
    folder: Optional = "."
    space: dict[Name, Annotated[Any, AfterValidator(_json_value)]] = Field(default={}, max_length=100)
    search: Search = "grid"
    settings: int = Field(default=0, ge=0, le=10_000)
    metric: Optional = ""
    goal: Goal = "minimize"
    predictions: Optional = ""
    metrics: Optional = ""
    reads: list[Text] = Field(default=[], max_length=1_000)
    prompts: list[Text] = Field(default=[], max_length=1_000)
    retries: int = Field(default=1, ge=0, le=100)
    backoff: Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)] = 1.0
    minutes: Positive | None = None
    budget: BudgetKeys = BudgetKeys()
    stop: StopKeys = StopKeys()


class PlanKeys(Keys):
    """The whole file."""

    assay: Literal[1] = Field(examples=[1])
    name: Name = Field(examples=["late-orders-gbm"])
    question: Text = Field(examples=["Does the new model predict late orders better?"])
    hypothesis: Text = Field(examples=["Trees catch the interaction of hour and region."])
    owner: Text = Field(examples=["Ada Lovelace"])
    data: DataKeys
    baseline: ModelKeys
    candidates: list[ModelKeys] = Field(min_length=1, max_length=1_000)
    claims: list[ClaimKeys] = Field(min_length=1, max_length=1_000)
    guardrails: list[GuardrailKeys] = Field(default=[], max_length=1_000)
    ablations: list[AblationKeys] = Field(default=[], max_length=1_000)
    user_impact: Prose = ""
    product_kpi: Prose = ""
    risk_tier: RiskTier = "low"
    milestones: list[MilestoneKeys] = Field(default=[], max_length=100)
    decide: Literal["all-of", "any-of"] = "all-of"
    level: float = Field(default=0.95, gt=0.5, lt=1)
    power: Share = 0.8
    seeds: int = Field(default=1, ge=1, le=10_000)
    seeds_paired: bool = False
    looks: LooksKeys = LooksKeys()
    reuse: ReuseKeys = ReuseKeys()
    missing: MissingPolicy = "refuse"
    stop_rules: list[Text] = Field(default=[], max_length=100)
    change_my_mind: Prose = ""
    policy: Name = "default"
    sweep: SweepKeys | None = None
    reproduction: Literal["", "required"] = ""
    seed: int = Field(default=0, ge=0, lt=2**63)
