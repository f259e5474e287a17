"""The power of a plan, as a table for the terminal."""

from __future__ import annotations

from assay.flows.power import ClaimPower, PlanPower


def table(found: PlanPower) -> str:
    """One line a claim, then the probability that all hold."""
    header = ("claim", "candidate", "kind", "minimal effect", "units needed", "power", "detectable")
    rows = [header, *(_row(c) for c in found.claims)]
    widths = [max(len(r[i]) for r in rows) for i in range(len(header))]
    lines = [
        "  ".join(cell.ljust(w) if i < 3 else cell.rjust(w) for i, (cell, w) in enumerate(zip(r, widths, strict=True)))
        for r in rows
    ]
    lines.insert(1, "─" * len(lines[0]))
    lines += [f"  {c.claim.name}: {c.why}" for c in found.claims if c.why]
    planned = (
        f"power and detectable effect at {found.units:,} units"
        if found.units
        else "for power and the detectable effect say how many units are planned: --units, or looks.units in the plan"
    )
    lines += ["", f"power wanted {found.power:.0%}; {planned}"]
    needed = {c.claim.name for c in found.claims if c.claim.primary or c.claim.guardrail}
    if found.all_hold is not None and len(needed) == 1:
        lines.append(f"the claim holds with probability {found.all_hold:.2f}")
    elif found.all_hold is not None and found.at_least is not None:
        lines.append(
            f"all claims hold with probability {found.all_hold:.2f} were they independent,"
            f" and at least {found.at_least:.2f} however they depend on each other"
        )
    return "\n".join(lines)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    cells = enumerate(zip(row, widths, strict=True))
    return "  ".join(cell.ljust(width) if i < 3 else cell.rjust(width) for i, (cell, width) in cells).rstrip()


def _row(c: ClaimPower) -> tuple[str, ...]:
    return (
        c.claim.name,
        c.candidate,
        c.claim.kind,
        "–" if c.claim.minimal_effect is None else f"{c.claim.minimal_effect:g}",
        "–" if c.needed is None else f"{c.needed:,}",
        "–" if c.power is None else f"{c.power:.2f}",
        "–" if c.detectable is None else f"{c.detectable:.3g}",
    )
