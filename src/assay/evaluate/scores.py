"""Metrics of means: every row gets its scores; the engine sums them by group as they come, or takes their moments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from assay.base.errors import MetricError
from assay.evaluate import values
from assay.evaluate.designs import UnitCounts, design
from assay.evaluate.labels import Classes, positive_of
from assay.evaluate.request import Cell, Material, Pair, Side, canonical
from assay.evaluate.rowreader import Read, RowReader
from assay.metrics.rankings import NONE, ideal_of, ranked_of
from assay.records.metric import VALUES, Array, Floats, Ints, Metric
from assay.records.protocols import By, ColumnProfile, Sums, Table
from assay.records.sample import GroupedSums, Moments, Sample

HUGE = 1e150
TINY = 1e-150


@dataclass(frozen=True, slots=True)
class Score:
    """One score column: a metric's k-th per-row score of one arm, and of what a missing prediction counts as."""

    metric: int
    part: int
    arm: str
    fill: str = ""

    @property
    def name(self) -> str:
        """The column's name in the table of scores."""
        return f"v{self.metric}_{self.part}_{self.arm}" + (f"_{self.fill}" if self.fill else "")


Profiles = dict[str, ColumnProfile]


def numbers(material: Material, metric: Metric, columns: Sequence[str], seen: Profiles | None = None) -> Profiles:
    """Check that the columns hold what the metric reads.

    Args:
        seen: Profiles of columns looked at before; new ones are added.

    Raises:
        MetricError: text where numbers are needed, or probabilities outside [0, 1].
    """
    if metric.reads == "ranking":
        return {}
    if metric.reads == "ranges":
        _ranged(material, metric, columns)
        return {}
    for column in columns:
        kind = material.table.columns[column]
        if kind not in ("number", "integer", "boolean"):
            also = "; whole numbers beyond 64 bits are read as text: save scores as floating point"
            raise MetricError(
                f"{metric.label} needs numbers and the predictions are {kind}",
                rule=f"{metric.name} reads a {metric.reads}",
                fix="name the column of scores with --score" + (also if kind == "text" else ""),
            )
    known = {} if seen is None else seen
    new = [c for c in columns if c not in known]
    known.update(material.engine.profile(material.table, new) if new else {})
    found = {c: known[c] for c in columns}
    for profile in found.values():
        least, most = profile.least, profile.most
        if metric.reads == "probability" and least is not None and (least < 0 or most > 1):
            raise MetricError(
                f"{metric.label} needs probabilities and the predictions reach from {least} to {most}",
                rule="a probability lies in [0, 1]",
                fix="give probabilities, or use auc, which takes any score",
            )
    return found


def binary(target: Array, positive: Any) -> Floats:
    """1.0 where the target is the positive class."""
    if target.dtype == object:
        return np.array([float(canonical(v) == positive) for v in target])
    return np.asarray(target == positive, dtype=float)


