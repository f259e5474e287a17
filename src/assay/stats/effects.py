"""Effects of factors as estimates that hold together: units and runs as two sources of noise.

The metric of every run varies over units, all runs on the same ones, and over runs of the same settings (seeds). Where
no setting was run twice, the noise between runs is unknown: what is said is about these runs, and Lenth's pseudo
standard error shows which effects stand out from the many that are probably none.

Source: Lenth (1989), Technometrics 31:469-473; Satterthwaite (1946); for the rest see `factorial` and `maxt`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.records.metric import Floats, Ints
from assay.stats.factorial import Factorial
from assay.stats.maxt import largest_t
from assay.stats.options import InferenceOptions
from assay.stats.procedures import Descriptive, MaxT, Result, StudentT
from assay.stats.seeds import Part, satterthwaite
from assay.stats.special import ndtri, stdtrit
from assay.stats.together import Joint

METHOD, RUNS = "max-t", "max-t-runs"
UNREPLICATED = "no interval: no setting was run twice and there are no units, so that nothing says how runs vary"


@dataclass(frozen=True, slots=True)
class Lenth:
    """Margins of error from the effects themselves.

    Attributes:
        pse: Pseudo standard error: most effects are taken for none.
        margin: Of one effect.
        simultaneous: Of all effects together.
    """

    pse: float
    margin: float
    simultaneous: float


@dataclass(frozen=True, slots=True)
class Effects:
    """Effects of a design.

    Attributes:
        together: [E], intervals that hold together; or no interval, with the reason.
        alone: [E], each by itself; None where there is no interval.
        run_variance: Of one run, pooled over settings; None where no setting was run twice.
        run_df: Its degrees of freedom.
    """

    together: tuple[Result, ...]
    alone: tuple[StudentT | None, ...]
    run_variance: float | None
    run_df: int


def infer_effects(design: Factorial, runs: Joint, has_units: bool, options: InferenceOptions) -> Effects:
    """Every effect with its interval.

    Args:
        design: The runs' settings.
        runs: The metric of every run, with the covariance over units; no covariance without units.
        has_units: Whether the runs were evaluated on units.
        options: Seed and number of draws.
    """
    weights = design.weights
    values = exactly(weights, runs.values)
    pooled, run_df = run_noise(runs.values, design.cells)
    noise = 0.0 if pooled is None else pooled
    of_units = weights @ runs.of_units @ weights.T
    covariance = of_units + noise * weights @ weights.T
    parts = [
        _parts(float(of_units[e, e]), runs.df, noise * float(weights[e] @ weights[e]), run_df)
        for e in range(len(values))
    ]
    method = METHOD if has_units else RUNS
    shared = min((p.df for p in parts), default=0.0)
    largest = np.zeros(0)
    errors = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    told = errors > 1e-13 * np.abs(weights) @ np.abs(runs.values)
    if told.any() and shared > 0.05:
        largest = largest_t(np.eye(len(values)), covariance, shared, options.generator("effects"), options.draws)
    together: list[Result] = []
    alone: list[StudentT | None] = []
    reason = _reason(has_units, pooled is not None)
    for e, (value, se) in enumerate(zip(values.tolist(), errors.tolist(), strict=True)):
        facts = _facts(runs, weights[e], has_units, run_df, pooled, parts[e].df)
        if not told[e] or not largest.size:
            why = (
                UNREPLICATED
                if not has_units
                else "no interval: every unit gives the same effect, or one unit has all rows"
            )
            together.append(Descriptive(value, method, why, diagnostics=facts))
            alone.append(None)
            continue
        together.append(MaxT(value, se, largest, method, reason, diagnostics=facts))
        alone.append(StudentT(value, se, parts[e].df, method, reason))
    return Effects(tuple(together), tuple(alone), pooled, run_df)


def exactly(weights: Floats, values: Floats) -> Floats:
    """Contrasts [E] of the runs' values, 0 where nothing but rounding is left."""
    found = weights @ values
    return np.where(np.abs(found) > 1e-14 * (np.abs(weights) @ np.abs(values)), found, 0.0)


def _reason(has_units: bool, replicated: bool) -> str:
    if has_units:
        over = "over units and runs" if replicated else "over units; one run a setting, so about these runs alone"
        return f"a contrast of runs on the same units: variance {over}; all effects together by the largest |t|"
    return "a contrast of runs: variance pooled over runs of the same settings; all effects together by the largest |t|"


def _facts(
    runs: Joint, weights: Floats, has_units: bool, run_df: int, pooled: float | None, df: float
) -> dict[str, Any]:
    facts: dict[str, Any] = runs.about(weights) if has_units else {}
    if pooled is not None:
        facts |= {"run_variance": pooled, "run_df": run_df}
    return {**facts, "df": df}


def _parts(unit: float, unit_df: float, run: float, run_df: int) -> Part:
    """Both sources of variance with their degrees of freedom."""
    parts = [Part(v, df) for v, df in ((unit, unit_df), (run, float(run_df))) if v > 0 and df > 0]
    return satterthwaite(tuple(parts)) if parts else Part(0.0, 0.0)


def run_noise(values: Floats, cells: Ints) -> tuple[float | None, int]:
    """Variance of one run, pooled over settings that were run more than once, and its degrees of freedom."""
    many = np.bincount(cells)
    means = np.bincount(cells, weights=values) / many
    df = int(len(values) - len(many))
    return (float(((values - means[cells]) ** 2).sum()) / df if df else None), df


def lenth(effects: Floats, level: float = 0.95) -> Lenth | None:
    """Lenth's margins from effects without replication; None with fewer than three, or where most are 0.

    >>> found = lenth(np.array([0.2, -0.1, 0.3, 0.1, -0.2, 5.0, 0.1]))
    >>> round(found.pse, 3)
    0.225
    """
    size = np.abs(np.asarray(effects, dtype=float))
    if size.size < 3:
        return None
    start = 1.5 * float(np.median(size))
    pse = 1.5 * float(np.median(size[size < 2.5 * start])) if start > 0 else 0.0
    if not pse > 0:
        return None
    df = size.size / 3
    each = 0.5 * (1 + level ** (1 / size.size))
    return Lenth(pse, pse * float(stdtrit(df, 0.5 + level / 2)), pse * float(stdtrit(df, each)))


def half_normal(effects: Floats) -> Floats:
    """Half-normal scores [E] of the effects' sizes: where each lies if none is real.

    Source: Daniel (1959), Technometrics 1:311-341.
    """
    size = np.abs(effects)
    rank = np.argsort(np.argsort(size, kind="stable"), kind="stable")
    return np.asarray(ndtri(0.5 + 0.5 * (rank + 0.5) / max(1, size.size)))
