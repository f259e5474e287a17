"""Answers kept by key: one request a key, so many, so long, and only for who asked."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from assay.base.errors import ConflictError
from assay.store import answers as room
from assay.store.answers import Answers, Kept


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    return Answers(tmp_path)


def test_what_was_answered_is_answered_again_and_to_nobody_else(answers: Answers, tmp_path: Path) -> None:
    assert answers.claim("ada", "k", "asked") is None
    answers.keep("ada", "k", 201, b"{}")
    assert answers.claim("ada", "k", "asked") == Kept(201, b"{}")
    assert Answers(tmp_path).claim("ada", "k", "asked") == Kept(201, b"{}")
    assert answers.claim("eve", "k", "asked") is None


def test_a_key_stands_for_one_request(answers: Answers) -> None:
    answers.claim("ada", "k", "asked")
    with pytest.raises(ConflictError, match="another request"):
        answers.claim("ada", "k", "other")
    answers.keep("ada", "k", 200, b"")
    with pytest.raises(ConflictError, match="another request"):
        answers.claim("ada", "k", "other")
    answers.give_back("ada", "k")
    assert answers.claim("ada", "k", "other") is None


def test_what_is_being_answered_is_not_begun_twice_but_again_after_the_process_ended(
    answers: Answers, tmp_path: Path
) -> None:
    answers.claim("ada", "k", "asked")
    with pytest.raises(ConflictError, match="being answered"):
        answers.claim("ada", "k", "asked")
    after = Answers(tmp_path)
    assert after.claim("ada", "k", "asked") is None
    with pytest.raises(ConflictError, match="being answered"):
        after.claim("ada", "k", "asked")


def test_so_many_are_kept_of_each_and_for_a_day(answers: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST", 3)
    for who, key in (("eve", "0"), *(("ada", str(i)) for i in range(4))):
        answers.claim(who, key, "asked")
        answers.keep(who, key, 200, key.encode())
    assert answers.claim("ada", "3", "asked") == Kept(200, b"3")
    assert answers.claim("eve", "0", "asked") == Kept(200, b"0")
    assert answers.claim("ada", "0", "asked") is None
    now = time.time()
    monkeypatch.setattr("assay.store.answers.time.time", lambda: now + room.SECONDS + 1)
    assert answers.claim("eve", "0", "another") is None


def test_what_is_too_long_or_secret_is_kept_as_done_alone(answers: Answers, tmp_path: Path) -> None:
    for key, body in (("long", b"LONG" * room.MOST_BYTES), ("secret", None)):
        answers.claim("ada", key, "asked")
        answers.keep("ada", key, 201, body)
        assert answers.claim("ada", key, "asked") == Kept(201, None)
    assert b"LONG" not in (tmp_path / room.FILE).read_bytes()
