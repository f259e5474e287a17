"""Verb `preferences`: which models are stronger, by votes between two, and which are really tied."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assay.base.errors import InputError
from assay.base.progress import Progress, Silent
from assay.base.version import VERSION
from assay.engine import DuckEngine
from assay.flows.preferences import VoteColumns, order_warnings, preferences
from assay.records.access import WRITE, Principal
from assay.records.preferences import PreferenceSet
from assay.remote.address import LabPlace
from assay.verbs import reads
from assay.verbs.inputs import check_level, check_seed, open_input
from assay.verbs.served import served


@dataclass(frozen=True, slots=True)
class PreferenceRequest:
    """What `assay preferences` asks for.

    Attributes:
        table: A path, or a table in memory.
        first: The column of the model shown first.
        second: The column of the other.
        winner: The column of who won: a model's name, the name of its column, or `tie`.
        unit: The column of who votes, or what was voted on; every vote unless given.
        order: Whether the model shown first may have an advantage; then also whether the order was drawn by chance.
        covariates: Columns of numbers that say how the first answer differs from the second.
    """

    table: Any
    first: str
    second: str
    winner: str
    unit: str = ""
    order: bool = False
    level: float = 0.95
    seed: int = 0
    covariates: Sequence[str] = ()


@served(WRITE, long=True, request={"table": "file"})
def run(
    request: PreferenceRequest,
    progress: Progress | None = None,
    lab: LabPlace | None = None,
    by: Principal | None = None,
) -> PreferenceSet:
    """Fit the strengths; a read of data that the lab knows is entered in its ledger.

    Args:
        request: What is asked.
        progress: Hears of the steps.
        lab: That may know the data; by default the nearest from the working folder upwards, if there is one.
        by: Who asks over HTTP.

    Raises:
        AssayError: bad input; nothing is written in any case.
    """
    check_level(request.level)
    check_seed(request.seed)
    if not (request.first and request.second and request.winner):
        raise InputError(
            "a model, or the winner, is not named",
            rule="a vote names both models and who won",
            fix="--first COLUMN --second COLUMN --winner COLUMN",
        )
    columns = VoteColumns(request.first, request.second, request.winner, request.unit, tuple(request.covariates))
    with DuckEngine() as engine:
        opened = open_input(engine, request.table, "votes")
        votes, models, order, slopes, showing = preferences(
            engine, opened.table, columns, request.order, request.level, request.seed, progress or Silent()
        )
        inputs = (opened.describe(engine),)
        unsure = reads.enter("preferences", inputs, ("strength",), None, (lab, by))
    total, ties = int(votes.counts.sum()), int(votes.counts[:, 2].sum())
    unit = request.unit or "vote"
    warnings = (*unsure, *order_warnings(showing))
    return PreferenceSet(
        VERSION, request.seed, inputs, unit, total, ties, request.level, models, order, slopes, warnings, showing
    )
