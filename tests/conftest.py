"""What all tests share: how many examples a property is tried on is its own, how long one takes is nobody's.

The tests try the same examples wherever they run; `make faults` tries new ones.

Engines are databases of one instance of DuckDB, whose start takes longer than what most tests ask of it; commands that
tests start as processes have instances of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.helpers.engines import Shared

settings.register_profile("explore", deadline=None, derandomize=False, print_blob=True)
settings.register_profile("assay", deadline=None, derandomize=True, database=None, print_blob=True)
settings.load_profile("assay")


@pytest.fixture(autouse=True, scope="session")
def _shared_instance() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        Shared().take_place(patch)
        yield
