"""One small fit of each method, and the runs that keep their predictions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from demo.flights import FEATURES, KEY, Flights, load_flights, write_flights
from demo.models import METHODS, matrix, without_month
from demo.predictions import AT_RANDOM, BY_DATE, PLANS, fit_of, resampled, trained

from demo import train


def test_a_plan_says_which_features_are_seen(flights: Flights) -> None:
    assert fit_of(flights, "logistic", "with-month", 0).features == FEATURES
    assert fit_of(flights, "logistic", "without-month", 0).features == without_month()
    assert "month" not in without_month()


def test_training_never_sees_a_tested_day(flights: Flights) -> None:
    for name in PLANS:
        fit = fit_of(flights, "boosting", name, 1)
        assert not set(flights.columns["month"][fit.train]) & set(flights.columns["month"][fit.test])


def test_seeds_draw_the_training_flights_anew(flights: Flights) -> None:
    rows = np.arange(1000)
    first, again, other = resampled(rows, 0), resampled(rows, 0), resampled(rows, 1)
    assert first.tolist() == again.tolist() != other.tolist()
    assert 550 < len(set(first)) < 720  # a bootstrap keeps 1 - 1/e of the rows on average
    both = [fit_of(flights, method, "with-month", 2).train for method in METHODS]
    assert both[0].tolist() == both[1].tolist()


def test_the_random_split_differs_in_nothing_but_the_split(flights: Flights) -> None:
    by_date, mixed = (fit_of(flights, "logistic", split, 0) for split in (BY_DATE, AT_RANDOM))
    assert (by_date.train.size, by_date.test.size) == (mixed.train.size, mixed.test.size)
    assert not set(mixed.train) & set(mixed.test)
    assert set(flights.days[mixed.train]) & set(flights.days[mixed.test])


@pytest.mark.parametrize("method", METHODS)
def test_the_same_fit_gives_the_same_numbers_and_learns_something(flights: Flights, method: str) -> None:
    fit = fit_of(flights, method, "without-month", 3)
    small = replace(fit, train=fit.train[::200], test=fit.test[::100])
    first, again = trained(flights, small), trained(flights, small)
    assert list(first) == [*KEY, "late", "p_late"]
    assert first["p_late"].tolist() == again["p_late"].tolist()
    assert ((first["p_late"] > 0) & (first["p_late"] < 1)).all()
    # A model that learned nothing says the same of every flight.
    assert first["p_late"][first["late"] == 1].mean() > first["p_late"][first["late"] == 0].mean()


def test_what_is_kept_of_the_flights_is_what_was_read(flights: Flights, tmp_path: Path) -> None:
    kept = load_flights(write_flights(flights, tmp_path))
    assert (kept.scheduled, kept.never_arrived, kept.rows) == (flights.scheduled, flights.never_arrived, flights.rows)
    assert np.array_equal(matrix(kept, FEATURES), matrix(flights, FEATURES))
    assert kept.days.tolist() == flights.days.tolist()


def test_features_are_numbers(flights: Flights) -> None:
    inputs = matrix(flights, FEATURES)
    assert inputs.shape == (flights.rows, len(FEATURES))
    assert np.isfinite(inputs).all()


def test_an_unknown_training_is_named(flights: Flights) -> None:
    with pytest.raises(SystemExit, match="forest"):
        fit_of(flights, "forest", "with-month", 0)
    with pytest.raises(SystemExit, match="with-weekday"):
        fit_of(flights, "logistic", "with-weekday", 0)


def test_data_lie_where_a_reproduction_puts_them_back() -> None:
    assert not train.DATA.is_absolute()
