"""Sentences and lessons follow from what was computed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from demo.flights import KEY, Flights
from demo.lessons import Effect, Lesson, random_split, rows_as_units
from demo.models import METHODS
from demo.picture import newest_memo
from demo.predictions import AT_RANDOM, BY_DATE

from demo import screen


@pytest.fixture(scope="module")
def predictions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made up: 20 days of 25 flights; boosting gains or loses a whole day at a time, at random it always gains."""
    folder = tmp_path_factory.mktemp("made-up")
    query = """
    COPY (SELECT '2013-09-' || lpad(((i // 25) + 1)::VARCHAR, 2, '0') AS date, 'AA' AS carrier, i AS flight,
                 'JFK' AS origin, 900 AS sched_dep_time, (i * 7) % 5 < 2 AS late, $p AS p_late
          FROM range(500) t(i)) TO '$file' (FORMAT parquet)"""
    boost = "CASE WHEN {} THEN 0.1 ELSE -0.08 END"
    for split, gains in ((BY_DATE, "(i // 25) % 5 < 2"), (AT_RANDOM, "true")):
        for method in METHODS:
            moved = boost.format(gains) if method == "boosting" else "0"
            chance = f"0.4 + (CASE WHEN (i * 7) % 5 < 2 THEN 1 ELSE -1 END) * (0.02 * (i % 4 - 1.5) + {moved})"
            file = folder / f"{method}-{split}.parquet"
            duckdb.sql(query.replace("$p", chance).replace("$file", str(file)).replace("AS late", "::INTEGER AS late"))
    return folder


def test_rows_as_units_are_too_narrow_where_days_go_together(predictions: Path) -> None:
    for lesson in rows_as_units(predictions):
        assert lesson.right.value == pytest.approx(lesson.wrong.value)
        assert lesson.too_narrow > 3


def test_a_split_that_gains_every_day_turns_the_sign(predictions: Path) -> None:
    found = {lesson.title: lesson for lesson in random_split(predictions)}
    assert found["log loss"].wrong.value < 0
    assert found["AUC"].wrong.value > 0
    assert found["AUC"].sign_turns == (found["AUC"].right.value < 0)


def test_lessons_are_worded_by_their_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    right, wrong = Effect(-0.017, -0.055, 0.021), Effect(0.056, 0.045, 0.067)
    screen.shuffled([Lesson("AUC", right, wrong), Lesson("log loss", right, right)])
    said = capsys.readouterr().out
    assert "AUC: from −0.017 to +0.056; the other model wins." in said
    assert "log loss: from −0.017 to −0.017; the same model wins." in said
    screen.narrow([Lesson("AUC", right, Effect(-0.017, -0.02, -0.01))], 55_628, 61)
    assert "AUC 7.6 times" in capsys.readouterr().out


def test_the_population_is_said(flights: Flights, capsys: pytest.CaptureFixture[str]) -> None:
    screen.population(flights)
    said = " ".join(capsys.readouterr().out.split())
    assert "336,776 flights" in said
    assert "9,430 have no arrival delay" in said
    assert "the 327,346 that arrived" in said
    assert "61 days" in said


def test_made_up_files_have_the_key(predictions: Path) -> None:
    names = duckdb.sql(f"SELECT * FROM '{predictions / f'logistic-{BY_DATE}.parquet'}'").columns
    assert set(KEY) <= set(names)


def test_a_picture_needs_a_memo(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="make demo"):
        newest_memo("late-flights-with-month", tmp_path)
