"""What needs no lab: `compare`, `agreement`, `preferences` and `power` on tables. Results show well in a notebook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from assay.base.errors import AssayError
from assay.records.agreement import Agreement, AgreementSet
from assay.records.comparison import Comparison, ComparisonSet
from assay.records.estimate import Estimate
from assay.records.power import ClaimPower, PlanPower
from assay.records.preferences import PreferenceSet, Strength
from assay.report.agreement import agreement_page, render_agreement
from assay.report.page import comparison_page
from assay.report.power import power_page, render_power
from assay.report.preferences import preference_page, render_preferences
from assay.report.terminal import render_comparisons
from assay.shown import Shown
from assay.verbs import agreement as agreement_verb
from assay.verbs import compare as compare_verb
from assay.verbs import preferences as preferences_verb

Columns = str | Sequence[str]


class Comparisons(Shown[ComparisonSet], text=render_comparisons, page=comparison_page):
    """The result of `compare`: iterate over it, index it, print it, or show it in a notebook.

    Attributes:
        results: The record behind it.
    """

    def __iter__(self) -> Iterator[Comparison]:
        return iter(self.results.comparisons)

    def __len__(self) -> int:
        return len(self.results.comparisons)

    def __getitem__(self, place: int) -> Comparison:
        return self.results.comparisons[place]


def compare(
    *tables: Any,
    metrics: Columns = (),
    on: Columns = (),
    target: str = "",
    unit: str = "",
    slices: Columns = (),
    baseline: str = "",
    candidates: Columns = (),
    score: Columns = (),
    **reading: Any,
) -> Comparisons:
    """Compare a baseline with candidates on the same rows.

    Args:
        tables: Baseline, then candidates: paths, pandas, polars or Arrow tables, or mappings of names to arrays. Or one
            table with a column per model, named by `baseline` and `candidates`.
        metrics: In the notation of metrics, e.g. `["auc", "f1@0.5", "gap(recall, by=region)"]`.
        on: Columns that name a row.
        target: The column of the truth.
        unit: The column of what was sampled; each row where it is not given.
        slices: Columns, or columns crossed with `*`.
        score: The column of predictions, for all tables or for each.
        reading: `positive`, `threshold`, `labels`, `seed_column`, `repeat_column`, `query`, `qrels`, `missing`,
            `about`, `level`, `seed`, `draws`: the options of `assay compare`; `relative`, `permutation`,
            `simultaneous`, `bayes`, `rope`, `prior`, `discoveries`: readings beside the intervals; `curves`, for the
            diagrams of its page; and `examples`, for rows won and lost.

    Raises:
        AssayError: bad input, with what is wrong, the rule and what to do.

    >>> truth, base, cand = [0, 1] * 20, [0.4, 0.6] * 20, [0.2, 0.8] * 20
    >>> table = {"id": range(40), "y": truth, "base": base, "cand": cand}
    >>> found = compare(table, on="id", target="y", baseline="base", candidates="cand", metrics="brier")
    >>> round(found[0].difference.value, 2)
    -0.12
    """
    compare_verb.check_options(reading)
    request = compare_verb.CompareRequest(
        files=tables,
        baseline=baseline,
        candidates=listed(candidates),
        on=listed(on),
        target=target,
        unit=unit,
        slices=listed(slices),
        metrics=listed(metrics),
        scores=listed(score),
        **naming(reading),
    )
    return Comparisons(compare_verb.run(request))


class Agreements(Shown[AgreementSet], text=render_agreement, page=agreement_page):
    """The result of `agreement`: iterate over its measures, print it, or show it in a notebook.

    Attributes:
        results: The record behind it.
    """

    def __iter__(self) -> Iterator[Agreement]:
        return iter(self.results.measures)

    def __getitem__(self, measure: str) -> Estimate:
        return {m.measure: m.estimate for m in self.results.measures}[measure]


def agreement(
    table: Any,
    *,
    item: str,
    rating: Columns,
    rater: str = "",
    unit: str = "",
    scale: str = "nominal",
    measures: Columns = (),
    level: float = 0.95,
) -> Agreements:
    """Say how far raters agree, with intervals over the items that were sampled.

    Args:
        table: A path, a pandas, polars or Arrow table, or a mapping of names to arrays.
        item: The column of what is rated.
        rating: One column of ratings beside `rater`, or a column for each rater.
        rater: The column of who rates.
        unit: The column of what was sampled; the item where it is not given.
        scale: `nominal`, `ordinal`, `interval` or `ratio`.
        measures: `krippendorff`, `cohen`, `fleiss`, `agreement`, `ceiling`.
        level: Of the intervals.

    Raises:
        AssayError: bad input, with what is wrong, the rule and what to do.

    >>> table = {"item": range(30), "ann": [0, 1, 2] * 10, "ben": [0, 1, 2, 0, 1, 1] * 5}
    >>> found = agreement(table, item="item", rating=["ann", "ben"], measures="cohen")
    >>> round(found["cohen"].value, 2)
    0.75
    """
    request = agreement_verb.AgreementRequest(table, item, listed(rating), rater, unit, scale, listed(measures), level)
    return Agreements(agreement_verb.run(request))


class Preferences(Shown[PreferenceSet], text=render_preferences, page=preference_page):
    """The result of `preferences`: iterate over its models, index it by name, print it, or show it in a notebook.

    Attributes:
        results: The record behind it.
    """

    def __iter__(self) -> Iterator[Strength]:
        return iter(self.results.models)

    def __getitem__(self, name: str) -> Strength:
        return {m.name: m for m in self.results.models}[name]


def preferences(
    table: Any,
    *,
    first: str,
    second: str,
    winner: str,
    unit: str = "",
    order: bool = False,
    covariates: Columns = (),
    **reading: Any,
) -> Preferences:
    """Rank models by votes between two of them, and say which are really tied.

    Args:
        table: A path, a pandas, polars or Arrow table, or a mapping of names to arrays.
        first: The column of the model shown first.
        second: The column of the other.
        winner: The column of who won: a model's name, the name of its column, or `tie`.
        unit: The column of who votes; every vote where it is not given.
        order: Whether the model shown first may have an advantage; then also whether the order was drawn by chance.
        covariates: Columns of numbers that say how the first answer differs from the second, e.g. in length.
        reading: `level` of the intervals, `seed` of the draws for simultaneous ranks.

    Raises:
        AssayError: bad input, with what is wrong, the rule and what to do.

    >>> votes = {"a": ["x", "x", "y", "y"] * 9, "b": ["y", "z", "z", "x"] * 9, "won": ["x", "x", "z", "tie"] * 9}
    >>> found = preferences(votes, first="a", second="b", winner="won")
    >>> [(m.name, m.rank) for m in found]
    [('x', 1), ('z', 2), ('y', 3)]
    """
    known = ("level", "seed")
    named = ("first", "second", "winner", "unit", "order", "covariates", *known)
    compare_verb.check_options(reading, known, named, "preferences")
    request = preferences_verb.PreferenceRequest(
        table, first, second, winner, unit, order, covariates=listed(covariates), **reading
    )
    return Preferences(preferences_verb.run(request))


class Powers(Shown[PlanPower], text=render_power, page=power_page):
    """The result of `power` and `Lab.power`: iterate over its claims, print it, or show it in a notebook.

    Attributes:
        results: The record behind it.
    """

    def __iter__(self) -> Iterator[ClaimPower]:
        return iter(self.results.claims)

    def __len__(self) -> int:
        return len(self.results.claims)

    def __getitem__(self, place: int) -> ClaimPower:
        return self.results.claims[place]

    @property
    def needed(self) -> int | None:
        """Units that every claim needs, the most of them; None where some claim has no such number."""
        each = [c.needed for c in self.results.claims]
        known = [n for n in each if n is not None]
        return max(known) if known and len(known) == len(each) else None


def power(*tables: Any, metric: str, effect: float | None = None, **options: Any) -> Powers:
    """Say how many units a claim takes, and what a number of units can detect, before there is a plan.

    Args:
        tables: A pilot on development data, as `compare` takes them; none where figures say how units differ.
        metric: In the notation of metrics.
        effect: The least improvement worth detecting, in the metric's unit; never the one that a pilot shows.
        options: Those of `assay power`, e.g. `discordant=0.1`, `sd=2.0`, `kind="not_worse"`, `margin=0.01`,
            `units=500`, `icc=0.05`, `rows_per_unit=10`, `looks=3`, `on="id"`, `target="y"`.

    Raises:
        AssayError: bad input, with what is wrong, the rule and what to do.

    >>> found = power(metric="accuracy", effect=0.03, discordant=0.1, units=500)
    >>> found.needed, round(found[0].power, 2)
    (851, 0.57)
    """
    options = naming(options)
    # It reads plans too, whose schema the other functions do without.
    from assay.verbs import power as power_verb

    request = power_verb.request_from({"files": tables, "metric": metric, "effect": effect, **options})
    return Powers(power_verb.ask(request))


def listed(given: Columns) -> tuple[str, ...]:
    """One name, or several, as a tuple.

    Raises:
        AssayError: neither, such as None.
    """
    if not isinstance(given, Iterable):
        raise AssayError(
            f"{given!r} stands where names are given",
            rule="an option of names takes one, or a list of them",
            fix="leave the option out, or give a list",
        )
    return (given,) if isinstance(given, str) else tuple(given)


def naming(options: dict[str, Any], names: Sequence[str] = ("candidates", "on", "scores", "labels")) -> dict[str, Any]:
    """Options, of which those that take names hold a tuple of them."""
    return options | {name: listed(options[name]) for name in names if name in options}
