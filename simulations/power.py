"""Is the power that is promised achieved? `python -m simulations.power [--samples N]` renews docs/power.md.

With `--only WORDS` the lines that contain them are renewed, and the others stay as they are.

For each claim the units are asked for as users ask, studies of that size are drawn from a world whose truth is known,
and each is judged by the procedure and the rule that judge plans.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import ndtri

from assay.base.progress import Silent
from assay.evaluate.request import Pair, Side
from assay.flows.power_figures import PowerRequest
from assay.flows.power_pilot import judge_of
from assay.metrics import parse
from assay.records.plan import Claim
from assay.records.sample import Design, GroupedSums, Moments, PairedCounts, Rows, Sample
from assay.stats.power import Aim, units_needed
from assay.stats.power_seeds import SeedNoise
from assay.stats.power_simulation import chance, search_units
from assay.stats.power_worlds import world
from assay.stats.skew import skewness
from assay.verbs.power import ask

PAGE = Path(__file__).resolve().parent.parent / "docs" / "power.md"
START, END = "<!-- achieved -->", "<!-- /achieved -->"
SAMPLES, WANTED, ALPHA = 2000, 0.8, 0.025
PAIR = Pair(Side("baseline", {"": ()}), Side("candidate", {"": ()}))

Draw = Callable[[int, np.random.Generator], tuple[Sample, Design]]


@dataclass(frozen=True)
class Study:
    """One line of the table.

    Attributes:
        claim: What is claimed; its minimal effect is true in the world.
        units: Asked for, with the power promised at them.
        draw: A study of so many units.
    """

    name: str
    claim: Claim
    units: Callable[[], tuple[int, float]]
    draw: Draw


def asked(**given: Any) -> tuple[int, float]:
    """Units needed, and the power at them, as `assay power` says."""
    needed = ask(PowerRequest(**given)).claims[0].needed
    if needed is None:
        raise ValueError(f"no units for {given}")
    found = ask(PowerRequest(**{**given, "units": needed})).claims[0].power
    return needed, float(found or 0.0)


def _claim(metric: str, kind: str, effect: float, **more: Any) -> Claim:
    return Claim(metric, metric, kind, minimal_effect=effect, **more)  # type: ignore[arg-type]


def _alone(n: int) -> Design:
    return Design(n, n, float(n), False)


def shares(discordant: float, effect: float) -> Draw:
    """Right and wrong answers: a baseline of 80 %, and the discordance given."""
    won, lost = (discordant + effect) / 2, (discordant - effect) / 2
    cells = [0.2 - won, won, lost, 0.8 - lost]

    def draw(n: int, rng: np.random.Generator) -> tuple[Sample, Design]:
        counts = np.zeros((2, 2, 2), dtype=np.int64)
        counts[1] = rng.multinomial(n, cells).reshape(2, 2)
        return PairedCounts(counts), _alone(n)

    return draw


def share(value: float) -> Draw:
    """A candidate that is right with a given probability."""

    def draw(n: int, rng: np.random.Generator) -> tuple[Sample, Design]:
        counts = np.zeros((2, 2, 2), dtype=np.int64)
        right = int(rng.binomial(n, value))
        counts[1, 1] = [n - right, right]
        return PairedCounts(counts), _alone(n)

    return draw


def errors(sd: float, effect: float) -> Draw:
    """Absolute errors whose paired difference is normal."""

    def draw(n: int, rng: np.random.Generator) -> tuple[Sample, Design]:
        base = 10 + rng.normal(0, 1, n)
        both = np.stack([base, base - effect + rng.normal(0, sd, n)])
        moved = both - both.mean(axis=1, keepdims=True)
        skew = skewness(np.stack([*both, both[1] - both[0]]))
        return Moments(n, both.mean(axis=1)[:, None], moved @ moved.T, n, skew), _alone(n)

    return draw


def ranks(value: float, effect: float, positives: float, correlation: float) -> Draw:
    """Normal scores."""
    shift = np.sqrt(2) * ndtri(np.array([value, value + effect]))
    root = np.linalg.cholesky(np.array([[1, correlation], [correlation, 1]]))

    def draw(n: int, rng: np.random.Generator) -> tuple[Sample, Design]:
        target = (rng.random(n) < positives).astype(np.int64)
        return Rows(target, root @ rng.normal(size=(2, n)) + shift[:, None] * target), _alone(n)

    return draw


def clusters(sd: float, effect: float, icc: float, sizes: Sequence[int]) -> Draw:
    """Paired differences that correlate within units of the sizes given, in turn."""

    def draw(units: int, rng: np.random.Generator) -> tuple[Sample, Design]:
        n = rng.choice(np.array(sizes), size=units)
        own = math.sqrt(icc) * rng.normal(size=units) * n + math.sqrt(1 - icc) * rng.normal(size=units) * np.sqrt(n)
        sums = np.stack([10.0 * n, 10.0 * n - effect * n + sd * own], axis=1)[:, :, None]
        effective = float(n.sum() ** 2 / (n**2).sum())
        return GroupedSums(n, sums), Design(int(n.sum()), units, effective, True)

    return draw


def seeds(unit_sd: float, seed_sd: float, effect: float, count: int) -> Draw:
    """A claim about a method: every seed has a shift of its own."""

    def draw(units: int, rng: np.random.Generator) -> tuple[Sample, Design]:
        shift = rng.normal(0, seed_sd, 2 * count) - effect * (np.arange(2 * count) >= count)
        base = 10 + rng.normal(0, 1, (units, 1)) + shift
        base[:, count:] += rng.normal(0, unit_sd, (units, 1))
        arms = tuple(range(count)), tuple(range(count, 2 * count))
        design = Design(units, units, float(units), False, *arms, about="method")
        return GroupedSums(np.ones(units, dtype=np.int64), base[:, :, None]), design

    return draw


POPULATION = np.array([[[5200, 700], [500, 600]], [[600, 500], [400, 1500]]])
"""Patterns (target, baseline, candidate) of 10,000 rows."""


def _patterns(metric: str, effect: float) -> tuple[Callable[[], tuple[int, float]], Draw]:
    one, design = parse(metric), _alone(10_000)
    if one.value is None:
        raise TypeError(metric)
    base = float(one.value(POPULATION.sum(axis=2)))
    made = world(one, PairedCounts(POPULATION), design, base + effect)
    judge = judge_of(_claim(metric, "better", effect), one, PAIR, ALPHA)

    def units() -> tuple[int, float]:
        found = search_units(made, judge, 1000, WANTED, ALPHA, 1000, 7, Silent())
        return int(found.units or 0), found.power.value

    return units, made.draw


def studies() -> list[Study]:
    """Every line of the table."""
    f1 = _patterns("f1", 0.04)
    seed_noise = SeedNoise(1.0, 0.03).at(6)
    weighed: dict[str, Any] = {"sd": 1.0, "seed_sd": 0.03, "budget": 1800.0, "costs": (120.0, 0.5, 0.0)}
    plan = ask(PowerRequest(metric="mae", effect=0.08, **weighed)).claims[0].seeds
    if plan is None:
        raise ValueError("no way to divide the budget")
    split = plan.best
    by_seeds = int(units_needed(seed_noise, Aim(), 0.08) or 0)
    alone: dict[str, Any] = {"sd": math.sqrt(2), "seed_sd": 0.04, "seeds": 8}
    uneven = (2, 8, 20)
    cv = float(np.std(uneven) / np.mean(uneven))
    accuracy: dict[str, Any] = {"metric": "accuracy", "discordant": 0.1}
    mae: dict[str, Any] = {"metric": "mae", "sd": 1.0}
    return [
        Study("accuracy better by 0, effect 0.03, 10 % discordant", _claim("accuracy", "better", 0.03),
              lambda: asked(**accuracy, effect=0.03), shares(0.1, 0.03)),
        Study("accuracy not worse by 0.02", _claim("accuracy", "not_worse", 0.0, margin=0.02),
              lambda: asked(**accuracy, kind="not_worse", margin=0.02, effect=0), shares(0.1, 0.0)),
        Study("accuracy equivalent within 0.03", _claim("accuracy", "equivalent", 0.0, margin=0.03),
              lambda: asked(**accuracy, kind="equivalent", margin=0.03, effect=0), shares(0.1, 0.0)),
        Study("accuracy at least 0.9, truly 0.93", _claim("accuracy", "at_least", 0.03, threshold=0.9),
              lambda: asked(metric="accuracy", kind="at_least", bound=0.9, effect=0.03), share(0.93)),
        Study("accuracy at most 0.2, truly 0.15", _claim("accuracy", "at_most", 0.05, threshold=0.2),
              lambda: asked(metric="accuracy", kind="at_most", bound=0.2, effect=0.05), share(0.15)),
        Study("MAE better, effect 0.4 sd", _claim("mae", "better", 0.4),
              lambda: asked(**mae, effect=0.4), errors(1.0, 0.4)),
        Study("MAE equivalent within 0.3 sd, truly 0.05", _claim("mae", "equivalent", 0.05, margin=0.3),
              lambda: asked(**mae, kind="equivalent", margin=0.3, effect=0.05), errors(1.0, 0.05)),
        Study("AUC 0.85 better by 0, effect 0.03, correlation 0.6", _claim("auc", "better", 0.03),
              lambda: asked(metric="auc", value=0.85, positives=0.3, correlation=0.6, effect=0.03),
              ranks(0.85, 0.03, 0.3, 0.6)),
        Study("MAE, units of 5 rows, correlation 0.2", _claim("mae", "better", 0.2),
              lambda: asked(**mae, effect=0.2, icc=0.2, rows_per_unit=5), clusters(1.0, 0.2, 0.2, (5,))),
        Study("MAE, units of 2, 8 or 20 rows, correlation 0.2", _claim("mae", "better", 0.2),
              lambda: asked(**mae, effect=0.2, icc=0.2, rows_per_unit=10, size_cv=cv), clusters(1.0, 0.2, 0.2, uneven)),
        Study("MAE of a method, 6 seeds", _claim("mae", "better", 0.08, about="method"),
              lambda: (by_seeds, 0.8), seeds(1.0, 0.03, 0.08, 6)),
        Study(f"MAE of a method, a budget divided: {split.seeds} seeds", _claim("mae", "better", 0.08, about="method"),
              lambda: (split.units, split.power), seeds(1.0, 0.03, 0.08, split.seeds)),
        Study("MAE of a method at most 10, truly 9.92, 8 seeds",
              _claim("mae", "at_most", 0.08, threshold=10.0, about="method"),
              lambda: asked(metric="mae", kind="at_most", bound=10.0, effect=0.08, **alone), seeds(1.0, 0.04, 0.08, 8)),
        Study("F1 better, effect 0.04 (by simulation)", _claim("f1", "better", 0.04), f1[0], f1[1]),
    ]  # fmt: skip


def achieved(study: Study, samples: int, seed: int) -> tuple[int, float, float, float]:
    """Units, the power promised, the share of studies in which the claim is supported, and its standard error."""
    units, promised = study.units()
    judge = judge_of(study.claim, parse(study.claim.metric), PAIR, ALPHA)
    rng = np.random.default_rng([seed, len(study.name)])
    count = sum(judge(*study.draw(units, rng), number) for number in range(samples))
    found = chance(count, samples)
    return units, promised, found.value, found.error


def table(samples: int, seed: int, only: str = "", kept: str = "") -> list[str]:
    """The lines of the table.

    Args:
        only: Words of the lines to renew; all without them.
        kept: The table as it stands, from which the others are taken.
    """
    lines = ["| claim | units | promised | achieved |", "|---|---:|---:|---:|"]
    before = {line.split(" | ")[0].removeprefix("| "): line for line in kept.splitlines()}
    for study in studies():
        if only not in study.name and study.name in before:
            lines.append(before[study.name])
            continue
        units, promised, found, error = achieved(study, samples, seed)
        lines.append(f"| {study.name} | {units:,} | {promised:.3f} | {found:.3f} ± {2 * error:.3f} |")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines


def main(arguments: list[str] | None = None) -> None:
    """Simulate, and renew the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="renew the lines that contain these words")
    options = parser.parse_args(arguments)
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(START)
    kept, after = rest.split(END)
    lines = "\n".join(table(options.samples, options.seed, options.only, kept))
    said = f"{options.samples:,} studies each, seed {options.seed}; ± two standard errors."
    PAGE.write_text(f"{before}{START}\n{lines}\n\n{said}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
