"""Every published value is met, to the last digit that its source prints."""

from __future__ import annotations

import pytest
from tools.reference.described import DESCRIBED

from tests.known.answer import HALF, Known
from tests.known.registry import answers, rooms

EVERY = [(room, place, known) for room, held in rooms().items() for place, known in enumerate(held)]


@pytest.mark.parametrize("known", [k for _, _, k in EVERY], ids=[f"{room}-{n}-{k.of}" for room, n, k in EVERY])
def test_a_published_value_is_met(known: Known) -> None:
    assert known.off() == [], f"{known.what}: {known.source}"


@pytest.mark.parametrize("room", rooms())
def test_every_answer_names_its_source_and_a_page_that_shows_it(room: str) -> None:
    for known in rooms()[room]:
        assert len(known.source) > 10, known
        assert known.what, known
        assert known.of in DESCRIBED, known
        assert known.units == HALF or known.why, known


def test_there_are_as_many_as_were_promised_and_none_twice() -> None:
    assert len(answers()) >= 150
    lines = [(k.of, k.what, k.printed, k.source) for k in answers()]
    assert len(set(lines)) == len(lines)


def test_the_last_digit_printed_sets_the_tolerance() -> None:
    def known(value: float, printed: str, **more: float) -> Known:
        return Known("tango", "a value", lambda: value, printed, "somewhere", **more)  # type: ignore[arg-type]

    assert known(0.2104, "0.210").off() == []
    assert known(0.2106, "0.210").off() == ["0.2106, printed 0.210"]
    assert known(0.2106, "0.21").off() == []
    assert known(0.2106, "0.210", units=1).off() == []
    assert known(4.4e-6, "4e-06").off() == []
    assert known(float("nan"), "0.2").off()
    assert known(1.0, "1 2").off() == ["1 values, 2 are printed"]


def test_what_is_shown_has_a_digit_more_than_what_is_printed() -> None:
    assert Known("tango", "a value", lambda: (0.12345678, 2.0), "0.123 2", "somewhere").shown() == "0.1235 2.0"
