"""A review over HTTP: by whom it may be said, and that the judge of a team's lab may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from assay.base.errors import RightsError
from assay.lab import Lab
from assay.records.review import LONGEST
from tests.helpers.runs import assay as command
from tests.server.conftest import Ask, at


@pytest.fixture(scope="module")
def evidence(lab: Path) -> str:
    return Lab(lab).plan("late").evidence[0].id


def test_reviewers_and_admins_review_and_nobody_else(ask: Ask, lab: Path, evidence: str) -> None:
    before = (lab / ".assay" / "evidence").stat().st_mtime_ns
    said = {"opinion": "approve", "why": "Read."}
    for route in (f"/evidence/{evidence}/reviews", "/verbs/review.run"):
        body = said if "verbs" not in route else {"arguments": {"evidence": evidence, **said}}
        for who in ("viewer", "scientist"):
            answer = ask(who).post(at(route), json=body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "access")
    tag = ask("viewer").get(at(f"/evidence/{evidence}")).headers["etag"]
    for who in ("reviewer", "admin"):
        found = ask(who).post(at(f"/evidence/{evidence[7:19]}/reviews"), json=said)
        assert found.status_code == 201
        assert (found.json()["reviews"][-1]["by"], found.json()["reviews"][-1]["own"]) == (f"token:{who}", False)
    shown = ask("viewer").get(at(f"/evidence/{evidence}"), headers={"If-None-Match": tag})
    assert (shown.status_code, shown.json()["reviews"]) == (200, found.json())
    assert ask("viewer").get(at("/plans/late")).json()["judged"][0]["reviews"] == found.json()["reviews"]
    assert (lab / ".assay" / "evidence").stat().st_mtime_ns == before


def test_the_judge_of_a_team_is_refused_by_command_from_python_and_over_http(
    ask: Ask, lab: Path, evidence: str
) -> None:
    with pytest.raises(RightsError, match="has judged this evidence") as here:
        Lab(lab).review(evidence, "approve", "Mine.")
    run = command("review", evidence, "--approve", "--why", "Mine.", "--lab", lab)
    assert (run.code, run.err) == (2, f"assay: {here.value.line()}\n")
    answer = ask("key").post(at(f"/evidence/{evidence}/reviews"), json={"opinion": "approve", "why": "Mine."})
    assert (answer.status_code, answer.json()["error"]) == (403, here.value.to_json())


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"opinion": "like", "why": "x"}, 422),
        ({"opinion": "approve"}, 422),
        ({"opinion": "approve", "why": ""}, 422),
        ({"opinion": "approve", "why": "x" * (LONGEST + 1)}, 422),
        ({"opinion": "approve", "why": "x", "by": "admin"}, 422),
        ({"opinion": "approve", "why": "\x00"}, 422),
        ({"opinion": "approve", "why": "\u202e \u200b\n"}, 422),
    ],
)
def test_what_is_no_review_is_refused(ask: Ask, evidence: str, body: dict[str, str], status: int) -> None:
    client = ask("reviewer")
    known = client.get(at("/ledger/search?kind=evidence.reviewed")).json()["total"]
    assert client.post(at(f"/evidence/{evidence}/reviews"), json=body).status_code == status
    assert client.get(at("/ledger/search?kind=evidence.reviewed")).json()["total"] == known


def test_evidence_that_is_not_there_is_no_bug(ask: Ask) -> None:
    for name in ("0" * 12, "x", "late", "%00", "\u202e"):
        answer = ask("reviewer").post(at(f"/evidence/{name}/reviews"), json={"opinion": "approve", "why": "x"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "evidence"), name
    alone = b'{"opinion": "approve", "why": "\\ud800"}'
    headers = {"Content-Type": "application/json"}
    assert ask("reviewer").post(at("/evidence/000000/reviews"), content=alone, headers=headers).status_code == 422
