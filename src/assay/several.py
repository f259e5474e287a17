"""What needs no lab and takes many models at once: `candidates` and `ablation`. Results show well in a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assay.direct import Columns, listed, naming
from assay.records.ablation import AblationSet, Study
from assay.records.candidates import CandidateSet, Ranking
from assay.records.estimate import Estimate
from assay.report.ablation import ablation_page, render_ablation
from assay.report.candidates import candidate_page, render_candidates
from assay.shown import Shown
from assay.verbs import ablation as ablation_verb
from assay.verbs import candidates as candidates_verb


class Candidates(Shown[CandidateSet], text=render_candidates, page=candidate_page):
    """The result of `candidates`: iterate over its metrics, index it by metric, print it, or show it in a notebook.

    Attributes:
        results: The record behind it.
    """

    def __iter__(self) -> Iterator[Ranking]:
        return iter(self.results.rankings)

    def __getitem__(self, metric: str) -> Ranking:
        return {r.metric.label: r for r in self.results.rankings}[metric]


def candidates(
    *tables: Any,
    metrics: Columns = (),
    models: Columns = (),
    on: Columns = (),
    target: str = "",
    unit: str = "",
    block: str = "",
    score: Columns = (),
    **reading: Any,
) -> Candidates:
    """Compare many models on one test set: with the best of the others, and in all pairs, all intervals together.

    Args:
        tables: A table for each model, or one with a column for each: paths, pandas, polars or Arrow tables, or
            mappings of names to arrays.
        metrics: In the notation of metrics, e.g. `["accuracy", "f1@0.5"]`.
        models: The models' columns, where one table holds all.
        on: Columns that name a row.
        target: The column of the truth.
        unit: The column of what was sampled; each row where it is not given.
        block: The column of data sets: average ranks and means over them, each counts once.
        score: The column of predictions, for all tables or for each.
        reading: `positive`, `threshold`, `labels`, `seed_column`, `missing`, `about`, `level`, `seed`: the options of
            `assay candidates`.

    Raises:
        AssayError: bad input, with what is wrong, the rule and what to do.

    >>> truth = [0, 1] * 40
    >>> one, two = [0, 1, 1, 1] * 20, [0, 1, 0, 1, 0, 1, 1, 1] * 10
    >>> table = {"id": range(80), "y": truth, "one": one, "two": two, "three": truth[::-1]}
    >>> found = candidates(table, on="id", target="y", models=["one", "two", "three"], metrics="accuracy")
    >>> [(m.name, m.may_be_best, m.letters) for m in found["accuracy"].models]
    [('two', True, 'a'), ('one', False, 'b'), ('three', False, 'c')]
    """
    candidates_verb.check_options(reading)
    request = candidates_verb.CandidatesRequest(
        files=tables,
        models=listed(models),
        on=listed(on),
        target=target,
        unit=unit,
        block=block,
        metrics=listed(metrics),
        scores=listed(score),
        **naming(reading),
    )
    return Candidates(candidates_verb.run(request))


class Ablation(Shown[AblationSet], text=render_ablation, page=ablation_page):
    """The result of `ablation`: iterate over its measures, index effects by name, print it, or show it in a notebook.

    Attributes:
        results: The record behind it.
    """

    def __iter__(self) -> Iterator[Study]:
        return iter(self.results.studies)

    def __getitem__(self, effect: str) -> Estimate:
        return {e.name: e.estimate for e in self.results.studies[0].effects}[effect]


def ablation(
    design: Any,
    predictions: Any = None,
    *,
    factors: Columns = (),
    model: str = "",
    value: str = "",
    metrics: Columns = (),
    on: Columns = (),
    **reading: Any,
) -> Ablation:
    """Estimate main effects and interactions of factors from runs of an ablation study.

    Args:
        design: A table with a row for each run and a column for each factor.
        predictions: A table with a column of predictions for each run, all on the same rows.
        factors: Columns of the design: what runs have on or off, or at some level.
        model: The column of the design that names each run's column of predictions, or its file.
        value: The column of the design with a value for each run, instead of predictions.
        metrics: In the notation of metrics, where there are predictions.
        on: Columns that name a row of the predictions.
        reading: `target`, the column of the truth; `unit`, of what was sampled; `scores`, of predictions where each
            run has a file; `order`, the most factors in an interaction; `positive`, `threshold`, `labels`,
            `missing`, `level`, `seed`: the options of `assay ablation`.

    Raises:
        AssayError: bad input, with what is wrong, the rule and what to do.

    >>> runs = {"cache": [0, 1, 0, 1] * 2, "depth": [1, 1, 2, 2] * 2, "ms": [9.0, 5.1, 9.8, 6.1, 9.1, 5.0, 10.1, 6.0]}
    >>> found = ablation(runs, factors=["cache", "depth"], value="ms")
    >>> [(e.name, round(e.estimate.value, 3)) for e in found.results.studies[0].effects]
    [('cache', -3.95), ('depth', 0.95), ('cache x depth', 0.05)]
    """
    ablation_verb.check_options(reading)
    request = ablation_verb.AblationRequest(
        design=design,
        factors=listed(factors),
        model=model,
        value=value,
        predictions=predictions,
        on=listed(on),
        metrics=listed(metrics),
        **naming(reading),
    )
    return Ablation(ablation_verb.run(request))