class Scorer:
    """Turns chunks of predictions into score columns.

    Args:
        material: The aligned table.
        metrics: By their number, which names their columns.
        sides: The models.
        known: The classes of the target, where a metric asks.

    Raises:
        MetricError: columns that do not hold what a metric reads.
    """

    def __init__(
        self, material: Material, metrics: Mapping[int, Metric], sides: Sequence[Side], known: Classes | None
    ) -> None:
        self.metrics = metrics
        self.positive = {
            i: positive_of(m, known) if known is not None and m.needs_positive else None for i, m in metrics.items()
        }
        self.has_target = "y" in material.table.columns
        self.centre = _centre(material, list(metrics.values()))
        fills = {"failure": ("worst",), "bounds": ("best", "worst")}.get(material.missing, ("",))
        self.scores = []
        self.reads: list[str] = []
        self.together: dict[int, dict[str, By]] = {}
        self.rows = RowReader(material.table.columns)
        seen: Profiles = {}
        for i, metric in metrics.items():
            _numeric(metric, material)
            _fillable(metric, material)
            joint = {
                arm[0]: arm for side in sides for arm in zip(*(side.arms[c] for c in metric.read_columns), strict=True)
            }
            columns = list(dict.fromkeys(c for arm in joint.values() for c in arm))
            if metric.reads in VALUES:
                for column in columns:
                    values.check(metric, material.table.columns[column])
            else:
                numbers(material, metric, columns, seen)
            self.together[i] = joint
            self.rows.common |= {c: tuple(a for side in sides for a in side.arms[c]) for c in metric.common}
            self.reads += columns
            self.scores += [Score(i, k, a, f) for a in joint for k in range(len(metric.columns)) for f in fills]
        self.reads = list(dict.fromkeys([*(["y"] if self.has_target else []), *self.reads]))

    def __call__(self, chunk: dict[str, Array]) -> dict[str, Array]:
        """Score columns of a chunk; masked where the prediction or the target is missing."""
        result: dict[str, Array] = {}
        held: dict[Any, Any] = {}
        read: Read = {}
        self.rows.check_common(chunk)
        for i, metric in self.metrics.items():
            if metric.reads in VALUES or metric.inputs:
                for arm, columns in self.together[i].items():
                    result.update(self._shown(i, arm, *self.rows.scores(metric, columns, chunk, self.centre, read)))
                continue
            target = ("y", metric.reads, self.positive[i])
            if target not in held:
                held[target] = self._target(chunk, metric, self.positive[i])
            for arm in dict.fromkeys(s.arm for s in self.scores if s.metric == i):
                prediction = (arm, metric.reads)
                if prediction not in held:
                    held[prediction] = _prediction(chunk[arm], metric)
                absent = np.ma.getmask(chunk["y"]) if self.has_target else np.ma.nomask
                missing = np.ma.mask_or(np.ma.getmask(chunk[arm]), absent)
                result.update(self._arm(i, arm, held[target], held[prediction], missing))
        return result

    def _target(self, chunk: dict[str, Array], metric: Metric, positive: Any) -> Any:
        if not self.has_target:
            return np.zeros(len(next(iter(chunk.values()))))
        raw = chunk["y"]
        filled = np.ma.filled(raw, "" if raw.dtype == object else 0)
        if metric.reads == "ranking":
            return ideal_of(filled)
        if metric.reads == "ranges":
            return _texts(raw)
        if positive is None:
            # Every metric would turn whole numbers into these.
            return np.asarray(filled, dtype=float) if filled.dtype.kind in "iu" else filled
        return binary(filled, positive)

    def _arm(self, i: int, arm: str, target: Any, prediction: Any, missing: Any) -> dict[str, Array]:
        metric = self.metrics[i]
        if metric.scorer is None:
            raise TypeError(f"{metric.name} has no scorer")
        with np.errstate(over="ignore", invalid="ignore"):
            columns = metric.scorer(target, prediction, self.centre)
        return self._shown(i, arm, columns, missing)

    def _shown(self, i: int, arm: str, columns: Sequence[Array], missing: Array) -> dict[str, Array]:
        """The score columns of an arm: missing rows are left out under a mask, or count as they have to."""
        metric = self.metrics[i]
        shown = [_whole(metric, np.ma.getdata(values)) for values in columns]
        unread: Any = reduce(lambda one, two: np.ma.mask_or(one, two), map(np.ma.getmask, columns))
        result: dict[str, Array] = {}
        for score in self.scores:
            if score.metric == i and score.arm == arm:
                values, left_out = shown[score.part], unread
                # Missing rows are left out under a mask, or count as they have to.
                if not score.fill:
                    left_out = np.ma.mask_or(unread, missing)
                elif np.any(missing):
                    values = np.where(missing, _bound(metric, score.fill), values)
                result[score.name] = np.ma.masked_array(values, mask=left_out) if np.any(left_out) else values
        return result


def _ranged(material: Material, metric: Metric, columns: Sequence[str]) -> None:
    """Text, or whole numbers where every series has one range of one position."""
    for column in ("y", *columns):
        kind = material.table.columns[column]
        if kind not in ("text", "integer"):
            which = "target is" if column == "y" else "predictions are"
            raise MetricError(
                f"{metric.label} needs ranges of positions as text and the {which} {kind}",
                rule="a row is a series, with text such as 3-7 20-25, or none",
                fix="write them with assay.ranges(labels)",
            )


def _texts(raw: Array) -> Array:
    return np.where(np.ma.getmaskarray(raw), NONE, np.ma.getdata(raw).astype(object))


