"""Appending, paging and erasing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assay.base import clock
from assay.base.canonical import digest_json, plain
from assay.base.errors import StoreError
from assay.store import LocalStore
from assay.store.ledger import entry_hash, genesis
from tests.store.labs import ANN, BOB

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with LocalStore.create(tmp_path, ANN) as store:
        yield store


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStore]:
    with LocalStore.create(tmp_path_factory.mktemp("shared"), ANN) as store:
        yield store


@settings(deadline=None)
@given(payload=JSON)
def test_any_json_payload_comes_back_and_verifies(shared: LocalStore, payload: Any) -> None:
    entry = shared.append("run.ended", payload)
    assert entry.content() == plain(payload)
    assert entry.payload_digest == digest_json(payload)
    assert shared.entries(after=entry.position - 1) == (entry,)
    assert shared.verify().ok


def test_the_chain_is_what_the_documents_say(store: LocalStore) -> None:
    store.append("run.ended", {"loss": math.inf})
    first, second = store.entries()
    assert first.prev == genesis(store.writer) == digest_json(vars(store.writer))
    assert second.prev == first.hash
    assert second.payload == '{"loss":"inf"}'
    assert second.hash == digest_json(
        {
            "writer": store.writer.id,
            "seq": 2,
            "prev": first.hash,
            "kind": "run.ended",
            "payload_digest": second.payload_digest,
            "time": second.time,
        }
    )


def test_the_hash_of_an_entry_never_changes() -> None:
    # `sha256sum` of {"kind":"a.b","payload_digest":"d","prev":"p","seq":1,"time":"t","writer":"w"}
    assert entry_hash("w", 1, "p", "a.b", "d", "t") == (
        "sha256:9afc013571e6afe2c125c7b81ac6d51c792132ec915bdb9cc2e21dc88e02a76e"
    )


def test_pages_follow_one_another(store: LocalStore) -> None:
    made = [store.append("run.ended", {"i": i}) for i in range(7)]
    first = store.entries(limit=4, after=1)
    assert [*first, *store.entries(limit=4, after=first[-1].position)] == made


def test_a_clock_that_goes_back_does_not_break_the_chain(store: LocalStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: "1999-12-31T23:59:59.000000+00:00")
    assert store.append("run.ended", {}).time.startswith("1999")
    assert store.verify().ok


@pytest.mark.parametrize("kind", ["", "run", "Run.ended", "run.ended;", "plan.frozen", "ledger.erased", "look.read"])
def test_malformed_and_reserved_kinds_are_refused(store: LocalStore, kind: str) -> None:
    with pytest.raises(StoreError, match="cannot be of kind"):
        store.append(kind, {})
    assert len(store.entries()) == 1


@pytest.mark.parametrize("payload", [object(), {"x": {1, 2}}, b"bytes", "\ud800"])
def test_what_is_not_json_is_refused(store: LocalStore, payload: Any) -> None:
    with pytest.raises(StoreError, match="not JSON"):
        store.append("run.ended", payload)
    assert len(store.entries()) == 1


def test_an_erasure_says_who_and_why(store: LocalStore) -> None:
    entry = store.append("note.taken", {"text": "Carol"})
    with LocalStore.open(store.root, BOB) as bob:
        said = bob.erase(entry.writer, entry.seq, "named a patient")
    assert (said.writer, said.kind) == (bob.writer.id, "ledger.erased")
    assert said.content() == {"writer": entry.writer, "seq": entry.seq, "reason": "named a patient"}
    report = store.verify()
    assert report.ok
    assert sum(chain.erased for chain in report.chains) == 1


@pytest.mark.parametrize(("seq", "reason"), [(3, "why"), (4, "why"), (5, "why"), (2, " "), (9, "why")])
def test_records_erasures_and_nothing_cannot_be_erased(store: LocalStore, seq: int, reason: str) -> None:
    note = store.append("note.taken", {})
    assert note.seq == 2
    with store.transaction() as session:
        session.plans.freeze("late", "sha256:a", "sha256:b")
    gone = store.append("note.taken", {})
    store.erase(gone.writer, gone.seq, "why")
    with pytest.raises(StoreError):
        store.erase(store.writer.id, seq, reason)
    assert store.verify().ok


def test_a_search_sees_every_event_newest_first_and_by_page(store: LocalStore) -> None:
    with store.transaction() as session:
        for i in range(12):
            session.ledger.append("note.kept", {"said": f'Fünf "{i % 3}" 100% a_b'})
        session.ledger.append("other.kept", ["x"])
    with store.snapshot() as session:
        ledger = session.ledger
        first = ledger.search('fünf "1"', 3)
        assert first.total == 4
        rest = ledger.search('fünf "1"', 3, before=first.entries[-1].position)
        places = [e.position for e in (*first.entries, *rest.entries)]
        assert places == sorted(places, reverse=True)
        assert (len(places), rest.total) == (4, 4)
        # What is a sign of a pattern in SQL is none here.
        assert (ledger.search("100%").total, ledger.search("1%0").total, ledger.search("a_b").total) == (12, 0, 12)
        assert ledger.search("", kind="other.kept").total == 1
        assert ledger.search("OTHER.kept").entries[0].content() == ["x"]
        assert ledger.search(first.entries[0].hash[7:30].upper()).total == 1
        assert ledger.search("\0").total == 0
        assert ledger.kinds()["note.kept"] == 12
        assert ledger.search("").total == sum(ledger.kinds().values())
