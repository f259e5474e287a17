"""Runs for a terminal, as JSON and as a page."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from assay.base.canonical import is_digest, plain
from assay.base.wording import counted, figure
from assay.base.wording import level as level_words
from assay.records.runlist import RunGroup, RunNames, RunPage, RunRow, SeedMean, Tallies
from assay.records.runs import REMARK, Series
from assay.records.runview import Difference, RunView
from assay.report.blocks import Block, Callout, Column, Document, Facts, Heading, Inline, Items, Table
from assay.report.runlogged import logged_blocks, logged_lines
from assay.report.runseries import series_blocks
from assay.report.text import cells, clean, pad, shorten, show

_FIXED = ("run", "state", "name", "started")
_WORDS = {"finished": "✔", "running": "…", "failed": "✘", "interrupted": "□", "dead": "✘"}
_SHOWN = 6
NAME_WIDTH = 60
FILES = ("data", "prompt", "artifact", "predictions")
_PLAIN = tuple(f.name for f in fields(RunRow) if f.name not in ("faults", "params", "metrics"))


def page_json(page: RunPage, columns: Sequence[str] = ()) -> dict[str, Any]:
    """A page of runs as plain data; with columns, those settings and metrics alone."""
    return {"total": page.total, "offset": page.offset, "runs": [row_json(row, columns) for row in page.rows]}


def row_json(row: RunRow, columns: Sequence[str] = ()) -> dict[str, Any]:
    """A run of the list as plain data; a page has a hundred with twenty series each, so that nothing is made twice."""
    shown = frozenset(columns)
    kept: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    kept["faults"] = list(row.faults)
    kept["params"] = {name: plain(v) for name, v in row.params.items() if not shown or name in shown}
    tallies = row.metrics.rows if isinstance(row.metrics, Tallies) else Tallies.of(row.metrics).rows
    kept["metrics"] = {
        name: {"count": count, "last": plain(last), "low": low, "high": high, "odd": odd}
        for name, (count, last, low, high, odd, *_) in tallies.items()
        if not shown or name in shown
    }
    return kept


def group_json(group: RunGroup, most: int = 100) -> dict[str, Any]:
    """A group as plain data: how many runs of it finished, and the first of them."""
    kept: dict[str, Any] = plain(replace(group, runs=group.runs[:most], seeds=()))
    del kept["seeds"]
    return {"count": len(group.runs), **kept}


def render_list(page: RunPage, columns: Sequence[str] = (), width: int = 100) -> str:
    """Runs as a table: settings that differ among them, and metrics, as far as the width goes."""
    if not page.rows:
        return "no runs fit\n" if page.total == 0 else f"no runs after the first {page.offset}\n"
    chosen = list(columns) or chosen_columns(page.rows)
    heads = [*_FIXED, *chosen]
    rows = [[*_fixed(row), *(_cell(row, name) for name in chosen)] for row in page.rows]
    widths = [min(28, max(cells(h), *(cells(r[i]) for r in rows))) for i, h in enumerate(heads)]
    left = []
    while not columns and len(heads) > len(_FIXED) + 1 and sum(widths) + 2 * (len(widths) - 1) > width:
        left.append(heads.pop())
        widths.pop()
    lines = [
        "  ".join(pad(shorten(h, w), w, i >= len(_FIXED)) for i, (h, w) in enumerate(zip(heads, widths, strict=True)))
    ]
    lines.append("─" * cells(lines[0]))
    for row in rows:
        shown = zip(row, widths, strict=False)
        lines.append("  ".join(pad(shorten(c, w), w, i >= len(_FIXED)) for i, (c, w) in enumerate(shown)))
    for run in page.rows:
        lines += [f"  {run.id}: {clean(fault)}" for fault in run.faults]
    last = page.offset + len(page.rows)
    lines.append(f"{page.offset + 1} to {last} of {counted(page.total, 'run')}")
    if left:
        lines[-1] += f"; left out for want of width: {', '.join(reversed(left))}"
    return "\n".join(line.rstrip() for line in lines) + "\n"


def chosen_columns(rows: Sequence[RunRow]) -> list[str]:
    """Settings that differ among the runs, the seed, and metrics: those that most runs have come first."""
    names = dict.fromkeys(name for row in rows for name in row.params)
    varied = [n for n in names if len({repr(row.params.get(n)) for row in rows}) > 1]
    metrics = dict.fromkeys(name for row in rows for name in row.metrics)
    often = sorted(metrics, key=lambda n: -sum(n in row.metrics for row in rows))
    seed = ["seed"] if any(row.seed is not None for row in rows) and "seed" not in varied else []
    return [*seed, *varied[:_SHOWN], *[m for m in often if m not in varied][:_SHOWN]]


def _fixed(row: RunRow) -> tuple[str, str, str, str]:
    label = row.name if not row.experiment else f"{row.experiment}/{row.name}" if row.name else row.experiment
    return row.id, f"{_WORDS[row.state]} {row.state}", clean(label), moment(row.started)


def _cell(row: RunRow, name: str) -> str:
    if name in row.metrics:
        summary = row.metrics[name]
        return number(summary.last) + (" !" if summary.odd else "")
    if name == "seed" and name not in row.params:
        return "" if row.seed is None else str(row.seed)
    return show(row.params[name]) if name in row.params else ""


def number(value: float) -> str:
    """A value with four digits; NaN and infinity by name."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return figure(value)


