"""Verb `agreement`: how far raters agree, with an interval over the items that were sampled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assay.base.errors import InputError
from assay.base.progress import Progress, Silent
from assay.base.version import VERSION
from assay.base.wording import counted
from assay.engine import DuckEngine
from assay.flows.agreement import RatingColumns, agreement
from assay.records.access import WRITE, Principal
from assay.records.agreement import AgreementSet
from assay.remote.address import LabPlace
from assay.verbs import reads
from assay.verbs.inputs import check_level, open_input
from assay.verbs.served import served

DEFAULT = ("krippendorff", "agreement", "ceiling")


@dataclass(frozen=True, slots=True)
class AgreementRequest:
    """What `assay agreement` asks for.

    Attributes:
        table: A path, or a table in memory.
        item: The column of what is rated.
        ratings: One column of ratings beside `rater`, or a column for each rater.
        rater: The column of who rates.
        unit: The column of what was sampled; the item unless given.
        scale: `nominal`, `ordinal`, `interval` or `ratio`.
        measures: Names of measures; alpha, the share of agreeing pairs and the ceiling unless given.
    """

    table: Any
    item: str
    ratings: Sequence[str]
    rater: str = ""
    unit: str = ""
    scale: str = "nominal"
    measures: Sequence[str] = ()
    level: float = 0.95


@served(WRITE, long=True, request={"table": "file"})
def run(
    request: AgreementRequest,
    progress: Progress | None = None,
    lab: LabPlace | None = None,
    by: Principal | None = None,
) -> AgreementSet:
    """Measure the agreement; a read of data that the lab knows is entered in its ledger.

    Args:
        request: What is asked.
        progress: Hears of the steps.
        lab: That may know the data; by default the nearest from the working folder upwards, if there is one.
        by: Who asks over HTTP.

    Raises:
        AssayError: bad input; nothing is written in any case.
    """
    check_level(request.level)
    if not request.item or not request.ratings:
        raise InputError(
            "what is rated, or the rating, is not named",
            rule="ratings are of items",
            fix="--item COLUMN --rater COLUMN --rating COLUMN",
        )
    columns = RatingColumns(
        request.item,
        tuple(dict.fromkeys(request.ratings)),
        request.rater,
        request.unit if request.unit != request.item else "",
    )
    measures: Any = tuple(dict.fromkeys(request.measures)) or DEFAULT
    scale: Any = request.scale
    with DuckEngine() as engine:
        opened = open_input(engine, request.table, "ratings")
        read, found = agreement(engine, opened.table, columns, measures, scale, request.level, progress or Silent())
        inputs = (opened.describe(engine),)
        unsure = reads.enter("agreement", inputs, measures, None, (lab, by))
    sizes = [n for n in _sizes(read.ratings.item) if n]
    alone = sum(n == 1 for n in sizes)
    lone = (f"{counted(alone, 'item')} with one rating left out: no agreement to see",) if alone else ()
    return AgreementSet(
        VERSION,
        inputs,
        request.scale,
        columns.unit or columns.item,
        read.items,
        alone,
        read.raters,
        sum(n for n in sizes if n > 1),
        found,
        (*unsure, *lone),
    )


def _sizes(item: Any) -> list[int]:
    counts: dict[int, int] = {}
    for i in item.tolist():
        counts[i] = counts.get(i, 0) + 1
    return list(counts.values())
