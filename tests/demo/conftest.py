"""The flights, read once."""

from __future__ import annotations

import pytest
from demo.flights import Flights, read_flights


@pytest.fixture(scope="session")
def flights(tmp_path_factory: pytest.TempPathFactory) -> Flights:
    return read_flights(tmp_path_factory.mktemp("flights"))