def _prediction(raw: Array, metric: Metric) -> Any:
    """What a metric reads: numbers, ranked lists, or ranges as text."""
    if metric.reads == "ranges":
        return _texts(raw)
    if metric.reads == "ranking":
        return ranked_of(np.ma.filled(raw, NONE))
    return np.ma.filled(raw, 0).astype(float, copy=False)


def _whole(metric: Metric, values: Floats) -> Floats:
    """The scores of a column, infinite where they are undefined: the engine takes NaN for a missing row.

    Raises:
        MetricError: a score that is infinite, or would be when squared; scores of numbers that vanish when squared.
    """
    values = np.ascontiguousarray(values, dtype=float)
    low, high = values.min(initial=0.0), values.max(initial=0.0)
    if metric.reads == "number" and 0 < max(-low, high) < TINY:
        raise MetricError(
            f"{metric.label} is {max(-low, high):g} at most in a row",
            rule=f"some score is {TINY:g} or more in size, so that the variance of small scores is a number",
            fix="give the target and the predictions in a smaller unit",
        )
    if low >= -HUGE and high <= HUGE:
        return values
    with np.errstate(invalid="ignore"):
        sane = np.abs(values) <= HUGE
    huge = ~sane & ~np.isnan(values)
    if huge.any():
        raise MetricError(
            f"{metric.label} is {float(values[huge][0])} in a row",
            rule=f"a score of a row is at most {HUGE:g}, so that its square is a number",
            fix="correct the predictions or the target",
        )
    return np.where(sane, values, np.inf)


def _numeric(metric: Metric, material: Material) -> None:
    if metric.reads == "number" and material.table.columns.get("y") == "text" and metric.targeted:
        raise MetricError(
            f"{metric.label} needs a target of numbers and the target is text",
            rule=f"{metric.name} compares numbers",
            fix="name another --target, or use a label metric such as accuracy",
        )


def _fillable(metric: Metric, material: Material) -> None:
    if material.missing not in ("failure", "bounds"):
        return
    if metric.lower is None or metric.upper is None or len(metric.columns) > 1:
        raise MetricError(
            f"{metric.label} has no worst value",
            rule="missing rows can count as failures, or be bounded, only in a metric with a range",
            fix="--missing exclude or refuse, or a metric such as brier",
        )


def _bound(metric: Metric, fill: str) -> float:
    low, high = float(metric.lower or 0.0), float(metric.upper or 0.0)
    return (
        (high if metric.direction == "higher" else low)
        if fill == "best"
        else (low if metric.direction == "higher" else high)
    )


def _centre(material: Material, metrics: Sequence[Metric]) -> float:
    """A fixed point near the target, so that squares do not cancel; it does not depend on the order of rows."""
    if "y" not in material.table.columns or all(len(m.columns) == 1 or m.reads in VALUES for m in metrics):
        return 0.0
    if material.table.columns["y"] not in ("number", "integer"):
        return 0.0
    found = material.engine.profile(material.table, ["y"])["y"]
    return 0.0 if found.least is None else (float(found.least) + float(found.most)) / 2


def score_table(
    material: Material, metrics: Mapping[int, Metric], sides: Sequence[Side], known: Classes | None, keep_all: bool
) -> Table:
    """The table of scores: the slice columns and the unit's group, or everything, and every score of every arm."""
    scorer = Scorer(material, metrics, sides, known)
    needed = [*material.columns, *(["g"] if material.groups else [])]
    keep = tuple(material.table.columns) if keep_all else tuple(dict.fromkeys(needed))
    return material.engine.derive(material.table, scorer, tuple(scorer.reads), keep)


Cells = dict[By, dict[tuple[Any, ...], tuple[Sample, Ints]]]
"""Set of slice columns -> slice -> its sample, and its rows by group."""


