"""Metrics that need the rows themselves: AUC, quantiles, calibration error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from assay.base.errors import MetricError
from assay.evaluate import values
from assay.evaluate.designs import UnitCounts, design
from assay.evaluate.labels import Classes, positive_of
from assay.evaluate.request import Cell, Material, Pair
from assay.evaluate.scores import binary, numbers
from assay.records.metric import VALUES, Array, Family, Floats, Ints, Metric
from assay.records.sample import Rows


def row_cells(
    material: Material, pair: Pair, metrics: Sequence[Metric], known: Classes | None, units: UnitCounts
) -> Iterator[Cell]:
    """Cells of all metrics of a pair that need the rows; metrics that read the same columns share theirs."""
    alike: dict[tuple[Any, ...], list[Metric]] = {}
    for metric in metrics:
        columns = pair.columns(metric.read_column)
        if metric.reads in VALUES:
            values.check(metric, material.table.columns["y"], target=True)
            for column in columns:
                values.check(metric, material.table.columns[column])
        else:
            numbers(material, metric, columns)
        positive = positive_of(metric, known) if metric.needs_positive and known is not None else None
        alike.setdefault((metric.read_column, positive, metric.reads), []).append(metric)
    for (read, positive, reads), same in alike.items():
        yield from _cells(material, pair, tuple(same), read, positive, reads != "number", units)


def _cells(
    material: Material,
    pair: Pair,
    metrics: tuple[Metric, ...],
    read: str,
    positive: Any,
    targeted: bool,
    units: UnitCounts,
) -> Iterator[Cell]:
    arms = list(dict.fromkeys(pair.columns(read)))
    slices = list(dict.fromkeys(c for s in material.sets for c in s))
    content = [*(["y"] if targeted else []), *arms, *(["g"] if material.groups else [])]
    rows = material.engine.rows(material.table, list(dict.fromkeys([*content, *slices])), content)
    reduced = metrics[0].reads in VALUES
    scores = np.stack([_reduced(material, metrics[0], rows, c) if reduced else _plain(rows[c]) for c in arms])
    scores = scores[[arms.index(c) for c in pair.columns(read)]]
    asked = targeted and not reduced
    target = binary(_filled(rows["y"]), positive) if asked else np.zeros(scores.shape[1])
    complete = np.asarray(~np.isnan(scores).any(axis=0))
    if targeted:
        complete &= ~np.ma.getmaskarray(rows["y"])
    if not complete.all() and material.missing in ("failure", "bounds"):
        raise MetricError(
            f"{metrics[0].label} has no worst value for a missing row",
            rule="missing rows can count as failures, or be bounded, only in a metric with a range of row scores",
            fix="--missing exclude or refuse",
        )
    groups = np.asarray(rows["g"], dtype=np.int64) if material.groups else None
    for wanted in material.sets:
        for key, places in _places([rows[c] for c in wanted], complete):
            made = _sample(metrics[0], target, scores, groups, places)
            by_group = np.bincount(made.group, minlength=1) if made.group is not None else np.array([len(places)])
            known_units = units.get(wanted, {}).get(key) if wanted else None
            yield Cell(metrics, pair, wanted, key, (made,), (design(material, pair, read, by_group, known_units),))


def _plain(column: Array) -> Floats:
    return np.asarray(np.ma.filled(column.astype(float), np.nan))


def _reduced(material: Material, metric: Metric, rows: Mapping[str, Array], column: str) -> Floats:
    """The number that each row's vector and class come down to; NaN where one is missing."""
    if metric.scorer is None:
        raise TypeError(f"{metric.name} has no scorer")
    kept = np.flatnonzero(~(np.ma.getmaskarray(rows["y"]) | np.ma.getmaskarray(rows[column])))
    found = np.full(len(rows["y"]), np.nan)
    if len(kept):
        kinds = material.table.columns
        truth = values.targets(metric, np.ma.getdata(rows["y"])[kept], kinds["y"])
        said = values.predictions(metric, np.ma.getdata(rows[column])[kept], kinds[column])
        found[kept] = metric.scorer(truth, said, 0.0)[0]
    return found


def _filled(target: Array) -> Array:
    """The target with something in its missing rows, which are left out later."""
    return np.asarray(np.ma.filled(target, "" if target.dtype == object else 0))


def _sample(metric: Metric, target: Floats, scores: Floats, groups: Ints | None, places: Ints) -> Rows:
    kept = None if groups is None else groups[places]
    y = target[places]
    return Rows(y.astype(np.int64) if metric.family is Family.RANK else y, scores[:, places], kept, kept)


def _places(columns: list[Array], complete: Array) -> Iterator[tuple[tuple[Any, ...], Ints]]:
    """The rows of each slice that are complete, slices in the order of their values."""
    held = np.flatnonzero(complete)
    if not columns:
        yield (), held
        return
    empty = np.array(None, dtype=object)
    objects = [np.where(np.ma.getmaskarray(c), empty, np.ma.getdata(c).astype(object)) for c in columns]
    values = list(zip(*(c[held].tolist() for c in objects), strict=True))
    names: dict[tuple[Any, ...], int] = {}
    codes = np.array([names.setdefault(v, len(names)) for v in values], dtype=np.int64)
    order = np.argsort(codes, kind="stable")
    bounds = np.searchsorted(codes[order], np.arange(len(names) + 1))
    for key in sorted(names, key=lambda k: tuple((v is None, v if v is not None else 0) for v in k)):
        code = names[key]
        yield key, held[order[bounds[code] : bounds[code + 1]]]