def moment(seconds: float) -> str:
    """A time of day in UTC."""
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.gmtime(seconds))
    except (OverflowError, ValueError, OSError):
        return "(no date)"


def run_json(view: RunView) -> dict[str, Any]:
    """A run as plain data, its series thinned."""
    end: Any = plain(view.end) if view.end is not None else None
    return {
        "folder": view.folder,
        "state": view.state,
        "start": plain(view.start),
        "end": end,
        "config": plain(view.config),
        "series": [
            {
                "key": plain(key),
                "count": view.lengths[key],
                "steps": plain(s.steps.tolist()),
                "values": plain(s.values.tolist()),
            }
            for key, s in view.series.items()
        ],
        "other": [{"key": plain(o.key), "step": o.step, "time": o.time, "content": o.content} for o in view.others],
        "notes": [{"what": what, "content": content} for what, content in view.notes],
        "code": plain(view.code),
        "environment": plain(view.environment),
        "faults": [f.line() for f in view.faults],
    }


def render_run(view: RunView) -> str:
    """A run as text."""
    start = view.start
    lines = [f"run {start.id}  {_WORDS[view.state]} {view.state}"]
    lines += [f"  {name}: {_text(said)}" for name, said in facts(view)]
    if view.config:
        lines += ["", "configuration"]
        lines += [f"  {clean(str(k))} = {shorten(show_value(v), 90)}" for k, v in view.config.items()]
    if view.series:
        rows = [
            ("series", "values", "last", "least", "greatest"),
            *(_series_row(view, k, s) for k, s in view.series.items()),
        ]
        widths = [max(cells(row[i]) for row in rows) for i in range(5)]
        lines += [
            "",
            *("  " + "  ".join(pad(c, w, i > 0) for i, (c, w) in enumerate(zip(r, widths, strict=True))) for r in rows),
        ]
    for what, content in view.notes:
        if what in FILES and isinstance(content, Mapping):
            lines.append(f"  {what}: {clean(str(content.get('name')))}  {str(content.get('digest'))[:19]}…")
    lines += [f"  {line}" for line in logged_lines(view)]
    lines += [f"✘ {clean(fault.line())}" for fault in view.faults]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _text(said: Inline) -> str:
    return said if isinstance(said, str) else str(said)


def show_value(value: Any) -> str:
    """A setting in words."""
    return show(value) if isinstance(value, (str, int, float, bool, type(None))) else clean(str(value))


