"""What judging and looking give in Python: records that print well and show well in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assay.records.ablation import Contributions
from assay.records.comparison import Comparison, ComparisonSet
from assay.records.readings import LooksAt, VersionRead
from assay.records.review import Review, Reviews
from assay.records.verdict import Judgement, Recommendation
from assay.report.contributions import contribution_page, render_contributions
from assay.report.html import fragment
from assay.report.memo import decision_memo
from assay.report.readings import readings_page, render_readings
from assay.report.reviews import render_reviews, reviews_page
from assay.report.terminal import render_judgement
from assay.shown import Shown


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


class LooksTaken(Shown[LooksAt], text=render_readings, page=readings_page):
    """The result of `Lab.looks`: iterate over versions of the data, print it, or show it in a notebook.

    Attributes:
        results: The record behind it.
    """

    def __iter__(self) -> Iterator[VersionRead]:
        return iter(self.results.versions)


class Reviewed(Shown[Reviews], text=render_reviews, page=reviews_page):
    """The result of `Lab.review` and `Lab.reviews`: iterate over reviews, print it, or show it in a notebook.

    Attributes:
        results: The record behind it.
    """

    def __iter__(self) -> Iterator[Review]:
        return iter(self.results.reviews)


class Contributed(Shown[Contributions], text=render_contributions, page=contribution_page):
    """The result of `Lab.ablation`: iterate over comparisons, index them by component or ablation, or print it.

    Attributes:
        results: The record behind it.
    """

    def __iter__(self) -> Iterator[Comparison]:
        return iter(self.results.comparisons)

    def __getitem__(self, name: str) -> Comparison:
        removes = self.results.removes
        return {key: c for c in reversed(list(self)) for key in (c.baseline_name, removes[c.baseline_name])}[name]
