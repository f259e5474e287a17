"""The power that is promised is the share of drawn studies in which the claim is supported."""

from __future__ import annotations

import pytest
from simulations.power import END, PAGE, START, achieved, studies

STUDIES = {study.name: study for study in studies()}


@pytest.mark.parametrize("name", STUDIES)
def test_the_promise_is_kept(name: str) -> None:
    units, promised, found, error = achieved(STUDIES[name], samples=200, seed=11)
    assert units > 10
    assert promised == pytest.approx(0.8, abs=0.06)
    assert found == pytest.approx(promised, abs=4 * error)


def test_the_page_holds_every_study() -> None:
    shown = PAGE.read_text(encoding="utf-8").split(START)[1].split(END)[0]
    assert [line.split("|")[1].strip() for line in shown.strip().splitlines()[2:-2]] == list(STUDIES)
