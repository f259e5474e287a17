"""What each component of a candidate contributes, for a page and for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from assay.records.ablation import Contributions
from assay.records.comparison import Comparison, ComparisonSet
from assay.records.plan import Plan
from assay.records.verdict import Judgement
from assay.report.blocks import Badge, Block, Column, Document, Figure, Heading, Inline, Paragraph, Table
from assay.report.components import variance_blocks, variance_words
from assay.report.effects import difference_point, effect, interval_name, plotted, reading, side_values, size_words
from assay.report.svg.forest import Panel, Row, forest
from assay.report.text import cells, clean, pad, shorten
from assay.report.words import ends, metric_title

HEADS = ("Component", "Without it", "With it", "Contribution", "Deciding interval", "n", "Seeds", "Reading")
READ = {"better": "helps", "worse": "harms", "unclear": "not told from nothing"}
SIGNS = {"better": "✔", "worse": "✘"}
ANECDOTE = "one seed: anecdotal"
BASELINE = "all that the baseline lacks"


def contributions_of(plan: Plan, judgement: Judgement, results: ComparisonSet) -> Contributions | None:
    """The contributions in a judgement; None where it has none."""
    if not judgement.ablations:
        return None
    full = judgement.ablations[0].candidate_name
    removes = {a.model.name: a.removes for a in plan.ablations if a.model is not None}
    whole = tuple(c for c in results.comparisons if c.candidate_name == full and not c.slice)
    seeds = results.notes.get("seeds", {})
    return Contributions(plan.name, full, removes, judgement.ablations, whole, seeds, plan.data.unit)


def contribution_page(found: Contributions) -> Document:
    """The contributions as a page."""
    return Document(f"What each component of {found.candidate} contributes", tuple(contribution_blocks(found)))


def contribution_blocks(found: Contributions) -> list[Block]:
    """For each metric a table and a plot of all components; then where their variance comes from."""
    blocks: list[Block] = [Paragraph(_head(found))]
    for group in _by_metric(found):
        title = metric_title(group[0].metric)
        blocks += [Heading(title, 3), _table(found, group), _figure(found, group)]
    named = [(f"{metric_title(c.metric)}, {_name(found, c)}", c.difference) for c in found.comparisons]
    return [*blocks, *variance_blocks(named)]


def render_contributions(found: Contributions, width: int = 100) -> str:
    """The same as text."""
    lines = textwrap.wrap(_head(found), width)
    for group in _by_metric(found):
        rows = [tuple(h.lower() for h in HEADS)]
        rows += [_row(found, c) for c in group]
        rows = [(shorten(f"{'  ' if i == 0 else _sign(group[i - 1])}{r[0]}", 40), *r[1:]) for i, r in enumerate(rows)]
        widths = [max(cells(r[i]) for r in rows) for i in range(len(HEADS))]
        lines += ["", clean(metric_title(group[0].metric))]
        for place, row in enumerate(rows):
            told = (pad(c, widths[i], 0 < i < 5) for i, c in enumerate(row))
            lines.append("  " + "  ".join(told).rstrip())
            for said in _remarks(group[place - 1]) if place else ():
                lines += textwrap.wrap(said, width, initial_indent="      ", subsequent_indent="        ")
    return "\n".join(lines) + "\n"


def _remarks(comparison: Comparison) -> list[str]:
    """Where the variance is from, and why nothing can be told."""
    difference = comparison.difference
    outside = "" if difference.inside_domain else difference.domain
    return [clean(said) for said in (variance_words(difference), difference.undefined, outside) if said]


def _head(found: Contributions) -> str:
    several = sorted(set(found.seeds.values()))
    seeds = "one seed each" if several in ([], [1]) else f"{' or '.join(map(str, several))} seeds each"
    about = (
        "what is said is about these models: how training varies is not seen"
        if several in ([], [1])
        else "intervals are over seeds and units"
    )
    many = len(found.removes)
    together = f" The intervals of {many} components hold together for each metric." if many > 1 else ""
    return (
        f"{clean(found.candidate)} with all components less without one, on the same rows; {seeds}: {about}."
        f"{together} No claim is read off them."
    )


def _by_metric(found: Contributions) -> list[list[Comparison]]:
    """Comparisons of each metric: the components, then the candidate beside the baseline."""
    groups: dict[str, list[Comparison]] = {}
    for comparison in found.comparisons:
        groups.setdefault(comparison.metric.label, []).append(comparison)
    for comparison in found.whole:
        groups.get(comparison.metric.label, []).append(comparison)
    return list(groups.values())


def _name(found: Contributions, comparison: Comparison) -> str:
    """The component, and the ablation without it."""
    component = found.removes.get(comparison.baseline_name)
    said = BASELINE if component is None else component
    return f"{clean(said)} ({clean(comparison.baseline_name)})"


def _sign(comparison: Comparison) -> str:
    return f"{SIGNS.get(reading(comparison)[1], '○')} "


def _row(found: Contributions, comparison: Comparison) -> tuple[str, ...]:
    shown = effect(comparison.metric, comparison.difference)
    word = reading(comparison)[1]
    interval = f"{shown.interval()} ({interval_name(comparison.difference).removesuffix(' interval')})"
    return (
        _name(found, comparison),
        *side_values(comparison, shown),
        difference_point(comparison, shown),
        interval,
        size_words(comparison.alignment, found.unit),
        _seeds(found, comparison),
        READ.get(word, word),
    )


def _seeds(found: Contributions, comparison: Comparison) -> str:
    both = [found.seeds.get(name, 1) for name in (comparison.baseline_name, comparison.candidate_name)]
    if both == [1, 1]:
        return ANECDOTE
    return str(both[0]) if both[0] == both[1] else f"{both[0]} and {both[1]}"


def _table(found: Contributions, group: Sequence[Comparison]) -> Table:
    rows: list[tuple[Inline, ...]] = []
    outside = [c for c in group if not c.difference.inside_domain]
    notes = tuple(f"{_name(found, c)}: {clean(c.difference.domain)}" for c in outside)
    for comparison in group:
        told = _row(found, comparison)
        rows.append((*told[:-1], Badge(told[-1], reading(comparison)[0])))
    return Table(tuple(Column(h, 0 < i < 5) for i, h in enumerate(HEADS)), tuple(rows), "", notes)


def _figure(found: Contributions, group: Sequence[Comparison]) -> Figure:
    metric = group[0].metric
    rows = tuple(_bar(found, c) for c in group)
    panel = Panel(
        f"Contribution to {metric_title(metric)}", rows, flipped=metric.direction == "lower", ends=ends(metric)
    )
    title = f"What each component contributes to {metric_title(metric)}"
    said = "; ".join(f"{r.label}: {r.figures}, {r.word}" for r in rows)
    wide, narrow = forest((panel,), title, f"Right is better with the component. {said}.", tall=False)
    return Figure(title, said, _table(found, group), wide, narrow, repeated=True)


def _bar(found: Contributions, comparison: Comparison) -> Row:
    shown = effect(comparison.metric, comparison.difference)
    tone, word = reading(comparison)
    size = size_words(comparison.alignment, found.unit)
    figures = plotted(comparison, shown)
    return Row(_name(found, comparison), size, shown.value, shown.bounds, figures, tone, READ.get(word, word))
