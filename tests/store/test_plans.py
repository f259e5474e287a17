"""Frozen plans: versions in one line, each deviation with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from assay.base.errors import FrozenError
from assay.store import LocalStore
from tests.store.labs import sha


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with LocalStore.create(tmp_path) as store:
        yield store


def test_a_plan_is_frozen_once_with_one_entry(store: LocalStore) -> None:
    for _ in range(2):
        with store.transaction() as session:
            plan = session.plans.freeze("late", sha("a"), sha("1"))
    assert (plan.version, plan.parent, plan.reason, plan.frozen_by) == (1, None, None, store.writer.user)
    entries = store.entries(kind="plan.frozen")
    assert [e.content()["digest"] for e in entries] == [sha("a")]
    with store.snapshot() as session:
        assert session.plans.get(sha("a")) == plan
        assert session.plans.get(sha("b")) is None


def test_a_deviation_is_the_next_version(store: LocalStore) -> None:
    with store.transaction() as session:
        first = session.plans.freeze("late", sha("a"), sha("1"))
        second = session.plans.freeze("late", sha("b"), sha("2"), first.digest, "the unit was wrong")
        other = session.plans.freeze("early", sha("c"), sha("3"))
    with store.snapshot() as session:
        assert session.plans.versions("late") == (first, second)
        assert session.plans.all() == (other, first, second)
    assert (second.version, second.parent, second.reason) == (2, sha("a"), "the unit was wrong")
    assert store.verify().ok


@pytest.mark.parametrize(
    ("parent", "reason", "said"),
    [
        (None, None, "latest frozen version is 2"),
        (sha("a"), "why", "latest frozen version is 2"),
        (sha("b"), None, "says why"),
        (sha("b"), "  ", "says why"),
    ],
)
def test_a_deviation_names_the_latest_version_and_a_reason(
    store: LocalStore, parent: str | None, reason: str | None, said: str
) -> None:
    with store.transaction() as session:
        session.plans.freeze("late", sha("a"), sha("1"))
        session.plans.freeze("late", sha("b"), sha("2"), sha("a"), "why")
    with pytest.raises(FrozenError, match=said), store.transaction() as session:
        session.plans.freeze("late", sha("c"), sha("3"), parent, reason)
    assert len(store.entries(kind="plan.frozen")) == 2


@pytest.mark.parametrize(("parent", "reason"), [(sha("z"), "why"), (None, "why")])
def test_a_first_version_departs_from_nothing(store: LocalStore, parent: str | None, reason: str) -> None:
    with pytest.raises(FrozenError), store.transaction() as session:
        session.plans.freeze("late", sha("a"), sha("1"), parent, reason)
