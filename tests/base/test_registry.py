"""Registries: a name is taken once, an unknown one gets the nearest, plug-ins come when first asked for."""

from __future__ import annotations

import pytest

from assay.base import registry
from assay.base.errors import MetricError
from assay.base.registry import Registry


def made() -> Registry[int]:
    found: Registry[int] = Registry("metric", "assay.none", MetricError)
    found.add("recall", 1)
    found.add("accuracy", 2)
    return found


def test_items_are_found_and_listed_in_order() -> None:
    assert made().get("recall") == 1
    assert made().names() == ["accuracy", "recall"]
    assert list(made()) == [("accuracy", 2), ("recall", 1)]


def test_a_name_is_taken_once() -> None:
    with pytest.raises(MetricError, match="the metric 'recall' is registered twice"):
        made().add("recall", 3)


def test_an_unknown_name_gets_the_nearest() -> None:
    with pytest.raises(MetricError, match=r"unknown metric 'recal'; known: accuracy, recall; did you mean 'recall'\?"):
        made().get("recal")
    with pytest.raises(MetricError, match="choose one of the known metrics"):
        made().get("zzz")


def test_plug_ins_are_loaded_once_and_only_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []
    items = made()

    class Point:
        def load(self) -> None:
            loads.append("loaded")
            items.add("mine", 9)

    monkeypatch.setattr(registry, "entry_points", lambda group: [Point()])
    assert items.get("recall") == 1
    assert loads == []
    assert items.get("mine") == 9
    assert items.names() == ["accuracy", "mine", "recall"]
    assert loads == ["loaded"]


def test_of_many_names_those_most_alike_are_listed() -> None:
    found = Registry[str]("metric", "none", MetricError)
    for i in range(50):
        found.add(f"name_{i}", "")
    with pytest.raises(MetricError, match=r"known: name_4\d?, .*, …; did you mean 'name_4"):
        found.get("nam_4")
