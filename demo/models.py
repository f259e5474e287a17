"""Two ways of training on the same features: logistic regression, and gradient boosting with 150 trees.

Each is imported when it is trained: a process trains one of them.

The encodings are what each learner is usually given: the logistic regression sees places, carriers and weekdays as
0/1 columns and month, hour and distance as scaled numbers; the trees see every feature as a number to split on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from demo.flights import CODES, FEATURES, PLACES, Flights

KINDS = (*PLACES, "weekday")
METHODS = ("logistic", "boosting")
TREES = 150
Rows = NDArray[np.intp]
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """One training: a method on some rows, for some rows.

    Attributes:
        file: The predictions that it belongs to.
        seed: Names the draw of the training rows; the random stream of the learner starts from it as well.
        features: Names, in order.
        train: Rows to learn from; a row drawn twice stands there twice.
        test: Rows to predict.
    """

    file: str
    method: str
    seed: int
    features: tuple[str, ...]
    train: Rows
    test: Rows


def matrix(flights: Flights, features: Sequence[str]) -> Numbers:
    """[rows, features]; carriers and airports as numbers in alphabetical order."""
    columns = (flights.columns[CODES.format(name) if name in PLACES else name] for name in features)
    return np.column_stack([np.asarray(values, dtype=np.float64) for values in columns])


def fit_and_predict(fit: Fit, inputs: Numbers, late: NDArray[Any]) -> Numbers:
    """The probability of being late, [test rows].

    Args:
        inputs: `matrix` of the fit's features.
        late: [rows], 0 or 1.
    """
    model = learner(fit.method, fit.features, fit.seed)
    model.fit(inputs[fit.train], late[fit.train])
    chances: Numbers = model.predict_proba(inputs[fit.test])[:, 1]
    return chances


def learner(method: str, features: Sequence[str], seed: int) -> Any:
    """An untrained model."""
    if method == "boosting":
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(max_iter=TREES, random_state=seed)
    return _logistic(features)


def without_month() -> tuple[str, ...]:
    """The features of the second plan."""
    return tuple(name for name in FEATURES if name != "month")


def _logistic(features: Sequence[str]) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    kinds = [i for i, name in enumerate(features) if name in KINDS]
    amounts = [i for i, name in enumerate(features) if name not in KINDS]
    # A destination that no training flight had is all zeros: the model falls back on the rest.
    encoded = ColumnTransformer(
        [("kinds", OneHotEncoder(handle_unknown="ignore"), kinds), ("amounts", StandardScaler(), amounts)]
    )
    return make_pipeline(encoded, LogisticRegression(max_iter=300))
