"""Every value of a series as CSV, run by run and piece by piece: the way out of what a page shows thinned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assay.base.cells import csv_lines
from assay.base.errors import MissingError
from assay.records.runs import Series
from assay.remote.address import LabPlace
from assay.runs.reading import read_contents
from assay.verbs.runs import RunShown, shown

HEAD = ("run", "name", "series", "step", "value", "time")
PIECE = 20_000


def values_csv(runs: Sequence[str], name: str, lab: LabPlace | None = None) -> Iterator[str]:
    """Steps, values and times of every series of that name, of each rank and worker, in pieces of CSV.

    Args:
        runs: By id, in the order in which they come; of several those without the series are passed over.
        name: Of the series.

    Raises:
        MissingError: there is no such run, or the only one has no such series.
    """
    found = [shown(run, lab) for run in runs]
    first = _series(found[0], name) if found else []
    if len(found) == 1 and not first:
        raise MissingError(
            f"the run {runs[0]!r:.80} has no series {name!r:.100}", rule="a series has a name", fix="assay runs show"
        )
    return _pieces(found, first, name)


def _pieces(found: Sequence[RunShown], first: Sequence[Series], name: str) -> Iterator[str]:
    yield csv_lines([HEAD])
    for place, run in enumerate(found):
        for series in first if place == 0 else _series(run, name):
            said = csv_lines([(run.start.id, run.start.name, series.key.words())]).rstrip("\r\n")
            for start in range(0, len(series), PIECE):
                columns = (series.steps, series.values, series.times)
                rows = zip(*(c[start : start + PIECE].tolist() for c in columns), strict=True)
                yield "".join([f"{said},{step},{value!r},{time!r}\r\n" for step, value, time in rows])


def _series(run: RunShown, name: str) -> list[Series]:
    return [series for key, series in read_contents(run.folder).series.items() if key.name == name]
