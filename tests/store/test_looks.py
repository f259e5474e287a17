"""Looks: counted per dataset version, across plans, once per plan, data and scores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.base.errors import StoreError
from assay.store import LocalStore, Look
from tests.store.labs import sha


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with LocalStore.create(tmp_path) as store:
        with store.transaction() as session:
            for name, plan in (("late", sha("a")), ("early", sha("b"))):
                session.plans.freeze(name, plan, sha("1"))
                session.evidence.keep(f"bundle-{plan}", plan, "inputs", sha("2"), "hold")
        yield store


def look(store: LocalStore, candidate: str, *, plan: str = sha("a"), data: str = "v1") -> Look:
    with store.transaction() as session:
        return session.looks.record(
            plan=plan, dataset=data, lineage="v1", candidate=candidate, scores=f"scores-{candidate}",
            evidence=f"bundle-{plan}",
        )  # fmt: skip


def test_the_same_plan_data_and_scores_are_one_look(store: LocalStore) -> None:
    assert look(store, "c1") == look(store, "c1")
    assert len(store.entries(kind="look.read")) == 1


def test_looks_are_found_across_plans(store: LocalStore) -> None:
    look(store, "c1")
    look(store, "c2", plan=sha("b"))
    look(store, "c1", plan=sha("b"))
    with store.snapshot() as session:
        assert sorted(x.candidate for x in session.looks.on_dataset("v1")) == ["c1", "c1", "c2"]
        assert [x.candidate for x in session.looks.of_plan(sha("a"))] == ["c1"]


def test_each_dataset_version_has_its_own_count_and_shares_the_lineage(store: LocalStore) -> None:
    for data in ("v1", "v2"):
        look(store, "c1", data=data)
    with store.snapshot() as session:
        assert {x.dataset for x in session.looks.on_lineage("v1")} == {"v1", "v2"}


def test_a_look_needs_its_evidence_and_plan(store: LocalStore) -> None:
    with pytest.raises(StoreError, match="refused"):
        look(store, "c1", plan=sha("c"))
    assert store.entries(kind="look.read") == ()
