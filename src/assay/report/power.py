"""The power of claims, for a page with its curves and for a terminal."""

from __future__ import annotations

from assay.base.wording import counted, figure
from assay.records.power import ClaimPower, ClusterPower, PlanPower, SeedPlan
from assay.report.blocks import (
    Block,
    Callout,
    Column,
    Document,
    Facts,
    Figure,
    Heading,
    Inline,
    Items,
    Paragraph,
    Table,
)
from assay.report.numbers import count
from assay.report.svg.charts import Chart, Curve, curves
from assay.report.text import clean, pad, shorten

MOST_FIGURES = 12
MOST_SPLITS = 12
ASK_UNITS = "for power and the detectable effect say how many units are planned: --units, or looks.units in the plan"


def power_page(found: PlanPower) -> Document:
    """Units needed, what the planned units can detect, curves, and what all of it rests on."""
    title = f"Power of {clean(found.name)}" if found.name else "How many units it takes"
    blocks: list[Block] = [Paragraph(_lead(found), lead=True), _table(found)]
    blocks += [Callout("unsure", "To be considered", clean(w)) for w in found.warnings]
    missing = [f"{clean(c.claim.name)} ({clean(c.candidate)}): {clean(c.why)}" for c in found.claims if c.why]
    if missing:
        blocks += [Heading("What is missing"), Items(tuple(missing))]
    for c in found.claims[:MOST_FIGURES]:
        blocks += _claim(c, found)
    if len(found.claims) > MOST_FIGURES:
        blocks.append(Paragraph(f"Curves of {len(found.claims) - MOST_FIGURES} more claims are in the JSON."))
    blocks += [Heading("What it rests on"), Facts(_rests(found))]
    return Document(title, tuple(blocks))


def render_power(found: PlanPower) -> str:
    """One line a claim, then what it rests on, then the probability that all hold."""
    header = ("claim", "candidate", "kind", "minimal effect", "units needed", "power", "detectable", "method")
    rows = [header, *(_row(c) for c in found.claims)]
    widths = [max(len(r[i]) for r in rows) for i in range(len(header))]
    lines = ["  ".join(pad(cell, widths[i], 3 <= i <= 6) for i, cell in enumerate(r)).rstrip() for r in rows]
    lines.insert(1, "─" * max(map(len, lines)))
    several = len(found.claims) > 1
    lines += [f"  {_named(c, several)}{line}" for c in found.claims for line in _remarks(c)]
    planned = f"power and detectable effect at {counted(found.units, 'unit')}" if found.units else ASK_UNITS
    lines += ["", f"power wanted {found.power:.0%}; {planned}", *_chances(found)]
    lines += [f"○ {clean(w)}" for w in found.warnings]
    return "\n".join(lines) + "\n"


def _lead(found: PlanPower) -> str:
    chances = _chances(found)
    first = f"Power wanted for each claim: {found.power:.0%}."
    return " ".join([first, *(c[:1].upper() + c[1:] + "." for c in chances)])


def _chances(found: PlanPower) -> list[str]:
    if found.all_hold is None or found.at_least is None:
        return []
    needed = {c.claim.name for c in found.claims if c.claim.primary or c.claim.guardrail}
    if len(needed) == 1:
        return [f"the claim holds with probability {found.all_hold:.2f}"]
    one = found.decide == "any-of"
    said = "at least one primary claim holds" if one else "all claims hold"
    lines = [
        f"{said} with probability {found.all_hold:.2f} were they independent,"
        f" and at least {found.at_least:.2f} however they depend on each other"
    ]
    if found.together is not None:
        error = f" ± {2 * found.together_error:.3f}" if found.together_error else ""
        lines.append(f"with the correlation that the pilot shows: {found.together:.2f}{error} (simulated)")
    return lines


def _named(c: ClaimPower, several: bool) -> str:
    return f"{shorten(clean(c.claim.name), 30)}: " if several else ""


def _remarks(c: ClaimPower) -> list[str]:
    """What a line of figures does not say."""
    lines = [c.why] if c.why else []
    if c.range is not None and c.needed is not None:
        lines.append(f"by simulation {c.range[0]:,} to {c.range[1]:,} units")
    if c.least_why:
        what = "" if c.least_why == f"{c.least} units" else f": {c.least_why}"
        lines.append(
            f"the method asks for {c.least:,} units, whatever the power{what}; with fewer nothing is supported"
        )
    if c.clusters is not None:
        lines.append(_clusters(c.clusters))
    if c.share < 1 and c.needed is not None:
        lines.append(f"of all units {c.share:.1%} are in the slice: {round(c.needed * c.share):,} of these")
    if c.looks:
        ended = "; ".join(f"{n.units:,} units: supported {n.supported:.2f}, refuted {n.refuted:.2f}" for n in c.looks)
        lines.append(f"stops at {ended}")
    if c.expected is not None:
        lines.append(f"units expected: {c.expected:,.0f}")
    if c.seeds is not None:
        lines += _seeds(c.seeds)
    return [clean(line) for line in lines]


def _clusters(k: ClusterPower) -> str:
    said = f"design effect {figure(k.effect, 3)}"
    if k.effect_interval is not None:
        said += f" [{figure(k.effect_interval[0], 3)}, {figure(k.effect_interval[1], 3)}]"
    if k.icc is not None:
        said += f", intraclass correlation {figure(k.icc, 2)}"
    if k.icc_interval is not None:
        said += f" [{figure(k.icc_interval[0], 2)}, {figure(k.icc_interval[1], 2)}]"
    if k.icc is not None and k.icc < 0:
        said += " (below 0: rows of one unit differ as much as any)"
    return f"{said}, {figure(k.rows_per_unit, 3)} rows a unit"


