"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import pkgutil
from importlib import import_module

import pytest

import assay

MODULES = sorted(m.name for m in pkgutil.walk_packages(assay.__path__, "assay.") if "migrations" not in m.name)


@pytest.fixture(autouse=True)
def registries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Metrics that an example registers are gone afterwards."""
    from assay.metrics import METRICS

    monkeypatch.setattr(METRICS, "_items", dict(METRICS._items))


@pytest.mark.parametrize("name", ["assay", *MODULES])
def test_examples_are_true(name: str) -> None:
    found = doctest.testmod(import_module(name))
    assert found.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    many = [t for n in MODULES for t in finder.find(import_module(n)) if t.examples]
    assert len(many) >= 10