def facts(view: RunView) -> list[tuple[str, str]]:
    """What a run says of itself, by name."""
    start, end = view.start, view.end
    said = [
        ("name", clean(start.name)),
        ("experiment", clean(start.experiment)),
        ("command", clean(" ".join(start.command))),
        ("started", f"{moment(start.started)} UTC by {clean(start.user)} on {clean(start.host)}"),
        ("seed", "" if start.seed is None else str(start.seed)),
        ("tags", ", ".join(map(clean, start.tags))),
        ("parent", start.parent),
    ]
    if end is not None:
        said += [
            ("took", f"{figure(end.seconds)} s"),
            ("exit code", "" if end.exit_code is None else str(end.exit_code)),
            ("error", shorten(clean(end.error), 300)),
            ("used", ", ".join(f"{k.replace('_', ' ')} {_used(v)}" for k, v in end.usage.items() if k != "cost_note")),
            ("no cost", clean(str(end.usage.get("cost_note", "")))),
            ("not kept", counted(end.dropped, "value") if end.dropped else ""),
        ]
    said += [("code", _code(view.code)), ("python", _python(view.environment)), ("machine", _machine(view.environment))]
    remarks = (str(content) for what, content in view.notes if what == REMARK)
    said += [("note", clean(note)) for note in (*start.notes, *remarks)]
    return [(name, words) for name, words in said if words]


def _code(code: Mapping[str, Any]) -> str:
    if not code:
        return ""
    files = sum("digest" in f for f in code.get("files", {}).values())
    commit = str(code.get("commit", ""))[:12] or "no commit"
    branch = f" on {clean(str(code['branch']))}" if code.get("branch") else ""
    return f"{commit}{branch}" + (f", and {counted(files, 'file')} beside it" if files else "")


def _python(environment: Mapping[str, Any]) -> str:
    python = environment.get("python", {})
    return f"{python.get('version')} with {counted(len(python.get('packages', {})), 'package')}" if python else ""


def _machine(environment: Mapping[str, Any]) -> str:
    machine = environment.get("machine", {})
    inside = [str(machine.get(f"container{part}") or "") for part in ("", "_name", "_image")]
    parts = [
        str(machine.get("processor") or machine.get("architecture") or ""),
        counted(machine.get("cores") or 0, "core"),
    ]
    parts += [", ".join(map(str, machine.get("gpu", {}).get("models", ())))]
    parts += [" ".join(["in", *filter(None, inside)])] if inside[0] else []
    return clean(", ".join(filter(None, parts))) if machine else ""


