"""Readings beside an interval in words: relative difference, sign flips, a posterior. None of them decides."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

from assay.base.wording import counted, level
from assay.records.comparison import Comparison, Discovery, Posterior, SignFlip
from assay.records.estimate import Estimate
from assay.records.verdict import Verdict
from assay.report.blocks import Block, Column, Details, Heading, Inline, Paragraph, Table
from assay.report.numbers import count, format_for, p_value, plain
from assay.report.words import metric_title, slice_words

PRIOR = (
    "Probabilities of the difference under a flat prior and a normal approximation of its estimate. They know neither"
    " of looks nor of other claims; the verdicts are read off the deciding intervals alone."
)
STANDING = "These readings stand beside the intervals: no claim is read off them."


def beside_lines(comparison: Comparison) -> list[str]:
    """One sentence a reading; empty where none was asked."""
    found = comparison.beside
    if found is None:
        return []
    lines = []
    if found.relative is not None:
        lines.append(f"relative to the baseline: {relative_words(found.relative)}")
    if found.sign_flip is not None:
        lines.append(f"sign flips: {flip_words(found.sign_flip)}")
    if found.posterior is not None:
        lines.append(f"posterior, beside and no verdict: {posterior_words(found.posterior)}")
    if found.discovery is not None:
        lines.append(discovery_words(found.discovery))
    return [*lines, *(f"{name.replace('_', ' ')}: {why}" for name, why in found.notes.items())]


def relative_words(estimate: Estimate) -> str:
    """A share of the baseline in percent, with its interval."""
    if estimate.value is None:
        return f"undefined: {estimate.undefined}"
    low_high = None if estimate.interval is None else (100 * estimate.interval[0], 100 * estimate.interval[1])
    form = format_for(low_high, 100 * estimate.value, "%", (0.0,))
    said = f"{form.value(100 * estimate.value, signed=True)} {form.bounds(low_high, signed=True)}"
    return said if estimate.inside_domain else f"{said}; {estimate.domain}"


def flip_words(flip: SignFlip) -> str:
    """The p-value, and how it was counted."""
    units = counted(flip.units, "unit")
    that = f"{units} that {'differs' if flip.units == 1 else 'differ'}"
    how = f"every flip of {that}" if flip.exact else f"{count(flip.flips)} flips of {that}"
    return f"p {p_value(flip.p_value)} ({how})"


def posterior_words(posterior: Posterior) -> str:
    """Probabilities, the credible interval, and the prior."""
    form = format_for(posterior.interval, posterior.mean, against=(0.0,))
    parts = [f"better with probability {_probability(posterior.better)}"]
    if posterior.inside is not None and posterior.above is not None:
        parts.append(f"within {plain(posterior.rope)} of the baseline {_probability(posterior.inside)}")
        parts.append(f"better by more {_probability(posterior.above)}")
    credible = form.bounds(posterior.interval, signed=True)
    parts.append(f"{level(posterior.level)} credible {credible}")
    return f"{', '.join(parts)}; {posterior.prior}"


def discovery_words(found: Discovery) -> str:
    """Shares of false findings, and the p-values that they come from."""
    shares = f"q {p_value(found.q)} (Benjamini-Hochberg), {p_value(found.q_any)} under any dependence"
    alone = f"p {p_value(found.p_value)}, Holm {p_value(found.holm)}"
    return f"among {counted(found.slices, 'slice')}: {shares}; {alone}"


def _probability(value: float) -> str:
    return "< 0.001" if value < 0.001 else "> 0.999" if value > 0.999 else f"{value:.3f}"


def beside_blocks(comparisons: Sequence[Comparison]) -> list[Block]:
    """A table of all readings; empty where none was asked."""
    shown = [c for c in comparisons if c.beside is not None]
    if not shown:
        return []
    rows: list[tuple[Inline, ...]] = [(_named(c), line) for c in shown for line in beside_lines(c)]
    table = Table((Column("Comparison"), Column("Reading")), tuple(rows))
    return [Heading("Beside the intervals"), Paragraph(STANDING), table]


def _named(comparison: Comparison) -> str:
    where = f", {slice_words(comparison.slice)}" if comparison.slice else ""
    return f"{metric_title(comparison.metric)}{where}, {comparison.candidate_name}"


def margin_posteriors(verdicts: Sequence[Verdict], several: bool) -> list[Block]:
    """For each claim with a margin how probable what it says is, from its estimate; nothing without margins."""
    rows: list[tuple[Inline, ...]] = []
    for verdict in verdicts:
        said = _margin_words(verdict)
        if said:
            name = f"{verdict.claim.name}, {verdict.candidate}" if several else verdict.claim.name
            rows.append((name, said))
    if not rows:
        return []
    table = Table((Column("Claim"), Column("Posterior")), tuple(rows))
    return [Details("Beside the verdicts: a Bayesian reading, off which none is read", (Paragraph(PRIOR), table))]


def _margin_words(verdict: Verdict) -> str:
    claim, comparison = verdict.claim, verdict.comparison
    margin = claim.margin or 0.0
    if comparison is None or margin <= 0 or claim.kind not in ("better", "not_worse", "equivalent"):
        return ""
    d = comparison.difference
    if d.value is None or d.interval is None or not d.interval[1] > d.interval[0]:
        return ""
    sign = comparison.metric.sign
    sd = (d.interval[1] - d.interval[0]) / (2 * NormalDist().inv_cdf(0.5 + d.level / 2))
    found = NormalDist(sign * d.value, sd)
    worse, same = found.cdf(-margin), found.cdf(margin) - found.cdf(-margin)
    return (
        f"worse by more than {plain(margin)} {_probability(worse)}, within {plain(margin)} {_probability(same)},"
        f" better by more {_probability(1 - worse - same)}; better at all {_probability(1 - found.cdf(0.0))}"
    )
