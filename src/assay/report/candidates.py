"""Many models on one test set, for a page and for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from assay.base.wording import counted, level
from assay.records.candidates import Blocks, CandidateSet, PairDifference, Ranking, Standing
from assay.records.estimate import Estimate
from assay.report.blocks import (
    Block,
    Column,
    Details,
    Document,
    Facts,
    Figure,
    Heading,
    Inline,
    Items,
    Paragraph,
    Table,
    Tone,
)
from assay.report.numbers import decimal, format_for, p_value
from assay.report.svg.forest import Panel, Row, forest
from assay.report.svg.places import Place, Scale, places
from assay.report.text import clean, pad, shorten
from assay.report.words import metric_title

MOST_PAIRS, MOST_LIMITS, MOST_DRAWN = 15, 5, 30
SHARED = "Models that share a letter are not told apart; all intervals of one metric hold together."


def candidate_page(found: CandidateSet) -> Document:
    """Every metric: the models best first, with the best of the others, in all pairs, over data sets."""
    blocks: list[Block] = []
    for ranking in found.rankings:
        blocks += [Heading(f"By {metric_title(ranking.metric)}"), Paragraph(_best(ranking)), Paragraph(SHARED)]
        blocks += [_table(ranking, found), _figure(ranking), _best_figure(ranking, found)]
        pairs = _pair_table(ranking.pairs, found.level, "First minus second, all pairs together")
        blocks.append(
            pairs if len(ranking.pairs) <= MOST_PAIRS else Details(f"All {len(ranking.pairs)} pairs", (pairs,))
        )
        if ranking.blocks is not None:
            blocks += _block_parts(ranking, ranking.blocks, found)
    blocks += [Heading("How it was measured"), _facts(found)]
    limits = _limits(found)
    if limits:
        blocks += [Heading("Limits"), Items(tuple(limits))]
    return Document("Models on one test set", tuple(blocks))


def render_candidates(found: CandidateSet) -> str:
    """The same as tables of text."""
    parts = [_text(r, found) for r in found.rankings]
    limits = [f"○ {line}" for line in _limits(found)]
    return "\n\n".join([*parts, *(["\n".join(limits)] if limits else [])]) + "\n"


def _text(ranking: Ranking, found: CandidateSet) -> str:
    title = f"{metric_title(ranking.metric)}, {counted(ranking.rows, 'row')}, {counted(ranking.units, 'unit')}"
    heads = ("place", "model", "value", "minus best of others", f"{level(found.level)} interval", "groups")
    rows = [heads]
    for m in ranking.models:
        star = "✔" if m.may_be_best else " "
        rows.append((f"{star} {m.place}", shorten(clean(m.name), 40), _alone(m), *_shown(m.best), m.letters))
    lines = [title, "", *_aligned(rows, (1, 5)), "", *textwrap.wrap(f"✔ {_best(ranking)}", 100)]
    if ranking.blocks is not None:
        lines += ["", *_block_text(ranking.blocks, found)]
    return "\n".join(lines)


def _aligned(rows: Sequence[tuple[str, ...]], left: Sequence[int]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    cells = ([pad(cell, widths[i], i not in left and i > 0) for i, cell in enumerate(row)] for row in rows)
    return ["  ".join(row).rstrip() for row in cells]


def _block_text(blocks: Blocks, found: CandidateSet) -> list[str]:
    rows: list[tuple[str, ...]] = [("average rank", "model", "groups", "mean over blocks", "groups by mean")]
    rows += [
        (f"{m.rank:.3f}", shorten(clean(m.name), 40), m.letters, _number(m.mean), m.mean_letters) for m in blocks.models
    ]
    return [_block_title(blocks), "", *_aligned(rows, (1, 2, 4)), "", *textwrap.wrap(_tests(blocks, found.level), 100)]


def _block_title(blocks: Blocks) -> str:
    return f"over {counted(blocks.blocks, 'block')} of {clean(blocks.column)}, each counted once"


def _tests(blocks: Blocks, at: float) -> str:
    k = len(blocks.models)
    f = "infinite" if blocks.f is None else decimal(blocks.f, 3)
    return (
        f"Friedman chi-squared {decimal(blocks.chi2, 3)} on {k - 1} df, p {p_value(blocks.chi2_p)}; Iman-Davenport"
        f" F {f} on {k - 1} and {(k - 1) * (blocks.blocks - 1)} df, p {p_value(blocks.f_p)}; critical difference of"
        f" average ranks {decimal(blocks.critical_difference, 3)} at {level(at)} (Nemenyi)"
    )


def _best(ranking: Ranking) -> str:
    names = [clean(m.name) for m in ranking.models if m.may_be_best]
    if len(names) == 1:
        return f"{names[0]} is the best: no other model may be."
    return f"May be the best: {', '.join(names[:10])}" + (f" and {len(names) - 10} more." if len(names) > 10 else ".")


def _shown(e: Estimate) -> tuple[str, str]:
    form = format_for(e.interval, e.value, against=(0.0,))
    return form.value(e.value, signed=True), form.bounds(e.interval, signed=True)


def _alone(m: Standing) -> str:
    return format_for(m.value.interval, m.value.value).value(m.value.value)


def _number(value: float) -> str:
    return format_for(None, value).value(value)


def _table(ranking: Ranking, found: CandidateSet) -> Table:
    titles = (
        "Model",
        "Value",
        "Interval",
        "Minus best of others",
        f"{level(found.level)}, together",
        "p best",
        "Groups",
    )
    columns = tuple(Column(title, 0 < i < 6) for i, title in enumerate(titles))
    rows: list[tuple[Inline, ...]] = []
    for m in ranking.models:
        own = format_for(m.value.interval, m.value.value).bounds(m.value.interval)
        rows.append((f"{m.place}. {clean(m.name)}", _alone(m), own, *_shown(m.best), p_value(m.p_best), m.letters))
    return Table(columns, tuple(rows))


def _figure(ranking: Ranking) -> Figure:
    models = tuple(
        Place(clean(m.name), m.value.value or 0.0, m.value.interval, _alone(m)) for m in ranking.models[:MOST_DRAWN]
    )
    held = {m.name for m in models}
    groups = tuple(tuple(n for n in map(clean, g) if n in held) for g in ranking.groups)
    scale = Scale(metric_title(ranking.metric), ranking.metric.direction == "lower")
    title = "Models in order; a bar joins those that are not told apart"
    wide, narrow = places(models, groups, scale, title)
    rows: list[tuple[Inline, ...]] = [(clean(m.name), _alone(m), m.letters) for m in ranking.models]
    table = Table((Column("Model"), Column("Value", True), Column("Groups")), tuple(rows))
    return Figure(title, "; ".join(f"{m.name} {m.figure}" for m in models), table, wide, narrow, repeated=True)


def _best_figure(ranking: Ranking, found: CandidateSet) -> Figure:
    rows = tuple(_best_row(m) for m in ranking.models[:MOST_DRAWN])
    flipped = ranking.metric.direction == "lower"
    panel = Panel("Minus the best of the others", rows, flipped=flipped, ends=("worse than the best", "better"))
    title = "Each model with the best of the others"
    said = "; ".join(f"{r.label} {r.figures}" for r in rows)
    wide, narrow = forest((panel,), title, f"{said}.", tall=False)
    return Figure(title, said, _table(ranking, found), wide, narrow, repeated=True)


def _best_row(m: Standing) -> Row:
    tone: Tone = "unsure" if m.may_be_best else "bad"
    tone = tone if m.best.inside_domain else "muted"
    word = "may be the best" if m.may_be_best else "not the best"
    return Row(clean(m.name), m.letters[:8], m.best.value, m.best.interval, " ".join(_shown(m.best)), tone, word)


def _pair_table(pairs: Sequence[PairDifference], at: float, caption: str) -> Table:
    columns = (Column("Pair"), Column("Difference", True), Column(f"{level(at)}, together", True), Column("p", True))
    rows: list[tuple[Inline, ...]] = [
        (f"{clean(p.first)} − {clean(p.second)}", *_shown(p.difference), p_value(p.difference.p_value)) for p in pairs
    ]
    return Table(columns, tuple(rows), caption)


def _block_parts(ranking: Ranking, blocks: Blocks, found: CandidateSet) -> list[Block]:
    columns = tuple(
        Column(t, i in (1, 3))
        for i, t in enumerate(("Model", "Average rank", "Groups", "Mean over blocks", "Groups by mean"))
    )
    rows: list[tuple[Inline, ...]] = [
        (clean(m.name), f"{m.rank:.3f}", m.letters, _number(m.mean), m.mean_letters) for m in blocks.models
    ]
    table = Table(columns, tuple(rows))
    models = tuple(Place(clean(m.name), m.rank, None, f"{m.rank:.2f}") for m in blocks.models[:MOST_DRAWN])
    held = {m.name for m in models}
    groups = tuple(tuple(n for n in map(clean, g) if n in held) for g in blocks.groups)
    scale = Scale("Average rank, 1 is the best", True, blocks.critical_difference, "critical difference")
    title = "Average ranks; a bar joins models that are not told apart"
    wide, narrow = places(models, groups, scale, title)
    said = "; ".join(f"{m.name} {m.figure}" for m in models)
    by_mean = _pair_table(
        blocks.pairs, found.level, "Mean of the first minus mean of the second over blocks, all together"
    )
    return [
        Heading(f"By {metric_title(ranking.metric)} {_block_title(blocks)}", 3),
        Paragraph(_tests(blocks, found.level)),
        table,
        Figure(title, said, table, wide, narrow, repeated=True),
        by_mean
        if len(blocks.pairs) <= MOST_PAIRS
        else Details(f"All {len(blocks.pairs)} pairs over blocks", (by_mean,)),
    ]


def _facts(found: CandidateSet) -> Facts:
    return Facts(
        (
            ("Unit", clean(found.unit) or "each row"),
            ("All pairs", "the largest |t| under the joint covariance of all models over units"),
            ("With the best", "Hsu's intervals of each model minus the best of the others"),
            (
                "Level",
                f"{level(found.level)} for all intervals of a kind together; metrics are not adjusted for one another",
            ),
            ("Analysis seed", str(found.seed)),
            *((clean(i.name), i.digest or "a table in memory") for i in found.inputs),
            ("Assay", found.version),
        )
    )


def _limits(found: CandidateSet) -> list[str]:
    lines = list(found.warnings)
    for ranking in found.rankings:
        twins = {m.name for m in ranking.models if m.same_as}
        told = [p.difference for p in ranking.pairs if not {p.first, p.second} & twins]
        outside = [d.domain for d in told if not d.inside_domain]
        if outside:
            some = f"{len(outside)} of {len(ranking.pairs)} pairs"
            lines.append(f"{ranking.metric.label}: {some} are outside the domain of the method: {outside[0]}")
        blocks = ranking.blocks
        if blocks is not None and any(not p.difference.inside_domain for p in blocks.pairs):
            few = f"{blocks.blocks} blocks are few: nothing can be claimed of means over them"
            lines.append(f"{ranking.metric.label}: {few}")
    more = len(lines) - MOST_LIMITS
    return [*lines[:MOST_LIMITS], *([f"and {counted(more, 'more remark')}: --json shows all"] if more > 0 else [])]
