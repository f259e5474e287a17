"""What a user holds in Python: `compare`, and a `Lab` whose methods are the verbs. Results show well in a notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assay.base.errors import AssayError
from assay.records.agreement import Agreement, AgreementSet
from assay.records.comparison import Comparison, ComparisonSet
from assay.records.estimate import Estimate
from assay.records.preferences import PreferenceSet, Strength
from assay.records.verdict import Judgement, Recommendation
from assay.report.agreement import agreement_page, render_agreement
from assay.report.html import fragment
from assay.report.memo import decision_memo
from assay.report.page import comparison_page
from assay.report.preferences import preference_page, render_preferences
from assay.report.terminal import render_comparisons, render_judgement
from assay.verbs import agreement as agreement_verb
from assay.verbs import compare as compare_verb
from assay.verbs import preferences as preferences_verb

if TYPE_CHECKING:
    from assay.flows.power import PlanPower
    from assay.flows.recheck import Recheck
    from assay.store import Checkpoint, Entry

Columns = str | Sequence[str]


class Comparisons:
    """The result of `compare`: iterate over it, index it, print it, or show it in a notebook.

    Attributes:
        results: The record behind it.
    """

    def __init__(self, results: ComparisonSet) -> None:
        self.results = results

    def __iter__(self) -> Iterator[Comparison]:
        return iter(self.results.comparisons)

    def __len__(self) -> int:
        return len(self.results.comparisons)

    def __getitem__(self, place: int) -> Comparison:
        return self.results.comparisons[place]

    def to_json(self) -> dict[str, Any]:
        """What `assay compare --json -` prints."""
        return self.results.to_json()

    def __str__(self) -> str:
        return render_comparisons(self.results)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return fragment(comparison_page(self.results))


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
        reading: `positive`, `threshold`, `labels`, `seed_column`, `repeat_column`, `missing`, `about`, `level`, `seed`,
            `draws`: the options of `assay compare`.

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
        candidates=_listed(candidates),
        on=_listed(on),
        target=target,
        unit=unit,
        slices=_listed(slices),
        metrics=_listed(metrics),
        scores=_listed(score),
        **reading,
    )
    return Comparisons(compare_verb.run(request))


class Agreements:
    """The result of `agreement`: iterate over its measures, print it, or show it in a notebook.

    Attributes:
        results: The record behind it.
    """

    def __init__(self, results: AgreementSet) -> None:
        self.results = results

    def __iter__(self) -> Iterator[Agreement]:
        return iter(self.results.measures)

    def __getitem__(self, measure: str) -> Estimate:
        return {m.measure: m.estimate for m in self.results.measures}[measure]

    def to_json(self) -> dict[str, Any]:
        """What `assay agreement --json -` prints."""
        return self.results.to_json()

    def __str__(self) -> str:
        return render_agreement(self.results)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return fragment(agreement_page(self.results))


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
    request = agreement_verb.AgreementRequest(
        table, item, _listed(rating), rater, unit, scale, _listed(measures), level
    )
    return Agreements(agreement_verb.run(request))


class Preferences:
    """The result of `preferences`: iterate over its models, index it by name, print it, or show it in a notebook.

    Attributes:
        results: The record behind it.
    """

    def __init__(self, results: PreferenceSet) -> None:
        self.results = results

    def __iter__(self) -> Iterator[Strength]:
        return iter(self.results.models)

    def __getitem__(self, name: str) -> Strength:
        return {m.name: m for m in self.results.models}[name]

    def to_json(self) -> dict[str, Any]:
        """What `assay preferences --json -` prints."""
        return self.results.to_json()

    def __str__(self) -> str:
        return render_preferences(self.results)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return fragment(preference_page(self.results))


def preferences(
    table: Any,
    *,
    first: str,
    second: str,
    winner: str,
    unit: str = "",
    order: bool = False,
    level: float = 0.95,
    seed: int = 0,
) -> Preferences:
    """Rank models by votes between two of them, and say which are really tied.

    Args:
        table: A path, a pandas, polars or Arrow table, or a mapping of names to arrays.
        first: The column of the model shown first.
        second: The column of the other.
        winner: The column of who won: a model's name, the name of its column, or `tie`.
        unit: The column of who votes; every vote where it is not given.
        order: Whether the model shown first may have an advantage.
        level: Of the intervals.
        seed: Of the draws for simultaneous ranks.

    Raises:
        AssayError: bad input, with what is wrong, the rule and what to do.

    >>> votes = {"a": ["x", "x", "y", "y"] * 9, "b": ["y", "z", "z", "x"] * 9, "won": ["x", "x", "z", "tie"] * 9}
    >>> found = preferences(votes, first="a", second="b", winner="won")
    >>> [(m.name, m.rank) for m in found]
    [('x', 1), ('z', 2), ('y', 3)]
    """
    request = preferences_verb.PreferenceRequest(table, first, second, winner, unit, order, level, seed)
    return Preferences(preferences_verb.run(request))


class Judged:
    """The result of `Lab.judge`: recommendations with their verdicts, and where the evidence lies."""

    def __init__(self, done: Any, plan: Any) -> None:
        self._done, self._plan = done, plan

    @property
    def judgement(self) -> Judgement:
        """The record behind it."""
        judgement: Judgement = self._done.conclusion.judgement
        return judgement

    @property
    def results(self) -> ComparisonSet:
        """Every comparison behind it."""
        results: ComparisonSet = self._done.conclusion.results
        return results

    @property
    def recommendations(self) -> tuple[Recommendation, ...]:
        """One a candidate."""
        return self.judgement.recommendations

    @property
    def action(self) -> str:
        """What is recommended for the first candidate: `adopt`, `iterate`, `stop` or `hold`."""
        return self.recommendations[0].action

    @property
    def folder(self) -> Path:
        """The evidence bundle, with its memo."""
        folder: Path = self._done.folder
        return folder

    def __str__(self) -> str:
        return render_judgement(self.judgement, unit=self._plan.data.unit)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return fragment(decision_memo(self._plan, self.judgement, self._done.conclusion.results, self._done.known))


class Lab:
    """A lab: a folder `.assay/` with plans, evidence and the ledger.

    Args:
        folder: The folder that holds `.assay`.
    """

    def __init__(self, folder: str | Path = ".") -> None:
        self.folder = Path(folder)

    @classmethod
    def create(cls, folder: str | Path = ".") -> Lab:
        """Make a lab, as `assay init`."""
        from assay.verbs import init

        init.run(Path(folder))
        return cls(folder)

    @staticmethod
    def template() -> str:
        """A commented plan to start from, as `assay plan new`."""
        from assay.verbs import plan as verb

        return verb.new()

    @staticmethod
    def check(plan: str | Path) -> tuple[list[AssayError], list[str]]:
        """Every problem and every warning of a plan and the data that it names, as `assay plan check`."""
        from assay.verbs import plan as verb

        return verb.check(Path(plan))

    @staticmethod
    def power(plan: str | Path, pilot: Sequence[str | Path] = (), units: int | None = None) -> PlanPower:
        """Units needed, detectable effects and the probability that all claims hold, as `assay plan power`.

        Args:
            plan: The plan file; its own data are not read.
            pilot: Predictions on development data: one file with all models, or the baseline's, then the candidates'.
            units: Units planned; by default those of the plan's last look.
        """
        from assay.verbs import power as verb

        return verb.run(Path(plan), [Path(p) for p in pilot], units)

    @staticmethod
    def memo(evidence: str | Path, form: str = "html") -> str:
        """The memo of stored evidence as `html`, `md` or `json`, as `assay memo`.

        Raises:
            AssayError: evidence that is incomplete or changed, or an unknown form.
        """
        from assay.verbs import memo as verb
        from assay.verbs.documents import FORMS

        if form not in FORMS:
            raise AssayError(f"the form is {form!r}", rule=f"it is one of {', '.join(FORMS)}", fix="form='html'")
        return verb.run(Path(evidence), form)

    def freeze(self, plan: str | Path, deviation: str = "") -> str:
        """Freeze a plan and return its digest, as `assay plan freeze`."""
        from assay.verbs import plan as verb

        return verb.freeze(Path(plan), self.folder, deviation).plan.digest

    def judge(self, plan: str | Path, stop_rules: Columns = ()) -> Judged:
        """Judge a frozen plan, as `assay judge`.

        Args:
            plan: The plan file.
            stop_rules: Stop rules of the plan, in its words, that are met, as `--stop-rule`.
        """
        from assay.readers.planfile import read_plan
        from assay.verbs import judge as verb

        return Judged(verb.run(Path(plan), self.folder, stop_rules=_listed(stop_rules)), read_plan(Path(plan)))

    def recheck(self, evidence: str | Path) -> Recheck:
        """Whether a verdict follows from its evidence, and its look is counted here, as `assay recheck --lab`.

        Returns:
            What was found; it is true where everything holds.
        """
        from assay.verbs import recheck as verb

        return verb.run(Path(evidence), self.folder)

    def entries(self, limit: int = 50) -> tuple[Entry, ...]:
        """The last events of the ledger, oldest first, as `assay ledger`."""
        from assay.verbs import ledger

        return ledger.entries(self.folder, limit)

    def checkpoint(self, path: str | Path) -> Checkpoint:
        """Write the heads of the ledger to a file to be kept elsewhere, as `assay ledger checkpoint`."""
        from assay.verbs import ledger

        return ledger.checkpoint(self.folder, Path(path))

    def verify(self, checkpoint: str | Path | None = None) -> bool:
        """Whether every chain of the ledger holds, as `assay ledger verify`."""
        from assay.verbs import ledger

        return ledger.verify(self.folder, Path(checkpoint) if checkpoint is not None else None).ok

    def __repr__(self) -> str:
        return f"Lab({str(self.folder)!r})"


def _listed(given: Columns) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
