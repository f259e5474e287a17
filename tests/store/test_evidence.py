"""Evidence is kept once per plan and inputs, and found again by them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.base.errors import StoreError
from assay.store import LocalStore
from tests.store.labs import sha


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with LocalStore.create(tmp_path) as store:
        with store.transaction() as session:
            session.plans.freeze("late", sha("a"), sha("1"))
        yield store


def test_the_first_bundle_of_the_same_inputs_is_returned(store: LocalStore) -> None:
    with store.transaction() as session:
        first = session.evidence.keep("e1", sha("a"), "inputs", sha("2"), "hold", "evidence/e1")
        assert session.evidence.keep("e2", sha("a"), "inputs", sha("3"), "adopt") == first
        other = session.evidence.keep("e3", sha("a"), "others", sha("3"), "adopt")
    with store.snapshot() as session:
        assert session.evidence.find(sha("a"), "inputs") == session.evidence.get("e1") == first
        assert session.evidence.find(sha("a"), "none") is None
        assert set(session.evidence.all()) == {first, other} == set(session.evidence.all(plan=sha("a")))
        assert session.evidence.all(plan=sha("b")) == ()
    assert len(store.entries(kind="evidence.kept")) == 2


@pytest.mark.parametrize(("plan", "recommendation"), [(sha("b"), "hold"), (sha("a"), "ship it")])
def test_an_unknown_plan_or_recommendation_is_refused(store: LocalStore, plan: str, recommendation: str) -> None:
    with pytest.raises(StoreError, match="refused"), store.transaction() as session:
        session.evidence.keep("e1", plan, "inputs", sha("2"), recommendation)
    assert store.verify().ok
    assert len(store.entries()) == 2
