"""The power of one claim: the way to it, units needed, what the planned units can detect, and its curves."""

from __future__ import annotations

import math
from dataclasses import replace

from assay.base.progress import Progress
from assay.flows.looks import planned_fractions, rule_of
from assay.flows.power_basis import Basis, PowerOptions, aim_of
from assay.records.plan import Claim, Plan
from assay.records.power import ClaimPower, LookChance, PowerPoint, SeedPlan, SeedSplit
from assay.stats.power import Aim, Noise
from assay.stats.power_routes import (
    BySimulation,
    Formula,
    Need,
    OneShare,
    OverLooks,
    PairedShares,
    Route,
    fitted,
    least_inside,
)
from assay.stats.power_seeds import Split, best, least_budget, splits

POINTS = 24


DECLARED = "it declares no minimal_effect; power at the effect that a pilot happens to show would say nothing new"


def row_of(
    plan: Plan, claim: Claim, name: str, basis: Basis, units: int | None, asked: PowerOptions, progress: Progress
) -> ClaimPower:
    """Power of one claim for one candidate.

    Args:
        units: Units planned, of all; the claim may see a share of them.
    """
    aim, share = aim_of(plan, claim), basis.share
    empty = ClaimPower(claim, name, None, None, None, basis.why, alpha=aim.alpha, share=share, facts=basis.facts)
    if basis.noise is None:
        return empty
    least, least_why = least_inside(basis.method, basis.per_unit)
    if asked.simulate or (basis.sampled is not None and basis.sampled.wanted):
        # Each simulated sample is judged inside its domain or not.
        least, least_why = (1.0, "") if basis.sampled is not None and not plan.looks.several else (least, least_why)
    seen = None if units is None else max(1, round(units * share))
    route = route_of(plan, claim, basis, aim, asked, progress)
    outside = bool(basis.lacks) or (seen is not None and seen < least)
    detectable = route.detectable(seen) if seen and not outside else None
    row = replace(empty, why="", method=route.method, clusters=basis.clusters, detectable=detectable)
    if claim.minimal_effect is None:
        return replace(row, why=DECLARED)
    effect = claim.minimal_effect
    need = route.needed(effect)
    power = route.power(effect, seen) if seen else None
    if least == math.inf and need.units is not None:
        need = Need(None, why=f"no number of units is enough: the pilot has none of the {least_why} that it takes")
    if basis.lacks:
        need = Need(None, why=f"no number of units is enough: the method asks for {basis.lacks}")
    needed = None if need.units is None else max(need.units, int(least))
    if power is not None and outside:
        power = replace(power, value=0.0, error=0.0)
    row = replace(
        row,
        needed=None if needed is None else _whole(needed, share),
        power=None if power is None else power.value,
        error=0.0 if power is None else power.error,
        why=need.why,
        range=None if need.low is None or need.high is None else (_whole(need.low, share), _whole(need.high, share)),
        least=0 if least == math.inf else _whole(int(least), share),
        least_why=least_why if outside or (need.units is not None and least > need.units) else "",
        seeds=_seeds(basis, aim, effect, asked),
    )
    return row if basis.lacks else _with_curves(row, route, need, basis.noise, aim, units)


def _with_curves(row: ClaimPower, route: Route, need: Need, noise: Noise, aim: Aim, units: int | None) -> ClaimPower:
    effect = row.claim.minimal_effect or 0.0
    end = max(2.0 * (row.needed or 0), 1.3 * (units or 0), 20.0)
    grid = sorted({max(2, round(end * k / POINTS)) for k in range(1, POINTS + 1)})
    seen = {n: max(1, round(n * row.share)) for n in grid}
    if isinstance(route, BySimulation):
        points = [PowerPoint(_whole(n, row.share), p.value, p.error) for n, p in need.visited]
        points += [PowerPoint(n, fitted(need, aim, seen[n])) for n in grid] if need.units else []
    else:
        inside = [n for n in grid if n >= row.least] if end <= 10**9 else []
        points = [PowerPoint(n, route.power(effect, seen[n]).value) for n in inside]
    formula = Formula(noise, aim)
    effects = [(n, formula.detectable(seen[n])) for n in grid if n >= row.least]
    row = replace(
        row,
        curve=tuple(sorted(points, key=lambda p: p.units)),
        effects=tuple((n, e) for n, e in effects if e is not None),
    )
    at = units or row.needed
    if not isinstance(route, OverLooks) or at is None:
        return row
    found = route.looks(effect, max(1, round(at * row.share)))
    looks = tuple(
        LookChance(_whole(n, row.share), z, up, down)
        for n, z, up, down in zip(found.units, found.bounds, found.supported, found.refuted, strict=True)
    )
    return replace(row, looks=looks, expected=found.expected / row.share)


def _seeds(basis: Basis, aim: Aim, effect: float, asked: PowerOptions) -> SeedPlan | None:
    """Seeds against units under the budget, for a claim about a method."""
    if basis.seed_noise is None or asked.costs is None or asked.budget is None:
        return None
    found = splits(basis.seed_noise, asked.costs, asked.budget, aim, effect)
    least = least_budget(basis.seed_noise, asked.costs, aim, effect)
    shown = tuple(_split(s) for s in found)
    return SeedPlan(asked.budget, shown, _split(best(found)), None if least is None else _split(least))


def _split(one: Split) -> SeedSplit:
    return SeedSplit(one.seeds, one.units, one.cost, one.power, one.detectable)


def route_of(plan: Plan, claim: Claim, basis: Basis, aim: Aim, asked: PowerOptions, progress: Progress) -> Route:
    """The way to a claim's power: over looks, by simulation, exact, or by a formula."""
    if basis.noise is None:
        raise TypeError("nothing is known of the variance")
    formula = Formula(basis.noise, aim)
    simulation = _simulation(formula, basis, asked, progress)
    if plan.looks.several and not plan.looks.any_number:
        times = planned_fractions(plan.looks)
        noise = basis.noise if simulation is None else _calibrated(simulation, claim.minimal_effect)
        return OverLooks(noise, aim, times, rule_of(plan.looks))
    if simulation is not None:
        return simulation
    if basis.exact is not None and basis.exact.discordant is not None:
        return PairedShares(basis.exact.discordant, aim, basis.exact.trials)
    if basis.exact is not None and claim.threshold is not None:
        return OneShare(claim.threshold, aim, basis.exact.trials)
    return formula


def _simulation(formula: Formula, basis: Basis, asked: PowerOptions, progress: Progress) -> BySimulation | None:
    """Where no formula is good, or it is asked for."""
    sampled = basis.sampled
    if sampled is None or not (sampled.wanted or asked.simulate):
        return None
    least = least_inside(basis.method, basis.per_unit)[0]
    start = int(least) if least < math.inf else 2
    judge = sampled.judge(formula.aim.alpha)
    return BySimulation(formula, sampled.world_of, judge, asked.samples, asked.seed, progress, start)


def _calibrated(simulation: BySimulation, effect: float | None) -> Noise:
    """The noise with which the formula needs as many units for one look as were found by simulation."""
    noise = simulation.begin.noise
    if effect is None:
        return noise
    rough, found = simulation.begin.needed(effect).units, simulation.needed(effect).units
    return noise if rough is None or found is None else replace(noise, sd=noise.sd * math.sqrt(found / rough))


def _whole(units: int, share: float) -> int:
    return math.ceil(units / share - 1e-9) if share < 1 else units
