"""One small fit of each method, and the long files that the plans read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest
from demo.flights import FEATURES, KEY, Flights
from demo.models import METHODS, Fit, matrix, without_month
from demo.predictions import AT_RANDOM, BY_DATE, SEEDS, hasty_fits, planned_fits, resampled, trained, write_predictions


@pytest.fixture(scope="module")
def written(flights: Flights, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Both methods with two seeds on every hundredth flight."""
    fits = [
        replace(fit, train=fit.train[::100], test=fit.test[::100])
        for fit in planned_fits(flights, seeds=2)
        if fit.file.endswith("without-month")
    ]
    return write_predictions(flights, fits, tmp_path_factory.mktemp("predictions"), lambda fit: None)


def test_each_plan_has_a_file_for_each_method(flights: Flights) -> None:
    fits = planned_fits(flights)
    files = {fit.file for fit in fits}
    assert files == {f"{m}-{p}" for m in METHODS for p in ("with-month", "without-month")}
    assert all(len({fit.seed for fit in fits if fit.file == file}) == SEEDS for file in files)
    assert {fit.features for fit in fits} == {FEATURES, without_month()}
    assert "month" not in without_month()


def test_training_never_sees_a_tested_day(flights: Flights) -> None:
    for fit in planned_fits(flights):
        assert not set(flights.columns["month"][fit.train]) & set(flights.columns["month"][fit.test])


def test_seeds_draw_the_training_flights_anew() -> None:
    rows = np.arange(1000)
    first, again, other = resampled(rows, 0), resampled(rows, 0), resampled(rows, 1)
    assert first.tolist() == again.tolist() != other.tolist()
    assert 550 < len(set(first)) < 720  # a bootstrap keeps 1 - 1/e of the rows on average


def test_the_random_split_differs_in_nothing_but_the_split(flights: Flights) -> None:
    sizes = {fit.file: (fit.train.size, fit.test.size) for fit in hasty_fits(flights)}
    assert set(sizes) == {f"{m}-{s}" for m in METHODS for s in (BY_DATE, AT_RANDOM)}
    assert len(set(sizes.values())) == 1
    mixed = next(fit for fit in hasty_fits(flights) if fit.file.endswith(AT_RANDOM))
    assert not set(mixed.train) & set(mixed.test)
    assert set(flights.days[mixed.train]) & set(flights.days[mixed.test])


def test_long_files_hold_key_seed_truth_and_probability(flights: Flights, written: dict[str, Path]) -> None:
    assert set(written) == {f"{m}-without-month" for m in METHODS}
    for path in written.values():
        found = duckdb.sql(f"SELECT * FROM read_parquet('{path}')").fetchnumpy()
        assert list(found) == [*KEY, "seed", "late", "p_late"]
        assert set(found["seed"]) == {0, 1}
        assert ((found["p_late"] > 0) & (found["p_late"] < 1)).all()
        # A model that learned nothing says the same of every flight.
        assert found["p_late"][found["late"] == 1].mean() > found["p_late"][found["late"] == 0].mean()


def test_features_are_numbers(flights: Flights) -> None:
    inputs = matrix(flights, FEATURES)
    assert inputs.shape == (flights.rows, len(FEATURES))
    assert np.isfinite(inputs).all()


def test_the_same_fit_gives_the_same_numbers(flights: Flights) -> None:
    rows, tested = flights.in_months(1, 8)[::200], flights.in_months(9, 10)[::500]
    fits = [Fit("f", method, 3, without_month(), rows, tested) for method in (*METHODS, *METHODS)]
    found = [chances.tolist() for _, chances in trained(flights, fits)]
    assert found[:2] == found[2:]
    assert found[0] != found[1]
