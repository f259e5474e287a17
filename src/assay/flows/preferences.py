"""Votes between two models become strengths and ranks: read, check, infer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assay.base.errors import AlignmentError, InputError
from assay.base.numeric import check_squares
from assay.base.progress import Progress
from assay.base.wording import counted
from assay.data.columns import filled, require
from assay.records.estimate import Estimate
from assay.records.metric import Array, Floats, Ints
from assay.records.preferences import Showing, Slope, Strength
from assay.records.protocols import Engine, Member, Table
from assay.records.sample import GROUPS, Design
from assay.stats.estimates import estimate
from assay.stats.orders import orders
from assay.stats.preferences import Votes, count_votes, refuse_collinear, refuse_unconnected
from assay.stats.strengths import infer_strengths

NOT_BY_CHANCE = 0.001
"""The p-value below which a warning says that the order of showing was not drawn by chance."""
TIES = ("tie", "tie (bothbad)")


@dataclass(frozen=True, slots=True)
class VoteColumns:
    """Where the votes are.

    Attributes:
        first: The column of the model shown first.
        second: The column of the other.
        winner: The column of who won: a model's name, the name of its column, or `tie`.
        unit: The column of what was sampled; empty where every vote is a unit.
        covariates: Columns of numbers that say how the first answer differs from the second.
    """

    first: str
    second: str
    winner: str
    unit: str = ""
    covariates: tuple[str, ...] = ()


def preferences(
    engine: Engine, table: Table, columns: VoteColumns, order: bool, level: float, seed: int, progress: Progress
) -> tuple[Votes, tuple[Strength, ...], Estimate | None, tuple[Slope, ...], Showing | None]:
    """Votes, strengths with ranks (the strongest first), the order effect, slopes of covariates, and the order shown.

    Raises:
        AssayError: columns that are missing or empty, a winner that is neither model, models that no votes link.
    """
    named = {"first": columns.first, "second": columns.second, "winner": columns.winner, "unit": columns.unit}
    for role, column in named.items():
        if column:
            require(table, [column], f"the {role} model" if role in ("first", "second") else f"the {role}")
    _check_covariates(table, columns.covariates)
    progress.step("read", 1)
    rows, units, effective = _rows(engine, table, columns)
    names, votes = _votes(table, columns, rows)
    refuse_unconnected(votes, np.array(names))
    refuse_collinear(votes, order, columns.covariates)
    progress.step("infer", 1)
    found = infer_strengths(votes, bool(columns.unit), order, level, seed)
    total = int(votes.counts.sum())
    shape = Design(total, units or total, effective or float(total), bool(columns.unit))
    made = [estimate(r, shape, level=level) for r in found.models]
    strengths = [
        Strength(
            names[m],
            made[m],
            int(found.ranks[m]),
            (int(found.bounds[m, 0]), int(found.bounds[m, 1])),
            *_record(votes, m),
        )
        for m in np.argsort(found.ranks)
    ]
    slopes = tuple(
        Slope(c, estimate(r, shape, level=level)) for c, r in zip(columns.covariates, found.slopes, strict=True)
    )
    ordered = None if found.order is None else estimate(found.order, shape, level=level)
    showing = _showing(votes, names, bool(columns.unit)) if order else None
    return votes, tuple(strengths), ordered, slopes, showing


def _showing(votes: Votes, names: list[str], clustered: bool) -> Showing:
    found = orders(votes, clustered)
    one, other = ("", "") if found.worst is None else (names[m] for m in found.worst)
    return Showing(found.statistic, found.df, found.p_value, found.pairs, found.left_out, one, other, found.counts)


def order_warnings(showing: Showing | None) -> tuple[str, ...]:
    """What an order that was not drawn by chance means for the strengths; empty where nothing speaks against it."""
    if showing is None or showing.p_value is None or showing.p_value >= NOT_BY_CHANCE:
        return ()
    ahead, behind = showing.counts
    return (
        f"{showing.first!r} was shown first in {ahead:,} of {ahead + behind:,} votes with {showing.second!r}: the order"
        f" was not drawn by chance (p < {NOT_BY_CHANCE:g} over {counted(showing.pairs, 'pair')}), and strengths may"
        " hold what it does beyond one advantage for all",
    )


def _check_covariates(table: Table, covariates: tuple[str, ...]) -> None:
    require(table, covariates, "a covariate")
    for column in covariates:
        if covariates.count(column) > 1:
            raise InputError(f"the covariate {column!r} is named twice", rule="covariates are different columns")
        if table.columns[column] not in ("number", "integer", "boolean"):
            raise InputError(
                f"the covariate {column!r} is {table.columns[column]}",
                rule="a covariate is a number: how the first answer differs from the second",
                fix="code it as a number",
                where=table.source,
            )


def _rows(engine: Engine, table: Table, columns: VoteColumns) -> tuple[dict[str, Array], int, float]:
    asked = (columns.first, columns.second, columns.winner, *((columns.unit,) if columns.unit else ()))
    asked = (*asked, *columns.covariates)
    filled(engine, table, asked, "a vote names both models and who won", "drop these rows; a tie is written as tie")
    shared = {"u": columns.unit} if columns.unit else {}
    named = (columns.first, columns.second, columns.winner, *columns.covariates)
    arms = tuple((f"a{i}", c, None) for i, c in enumerate(named))
    joined = engine.join([Member(table, (columns.first,), shared, arms)])
    kept = [name for name, *_ in arms]
    if not columns.unit:
        return engine.rows(joined, kept, ()), 0, 0.0
    grouped, units, effective, _ = engine.groups(joined, ("u",), GROUPS)
    if units == 1:
        raise AlignmentError(
            f"the unit column {columns.unit!r} has one value",
            rule="units are what was sampled",
            fix="name the column of voters, or leave --unit out where every vote is independent",
            where=table.source,
        )
    # Votes are counted, so their order does not matter.
    return engine.rows(grouped, [*kept, "g"], ()), units, effective


def _votes(table: Table, columns: VoteColumns, rows: dict[str, Array]) -> tuple[list[str], Votes]:
    shown = [list(map(str, np.ma.getdata(rows[c]).tolist())) for c in ("a0", "a1", "a2")]
    names = sorted({*shown[0], *shown[1]})
    place = {name: i for i, name in enumerate(names)}
    first, second = (np.fromiter(map(place.__getitem__, v), np.int64, len(v)) for v in shown[:2])
    same = np.flatnonzero(first == second)
    if same.size:
        raise InputError(
            f"{names[first[same[0]]]!r} is compared with itself in {counted(same.size, 'row')}",
            rule="a vote is between two models",
            fix="drop these rows",
            where=table.source,
        )
    outcome = _outcomes(table, columns, (first, second), place, shown[2])
    wrong = np.flatnonzero(outcome < 0)
    if wrong.size:
        one, other, won = (v[wrong[0]] for v in shown)
        raise InputError(
            f"{won!r} won in {counted(wrong.size, 'row')}, such as {one!r} against {other!r}",
            rule=f"the winner is one of the two models, {columns.first!r}, {columns.second!r}, or 'tie'",
            fix="correct the column, or name another --winner",
            where=table.source,
        )
    units: Ints = np.zeros(first.size, dtype=np.int64)
    if "g" in rows:
        units = np.unique(np.asarray(rows["g"]), return_inverse=True)[1].astype(np.int64)
    return names, count_votes(first, second, outcome, units, len(names), _covariates(table, columns, rows))


def _outcomes(
    table: Table, columns: VoteColumns, pair: tuple[Ints, Ints], place: dict[str, int], won: list[str]
) -> Ints:
    """0 where the first model won, 1 the second, 2 a tie, -1 where the winner is none of them: [n].

    Raises:
        InputError: a winner that is a model's name and a column's, or `tie`, and means different things as either.
    """
    words = {columns.first: 0, columns.second: 1, **dict.fromkeys(TIES, 2)}
    by_word = np.fromiter((words.get(w, -1) for w in won), np.int64, len(won))
    named = np.fromiter((place.get(w, -1) for w in won), np.int64, len(won))
    by_name = np.select([named == pair[0], named == pair[1]], [0, 1], -1)
    unclear = np.flatnonzero((by_word >= 0) & (by_name >= 0) & (by_word != by_name))
    if unclear.size:
        raise InputError(
            f"{won[unclear[0]]!r} is a model's name and {_meaning(won[unclear[0]])} in {counted(unclear.size, 'row')}",
            rule="a winner means one thing",
            fix="rename the model, or the columns",
            where=table.source,
        )
    return np.where(by_name >= 0, by_name, by_word)


def _meaning(word: str) -> str:
    return "the word for a tie" if word in TIES else "that of a column"


def _covariates(table: Table, columns: VoteColumns, rows: dict[str, Array]) -> Floats | None:
    if not columns.covariates:
        return None
    found = [np.ma.filled(rows[f"a{i + 3}"].astype(float), np.nan) for i in range(len(columns.covariates))]
    for column, values in zip(columns.covariates, found, strict=True):
        if not np.isfinite(values).all():
            wrong = counted(int(np.count_nonzero(~np.isfinite(values))), "row")
            raise InputError(
                f"the covariate {column!r} is no finite number in {wrong}",
                rule="every vote has its covariates",
                fix="correct these rows, or drop them",
                where=table.source,
            )
        check_squares(values, f"the covariate {column!r}")
    return np.stack(found, axis=1)


def _record(votes: Votes, model: int) -> tuple[int, int, int]:
    """Won, lost and tied."""
    one, other = votes.counts[votes.first == model].sum(axis=0), votes.counts[votes.second == model].sum(axis=0)
    return int(one[0] + other[1]), int(one[1] + other[0]), int(one[2] + other[2])
