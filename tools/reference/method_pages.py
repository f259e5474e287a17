"""docs/methods/NAME.md: for each method what it is for, assumptions, formula, domain, coverage, known answers, cost.

Words come from `tools.reference.described`, domains from the code, coverage and times from the kept tables, known
answers from `tests.known` with Assay's value as it is computed now.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from simulations.harness import named
from simulations.table import inside, one_side
from tests.known.registry import answers

from assay.stats.domain import DOMAINS
from assay.stats.options import InferenceOptions
from tools.reference.described import DESCRIBED, Described
from tools.reference.markdown import NOTE, table
from tools.reference.methods import METHODS
from tools.reference.sources import sourced
from tools.reference.works import listed

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WORST = 5
DRAWS = 30
"""Samples of a scenario in which the method is looked for."""
MOST_ANSWERS = 120
"""Rows of a page's tables of answers: a page is to be read."""
MOST_SOURCES = 4
"""Sources named of one test."""
LONGEST = 160
"""Letters of a source."""


def line_of(name: str) -> tuple[str, str]:
    """What a method is, and its source: one line each."""
    return METHODS.get(name, (DESCRIBED[name].what, DESCRIBED[name].source))


def pages() -> dict[str, Callable[[], str]]:
    """The page of every method and procedure, by its path below docs/."""
    return {f"methods/{name}.md": partial(render, name) for name in (*DOMAINS, *others())}


def others() -> list[str]:
    """Procedures without a domain."""
    return [name for name in DESCRIBED if name not in DOMAINS]


def render(name: str) -> str:
    """The page of one method."""
    (what, source), said = line_of(name), DESCRIBED[name]
    parts = [f"{NOTE}# {name}\n\n{what[:1].upper()}{what[1:]}. One of the [methods](../methods.md).\n"]
    parts += [f"**For.** {said.purpose}\n", f"**Chosen.** {said.chosen}\n"]
    if name in DOMAINS and (reason := _reason(name)):
        parts.append(f'An estimate then says: "{reason}".\n')
    parts += [_listed("Assumptions", said.assumptions), f"## Formula\n\n```text\n{said.formula}\n```\n"]
    parts.append(f"## Source\n\n{source}.\n")
    if works := listed(source):
        parts.append(f"{works}\n")
    if name in DOMAINS:
        parts += [_domain(name), _coverage(name)]
    parts += [_cost(said), _answers(name, said), _listed("What a referee would ask", said.limits)]
    return "\n".join(parts)


def _listed(head: str, lines: Sequence[str]) -> str:
    return f"## {head}\n\n" + "".join(f"- {line}\n" for line in lines)


def _domain(name: str) -> str:
    rows = [[need.said, f"{need.least:g}", f"`{need.fact}`"] for need in DOMAINS[name]]
    return (
        "## Domain\n\nInside it a verdict can be *supported*; outside the estimate is shown, and supports nothing.\n\n"
        + table(["needs", "at least", "in the diagnostics"], rows)
    )


@cache
def _cells() -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """Samples a cell, and the cells inside their method's domain by the method used most."""
    kept = json.loads((DOCS / "coverage.json").read_text(encoding="utf-8"))
    held: dict[str, list[dict[str, Any]]] = {}
    for cell in filter(inside, kept["cells"]):
        held.setdefault(max(cell["methods"], key=lambda m: cell["methods"][m]), []).append(cell)
    return int(kept["samples"]), held


def _coverage(name: str) -> str:
    samples, held = _cells()
    cells = held.get(name, [])
    head = "## Coverage\n\n"
    if not cells:
        return f"{head}In no scenario of the [table](../coverage.md) is it the method used most.\n"
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for cell in cells:
        groups.setdefault((cell["family"], cell["target"]), []).append(cell)
    rows = [[*key, *_summary(found)] for key, found in groups.items()]
    if len(groups) > 1:
        rows.append(["all", "", *_summary(cells)])
    worst = sorted(cells, key=lambda c: (_rate(c), c["scenario"]))[:WORST]
    shown = [
        [c["scenario"], c["target"], f"{_rate(c):.3f}", f"{one_side(c):.3f}", f"{c['strict'] / c['inside']:.3f}"]
        for c in worst
    ]
    return (
        f"{head}Of nominal 95 % intervals, in {samples:,} samples of each scenario, among samples inside the domain.\n"
        "*One side* is the error of a one-sided claim, 2.5 % by its name; *99 %* the coverage of 99 % intervals.\n\n"
        + table(["scenarios", "of", "cells", "least", "mean", "one side, most", "99 %, least"], rows)
        + f"\nThe cells that cover least, of {len(cells)} ([all](../coverage.md)):\n\n"
        + table(["scenario", "of", "coverage", "one side", "99 %"], shown)
    )


