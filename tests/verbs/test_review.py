"""`review`: what is shown of what people say, what stays in the ledger, and what is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assay.base.errors import EvidenceError, InputError
from assay.lab import Lab
from assay.records.access import ROLES, Principal
from assay.store import LocalStore
from assay.verbs import judge, review, reviewed
from tests.helpers.runs import assay
from tests.verbs.scenes import scene, told, tree

ROSA, TIM = (Principal(name, ROLES["reviewer"]) for name in ("rosa", "tim"))


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lab with one judged plan, which has a stop rule."""
    folder = tmp_path_factory.mktemp("judged")
    told(scene(folder, stop_rules=["too dear"]))
    return folder


@pytest.fixture
def lab(judged: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(judged, tmp_path / "lab"))


def bundle(lab: Path) -> Path:
    return next((lab / ".assay" / "evidence").glob("late-*"))


def newest(lab: Path) -> str:
    found = Lab(lab).plan("late").judged
    assert found is not None
    return found.id


def test_the_last_of_each_person_is_shown_and_all_stay_in_the_ledger(lab: Path) -> None:
    before, id_ = tree(lab), newest(lab)
    review.run(id_, "object", "South is small.", lab, ROSA)
    review.run(id_, "approve", "  Read.\r\nAll of it. ", lab, TIM)
    review.run(id_, "approve", "It has grown.", lab, ROSA)
    found = review.run(id_, "approve", "It has grown.", lab, ROSA)
    assert [(r.by, r.opinion, r.why, r.own) for r in found.reviews] == [
        ("tim", "approve", "Read.\nAll of it.", False),
        ("rosa", "approve", "It has grown.", False),
    ]
    assert tree(lab) == before
    events = Lab(lab).entries(kind="evidence.reviewed")
    assert [e.content()["by"] for e in events] == ["rosa", "tim", "rosa"]
    assert Lab(lab).verify()
    assert assay("recheck", bundle(lab)).code == 0
    review.run(id_, "object", "It has grown.", lab, ROSA)
    again = review.run(id_, "approve", "It has grown.", lab, ROSA)
    assert [e.content()["opinion"] for e in Lab(lab).entries(kind="evidence.reviewed")][-2:] == ["object", "approve"]
    assert again.reviews[-1].opinion == "approve"


def test_who_is_alone_reviews_and_it_is_told_as_the_judges_own(lab: Path) -> None:
    shown = assay("review", bundle(lab), "--lab", lab)
    assert shown.out.splitlines()[1:] == ["Nobody has reviewed it yet."]
    run = assay("review", bundle(lab), "--approve", "--why", "I read\nit.", "--lab", lab)
    assert run.code == 0, run.err
    assert "approves (the judge's own review): I read it." in run.out
    found = Lab(lab).reviews(newest(lab))
    assert [r.own for r in found] == [True]
    assert "the judge&#x27;s own review" in found._repr_html_() or "the judge's own review" in found._repr_html_()
    assert run.out == str(found)


def test_new_evidence_begins_without_reviews_and_names_who_judged_it(lab: Path) -> None:
    first = newest(lab)
    review.run(first, "approve", "Read.", lab, ROSA)
    judge.run(lab / "plan.yaml", lab, stop_rules=["too dear"], by=TIM)
    stopped = newest(lab)
    assert stopped != first
    known = review.every(stopped, lab)
    assert (known.judged_by, known.reviews) == (("tim",), ())
    assert "judged by tim on what was read before" in assay("ledger", "--lab", lab).out
    state = Lab(lab).plan("late")
    assert [len(e.reviews) for e in state.evidence] == [1, 0]
    assert (state.to_json()["reviews"], state.to_json()["judged_by"]) == ([], ["tim"])
    assert review.run(stopped, "approve", "Mine.", lab, TIM).reviews[0].own


def test_what_is_not_what_was_judged_is_not_reviewed(lab: Path) -> None:
    id_ = newest(lab)
    judgement = bundle(lab) / "judgement.json"
    kept = judgement.read_bytes()
    judgement.write_bytes(kept.replace(b"adopt", b"stop!"))
    for ask in (
        lambda: review.run(id_, "approve", "x", lab, ROSA),
        lambda: Lab(lab).review(bundle(lab), "object", "x"),
    ):
        with pytest.raises(EvidenceError, match="was changed"):
            ask()
    judgement.write_bytes(kept)
    for odd in ("like", "", "approve "):
        with pytest.raises(InputError, match="the opinion is"):
            review.run(id_, odd, "x", lab, ROSA)
    bundle(lab).rename(lab / "elsewhere")
    with pytest.raises(EvidenceError, match="is missing"):
        review.run(id_, "approve", "x", lab, ROSA)
    assert Lab(lab).entries(kind="evidence.reviewed") == ()


def test_labs_that_are_merged_say_the_same_of_reviews(lab: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    assert assay("init", other).code == 0
    id_ = newest(lab)
    review.run(id_, "object", "South?", lab, ROSA)
    Lab(other).sync(lab)
    review.run(id_, "approve", "Seen elsewhere.", other, ROSA)
    review.run(id_, "object", "No.", lab, TIM)
    Lab(lab).sync(other, both=True)
    said = [[(r.by, r.opinion, r.why) for r in Lab(x).reviews(id_)] for x in (lab, other)]
    assert said[0] == said[1] == [("rosa", "approve", "Seen elsewhere."), ("tim", "object", "No.")]
    assert Lab(lab).verify()
    assert Lab(other).verify()
    assert Lab(lab).sync(other).nothing


def test_events_that_are_no_reviews_or_were_erased_say_nothing(lab: Path) -> None:
    id_ = newest(lab)
    review.run(id_, "approve", "Read.", lab, ROSA)
    with LocalStore.open(lab) as store:
        for odd in (None, 3, {}, {"evidence": id_, "by": 3, "opinion": "approve", "why": ""}, {"evidence": id_}):
            store.append(reviewed.REVIEWED, odd)
        store.append(reviewed.JUDGED, {"evidence": id_})
        assert [r.by for r in review.every(id_, lab).reviews] == ["rosa"]
        entry = next(e for e in store.entries(100, kind=reviewed.REVIEWED) if e.content())
        store.erase(entry.writer, entry.seq, "a name")
    assert review.every(id_, lab).reviews == ()
    assert "(erased)" in assay("ledger", "--lab", lab).out


def test_the_static_site_shows_reviews_as_text(lab: Path) -> None:
    review.run(newest(lab), "object", "<script>alert(1)</script>\u202e", lab, ROSA)
    assert Lab(lab).export_site(lab / "site") == 3
    page = next((lab / "site").glob("plan-*.html")).read_text()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\ufffd" in page
    assert "objects" in page
