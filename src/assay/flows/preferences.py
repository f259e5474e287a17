"""Votes between two models become strengths and ranks: read, check, infer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from assay.base.errors import AlignmentError, InputError
from assay.base.progress import Progress
from assay.base.wording import counted
from assay.data.align import GROUPS
from assay.data.columns import require
from assay.records.estimate import Estimate
from assay.records.metric import Array, Ints
from assay.records.preferences import Strength
from assay.records.protocols import Engine, Member, Table
from assay.records.sample import Design
from assay.stats.estimates import estimate
from assay.stats.preferences import Votes, count_votes, refuse_unconnected
from assay.stats.strengths import infer_strengths

TIES = ("tie", "tie (bothbad)")


@dataclass(frozen=True, slots=True)
class VoteColumns:
    """Where the votes are.

    Attributes:
        first: The column of the model shown first.
        second: The column of the other.
        winner: The column of who won: a model's name, the name of its column, or `tie`.
        unit: The column of what was sampled; empty where every vote is a unit.
    """

    first: str
    second: str
    winner: str
    unit: str = ""


def preferences(
    engine: Engine, table: Table, columns: VoteColumns, order: bool, level: float, seed: int, progress: Progress
) -> tuple[Votes, tuple[Strength, ...], Estimate | None]:
    """Votes, strengths with ranks (the strongest first), and the order effect.

    Raises:
        AssayError: columns that are missing or empty, a winner that is neither model, models that no votes link.
    """
    named = {"first": columns.first, "second": columns.second, "winner": columns.winner, "unit": columns.unit}
    for role, column in named.items():
        if column:
            require(table, [column], f"the {role} model" if role in ("first", "second") else f"the {role}")
    progress.step("read", 1)
    rows, units, effective = _rows(engine, table, columns)
    names, votes = _votes(table, columns, rows)
    refuse_unconnected(votes, names)
    progress.step("infer", 1)
    found = infer_strengths(votes, bool(columns.unit), order, level, seed)
    total = int(votes.counts.sum())
    shape = Design(total, units or total, effective or float(total), bool(columns.unit))
    made = [estimate(r, shape, level=level) for r in found.models]
    strengths = [
        Strength(
            str(names[m]),
            made[m],
            int(found.ranks[m]),
            (int(found.bounds[m, 0]), int(found.bounds[m, 1])),
            *_record(votes, m),
        )
        for m in np.argsort(found.ranks)
    ]
    return votes, tuple(strengths), None if found.order is None else estimate(found.order, shape, level=level)


def _rows(engine: Engine, table: Table, columns: VoteColumns) -> tuple[dict[str, Array], int, float]:
    asked = (columns.first, columns.second, columns.winner, *((columns.unit,) if columns.unit else ()))
    for column, profile in engine.profile(table, asked).items():
        if profile.rows == 0:
            raise InputError("has no rows", rule="ranks need votes", fix="check the file", where=table.source)
        if profile.missing:
            raise AlignmentError(
                f"the column {column!r} is empty in {counted(profile.missing, 'row')}",
                rule="a vote names both models and who won",
                fix="drop these rows; a tie is written as tie",
                where=table.source,
            )
    shared = {"u": columns.unit} if columns.unit else {}
    arms = (("a0", columns.first, None), ("a1", columns.second, None), ("a2", columns.winner, None))
    joined = engine.join([Member(table, (columns.first,), shared, arms)])
    kept = ["a0", "a1", "a2"]
    if not columns.unit:
        return engine.rows(joined, kept, kept), 0, 0.0
    grouped, units, effective, _ = engine.groups(joined, ("u",), GROUPS)
    if units == 1:
        raise AlignmentError(
            f"the unit column {columns.unit!r} has one value",
            rule="units are what was sampled",
            fix="name the column of voters, or leave --unit out where every vote is independent",
            where=table.source,
        )
    return engine.rows(grouped, [*kept, "g"], [*kept, "g"]), units, effective


def _votes(table: Table, columns: VoteColumns, rows: dict[str, Array]) -> tuple[Array, Votes]:
    first, second, winner = (np.asarray(np.ma.getdata(rows[c])).astype(str) for c in ("a0", "a1", "a2"))
    same = np.flatnonzero(first == second)
    if same.size:
        raise InputError(
            f"{str(first[same[0]])!r} is compared with itself in {counted(same.size, 'row')}",
            rule="a vote is between two models",
            fix="drop these rows",
            where=table.source,
        )
    outcome = np.full(first.size, -1, dtype=np.int64)
    outcome[np.isin(winner, TIES)] = 2
    outcome[(winner == second) | (winner == columns.second)] = 1
    outcome[(winner == first) | (winner == columns.first)] = 0
    wrong = np.flatnonzero(outcome < 0)
    if wrong.size:
        at = wrong[0]
        raise InputError(
            f"{str(winner[at])!r} won in {counted(wrong.size, 'row')}, such as {str(first[at])!r} against"
            f" {str(second[at])!r}",
            rule=f"the winner is one of the two models, {columns.first!r}, {columns.second!r}, or 'tie'",
            fix="correct the column, or name another --winner",
            where=table.source,
        )
    names, codes = np.unique(np.concatenate([first, second]), return_inverse=True)
    group: Any = rows.get("g")
    units: Ints = np.zeros(first.size, dtype=np.int64)
    if group is not None:
        units = np.unique(np.asarray(group), return_inverse=True)[1].astype(np.int64)
    return names, count_votes(codes[: first.size], codes[first.size :], outcome, units, names.size)


def _record(votes: Votes, model: int) -> tuple[int, int, int]:
    """Won, lost and tied."""
    one, other = votes.counts[votes.first == model].sum(axis=0), votes.counts[votes.second == model].sum(axis=0)
    return int(one[0] + other[1]), int(one[1] + other[0]), int(one[2] + other[2])
