"""The page of a comparison without a plan: what the numbers say, and that nothing was claimed beforehand."""

from __future__ import annotations

from collections.abc import Sequence

from assay.records.comparison import Comparison, ComparisonSet
from assay.report.beside import beside_blocks
from assay.report.blocks import Block, Callout, Details, Document, Figure, Heading, Paragraph
from assay.report.components import variance_blocks
from assay.report.curves import curve_blocks
from assay.report.effects import effect, plotted, reading, size_words, unit_named
from assay.report.examples import flip_blocks
from assay.report.measured import alignment_facts, limit_blocks, method_table, named_comparisons
from assay.report.slices import difference_table, slice_blocks
from assay.report.suspicion import of_comparisons, suspicion_blocks
from assay.report.svg.forest import Panel, Row, forest
from assay.report.words import ends, metric_name, metric_title, slice_words


def comparison_page(results: ComparisonSet) -> Document:
    """Every comparison of one reading: all data first, then the slices, for each candidate."""
    candidates = list(dict.fromkeys(c.candidate_name for c in results.comparisons))
    baselines = list(dict.fromkeys(c.baseline_name for c in results.comparisons))
    several = len(candidates) > 1
    blocks: list[Block] = [_standing(), *suspicion_blocks(of_comparisons(results))]
    for name in candidates:
        mine = [c for c in results.comparisons if c.candidate_name == name]
        title = f"{name} against {mine[0].baseline_name}" if several else "All data"
        blocks += [Heading(title), *_whole(mine, name, unit_named(results))]
    sliced = [c for c in results.comparisons if c.slice]
    if sliced:
        blocks += [Heading("Slices, worst first"), *slice_blocks(sliced, several)]
    if results.curves:
        blocks += [Heading("Curves"), *curve_blocks(results.curves)]
    blocks += beside_blocks(results.comparisons)
    if results.examples():
        blocks += [Heading("Examples won and lost"), *flip_blocks(results)]
    blocks += [Heading("How it was measured"), alignment_facts(results, unit_named(results))]
    blocks.append(Paragraph(f"Analysis seed {results.seed}; Assay {results.version}."))
    if results.comparisons:
        named = named_comparisons(results.comparisons)
        blocks.append(Details("Method of each comparison, and why it was chosen", (method_table(named),)))
        blocks += variance_blocks([(name, c.difference) for name, c in named])
    blocks += [Heading("Limits"), *limit_blocks(None, results)]
    title = f"{', '.join(candidates)} against {', '.join(baselines)}" if candidates else "Comparison"
    return Document(title, tuple(blocks))


def _standing() -> Callout:
    text = "No claim was written down before the data was read, so these numbers are for exploring, not for a decision."
    return Callout("info", "A comparison, not a verdict", text)


def _whole(mine: Sequence[Comparison], candidate: str, unit: str) -> list[Block]:
    whole = [c for c in mine if not c.slice]
    if not whole:
        return [Paragraph("Compared by slice only.")]
    return [
        difference_table(whole, "Difference is candidate minus baseline", named=True),
        _figure(whole, candidate, unit),
    ]


def _figure(whole: Sequence[Comparison], candidate: str, unit: str) -> Figure:
    panels = tuple(_panel(c, unit) for c in whole)
    said = "; ".join(f"{metric_name(c.metric)}: {_row(c, unit).figures}, {reading(c)[1]}" for c in whole)
    title = f"{candidate}: differences with their intervals"
    ways = {c.metric.direction for c in whole}
    right = "Right is better for the candidate. " if "none" not in ways else ""
    wide, narrow = forest(panels, title, f"{right}{said}.")
    return Figure(title, said, difference_table(whole, "", named=True), wide, narrow, repeated=True)


def _panel(comparison: Comparison, unit: str) -> Panel:
    return Panel(
        title=f"Difference in {metric_title(comparison.metric)}",
        rows=(_row(comparison, unit),),
        flipped=comparison.metric.direction == "lower",
        ends=ends(comparison.metric),
    )


def _row(comparison: Comparison, unit: str) -> Row:
    shown = effect(comparison.metric, comparison.difference)
    tone, word = reading(comparison)
    label = metric_name(comparison.metric) if not comparison.slice else slice_words(comparison.slice)
    figures = plotted(comparison, shown)
    return Row(label, size_words(comparison.alignment, unit), shown.value, shown.bounds, figures, tone, word)