def score_cells(
    material: Material, pair: Pair, metrics: Mapping[int, Metric], units: UnitCounts, known: Classes | None
) -> Iterator[Cell]:
    """Cells of all metrics of means of a pair.

    Args:
        metrics: The metrics by their number in the table of scores.
    """
    variants = {"failure": (("worst", "worst"),), "bounds": (("best", "worst"), ("worst", "best"))}
    fills = variants.get(material.missing, (("", ""),))
    asked = [(i, fill) for i in metrics for fill in fills]
    blocks = [_columns(pair, i, metrics[i], fill) for i, fill in asked]
    parts = [len(metrics[i].columns) for i, _ in asked]
    if material.groups:
        summed = _summed(material, pair, metrics, blocks, known)
        made = [_of_sums(found, p) for found, p in zip(summed, parts, strict=True)]
    else:
        made = [_of_moments(material, block, p) for block, p in zip(blocks, parts, strict=True)]
    samples = dict(zip(asked, made, strict=True))
    for i, metric in metrics.items():
        if metric.reads == "ranking":
            yield from _unread(material, pair, metric, samples[i, fills[0]], len(fills))
        for wanted in material.sets:
            for key, (_, rows) in samples[i, fills[0]][wanted].items():
                each = tuple(samples[i, fill][wanted][key][0] for fill in fills)
                known_units = units.get(wanted, {}).get(key) if wanted else None
                shaped = design(material, pair, metric.read_column, rows, known_units)
                yield Cell((metric,), pair, wanted, key, each, (shaped,))


def _unread(material: Material, pair: Pair, metric: Metric, found: Cells, samples: int) -> Iterator[Cell]:
    """Cells of the slices of which a metric reads no row: they are shown as undefined, not passed over."""
    sets = [s for s in material.sets if s]
    every = material.engine.units(material.table, material.unit, sets) if sets else {}
    arms, parts = len(pair.columns(metric.read_column)), len(metric.columns)
    rows = np.zeros(max(material.groups, 1), dtype=np.int64)
    for wanted in material.sets:
        lacking = [k for k in (every[wanted] if wanted else [()]) if k not in found[wanted]]
        for key in sorted(lacking, key=lambda k: [(v is None, str(v)) for v in k]):
            if material.groups:
                empty: Sample = GroupedSums(rows, np.zeros((len(rows), arms, parts)))
            else:
                size = arms * parts
                empty = Moments(0, np.zeros((arms, parts)), np.zeros((size, size)), 0, np.zeros(3))
            yield Cell((metric,), pair, wanted, key, (empty,) * samples, (design(material, pair, "", rows, 0),))


def _columns(pair: Pair, i: int, metric: Metric, fill: tuple[str, str]) -> list[str]:
    """The score columns of a metric, arm by arm, the baseline's first."""
    sides = ((pair.baseline, fill[0]), (pair.candidate, fill[1]))
    arms = [(a, f) for side, f in sides for a in side.arms[metric.read_column]]
    return [Score(i, k, a, f).name for a, f in arms for k in range(len(metric.columns))]


def _summed(
    material: Material,
    pair: Pair,
    metrics: Mapping[int, Metric],
    blocks: Sequence[Sequence[str]],
    known: Classes | None,
) -> Sequence[Mapping[By, Sums]]:
    """Sums by group: from the table of scores where one is kept, else from the predictions, scored on the way."""
    engine, sets, groups = material.engine, material.sets, material.groups
    if material.scored and set(blocks[0]) <= material.scored.columns.keys():
        reads = tuple(dict.fromkeys(c for block in blocks for c in block))
        return engine.scored_sums(material.scored, lambda chunk: chunk, reads, blocks, sets, groups)
    scorer = Scorer(material, metrics, (pair.baseline, pair.candidate), known)
    return engine.scored_sums(material.table, scorer, tuple(scorer.reads), blocks, sets, groups)


def _of_sums(found: Mapping[By, Sums], parts: int) -> Cells:
    return {
        wanted: {
            key: (GroupedSums(of.n[s], of.sums[s].reshape(len(of.n[s]), -1, parts)), of.n[s])
            for s, key in enumerate(of.keys)
        }
        for wanted, of in found.items()
    }


def _of_moments(material: Material, columns: Sequence[str], parts: int) -> Cells:
    found = material.engine.moments(material.scored or material.table, columns, material.sets)
    return {
        wanted: {
            key: (
                Moments(int(m.n[s]), m.mean[s].reshape(-1, parts), m.comoment[s], int(m.nonzero[s]), m.skewness[s]),
                m.n[s : s + 1],
            )
            for s, key in enumerate(m.keys)
        }
        for wanted, m in found.items()
    }
