"""Plain text for a terminal of 80 to 160 columns: no colours, no escape sequences, nothing cut without an ellipsis."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Mapping, Sequence

from assay.records.comparison import Comparison, ComparisonSet
from assay.records.looks import Monitored
from assay.records.verdict import Judgement, LookState, Recommendation, Verdict
from assay.report.beside import beside_lines
from assay.report.blocks import Tone
from assay.report.components import variance_words
from assay.report.effects import (
    adjusted_p,
    apart,
    claim_effect,
    deciding,
    difference_point,
    each_alone,
    effect,
    interval_name,
    needed_words,
    p_title,
    reading,
    side_values,
    size_words,
    unit_named,
)
from assay.report.examples import example_lines
from assay.report.looks import after_words
from assay.report.numbers import count, p_value
from assay.report.slices import by_question, worst_first
from assay.report.suspicion import ADVICE, of_comparisons, of_verdicts
from assay.report.text import cells, clean, pad, printable, shorten
from assay.report.words import (
    ACTION_MEANING,
    BETWEEN,
    claim_words,
    direction,
    metric_name,
    metric_title,
    ordinal,
    slice_words,
    unit_of,
)

LEAST, WIDTH, MOST = 80, 100, 160
SLICES = 20
_GAP = "  "
_LEAST = 26
_HEADS = ("baseline", "candidate", "difference", "interval", "p", "rows", "units", "method")
_DROPPED = ("method", "rows", "p", "units", "baseline", "candidate")
_LEFT = ("method",)
_READ: dict[Tone, str] = {"good": "✔", "bad": "✘", "unsure": "○", "muted": "□", "info": "□"}
_WAYS = ("higher is better", "lower is better", BETWEEN)
_SIGN = {"supported": "✔", "refuted": "✘", "inconclusive": "○", "invalid": "□"}


def columns() -> int:
    """The width that `COLUMNS` asks for, between 80 and 160; 100 where it asks for none."""
    asked = os.environ.get("COLUMNS", "")
    return min(max(int(asked), LEAST), MOST) if asked.isdecimal() else WIDTH


def render_text(shown: ComparisonSet | Judgement, width: int = WIDTH) -> str:
    """Comparisons as tables, or a judgement as its recommendation and verdicts."""
    return render_judgement(shown, width) if isinstance(shown, Judgement) else render_comparisons(shown, width)


def render_comparisons(results: ComparisonSet, width: int = WIDTH) -> str:
    """One table for all data of each candidate, then one of the slices of each metric.

    Args:
        results: The comparisons.
        width: Columns of the terminal; columns that do not fit are left out and named, the first one is shortened.
    """
    lines: list[str] = []
    named = unit_named(results)
    unit = _wrapped(f"unit: {named}", width, "  ") if named else []
    seeds = ", ".join(f"{clean(name)} {many}" for name, many in results.notes.get("seeds", {}).items())
    unit += _wrapped(f"training seeds: {seeds}", width, "  ") if seeds else []
    pairs = dict.fromkeys((c.candidate_name, c.baseline_name) for c in results.comparisons)
    for candidate, baseline in pairs:
        mine = [c for c in results.comparisons if (c.candidate_name, c.baseline_name) == (candidate, baseline)]
        title = f"{clean(candidate)} against {clean(baseline)} (difference is candidate minus baseline)"
        lines += [*textwrap.wrap(title, width), ""]
        whole = [c for c in mine if not c.slice]
        if whole:
            lines += [*_table("metric", [(_signed(c, _metric(c)), c) for c in whole], width), *unit, ""]
        lines += _suspicious(of_comparisons(results, candidate), width)
        for group in by_question([c for c in mine if c.slice]):
            lines += [*_slices(group, width), ""]
    lines += [line for said in example_lines(results) for line in _wrapped(said, width, "", "    ")]
    return "\n".join(line.rstrip() for line in lines).strip() + "\n" if lines else "Nothing was compared.\n"


def _suspicious(said: Sequence[str], width: int) -> list[str]:
    lines = [line for why in said for line in _wrapped(f"Suspicious change: {why}.", width, "")]
    return [*lines, *_wrapped(ADVICE, width, "  "), ""] if said else []


def _slices(group: Sequence[Comparison], width: int) -> list[str]:
    ordered = worst_first(group)
    shown = [(_signed(c, slice_words(c.slice).replace(" = ", "=")), c) for c in ordered[:SLICES]]
    more = len(ordered) - len(shown)
    rest = [f"  and {more} more slices: --html or --json shows all"] if more else []
    title = f"{metric_title(ordered[0].metric)} by slice, worst first"
    return [*textwrap.wrap(title, width), *_table("slice", shown, width), *rest]


def _table(first: str, named: Sequence[tuple[str, Comparison]], width: int) -> list[str]:
    heads = list(_HEADS)
    rows = [dict(zip(_HEADS, _cells(c), strict=True)) for _, c in named]
    widths = {h: max(cells(h), *(cells(row[h]) for row in rows)) for h in heads}
    longest = max(cells(first), *(cells(name) for name, _ in named))
    for head in _DROPPED:
        if min(longest, _LEAST) + sum(len(_GAP) + widths[h] for h in heads) > width:
            heads.remove(head)
    room = max(_LEAST, width - sum(len(_GAP) + widths[h] for h in heads))
    label = min(longest, room)
    lines = [_GAP.join([pad(first, label), *(pad(h, widths[h], h not in _LEFT) for h in heads)])]
    lines.append("─" * min(width, cells(lines[0])))
    for (name, comparison), row in zip(named, rows, strict=True):
        figures = (pad(row[h], widths[h], h not in _LEFT) for h in heads)
        lines.append(_GAP.join([pad(shorten(name, label), label), *figures]))
        lines += _remarks(comparison, width)
    left = [h for h in _HEADS if h not in heads and h != "method"]
    short = _wrapped(f"left out for want of width: {', '.join(left)}; --html or --json shows all", width, "  ")
    return [*lines, *_legend(named, width, "method" not in heads), *(short if left else [])]


def _signed(comparison: Comparison, name: str) -> str:
    return f"{_READ[reading(comparison)[0]]} {name}"


def _metric(comparison: Comparison) -> str:
    unit = unit_of(comparison.metric)
    return metric_name(comparison.metric) + (f" ({unit})" if unit else "")


def _cells(comparison: Comparison) -> tuple[str, ...]:
    shown = effect(comparison.metric, comparison.difference)
    sides = side_values(comparison, shown)
    n = comparison.alignment
    p = p_value(adjusted_p(comparison.difference))
    method = clean(comparison.difference.method)
    return (*sides, difference_point(comparison, shown), shown.interval(), p, count(n.rows), count(n.units), method)


def _remarks(comparison: Comparison, width: int) -> list[str]:
    beside = [line for said in beside_lines(comparison) for line in _wrapped(said, width, "    ", "      ")]
    parts = [] if comparison.slice else _wrapped(variance_words(comparison.difference), width, "    ", "      ")
    return [*_standing(comparison, width), *parts, *beside]


def _standing(comparison: Comparison, width: int) -> list[str]:
    difference = comparison.difference
    if apart(comparison):
        return _wrapped(f"{each_alone(comparison)}; {difference.undefined}", width, "    ")
    if difference.undefined is not None:
        return _wrapped(f"undefined: {difference.undefined}", width, "    ")
    if not difference.inside_domain:
        return _wrapped(difference.domain, width, "    ")
    return []


def _legend(named: Sequence[tuple[str, Comparison]], width: int, methods: bool) -> list[str]:
    """The marks, which way is better, the level, and the methods where they have no column."""
    compared = [c for _, c in named]
    marks = dict.fromkeys((_READ[tone], word) for tone, word in map(reading, compared))
    ways = {way: dict.fromkeys(metric_name(c.metric) for c in compared if direction(c.metric) == way) for way in _WAYS}
    known = [c.difference for c in compared if c.difference.undefined is None]
    levels = dict.fromkeys(interval_name(d).removesuffix(" interval") for d in known if deciding(d))
    adjusted = p_title(known) != "p"
    parts = [
        "  ".join(f"{sign} {word}" for sign, word in marks),
        "; ".join(f"{way}: {', '.join(names)}" for way, names in ways.items() if names),
        "deciding interval: " + ", ".join(levels) + ("; p is adjusted like it" if adjusted and levels else ""),
        "method: " + ", ".join(dict.fromkeys(d.method for d in known)),
    ]
    kept = parts if methods else parts[:3]
    return [line for part in kept if not part.endswith(": ") for line in _wrapped(part, width, "  ")]


def render_judgement(judgement: Judgement, width: int = WIDTH, unit: str = "") -> str:
    """The recommendation for each candidate, and each claim with its verdict, figures and reason.

    Args:
        judgement: What was concluded.
        width: Columns of the terminal.
        unit: The column that names the units, where there is one.
    """
    lines: list[str] = []
    for recommendation in judgement.recommendations:
        after = {m.claim: m for m in judgement.monitored if m.candidate == recommendation.candidate}
        lines += [*_recommendation(recommendation, width, unit, judgement.look, after), ""]
    for warning in judgement.warnings:
        lines += _wrapped(f"Warning: {warning}", width, "")
    return "\n".join(line.rstrip() for line in lines).strip() + "\n"


def _recommendation(
    recommendation: Recommendation, width: int, unit: str, look: LookState, after: Mapping[str, Monitored]
) -> list[str]:
    counted = f" of {look.planned} planned" if look.planned else ", and any number is allowed"
    looked = [f"  {ordinal(look.look)} look{counted}"] if look.look > 1 else []
    head = f"{recommendation.action.upper()}  {clean(recommendation.candidate)}"
    lines = [shorten(head, width), *looked, *_wrapped(recommendation.why, width, "  ")]
    lines += _wrapped(ACTION_MEANING[recommendation.action], width, "  ")
    odd = _suspicious(of_verdicts(recommendation), width)
    lines += ["", *odd[:-1]] if odd else []
    for title, guardrail in (("Claims", False), ("Guardrails", True)):
        chosen = [v for v in recommendation.verdicts if v.claim.guardrail is guardrail]
        if chosen:
            lines += [
                "",
                title,
                *(line for v in chosen for line in _claim(v, width, unit, look, after.get(v.claim.name))),
            ]
    return lines


def _claim(verdict: Verdict, width: int, unit: str, look: LookState, found: Monitored | None) -> list[str]:
    """A verdict, with what can be said after the last look."""
    lines = _verdict(verdict, width, unit, look.planned != 1)
    metric = verdict.comparison.metric if verdict.comparison is not None else None
    if found is None or found.adjusted is None:
        return lines
    return [*lines, *_wrapped(after_words(found, metric), width, " " * 18)]


def _verdict(verdict: Verdict, width: int, unit: str, looks: bool) -> list[str]:
    head = f"{_SIGN[verdict.status]} {verdict.status:<12}  {clean(verdict.claim.name)}: {claim_words(verdict.claim)}"
    lines = _wrapped(head, width, "  ", " " * 18)
    shown = claim_effect(verdict)
    if shown is not None and verdict.comparison is not None:
        metric = metric_name(verdict.comparison.metric)
        level = interval_name(shown.estimate)
        said = f"{metric} {shown.figures()} ({level}), {size_words(verdict.comparison.alignment, unit)}"
        lines += [*_wrapped(said, width, " " * 18), *_wrapped(variance_words(shown.estimate), width, " " * 18)]
    need = needed_words(verdict, unit, looks=looks)
    return [*lines, *_wrapped("; ".join(filter(None, (verdict.reason, need))), width, " " * 18)]


def _wrapped(text: str, width: int, indent: str, later: str | None = None) -> list[str]:
    rest = indent if later is None else later
    return textwrap.wrap(printable(text), width, initial_indent=indent, subsequent_indent=rest)
