"""Judging and showing the coverage table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scipy.special import betaincinv

FLOOR, NOMINAL = 0.93, 0.95
TOLERANCE = 0.01
MOSTLY = 0.5
WIDER = 1.1

Cells = Sequence[Mapping[str, Any]]


def upper_bound(hits: int, tries: int, error: float = TOLERANCE) -> float:
    """One-sided Clopper-Pearson upper bound of a probability.

    >>> round(upper_bound(92, 100, 0.025), 4)
    0.9652
    """
    return 1.0 if hits == tries else float(betaincinv(hits + 1, tries - hits, 1 - error))


def lower_bound(hits: int, tries: int, error: float = TOLERANCE) -> float:
    """One-sided Clopper-Pearson lower bound of a probability."""
    return 0.0 if hits == 0 else float(betaincinv(hits, tries - hits + 1, error))


def inside(cell: Mapping[str, Any]) -> bool:
    """Whether most samples of the cell lie in the method's domain, so that the floor applies."""
    return bool(cell["inside"] >= MOSTLY * cell["samples"] > 0)


def below(cell: Mapping[str, Any]) -> bool:
    """Whether an in-domain cell is shown to cover less than the floor."""
    return inside(cell) and upper_bound(cell["hits"], cell["inside"]) < FLOOR


def failures(cells: Iterable[Mapping[str, Any]]) -> list[str]:
    """One line for each in-domain cell below the floor."""
    return [
        f"{cell['scenario']} ({cell['target']}): {cell['hits'] / cell['inside']:.3f} of {cell['inside']} samples"
        for cell in cells
        if below(cell)
    ]


def regressions(cells: Cells, kept: Cells) -> list[str]:
    """What in-domain cells of the kept table have lost, though they may still meet the floor.

    Coverage that is shown to be lower than it was, and lower than its name; a place in the domain; or intervals that
    were narrower by a tenth.
    """
    before = {(cell["scenario"], cell["target"]): cell for cell in kept}
    out = []
    for cell in cells:
        old = before.get((cell["scenario"], cell["target"]))
        lost = _lost(cell, old) if old is not None and inside(old) else ""
        if lost:
            out.append(f"{cell['scenario']} ({cell['target']}): {lost}")
    return out


def _lost(cell: Mapping[str, Any], old: Mapping[str, Any]) -> str:
    if not inside(cell):
        return f"{cell['inside']} of {cell['samples']} samples in the domain, were {old['inside']} of {old['samples']}"
    now = upper_bound(cell["hits"], cell["inside"])
    if now < min(NOMINAL, lower_bound(old["hits"], old["inside"])):
        return f"covers at most {now:.3f}, was {old['hits'] / old['inside']:.3f}"
    if old["width"] and (cell["width"] or 0) > WIDER * old["width"]:
        return f"intervals of width {cell['width']:.4g}, were {old['width']:.4g}"
    return ""


def markdown(cells: Cells, samples: int, seed: int) -> str:
    """The table as a page."""
    held = [cell for cell in cells if inside(cell)]
    missed = failures(cells)
    least = min((cell["hits"] / cell["inside"] for cell in held), default=float("nan"))
    lines = [
        "# Coverage of the intervals",
        "",
        "Written by `python -m simulations.run --full`; do not edit. How often a nominal 95 % interval held the truth,",
        f"in {samples} samples a scenario (seed {seed}), through the same door that users go through.",
        "",
        f"A cell is *inside* when at least half of its samples lie in the method's declared domain"
        f" (`assay.stats.domain`); coverage, width and rejections are those of the samples inside. Promise: inside,"
        f" coverage is at least {FLOOR:.0%} (a cell fails when its one-sided {1 - TOLERANCE:.0%} Clopper-Pearson upper"
        " bound is lower). Outside, a verdict cannot be `supported`; the coverage shown is that of all intervals.",
        "*One side* is the larger of the shares of intervals that lie wholly above and wholly below the truth: the"
        " error of a one-sided claim, 2.5 % by its name. *99 %* is the coverage of the 99 % interval on the same"
        " samples, a level as families of claims and slices ask for.",
        "*Rejects* is the share of intervals without 0: the error where the true difference is 0, else the power.",
        "",
        f"{len(cells)} cells, {len(held)} inside, least coverage inside {least:.3f}, below the floor: {len(missed)}.",
        "",
        *by_method(held),
    ]
    if missed:
        lines += ["## Below the floor", "", *(f"- {line}" for line in missed), ""]
    for family in dict.fromkeys(cell["family"] for cell in cells):
        lines += _family(family, [cell for cell in cells if cell["family"] == family])
    return "\n".join(lines) + "\n"


def by_method(held: Cells) -> list[str]:
    """One line a method: cells in which it was the one most used, with the least and the mean coverage."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for cell in held:
        groups.setdefault(max(cell["methods"], key=lambda name: cell["methods"][name]), []).append(cell)
    lines = ["| method | cells inside | least coverage | mean coverage | one side, most | 99 %, least | 99 %, mean |"]
    lines += ["|---|---|---|---|---|---|---|"]
    for method, cells in sorted(groups.items()):
        rates, strict = ([c[key] / c["inside"] for c in cells] for key in ("hits", "strict"))
        shown = (min(rates), sum(rates) / len(rates), max(map(one_side, cells)), min(strict), sum(strict) / len(strict))
        lines.append(f"| {method} | {len(cells)} | " + " | ".join(f"{v:.3f}" for v in shown) + " |")
    return [*lines, ""]


def one_side(cell: Mapping[str, Any]) -> float:
    """The larger of the shares of intervals above and below the truth."""
    return float(max(cell["over"], cell["under"]) / cell["inside"])


def _family(family: str, cells: Cells) -> list[str]:
    lines = [f"## {family[0].upper()}{family[1:]}", ""]
    lines += ["| scenario | of | method | inside | coverage | one side | 99 % | width | rejects |"]
    lines += ["|---|---|---|---|---|---|---|---|---|"]
    for cell in cells:
        methods = ", ".join(sorted(cell["methods"], key=lambda m: -cell["methods"][m])) or "none"
        if inside(cell):
            shown = f"{cell['hits'] / cell['inside']:.3f}" + (" **below**" if below(cell) else "")
        else:
            shown = f"(outside: {cell['all_hits'] / cell['intervals']:.3f})" if cell["intervals"] else "(no interval)"
        width = "" if cell["width"] is None else f"{cell['width']:.3g}"
        rejects = (
            f"{cell['excludes_zero'] / cell['inside']:.3f}" if cell["target"] == "difference" and cell["inside"] else ""
        )
        more = (f"{one_side(cell):.3f}", f"{cell['strict'] / cell['inside']:.3f}") if inside(cell) else ("", "")
        first = (cell["scenario"], cell["target"], methods, f"{cell['inside'] / cell['samples']:.2f}", shown)
        lines.append("| " + " | ".join((*first, *more, width, rejects)) + " |")
    return [*lines, ""]
