"""What all tests share: how many examples a property is tried on is its own, how long one takes is nobody's.

The tests try the same examples wherever they run; `make faults` tries new ones.

Engines are databases of one instance of DuckDB, whose start takes longer than what most tests ask of it; commands that
tests start as processes have instances of their own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.helpers.engines import Shared

settings.register_profile("explore", deadline=None, derandomize=False, print_blob=True)
settings.register_profile("assay", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("assay")

ROUNDS = int(os.environ.get("ASSAY_ROUNDS", "1"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Do each test of a fault as often as `make faults` asks: what goes wrong once in fifty times is found there."""
    if ROUNDS > 1 and metafunc.definition.get_closest_marker("fault"):
        metafunc.fixturenames.append("fault_round")
        metafunc.parametrize("fault_round", range(ROUNDS))


@pytest.fixture(autouse=True, scope="session")
def _shared_instance() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        Shared().take_place(patch)
        yield
