"""One metric, one slice, one baseline, one candidate: what was aligned and what was estimated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from assay.base.canonical import plain
from assay.records.estimate import Estimate
from assay.records.metric import Metric

SliceKey = Mapping[str, Any]
MissingPolicy = Literal["refuse", "exclude", "failure", "bounds"]
"""What is done about rows that one model lacks or did not score."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """What pairing by key found and did.

    Attributes:
        rows: Rows that were compared.
        units: Distinct units among them.
        effective_units: (sum n)^2 / sum n^2 over units.
        dropped: Rows left out by the missingness policy.
        missing_in_baseline: Keys that only the candidate has.
        missing_in_candidate: Keys that only the baseline has.
        duplicates: Rows whose key occurs more than once.
        unscored: Rows with an empty or NaN prediction; where rows may be left out, also those without a target.
        imputed: Rows counted as failures, or bounded.
    """

    rows: int
    units: int
    effective_units: float
    dropped: int = 0
    missing_in_baseline: int = 0
    missing_in_candidate: int = 0
    duplicates: int = 0
    unscored: int = 0
    imputed: int = 0


@dataclass(frozen=True, slots=True)
class SignFlip:
    """A permutation test beside the interval.

    Attributes:
        p_value: Two-sided.
        exact: Whether every flip was counted.
        units: Units (or buckets of them) in which the models differ.
        flips: How many flips were counted.
    """

    p_value: float
    exact: bool
    units: int
    flips: int


@dataclass(frozen=True, slots=True)
class Posterior:
    """A Bayesian reading of a difference, beside the interval and never a verdict.

    Attributes:
        mean: Of the difference, in the metric's own sign.
        interval: Central, at `level`.
        better: Probability that the candidate is better.
        rope: Differences up to it count as the same; 0 where none was said.
        inside: Probability that the difference is inside; None without a rope.
        above: Probability that the candidate is better by more than it; None without a rope.
        prior: What was taken for known before.
    """

    mean: float
    interval: tuple[float, float]
    level: float
    better: float
    rope: float
    inside: float | None
    above: float | None
    prior: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """A slice among all slices of its metric and candidate, by p-values adjusted together.

    Attributes:
        p_value: Unadjusted, two-sided, against no difference.
        holm: Adjusted for the chance of one false finding among the slices, whatever their dependence.
        q: Share of false findings expected among slices with a q as small (Benjamini-Hochberg).
        q_any: The same whatever the dependence of the slices (Benjamini-Yekutieli).
        slices: How many slices were tested together; those without a p-value that holds count as p = 1.
    """

    p_value: float
    holm: float
    q: float
    q_any: float
    slices: int


@dataclass(frozen=True, slots=True)
class Beside:
    """Further readings of a difference, none of which decides.

    Attributes:
        relative: (Candidate - baseline) / baseline; None where it was not asked.
        discovery: Of a slice; None where it was not asked.
        notes: Why a reading that was asked has no value, by its name.
    """

    relative: Estimate | None = None
    sign_flip: SignFlip | None = None
    posterior: Posterior | None = None
    notes: Mapping[str, str] = field(default_factory=dict)
    discovery: Discovery | None = None

    def to_json(self) -> dict[str, Any]:
        """The readings as the interface shows them."""
        return {
            "relative": None if self.relative is None else self.relative.full(),
            "sign_flip": self.sign_flip,
            "posterior": self.posterior,
            "discovery": self.discovery,
            "notes": dict(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """A candidate beside its baseline, on one metric and one slice ({} is everything)."""

    metric: Metric
    slice: SliceKey
    baseline_name: str
    candidate_name: str
    alignment: Alignment
    baseline: Estimate
    candidate: Estimate
    difference: Estimate
    beside: Beside | None = None

    def to_json(self) -> dict[str, Any]:
        """The comparison as the interface shows it."""
        d = self.difference
        difference = {
            "value": d.value,
            "interval": d.interval,
            "level": d.level,
            "decision_interval": d.decision_interval,
            "decision_level": d.decision_level,
            "p_value": d.p_value,
            "alternative": d.alternative,
            "margin": d.margin,
            "method": d.method,
            "reason": d.reason,
            "exact": d.exact,
            "monte_carlo_error": d.monte_carlo_error,
            "inside_domain": d.inside_domain,
            "domain": d.domain,
            "undefined": d.undefined,
            "diagnostics": dict(d.diagnostics),
        }
        return {
            "metric": self.metric.to_json(),
            "slice": dict(self.slice),
            "baseline_name": self.baseline_name,
            "candidate_name": self.candidate_name,
            "alignment": self.alignment,
            "baseline": self.baseline.brief(),
            "candidate": self.candidate.brief(),
            "difference": difference,
            **({} if self.beside is None else {"beside": self.beside.to_json()}),
        }


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file as it was read."""

    name: str
    digest: str
    rows: int


