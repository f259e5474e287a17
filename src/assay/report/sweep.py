"""A sweep for a terminal: its cells by model and seed, and the settings that were tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assay.base.canonical import plain
from assay.records.comparison import ComparisonSet
from assay.records.plan import Plan
from assay.records.sweep import CellStanding, Coverage, Covered, Setting, SweepState
from assay.report.blocks import Block, Column, Document, Heading, Items, Paragraph, Table
from assay.report.runs import number
from assay.report.text import cells, clean, pad

SIGNS = {"finished": "✔", "running": "▶", "waiting": "…", "failed": "✘", "missing": "·"}
MOST = 20
ANECDOTE = "one seed: anecdotal"


def counts(state: SweepState) -> str:
    """A sweep in a few words: `5 of 10 cells, 2 running, 1 failed`."""
    said = [f"{state.count('finished')} of {state.wanted} cells"]
    for name in ("running", "waiting", "failed"):
        many = state.count(name)
        said += [f"{many} {name}"] if many else []
    return ", ".join(said)


def render_sweep(state: SweepState) -> str:
    """Where a sweep stands: the matrix, settings where there are several, what failed and why."""
    done = "✔ complete" if state.complete else "✘ not complete"
    again = f", begun anew {state.generation - 1} times" if state.generation > 1 else ""
    lines = [f"{done}: {counts(state)} of the sweep of {clean(state.plan)}{again}"]
    lines += _matrix(state.cells)
    if any(s.value is not None for s in state.settings):
        lines += ["", *_settings(state.settings)]
    failed = [c for c in state.cells if c.state == "failed"]
    lines += [f"✘ {clean(_name(c))}: {clean(c.why)} (run {c.run or 'none'})" for c in failed[:MOST]]
    if len(failed) > MOST:
        lines.append(f"  and {len(failed) - MOST} more that failed")
    lines += [f"stopped: {clean(state.stopped)}"] if state.stopped else []
    lines += [f"note: {clean(note)}" for note in state.notes]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _name(standing: CellStanding) -> str:
    config = ", ".join(f"{k} {v}" for k, v in standing.cell.config.items())
    return f"{standing.cell.model} seed {standing.cell.seed}{f' ({config})' if config else ''}"


def _matrix(held: Sequence[CellStanding]) -> list[str]:
    """A line a model, a sign a seed: finished only where all settings are."""
    models = list(dict.fromkeys(c.cell.model for c in held))
    seeds = sorted({c.cell.seed for c in held})
    width = max((cells(m) for m in models), default=0)
    lines = []
    for model in models:
        signs = []
        for seed in seeds[:60]:
            mine = [c.state for c in held if c.cell.model == model and c.cell.seed == seed]
            worst = next((s for s in ("failed", "running", "waiting", "missing") if s in mine), "finished")
            signs.append(SIGNS[worst] if mine else " ")
        lines.append(f"  {pad(clean(model), width)}  {' '.join(signs)}")
    return lines


def _settings(settings: Sequence[Setting]) -> list[str]:
    return aligned(setting_rows(settings), (2, 3))


def setting_rows(settings: Sequence[Setting]) -> list[tuple[str, ...]]:
    """Settings as a table: mean over seeds, its interval and n; a single seed is an anecdote."""
    rows: list[tuple[str, ...]] = [("model", "setting", "n", "mean", "interval over seeds", "")]
    for s in settings:
        config = ", ".join(f"{k} {v}" for k, v in s.config.items())
        interval = f"[{number(s.interval[0])}, {number(s.interval[1])}]" if s.interval else ""
        alone = ANECDOTE if s.value is not None and s.finished == 1 else interval
        value = number(s.value) if s.value is not None else "failed" if s.failed else "not yet"
        rows.append((clean(s.model), clean(config), str(s.finished), value, alone, "chosen" if s.chosen else ""))
    return rows


def aligned(rows: Sequence[tuple[str, ...]], right: Sequence[int]) -> list[str]:
    """Rows as columns of one width each, some of them flush right."""
    widths = [max(cells(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  " + "  ".join(pad(c, w, i in right) for i, (c, w) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    ]


def sweep_page(state: SweepState) -> Document:
    """The sweep as a page: settings with mean, interval over seeds and n, and every cell with its run."""
    blocks: list[Block] = [Paragraph(counts(state))]
    if any(s.value is not None for s in state.settings):
        rows = setting_rows(state.settings)
        columns = tuple(Column(name, name in ("n", "mean")) for name in rows[0])
        blocks += [Heading("Settings"), Table(columns, tuple(rows[1:]))]
    held = tuple((_name(c), c.state, c.run, str(c.attempts), f"{c.seconds:.1f} s", c.why) for c in state.cells)
    blocks += [Heading("Cells"), Table(tuple(map(Column, ("cell", "state", "run", "begun", "took", "why"))), held)]
    told = [*([state.stopped] if state.stopped else []), *state.notes]
    blocks += [Items(tuple(told))] if told else []
    return Document(f"Sweep of {state.plan}", tuple(blocks))


def sweep_json(state: SweepState) -> dict[str, Any]:
    """The sweep as JSON."""
    held: dict[str, Any] = plain(state)
    return {"type": "sweep", "schema": 1, "complete": state.complete, **held}


def coverage_json(found: Coverage) -> dict[str, Any]:
    """The matrix as JSON."""
    held: dict[str, Any] = plain(found)
    return {"type": "coverage", "schema": 1, "complete": not found.missing, **held}


def matrix_of(plan: Plan, results: ComparisonSet) -> Coverage | None:
    """The matrix that a judgement has read, with the run of each cell; None where no predictions are of runs."""
    runs: Mapping[str, Mapping[str, str]] = results.notes.get("runs", {})
    roles = {plan.baseline.name: "baseline", **{c.name: "candidate" for c in plan.candidates}}
    # In the plan's order and that of numbers: evidence keeps both as JSON, by name.
    order = [*roles, *sorted(runs.keys() - roles.keys())]
    cells = [
        Covered(model, roles.get(model, "ablation"), seed, "finished", run)
        for model in order
        for seed, run in sorted(runs.get(model, {}).items(), key=lambda held: (len(held[0]), held[0]))
    ]
    return Coverage(plan.name, tuple(cells)) if cells else None


def coverage_page(found: Coverage) -> Document:
    """The matrix as a page."""
    there = len(found.cells) - len(found.missing)
    blocks: list[Block] = [Paragraph(f"{there} of {len(found.cells)} cells", lead=True), coverage_block(found)]
    blocks += [Items(found.notes)] if found.notes else []
    return Document(f"The matrix of {found.plan}", tuple(blocks))


def coverage_block(found: Coverage) -> Table:
    """The matrix as a table of a page: a row a model, a column a seed; a cell that is there names its run or file."""
    seeds = list(dict.fromkeys(c.seed for c in found.cells))
    models = list(dict.fromkeys((c.role, c.model) for c in found.cells))
    states = {(c.model, c.seed): f"{SIGNS[c.state]} {c.source or c.state}" for c in found.cells}
    rows = tuple((clean(model), role, *(clean(states.get((model, s), "")) for s in seeds)) for role, model in models)
    missing = tuple(clean(f"{c.model} seed {c.seed}: {c.why or c.state}") for c in found.missing)
    return Table(tuple(map(Column, ("model", "role", *(clean(f"seed {s}") for s in seeds)))), rows, "", missing)


def render_coverage(found: Coverage) -> str:
    """The matrix of models and seeds, and every cell that misses."""
    models = list(dict.fromkeys((c.role, c.model) for c in found.cells))
    seeds = list(dict.fromkeys(c.seed for c in found.cells))
    there = len(found.cells) - len(found.missing)
    lines = [f"{'✔' if not found.missing else '✘'} {there} of {len(found.cells)} cells of {clean(found.plan)}"]
    states = {(c.model, c.seed): SIGNS[c.state] for c in found.cells}
    rows = [("", "", *(clean(s) for s in seeds))]
    rows += [(role, clean(m), *(states.get((m, s), "") for s in seeds)) for role, m in models]
    lines += aligned(rows, ())
    lines += [
        f"missing: {clean(c.model)} seed {clean(c.seed)}: {c.state}{f' ({clean(c.why)})' if c.why else ''}"
        for c in found.missing
    ]
    lines += [f"note: {clean(note)}" for note in found.notes]
    return "\n".join(line.rstrip() for line in lines) + "\n"
