"""The matrix of a plan: every model with every seed, and for each setting of a search; pure functions of the plan."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from assay.base.canonical import digest_json
from assay.base.errors import PlanError
from assay.base.filling import filled, names
from assay.base.seeds import stream
from assay.records.plan import ModelSpec, Plan
from assay.records.sweep import Arm, Cell, Parameter, Sweep

FROM_SWEEP = ("sweep",)
MOST_CELLS = 100_000
BASELINE, CANDIDATE, ABLATION = "baseline", "candidate", "ablation"


def arms(plan: Plan) -> tuple[Arm, ...]:
    """Every model that the sweep trains: baseline, candidates, ablations.

    An ablation is the first candidate that the sweep trains, with what the ablation's own configuration changes. What
    a model fixes is not searched for it.
    """
    candidates = [c for c in plan.candidates if c.runs == FROM_SWEEP]
    found = [_arm(plan, plan.baseline, BASELINE)] if plan.baseline.runs == FROM_SWEEP else []
    found += [_arm(plan, c, CANDIDATE) for c in candidates]
    for ablation in plan.ablations:
        model = ablation.model
        if model is not None and model.runs == FROM_SWEEP:
            whole = candidates[0] if candidates else model
            command = model.command or whole.command
            full = replace(model, config={**whole.config, **model.config}, command=command)
            found.append(_arm(plan, full, ABLATION))
    return tuple(found)


def _arm(plan: Plan, model: ModelSpec, role: str) -> Arm:
    sweep = plan.sweep or Sweep()
    seeds = (0,) if model.deterministic and role == BASELINE else tuple(range(plan.seeds))
    space = tuple(p for p in sweep.space if p.name not in model.config)
    return Arm(model.name, role, seeds, model.config, model.command or sweep.command, space)


def with_command(plan: Plan, command: Sequence[str]) -> Plan:
    """The plan with a command given beside it, for models that have none of their own.

    Raises:
        PlanError: no command at all.
    """
    sweep = plan.sweep or Sweep()
    if command:
        sweep = replace(sweep, command=tuple(command))
    plan = replace(plan, sweep=sweep)
    for arm in arms(plan):
        if not arm.command:
            raise PlanError(
                f"no command for {arm.name}",
                rule="the plan's sweep, or the model, says what is executed",
                fix="add `command` to `sweep`, or: assay sweep PLAN -- python train.py --seed {seed}",
            )
    return plan


def settings(sweep: Sweep, arm: Arm, seed: int) -> tuple[dict[str, Any], ...]:
    """The settings of a grid or a random search, which are the same for every model that fixes none of them."""
    if not arm.space:
        return ({},)
    if sweep.search == "grid":
        many = math.prod(len(p.values) for p in arm.space)
        if many * len(arm.seeds) > MOST_CELLS:
            raise PlanError(
                f"the grid has {many:,} settings", rule=f"at most {MOST_CELLS:,} cells", fix="search: random"
            )
        combinations = itertools.product(*(p.values for p in arm.space))
        return tuple(dict(zip((p.name for p in arm.space), values, strict=True)) for values in combinations)
    found: dict[str, dict[str, Any]] = {}
    for number in range(50 * sweep.settings):
        # Each draw has a stream of its own: more settings later leave the first ones as they were.
        made = {p.name: draw(p, seed, number) for p in arm.space}
        found.setdefault(digest_json(made), made)
        if len(found) == sweep.settings:
            break
    return tuple(found.values())


def draw(parameter: Parameter, seed: int, number: int) -> Any:
    """A parameter's value in a random search."""
    random = stream(seed, "sweep", parameter.name, number)
    if parameter.low is None or parameter.high is None:
        return parameter.values[int(random.integers(len(parameter.values)))]
    low, high = parameter.low, parameter.high
    if parameter.log:
        value = math.exp(random.uniform(math.log(low), math.log(high + 1 if parameter.whole else high)))
    else:
        value = random.uniform(low, high + 1 if parameter.whole else high)
    return min(int(value), int(high)) if parameter.whole else min(max(float(value), low), high)


def cells(plan: Plan, searched: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Cell]:
    """Every cell, settings first, then seeds, then models, so that what is compared is run side by side.

    Args:
        plan: With a sweep.
        searched: Model -> its settings, in their order.

    Raises:
        PlanError: a command with a name that nothing fills in, or two cells that would be one.
    """
    known = arms(plan)
    seen: dict[str, tuple[str, int, int]] = {}
    for number in range(max((len(searched[a.name]) for a in known), default=0)):
        for seed in sorted({s for a in known for s in a.seeds}):
            for arm in known:
                if seed in arm.seeds and number < len(searched[arm.name]):
                    cell = _cell(plan, arm, seed, number, searched[arm.name][number])
                    place = (arm.name, seed, number)
                    if seen.setdefault(cell.key, place) != place:
                        raise _twins(seen[cell.key], place)
                    yield cell


def _cell(plan: Plan, arm: Arm, seed: int, number: int, setting: Mapping[str, Any]) -> Cell:
    sweep = plan.sweep or Sweep()
    config = {**setting, **arm.config}
    values = {**config, "seed": seed, "model": arm.name}
    words = [*arm.command, sweep.predictions, sweep.metrics, *sweep.reads, *sweep.prompts]
    unknown = [n for n in names(words) if n not in values]
    if unknown:
        raise PlanError(
            f"the command of {arm.name} has {{{unknown[0]}}}, which nothing fills in",
            rule=f"known: {', '.join(sorted(values))}",
            fix="write {{ and }} for braces, or give the parameter in `space` or `config`",
        )
    command = tuple(filled(word, values) for word in arm.command)
    predictions = filled(sweep.predictions, values)
    key = digest_json([arm.name, seed, config, command, sweep.folder, predictions]).removeprefix("sha256:")[:24]
    return Cell(key, arm.name, seed, number, config, command, predictions)


def _twins(first: tuple[str, int, int], second: tuple[str, int, int]) -> PlanError:
    return PlanError(
        f"the settings {first[2] + 1} and {second[2] + 1} of {first[0]} are the same",
        rule="each setting is run once",
        fix="list each value once",
    )