def _seeds(s: SeedPlan) -> list[str]:
    b = s.best
    lines = [f"budget {figure(s.budget)}: best is {b.seeds} seeds and {b.units:,} units, power {b.power:.2f}"]
    if s.least is None:
        return [*lines, "no budget gives the power wanted"]
    return [*lines, f"the power wanted costs {figure(s.least.cost)}: {s.least.seeds} seeds, {s.least.units:,} units"]


def _row(c: ClaimPower) -> tuple[str, ...]:
    power = "–" if c.power is None else f"{c.power:.2f}" + (f" ± {2 * c.error:.2f}" if c.error else "")
    return (
        shorten(clean(c.claim.name), 40),
        shorten(clean(c.candidate), 30),
        c.claim.kind,
        "–" if c.claim.minimal_effect is None else f"{c.claim.minimal_effect:g}",
        "–" if c.needed is None else f"{c.needed:,}",
        power,
        "–" if c.detectable is None else f"{c.detectable:.3g}",
        c.method or "–",
    )


def _table(found: PlanPower) -> Table:
    titles = ("Claim", "Candidate", "Kind", "Minimal effect", "Units needed", "Power", "Detectable", "Method")
    columns = tuple(Column(title, 3 <= i <= 6) for i, title in enumerate(titles))
    rows: list[tuple[Inline, ...]] = [tuple(_row(c)) for c in found.claims]
    planned = f"power and detectable effect at {counted(found.units, 'unit')}" if found.units else ASK_UNITS
    several = len(found.claims) > 1
    notes = tuple(f"{_named(c, several)}{line}" for c in found.claims for line in _remarks(c) if line != clean(c.why))
    return Table(columns, tuple(rows), planned, notes)


def _claim(c: ClaimPower, found: PlanPower) -> list[Block]:
    blocks: list[Block] = []
    marked = (float(found.units), "planned") if found.units else None
    if c.curve and c.claim.minimal_effect is not None:
        blocks.append(_power_figure(c, found, marked))
    if len(c.effects) > 1:
        blocks.append(_effect_figure(c, marked))
    if c.seeds is not None:
        blocks.append(_seeds_figure(c, c.seeds, found))
    return [Heading(f"{clean(c.claim.name)}, {clean(c.candidate)}", 3), *blocks] if blocks else []


def _power_figure(c: ClaimPower, found: PlanPower, marked: tuple[float, str] | None) -> Figure:
    plain = tuple((float(p.units), p.power) for p in c.curve if not p.error)
    marks = tuple((float(p.units), p.power, p.error) for p in c.curve if p.error)
    chart = Chart(
        f"Power at an effect of {c.claim.minimal_effect:g}",
        (Curve(c.claim.name, plain, marks),),
        "units",
        "power",
        level=(found.power, f"{found.power:.0%}"),
        place=marked,
        bounds=(0.0, 1.0),
    )
    rows = tuple((f"{p.units:,}", f"{p.power:.3f}", f"{p.error:.3f}" if p.error else "–") for p in c.curve)
    table = Table((Column("Units", True), Column("Power", True), Column("Monte Carlo error", True)), rows)
    needed = "no number of units is enough" if c.needed is None else f"{c.needed:,} units needed"
    return _figure(chart, f"{clean(c.claim.name)}: {needed}", table)


def _effect_figure(c: ClaimPower, marked: tuple[float, str] | None) -> Figure:
    points = tuple((float(n), e) for n, e in c.effects)
    declared = c.claim.minimal_effect
    level = (declared, "declared") if declared is not None and declared > 0 else None
    chart = Chart("Least detectable effect", (Curve(c.claim.name, points),), "units", "effect", level, marked)
    table = Table(
        (Column("Units", True), Column("Least effect", True)), tuple((f"{n:,}", figure(e, 3)) for n, e in c.effects)
    )
    return _figure(chart, f"{clean(c.claim.name)}: what more units can detect", table)


def _seeds_figure(c: ClaimPower, s: SeedPlan, found: PlanPower) -> Figure:
    points = tuple((float(x.seeds), x.power) for x in s.splits)
    chart = Chart(
        f"Seeds against units for {figure(s.budget)}",
        (Curve("power", points),),
        "seeds of each model",
        "power",
        level=(found.power, f"{found.power:.0%}"),
        place=(float(s.best.seeds), f"{s.best.seeds} seeds, {s.best.units:,} units"),
        bounds=(0.0, 1.0),
    )
    step = max(1, len(s.splits) // MOST_SPLITS)
    shown = [x for i, x in enumerate(s.splits) if i % step == 0 or x == s.best]
    columns = (Column("Seeds", True), Column("Units", True), Column("Cost", True), Column("Power", True))
    rows = tuple((str(x.seeds), count(x.units), figure(x.cost), f"{x.power:.3f}") for x in shown)
    return _figure(chart, f"{clean(c.claim.name)}: {_seeds(s)[0]}", Table(columns, rows))


def _figure(chart: Chart, said: str, table: Table) -> Figure:
    wide, narrow = curves((chart,), chart.title, said)
    return Figure(chart.title, said, table, wide, narrow)


def _rests(found: PlanPower) -> tuple[tuple[str, Inline], ...]:
    facts: list[tuple[str, Inline]] = []
    several = len(found.claims) > 1
    for c in found.claims:
        said = "; ".join(f"{name} {value}" for name, value in c.facts)
        side = f"error of one side {c.alpha:.4g}"
        facts.append((f"{_named(c, several)}variance and level", clean(f"{said}; {side}" if said else side)))
    facts.append(("Effects", "as declared: never those that a pilot shows"))
    return (*facts, ("Analysis seed", str(found.seed)), ("Assay", found.version))
