"""Every fit of the demo, and its predictions as long Parquet files with a column for the training seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np
from threadpoolctl import threadpool_limits

from demo.flights import FEATURES, KEY, Flights
from demo.models import METHODS, Fit, Numbers, Rows, fit_and_predict, matrix, without_month

SEEDS = 5
TRAIN, TEST = (1, 8), (9, 10)
PLANS = {"with-month": FEATURES, "without-month": without_month()}
BY_DATE, AT_RANDOM = "once-by-date", "once-at-random"
WORKERS = 2
Done = Callable[[Fit], None]


def planned_fits(flights: Flights, seeds: int = SEEDS) -> list[Fit]:
    """The fits of both plans: each seed trains both methods on one bootstrap of the flights of January to August."""
    train, test = flights.in_months(*TRAIN), flights.in_months(*TEST)
    fits = []
    for name, features in PLANS.items():
        for seed in range(seeds):
            drawn = resampled(train, seed)
            fits += [Fit(f"{m}-{name}", m, seed, features, drawn, test) for m in METHODS]
    return fits


def hasty_fits(flights: Flights) -> list[Fit]:
    """Each method trained once on all training flights: by date, as planned, and on a random split.

    At random, any flight of the ten months may be tested; as many are trained on and tested as by date, so that
    nothing else differs.
    """
    train, test = flights.in_months(*TRAIN), flights.in_months(*TEST)
    shuffled = np.random.default_rng(0).permutation(np.concatenate([train, test]))
    mixed = (np.sort(shuffled[: train.size]), np.sort(shuffled[train.size :]))
    splits = {BY_DATE: (train, test), AT_RANDOM: mixed}
    return [Fit(f"{m}-{name}", m, 0, FEATURES, *rows) for name, rows in splits.items() for m in METHODS]


def resampled(rows: Rows, seed: int) -> Rows:
    """A bootstrap: as many rows, drawn with replacement."""
    return np.random.default_rng(seed).choice(rows, rows.size)


def write_predictions(flights: Flights, fits: Sequence[Fit], folder: Path, done: Done) -> dict[str, Path]:
    """Train every fit and write one file for each method of each plan.

    Returns:
        The files, by name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, list[tuple[Fit, Numbers]]] = {}
    for fit, chances in trained(flights, fits):
        found.setdefault(fit.file, []).append((fit, chances))
        done(fit)
    return {name: write_long(flights, arms, folder / f"{name}.parquet") for name, arms in found.items()}


def trained(flights: Flights, fits: Sequence[Fit]) -> Iterator[tuple[Fit, Numbers]]:
    """Fits in their order with their predictions, two at a time.

    Each worker keeps to one thread: no number depends on the machine's cores, and no threads wait for each other.
    """
    inputs = {features: matrix(flights, features) for features in {fit.features for fit in fits}}
    late = flights.columns["late"]
    with ThreadPoolExecutor(WORKERS, initializer=_one_thread) as workers:
        yield from zip(fits, workers.map(lambda f: fit_and_predict(f, inputs[f.features], late), fits), strict=True)


def write_long(flights: Flights, arms: Sequence[tuple[Fit, Numbers]], path: Path) -> Path:
    """One row for each flight and seed: key, seed, truth, probability."""
    rows = np.concatenate([fit.test for fit, _ in arms])
    table = {name: flights.columns[name][rows] for name in KEY}
    table["seed"] = np.concatenate([np.full(fit.test.size, fit.seed) for fit, _ in arms])
    table["late"] = flights.columns["late"][rows]
    table["p_late"] = np.concatenate([chances for _, chances in arms])
    with duckdb.connect() as database:
        database.register("predictions", {name: np.ascontiguousarray(v) for name, v in table.items()})
        database.execute("COPY predictions TO $file (FORMAT parquet)", {"file": str(path)})
    return path


def _one_thread() -> None:
    threadpool_limits(1)
