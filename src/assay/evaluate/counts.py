"""Label metrics: counts of outcome patterns, by slice and group of units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from assay.base.errors import MetricError
from assay.evaluate.designs import UnitCounts, design
from assay.evaluate.labels import Classes, cuts, positive_of
from assay.evaluate.request import Cell, Material, Pair, Reading
from assay.records.metric import Family, Ints, Metric
from assay.records.protocols import By, Cut, Patterns
from assay.records.sample import GroupedCounts, PairedCounts, Sample

MOST_CLASSES = 100
Codes = tuple[Ints, ...]


def count_cells(
    material: Material, pair: Pair, metrics: Sequence[Metric], reading: Reading, known: Classes, units: UnitCounts
) -> Iterator[Cell]:
    """Cells of all label metrics of a pair; metrics that see the labels alike share theirs."""
    for chosen, same in _alike(material, pair, metrics, reading, known):
        columns = [Cut("y"), *chosen]
        complete = tuple(c.column for c in columns) if material.missing == "exclude" else ()
        joint = len(chosen) == 2
        asked = [columns] if joint else [[columns[0], arm] for arm in chosen]
        found = [material.engine.patterns(material.table, c, material.sets, material.groups, complete) for c in asked]
        thresholds = [c.threshold for c in chosen]
        for members, view in _views(same, known):
            for wanted in material.sets:
                yield from _set_cells(
                    material, pair, tuple(members), view, [f[wanted] for f in found], wanted, thresholds, units
                )


def _alike(
    material: Material, pair: Pair, metrics: Sequence[Metric], reading: Reading, known: Classes
) -> list[tuple[tuple[Cut, ...], list[Metric]]]:
    chosen: dict[tuple[Cut, ...], list[Metric]] = {}
    for metric in metrics:
        arms = cuts(material, metric, reading, known, pair.columns(metric.read_column))
        chosen.setdefault(arms, []).append(metric)
    return list(chosen.items())


class View:
    """How raw labels become codes: all classes, one against the rest, or right and wrong."""

    def __init__(self, known: Classes, positive: Any = None, right: bool = False) -> None:
        self.known, self.positive, self.right = known, positive, right
        self.size = max(len(known.labels), 2) if positive is None and not right else 2

    def code(self, values: Sequence[Any], threshold: float | None) -> Ints:
        """Codes of raw outcomes; -1 where they are missing. A thresholded score is 1 for the positive class."""
        known = self.known
        if threshold is not None:
            low = next(v for v in known.labels if v != known.positive)
            values = [None if v is None else (known.positive if v else low) for v in values]
        codes = np.array([known.code(v) for v in values], dtype=np.int64)
        if self.positive is None:
            return codes
        place = known.labels.index(self.positive)
        return np.where(codes < 0, -1, (codes == place).astype(np.int64))


def _views(metrics: Sequence[Metric], known: Classes) -> list[tuple[list[Metric], View]]:
    views: dict[Any, tuple[list[Metric], View]] = {}
    for metric in metrics:
        base = metric.inner or metric
        if base.needs_positive:
            positive = positive_of(metric, known)
            views.setdefault(("one", positive), ([], View(known, positive)))[0].append(metric)
        elif base.family is Family.PROPORTION and len(known.labels) != 2:
            views.setdefault("right", ([], View(known, right=True)))[0].append(metric)
        else:
            if len(known.labels) > MOST_CLASSES:
                raise MetricError(
                    f"{metric.label} over {len(known.labels)} classes",
                    rule=f"the whole confusion table is kept for at most {MOST_CLASSES} classes",
                    fix="use accuracy, or one class: recall(class=…)",
                )
            # Two classes with the positive one last are the same table: those metrics share their draws.
            same = len(known.labels) == 2 and known.positive is not None
            name = ("one", known.positive) if same else "all"
            views.setdefault(name, ([], View(known, known.positive if same else None)))[0].append(metric)
    return list(views.values())


def _set_cells(
    material: Material,
    pair: Pair,
    metrics: tuple[Metric, ...],
    view: View,
    found: list[Patterns],
    wanted: By,
    thresholds: list[float | None],
    units: UnitCounts,
) -> Iterator[Cell]:
    if material.missing == "bounds" and view.size > 2:
        raise MetricError(
            f"{metrics[0].label} over {view.size} classes has no bounds for missing rows",
            rule="a missing row may be any of the classes, and no two of them are the extremes",
            fix="accuracy, one class such as recall(class=…), or --missing exclude, failure or refuse",
        )
    codes = _codes(view, found, thresholds)
    read = metrics[0].read_column
    for s, key in enumerate(found[0].keys):
        counts = [f.counts[f.keys.index(key)] if len(found) > 1 else f.counts[s] for f in found]
        samples = []
        for policy in ("against", "for") if material.missing == "bounds" else (material.missing,):
            samples.append(_sample(view, counts, codes, policy, len(pair.baseline.arms[read]), material.groups))
        rows = counts[0].sum(axis=1)
        known_units = units.get(wanted, {}).get(key) if wanted else None
        made = design(material, pair, read, rows, known_units)
        yield Cell(metrics, pair, wanted, key, tuple(samples), (made,))


def _codes(view: View, found: list[Patterns], thresholds: list[float | None]) -> list[Codes]:
    """For each pattern table the codes of target and arms."""
    result = []
    used = 0
    for f in found:
        columns = list(zip(*f.patterns, strict=True)) or [()] * 2
        arms = thresholds[used : used + len(columns) - 1]
        used += len(arms)
        coded = [view.code(columns[0], None)]
        coded += [view.code(c, t) for c, t in zip(columns[1:], arms, strict=True)]
        result.append(tuple(coded))
    return result


def _sample(view: View, counts: list[Ints], codes: list[Codes], policy: str, baselines: int, groups: int) -> Sample:
    tables = []
    arm = 0
    for count, coded in zip(counts, codes, strict=True):
        target = coded[0]
        keep = target >= 0
        filled = []
        for predicted in coded[1:]:
            filled.append(_fill(predicted, target, view.size, _as_right(policy, arm < baselines)))
            arm += 1
        if view.right:
            filled = [np.where(p == target, 1, 0) for p in filled]
            target = np.ones_like(target)
        tables.append((count[:, keep], target[keep], [p[keep] for p in filled]))
    if not groups and len(tables) == 1:
        return PairedCounts(_cube(view.size, *tables[0]))
    grouped = [_square(view.size, count, target, p) for count, target, filled in tables for p in filled]
    return GroupedCounts(np.stack(grouped, axis=1))


def _as_right(policy: str, is_baseline: bool) -> bool:
    """Whether a missing prediction counts as right: only in the bounds, and there for one model at a time."""
    return (policy == "against" and is_baseline) or (policy == "for" and not is_baseline)


def _fill(predicted: Ints, target: Ints, size: int, right: bool) -> Ints:
    """Missing predictions as right, or as the next class, which is wrong."""
    return np.where(predicted >= 0, predicted, target if right else (target + 1) % max(size, 2))


def _cube(size: int, count: Ints, target: Ints, arms: list[Ints]) -> Ints:
    flat = (target * size + arms[0]) * size + arms[1]
    weights = count[0].astype(float)
    return np.bincount(flat, weights=weights, minlength=size**3).astype(np.int64).reshape(size, size, size)


def _square(size: int, count: Ints, target: Ints, predicted: Ints) -> Ints:
    """[G, P] counts -> [G, K, K]."""
    table = np.zeros((size * size, count.shape[0]), dtype=np.int64)
    for pattern, cell in enumerate(target * size + predicted):
        table[cell] += count[:, pattern]
    return np.ascontiguousarray(table.T).reshape(-1, size, size)
