"""Checks made over: all are made, and what they refuse comes before what follows from it."""

from __future__ import annotations

import threading

import pytest

from assay.base.errors import AlignmentError, MetricError
from assay.base.owed import Check, Owed


def refuse() -> None:
    raise AlignmentError("a key is repeated")


def interrupted(by: BaseException, check: Check) -> None:
    with Owed() as owed:
        owed.add(check)
        raise by


def test_every_check_is_made_where_the_block_ends() -> None:
    made: list[int] = []
    with Owed() as owed:
        owed.add(lambda: made.append(1))
        owed.add(lambda: made.append(2))
        assert made == []
    assert made == [1, 2]


def test_checks_run_beside_the_block_once_it_says_so() -> None:
    ran, seen = threading.Event(), []
    with Owed() as owed:
        owed.add(lambda: seen.append(threading.current_thread()))
        owed.add(ran.set)
        owed.begin()
        assert ran.wait(60)
    assert seen[0] is not threading.current_thread()


@pytest.mark.parametrize("begun", [True, False])
def test_a_refusal_is_raised_where_the_block_ends(begun: bool) -> None:
    reached: list[bool] = []

    def block() -> None:
        with Owed() as owed:
            owed.add(refuse)
            if begun:
                owed.begin()
            reached.append(True)

    with pytest.raises(AlignmentError, match="repeated"):
        block()
    assert reached


def test_the_check_is_heard_before_a_refusal_that_may_follow_from_it() -> None:
    with pytest.raises(AlignmentError, match="repeated"):
        interrupted(MetricError("a class has no rows"), refuse)


def test_a_block_that_is_interrupted_makes_no_check() -> None:
    made: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        interrupted(KeyboardInterrupt(), lambda: made.append(1))
    assert made == []
