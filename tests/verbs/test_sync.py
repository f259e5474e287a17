"""Labs merge: idempotent, the same from both sides, conflicts named; nothing half after a kill."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

import assay
from assay.base.errors import AssayError, LookError, StoreError
from assay.cli.main import outcome
from assay.store import LocalStore
from assay.verbs import ledger, sync
from tests.faults.sync_loop import make_labs, rounds, state
from tests.runs.scenes import begun, logged
from tests.store.labs import ANN, BOB, record_all, sha, tamper
from tests.verbs.scenes import data, scene


def merge(ours: Path, theirs: Path, both: bool = False) -> tuple[sync.Merged, ...]:
    return sync.run(sync.SyncRequest(theirs, both, ours))


def test_both_directions_give_the_same_and_a_second_time_nothing(tmp_path: Path) -> None:
    ours, theirs = make_labs(tmp_path, 3)
    done, back = merge(ours, theirs, both=True)
    assert (len(done.runs), done.plans, done.same) == (3, 1, 0)
    assert (len(back.runs), back.same) == (3, 3)
    assert state(ours) == state(theirs)
    assert merge(ours, theirs)[0].nothing
    assert merge(theirs, ours)[0].nothing
    assert ledger.verify(ours).ok
    assert ledger.verify(theirs).ok
    # One entry names all heads; the lab that was behind adds none.
    assert len(ledger.page(theirs, 0, 1000, "labs.merged")) == 1


def test_it_does_not_matter_who_begins(tmp_path: Path) -> None:
    ours, theirs = make_labs(tmp_path / "one", 2)
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    merge(ours, theirs)
    merge(tmp_path / "two/theirs", tmp_path / "two/ours")
    first, other = state(ours), state(tmp_path / "two/theirs")
    # The merge entries differ, as they are of different writers; all else is alike.
    assert first[1:] == other[1:]


def test_three_labs_in_a_ring(tmp_path: Path) -> None:
    ours, theirs = make_labs(tmp_path, 1)
    with LocalStore.create(tmp_path / "third", BOB) as store:
        store.append("note.taken", {"i": 3})
    third = tmp_path / "third"
    for a, b in ((ours, theirs), (theirs, third), (third, ours), (ours, theirs), (theirs, third), (third, ours)):
        merge(b, a)
    for a, b in ((ours, theirs), (theirs, third), (third, ours)):
        assert merge(b, a)[0].nothing
    assert state(ours) == state(theirs) == state(third)


@pytest.mark.fault
def test_a_record_that_both_have_made_counts_once(tmp_path: Path) -> None:
    for name, who in (("ours", ANN), ("theirs", BOB)):
        with LocalStore.create(tmp_path / name, who) as store:
            record_all(store, "a")
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    merge(ours, theirs, both=True)
    assert state(ours) == state(theirs)
    for root in (ours, theirs):
        assert ledger.verify(root).ok
        with LocalStore.open(root) as store, store.snapshot() as session:
            assert len(session.plans.all()) == 1
            assert len(session.looks.on_dataset(sha("d"))) == 1
            assert len(session.ledger.entries(100, kind="look.read")) == 2
    # What stands behind another lab's record is found too, and the record itself is still guarded.
    tamper(ours / ".assay/lab.db", "DELETE FROM looks")
    assert not ledger.verify(ours).ok


def test_looks_of_two_labs_add_up(tmp_path: Path) -> None:
    """Two candidates, each judged in a lab of its own under `reuse: candidates: 2`, spend the data together."""
    table = data()
    reuse = {"candidates": 2, "release": "verdict"}
    plans = []
    for name, gain in (("ours", 0.35), ("theirs", 0.3)):
        other = data(gain=gain) | {"a": table["a"]}
        plans.append(scene(tmp_path / name, other, name=f"plan of {name}", reuse=reuse))
        assay.Lab(tmp_path / name).judge(plans[-1])
    merge(tmp_path / "ours", tmp_path / "theirs", both=True)
    held = assay.Lab(tmp_path / "ours")
    (version,) = held.looks("test")
    assert len(version.looks) == 2
    assert version.spent == pytest.approx(1.0)
    # The evidence came over, whole. Ours adopted first: theirs was read after an adoption, and the ledger says so.
    found = {kept.name: held.recheck(kept) for kept in (tmp_path / "ours/.assay/evidence").iterdir()}
    late = next(r for name, r in found.items() if name.startswith("plan-of-theirs"))
    assert [d.partition(":")[0] for d in late.differences] == ["looks"]
    assert all(r for name, r in found.items() if name.startswith("plan-of-ours"))
    table = data(gain=0.2) | {"a": table["a"]}
    with pytest.raises(LookError):
        held.judge(scene(tmp_path / "ours", table, name="third", reuse=reuse))


def test_a_plan_with_two_contents_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    for name, who, tag in (("ours", ANN, "a"), ("theirs", BOB, "b")):
        with LocalStore.create(tmp_path / name, who) as store:
            record_all(store, tag)
    before = state(tmp_path / "ours")
    logged(tmp_path / "theirs", [1.0])
    with pytest.raises(StoreError, match="two different versions 1"):
        merge(tmp_path / "ours", tmp_path / "theirs")
    after = state(tmp_path / "ours")
    assert (after[0], after[1], after[4]) == (before[0], before[1], before[4])


@pytest.mark.fault
def test_a_run_with_other_bytes_is_named_and_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ours, theirs = make_labs(tmp_path, 2)
    merge(ours, theirs)
    run = assay.Lab(theirs).runs(limit=1)[0].id
    start = theirs / ".assay/runs" / run / "start.json"
    start.write_text(start.read_text().replace('"name":""', '"name":"x"'))
    segment = next((theirs / ".assay/runs" / assay.Lab(theirs).runs(limit=2)[1].id).glob("*.seg"))
    segment.write_bytes(segment.read_bytes()[:-9] + b"otherwise")
    assert outcome(["sync", str(theirs), "--lab", str(ours)]) == 3
    said = capsys.readouterr().out
    assert "start.json has other bytes here" in said
    assert f"{segment.name} has other bytes here" in said
    assert "x" not in [r.name for r in assay.Lab(ours).runs()]


def test_a_run_that_went_on_grows(tmp_path: Path) -> None:
    ours, theirs = make_labs(tmp_path, 0)
    run = begun(theirs)
    run.log(loss=1.0, step=0)
    merge(ours, theirs)
    assert assay.Lab(ours).run(run.id).series("loss").values.tolist() == [1.0]
    run.log(loss=2.0, step=1)
    run.close()
    done = merge(ours, theirs)[0]
    assert done.grown == (run.id,)
    kept = assay.Lab(ours).run(run.id)
    assert kept.state == "finished"
    assert kept.series("loss").values.tolist() == [1.0, 2.0]
    back = merge(theirs, ours)[0]
    assert (back.runs, back.grown, back.same) == ((), (), 1)


@pytest.mark.fault
def test_run_folders_with_links_are_refused(tmp_path: Path) -> None:
    ours, theirs = make_labs(tmp_path, 1)
    runs = theirs / ".assay/runs"
    bad = runs / "20200101-000000-00000000"
    shutil.copytree(next(p for p in runs.iterdir()), bad)
    (bad / "x.seg").symlink_to("/etc/hostname")
    (runs / "20200101-000000-00000001").symlink_to(bad)
    (runs / "20200101-000000-00000002").mkdir()
    done = merge(ours, theirs)[0]
    assert len(done.runs) == 1
    assert len(done.refused) == 3
    assert sorted(p.name for p in (ours / ".assay/runs").iterdir()) != []
    assert not (ours / ".assay/runs/20200101-000000-00000000").exists()


@pytest.mark.parametrize("statement", ["UPDATE ledger SET kind = 'a.b' WHERE seq = 3", "DELETE FROM plans"])
def test_a_broken_lab_is_refused(tmp_path: Path, statement: str) -> None:
    ours, theirs = make_labs(tmp_path, 1)
    tamper(theirs / ".assay/lab.db", statement)
    before = state(ours)
    with pytest.raises(StoreError, match="broken"):
        merge(ours, theirs)
    with pytest.raises(StoreError, match="broken"):
        merge(theirs, ours)
    assert state(ours) == before


def test_a_chain_that_was_continued_twice_is_refused(tmp_path: Path) -> None:
    ours, _ = make_labs(tmp_path, 0)
    copy = tmp_path / "copy"
    shutil.copytree(ours, copy)
    with LocalStore.open(ours, ANN) as store:
        store.append("note.taken", {"here": 1})
    # As if the copy had been written to in the place of the first one.
    aside = tmp_path / "aside"
    ours.rename(aside)
    copy.rename(ours)
    with LocalStore.open(ours, ANN) as store:
        store.append("note.taken", {"there": 2})
    with pytest.raises(StoreError, match="goes on differently"):
        merge(ours, aside)


def test_a_damaged_file_is_named_and_one_that_a_plan_needs_is_refused(tmp_path: Path) -> None:
    ours, theirs = make_labs(tmp_path, 0)
    with LocalStore.open(theirs) as store:
        loose = store.blobs.path(store.blobs.put(b"weights"))
        needed = store.blobs.path(store.blobs.put(b"plan b"))
    loose.chmod(0o644)
    loose.write_bytes(b"other")
    assert "is damaged" in merge(ours, theirs)[0].refused[0]
    ours, theirs = make_labs(tmp_path / "second", 0)
    needed = theirs / needed.relative_to(tmp_path / "theirs")
    needed.unlink()
    with pytest.raises(StoreError, match="missing or damaged in the other lab"):
        merge(ours, theirs)
    assert len(ledger.page(ours, 0, 100)) == 12


def test_what_one_lab_erased_is_erased_in_the_other(tmp_path: Path) -> None:
    ours, theirs = make_labs(tmp_path, 0)
    with LocalStore.open(theirs) as store:
        secret = store.append("note.taken", {"text": "the patient is Carol"})
    merge(ours, theirs)
    with LocalStore.open(theirs) as store:
        store.erase(secret.writer, secret.seq, "named a patient")
    merge(ours, theirs)
    assert ledger.verify(ours).ok
    with LocalStore.open(ours) as store, store.snapshot() as session:
        entry = session.ledger.entry(secret.writer, secret.seq)
        assert entry is not None
        assert entry.payload is None


@pytest.mark.fault
def test_a_lab_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    ours, theirs = make_labs(tmp_path, 1)
    every = [p for p in [theirs, *theirs.rglob("*")] if not p.is_symlink()]
    for path in reversed(every):
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~0o222)
    try:
        assert len(merge(ours, theirs)[0].runs) == 1
    finally:
        for path in every:
            path.chmod(stat.S_IMODE(path.stat().st_mode) | 0o200)


@pytest.mark.fault
def test_a_clock_that_runs_backwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries of an earlier time behind later ones: chains are in their own order, and both labs agree."""
    from assay.base import clock

    ours, theirs = make_labs(tmp_path, 0)
    times = iter(f"2020-01-{31 - i:02d}T00:00:00.000000Z" for i in range(30))
    monkeypatch.setattr(clock, "now", lambda: next(times))
    for root, tag in ((ours, "e"), (theirs, "f")):
        with LocalStore.open(root) as store:
            store.append("note.taken", {"by": tag})
            store.append("note.taken", {"by": tag, "then": 2})
    merge(ours, theirs, both=True)
    assert ledger.verify(ours).ok
    assert state(ours) == state(theirs)


@pytest.mark.parametrize("what", ["none", "itself", "no database"])
def test_what_is_no_other_lab(tmp_path: Path, what: str) -> None:
    ours, theirs = make_labs(tmp_path, 0)
    if what == "no database":
        (theirs / ".assay/lab.db").write_bytes(os.urandom(9000))
    given = {"none": tmp_path / "nowhere", "itself": ours / ".assay", "no database": theirs}[what]
    with pytest.raises(AssayError):
        merge(ours, given)
    assert ledger.verify(ours).ok


def test_versions_of_data_are_numbered_alike(tmp_path: Path) -> None:
    ours, theirs = make_labs(tmp_path, 0)
    for root, text in ((ours, "1"), (theirs, "2"), (ours, "3")):
        (root / "flights.csv").write_text(text)
        assay.Lab(root).data(root / "flights.csv", "flights")
    merge(ours, theirs, both=True)
    here = [(v.version, v.digest) for v in assay.Lab(ours).data_versions()]
    assert here == [(v.version, v.digest) for v in assay.Lab(theirs).data_versions()]
    assert [n for n, _ in here] == [1, 2, 3]


def test_killed_at_any_moment() -> None:
    assert rounds(3, seed=40, runs=4) == []