@dataclass(frozen=True, slots=True)
class Flip:
    """A row on which exactly one of the two models is right."""

    key: Mapping[str, Any]
    target: Any
    baseline: Any
    candidate: Any


@dataclass(frozen=True, slots=True)
class Examples:
    """A few rows that one candidate won and lost.

    Attributes:
        won: Rows that the candidate gets right and the baseline wrong, of those that the metric reads: scores that lie
            furthest apart first, labels in the order of the keys. `lost` is the reverse.
        notes: By which metric they were found (`by`); where rows are right or wrong also how many were `won` and
            `lost`, and which rows the metric `reads`.
    """

    candidate: str
    won: tuple[Flip, ...] = ()
    lost: tuple[Flip, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Curve:
    """A curve of one model, point by point, with a band.

    Attributes:
        kind: `reliability`: frequency of the positive class against probability, in bins of as many rows.
            `risk-coverage`: share of errors against the share of rows answered.
        x: Probability, or coverage.
        y: Frequency, or risk.
        low: Lower bound of y at each point; None where there is none.
        high: Upper bound.
        rows: How many rows each point stands on.
        level: Of the band.
        band: What the band holds, and where it comes from.
    """

    kind: str
    model: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    rows: tuple[int, ...]
    level: float
    band: str


@dataclass(frozen=True, slots=True)
class ComparisonSet:
    """All that one reading of the data gives.

    Attributes:
        won: A few rows that the first candidate won, as `Examples` says; `lost` is the reverse.
        curves: Reliability and risk-coverage curves of all data, where they were asked for.
        notes: What else a reader wants to know: `unit`, the column of what was sampled; `seeds`, how many training
            seeds each model has, where a column names them; what the first candidate's examples note.
        others: Examples of the candidates after the first.
    """

    version: str
    seed: int
    inputs: tuple[InputFile, ...]
    comparisons: tuple[Comparison, ...]
    warnings: tuple[str, ...] = ()
    won: tuple[Flip, ...] = ()
    lost: tuple[Flip, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)
    curves: tuple[Curve, ...] = ()
    others: tuple[Examples, ...] = ()

    def examples(self) -> tuple[Examples, ...]:
        """Rows won and lost by each candidate, the first one first; empty where none are shown."""
        if not self.won and not self.lost and not self.others:
            return ()
        name = next((c.candidate_name for c in self.comparisons), "candidate")
        known = {k: self.notes[k] for k in ("won", "lost", "by", "reads") if k in self.notes}
        return (Examples(name, self.won, self.lost, known), *self.others)

    def to_json(self) -> dict[str, Any]:
        """The object that `assay compare --json -` prints, of what JSON holds alone."""
        found: dict[str, Any] = plain(
            {
                "assay": self.version,
                "schema": 1,
                "seed": self.seed,
                "inputs": self.inputs,
                "seeds": self.notes.get("seeds", {}),
                "comparisons": [c.to_json() for c in self.comparisons],
                "warnings": self.warnings,
                **({"curves": self.curves} if self.curves else {}),
                **({"examples": self.examples()} if self.examples() else {}),
            }
        )
        return found
