"""What came of running a number again, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from assay.base.wording import counted
from assay.records.reproduction import ClaimNumbers, KnownGood, ReproducedClaim, Reproduction
from assay.report.runs import NAME_WIDTH, number
from assay.report.text import cells, clean, pad, shorten

SOUND = frozenset({"reproduced", "within noise"})
_SIGNS = {"reproduced": "✔", "within noise": "○", "not reproduced": "✘", "failed": "✘"}


def render(made: Reproduction | ReproducedClaim) -> str:
    """What came of a run, or of a claim and every run behind it."""
    return render_claim(made) if isinstance(made, ReproducedClaim) else render_reproduction(made)


def render_known_good(made: Sequence[Reproduction]) -> str:
    """Each run that was known to be good, and last those that no longer come out."""
    stale = [one.run for one in made if one.outcome not in SOUND]
    last = f"✘ {len(stale)} of {counted(len(made), 'run')} stale: {', '.join(stale)}" if stale else ""
    return "".join(map(render_reproduction, made)) + (last or f"✔ {counted(len(made), 'run')}, none stale") + "\n"


def render_reproduction(made: Reproduction) -> str:
    """The outcome, each series beside its claim, and the first cause of a difference."""
    if not made.reruns:
        return f"{_SIGNS[made.outcome]} {made.outcome}: run {made.run} cannot be made again: {clean(made.why)}\n"
    lines = [f"{_SIGNS[made.outcome]} {made.outcome}: run {made.run}, again as {', '.join(made.reruns)}"]
    lines.append(f"  environment: {'built from the lock' if made.environment == 'lock' else 'the present one'}")
    if made.cause:
        lines.append(f"  first cause: {made.cause}: {clean(made.why)}")
    rows = [("", "claim", "again", "")]
    rows += [
        (
            shorten(clean(c.name), NAME_WIDTH),
            "" if c.first is None else number(c.first),
            "" if c.again is None else number(c.again),
            c.outcome,
        )
        for c in made.compared
    ]
    widths = [max(cells(row[i]) for row in rows) for i in range(4)]
    lines += [
        "  " + "  ".join(pad(c, w, i in (1, 2)) for i, (c, w) in enumerate(zip(r, widths, strict=True))) for r in rows
    ]
    lines += [f"  note: {clean(note)}" for note in made.notes[:20]]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def render_known(found: Sequence[KnownGood]) -> str:
    """The runs that are known to be good, a line each."""
    if not found:
        return "no run is known to be good; assay runs known-good RUN marks one\n"
    return "".join(f"{one.run}  {_said(one)}\n" for one in found)


def _said(one: KnownGood) -> str:
    if not one.by:
        return "by its tag"
    return f"said {clean(one.by)} on {one.at[:10]}" + (f": {shorten(clean(one.why), 200)}" if one.why else "")


def render_claim(made: ReproducedClaim) -> str:
    """The outcome, the claim's numbers beside those that follow now, and each run behind it."""
    name = f"{made.claim!r} of {made.candidate}"
    lines = [f"{_SIGNS[made.outcome]} {made.outcome}: {clean(name)}, evidence {made.evidence[:19]}…"]
    lines += [f"  first cause: {made.cause}: {clean(made.why)}"] if made.cause else []
    lines.append(f"  claimed  {_numbers(made.first)}")
    lines += [f"  again    {_numbers(made.again)}"] if made.again is not None else []
    lines += [f"  {_SIGNS[r.outcome]} run {r.run}, again as {', '.join(r.reruns)}: {r.outcome}" for r in made.runs]
    return "\n".join(lines) + "\n"


def _numbers(found: ClaimNumbers) -> str:
    if found.value is None:
        return found.status
    bounds = "" if found.interval is None else f" [{number(found.interval[0])}, {number(found.interval[1])}]"
    return f"{found.status}: difference {number(found.value)}{bounds}"
