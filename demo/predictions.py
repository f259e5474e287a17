"""Every fit of the demo: on which flights a model is trained, which it predicts, and the predictions as a table."""

from __future__ import annotations

from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from demo.flights import FEATURES, KEY, Flights
from demo.models import METHODS, Fit, Numbers, Rows, fit_and_predict, learner, matrix, without_month

SEEDS = 5
TRAIN, TEST = (1, 8), (9, 10)
PLANS = {"with-month": FEATURES, "without-month": without_month()}
BY_DATE, AT_RANDOM = "once-by-date", "once-at-random"
HASTY = (BY_DATE, AT_RANDOM)


def fit_of(flights: Flights, method: str, what: str, seed: int) -> Fit:
    """One training.

    Args:
        flights: All of them.
        method: `logistic` or `boosting`.
        what: A plan, whose training flights each seed draws anew from January to August; or a split, on which a model
            is trained once.
        seed: Of the draw.

    Raises:
        SystemExit: an unknown method, plan or split.
    """
    if method not in METHODS or what not in (*PLANS, *HASTY):
        raise SystemExit(f"{method} {what}: it is one of {', '.join(METHODS)}, then of {', '.join((*PLANS, *HASTY))}")
    if what in HASTY:
        return Fit(f"{method}-{what}", method, 0, FEATURES, *_split(flights, what))
    train, test = flights.in_months(*TRAIN), flights.in_months(*TEST)
    return Fit(f"{method}-{what}", method, seed, PLANS[what], resampled(train, seed), test)


def _split(flights: Flights, name: str) -> tuple[Rows, Rows]:
    """By date, as planned, or any flights of the ten months; as many are trained on and tested."""
    train, test = flights.in_months(*TRAIN), flights.in_months(*TEST)
    if name == BY_DATE:
        return train, test
    shuffled = np.random.default_rng(0).permutation(np.concatenate([train, test]))
    return np.sort(shuffled[: train.size]), np.sort(shuffled[train.size :])


def resampled(rows: Rows, seed: int) -> Rows:
    """A bootstrap: as many rows, drawn with replacement."""
    return np.random.default_rng(seed).choice(rows, rows.size)


def trained(flights: Flights, fit: Fit) -> dict[str, Any]:
    """Train and predict: key, truth and probability of each tested flight.

    It keeps to one thread: no number depends on the machine's cores.
    """
    # Only libraries that are loaded can be limited, and a learner loads its own.
    learner(fit.method, fit.features, fit.seed)
    with threadpool_limits(1):
        chances: Numbers = fit_and_predict(fit, matrix(flights, fit.features), flights.columns["late"])
    table = {name: flights.columns[name][fit.test] for name in (*KEY, "late")}
    return {**table, "p_late": chances}