def _used(value: Any) -> str:
    return figure(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else clean(str(value))


def _series_row(view: RunView, key: Any, series: Series) -> tuple[str, str, str, str, str]:
    finite = [v for v in series.values.tolist() if math.isfinite(v)]
    bounds = (number(min(finite)), number(max(finite))) if finite else ("", "")
    diverged = " diverged" if len(series) and not math.isfinite(series.values[-1]) else ""
    last = number(float(series.values[-1])) if len(series) else ""
    return (shorten(clean(key.words()), NAME_WIDTH), f"{view.lengths[key]:,}", last + diverged, *bounds)


def run_page(view: RunView, images: Mapping[str, bytes] | None = None) -> Document:
    """A run as a page.

    Args:
        images: Digest -> content of the images that it shows.
    """
    blocks: list[Block] = []
    if view.faults:
        blocks.append(Callout("bad", "This folder is not as it was written", "What is not named here is sound."))
        blocks.append(Items(tuple(f.line() for f in view.faults)))
    blocks += [Heading("The run"), Facts((("State", view.state), *((n.capitalize(), w) for n, w in facts(view))))]
    if view.config:
        rows: tuple[tuple[Inline, ...], ...] = tuple((str(k), show_value(v)) for k, v in view.config.items())
        blocks += [Heading("Configuration"), Table((Column("Setting"), Column("Value")), rows)]
    if view.series:
        columns = (
            Column("Series"),
            Column("Values", True),
            Column("Last", True),
            Column("Least", True),
            Column("Greatest", True),
        )
        blocks += [Heading("Series"), Table(columns, tuple(_series_row(view, k, s) for k, s in view.series.items()))]
        blocks += series_blocks(view)
    blocks += logged_blocks(view, images or {})
    files = [(w, c) for w, c in view.notes if w in FILES and isinstance(c, Mapping)]
    if files:
        kept: tuple[tuple[Inline, ...], ...] = tuple((w, str(c.get("name")), str(c.get("digest"))) for w, c in files)
        blocks += [Heading("Files"), Table((Column("What"), Column("Name"), Column("Digest")), kept)]
    return Document(f"Run {view.start.id}", tuple(blocks))


def render_groups(found: Sequence[RunGroup], level: float) -> str:
    """Configurations with the mean of each metric over their runs."""
    if not found:
        return "no run fits\n"
    names = list(found[0].metrics)
    heads = [*found[0].settings, "runs", *names]
    rows = [
        [
            *(show_value(g.settings[s]) for s in found[0].settings),
            str(len(g.runs)) + (f" of {len(g.runs) + sum(g.others.values())}" if g.others else ""),
            *(_mean(g.metrics[n], len(g.runs)) for n in names),
        ]
        for g in found
    ]
    widths = [max(cells(h), *(cells(r[i]) for r in rows)) for i, h in enumerate(heads)]
    lines = ["  ".join(pad(h, w, True) for h, w in zip(heads, widths, strict=True))]
    lines.append("─" * cells(lines[0]))
    lines += ["  ".join(pad(c, w, True) for c, w in zip(row, widths, strict=True)) for row in rows]
    counted_once = any(
        m.count < len(g.runs) and len(set(g.seeds)) < len(g.seeds) for g in found for m in g.metrics.values()
    )
    once = "; runs of one seed count once" if counted_once else ""
    lines.append(f"mean over runs, with its {level_words(level)} interval by t{once}")
    left = _left_out(found)
    lines += [f"not in the numbers: {left}"] if left else []
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _left_out(found: Sequence[RunGroup]) -> str:
    """How many runs that fit are in no mean, and why; how many lack a metric."""
    states = Counter[str]()
    for g in found:
        states.update(g.others)
    lacking = {name: sum(g.metrics[name].lacking for g in found) for name in found[0].metrics}
    said = [f"{n:,} {why}" for why, n in sorted(states.items())]
    return ", ".join([*said, *(f"{n:,} without {clean(name)}" for name, n in lacking.items() if n)])


def _mean(mean: SeedMean, runs: int) -> str:
    """A mean with its interval, and with n where that is not the number of runs."""
    if mean.mean is None:
        return mean.note
    said = figure(mean.mean)
    if mean.interval is None:
        return f"{said} ({mean.note})"
    n = "" if mean.count == runs else f", n {mean.count}"
    return f"{said} [{number(mean.interval[0])}, {number(mean.interval[1])}]{n}"


def render_names(found: RunNames) -> str:
    """Settings, metrics and values with how many runs have them, a line each."""
    lines = (
        [counted(found.total, "run"), f"  state  {_values(found.values['state'])}"] if found.total else ["no run fits"]
    )
    for title, held in (("settings", found.settings), ("metrics", found.metrics)):
        lines += [title] if held else []
        wide = max(map(len, held), default=0)
        for name, n in held.items():
            few = _values(found.values[name]) if title == "settings" and name in found.values else ""
            lines.append(f"  {clean(name):{wide}}  {n:,} {few}".rstrip())
    return "\n".join(lines) + "\n"


def _values(held: Mapping[str, int]) -> str:
    return ", ".join(f"{shorten(clean(value), 40)} ({n:,})" for value, n in held.items())


def render_differences(found: Sequence[Difference]) -> str:
    """What differs between two runs, a line each."""
    if not found:
        return "no difference in configuration, seed, code, data, environment or command\n"
    lines, part = [], ""
    for one in found:
        if one.part != part:
            part = one.part
            lines.append(part)
        if one.part == "prompt" and not is_digest(str(one.first or one.second)):
            lines.append(f"  {clean(one.name)}")
            for sign, side in (("−", one.first), ("+", one.second)):
                lines += [f"    {sign} {shorten(clean(line), 200)}" for line in str(side or "").splitlines()]
            continue
        lines.append(f"  {clean(one.name)}: {_side(one.first)} → {_side(one.second)}")
    return "\n".join(lines) + "\n"


def _side(value: Any) -> str:
    if value is None:
        return "(none)"
    text = show_value(value)
    return f"{text[:19]}…" if is_digest(text) else shorten(text, 60)