def _rate(cell: dict[str, Any]) -> float:
    return float(cell["hits"] / cell["inside"])


def _summary(cells: Sequence[dict[str, Any]]) -> list[str]:
    rates = [_rate(c) for c in cells]
    figures = (min(rates), sum(rates) / len(rates), max(map(one_side, cells)))
    strict = min(c["strict"] / c["inside"] for c in cells)
    return [str(len(cells)), *(f"{v:.3f}" for v in figures), f"{strict:.3f}"]


def _reason(name: str) -> str:
    """What an estimate says of its method, from the first sample of the coverage table that it was chosen for."""
    cells = _cells()[1].get(name, [])
    if not cells:
        return ""
    cell = max(cells, key=lambda c: c["methods"][name])
    (scenario,) = named([cell["scenario"]])
    rng = np.random.default_rng(0)
    for _ in range(DRAWS):
        sample, design = scenario.draw(rng)
        found = scenario.infer(scenario.metric, sample, design, InferenceOptions(draws=199))
        result = getattr(found, cell["target"])
        if result.method == name:
            return str(result.reason)
    return ""


@cache
def _timed() -> list[dict[str, Any]]:
    kept = json.loads((DOCS / "benchmarks.json").read_text(encoding="utf-8"))
    return [row for row in kept["rows"] if row["own"]]


def _cost(said: Described) -> str:
    rows = [
        [row["words"], f"{row['seconds']:.2g}", f"{row['megabytes']:.0f}"]
        for row in _timed()
        if any(row["words"].startswith(words) for words in said.benchmark)
    ]
    shown = f"\n{table(['measured', 'seconds', 'MB'], rows)}" if rows else ""
    return f"## Cost\n\n{said.cost}\n{shown}" + ("\nPeers beside it: [benchmarks](../benchmarks.md).\n" if rows else "")


def _answers(name: str, said: Described) -> str:
    known, more = answers(name), _further(said)
    parts = ["## Known answers\n"]
    if not known and not more:
        parts.append("None found in print; the coverage table is its judge.\n")
    if known:
        rows = [[k.what, k.printed, k.shown(), k.source] for k in known[:MOST_ANSWERS]]
        parts.append(table(["what", "published", "Assay", "source"], rows))
        if len(known) > MOST_ANSWERS:
            parts.append(f"And {len(known) - MOST_ANSWERS} more, in `tests/known`.\n")
        reasons = sorted({k.why for k in known if k.why})
        parts += [f"*Farther off than half a unit of the last digit:* {why}.\n" for why in reasons]
    if more:
        parts.append("Held by further tests, each with its sources:\n")
        parts.append(table(["test", "values", "sources"], more))
    if files := [f"`{file}`" for file in _tests(said) if (ROOT / file).exists()]:
        parts.append(f"Laws, and other ways to the same value: {', '.join(files)}.\n")
    return "\n".join(parts)


def _tests(said: Described) -> list[str]:
    """The file of tests of each module, or the folder of a package."""
    rooms = ["tests/" + code.removeprefix("assay.").replace(".", "/") for code in said.code]
    paths = ((f"{room.rpartition('/')[0]}/test_{room.rpartition('/')[2]}.py", f"{room}/") for room in rooms)
    return [path for both in paths for path in both]


def _further(said: Described) -> list[list[str]]:
    """Tests of the method's modules (or packages) whose values name a source: how many, and which sources."""
    places = tuple(place if place.endswith("/") else f"{place}::" for place in _tests(said))
    held: dict[str, list[str]] = {}
    for found in sourced():
        if found.test.startswith(places):
            held.setdefault(found.test, []).append(found.source)
    return [[f"`{test}`", str(len(named)), _joined(named)] for test, named in held.items()]


def _joined(sources: Sequence[str]) -> str:
    """Distinct sources, as many as a line of a table takes."""
    distinct = [textwrap.shorten(source, LONGEST, placeholder=" …") for source in dict.fromkeys(sources)]
    more = len(distinct) - MOST_SOURCES
    return "; ".join(distinct[:MOST_SOURCES]) + (f"; and {more} more" if more > 0 else "")
