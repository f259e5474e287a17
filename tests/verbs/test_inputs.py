"""Options from Python that are no numbers: one line of what is wrong, whatever the verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import assay
from assay.base.errors import InputError

TABLE = {"id": [1, 2, 3], "y": [0, 1, 1], "a": [0.2, 0.7, 0.6], "b": [0.1, 0.8, 0.4]}
MODELS = {"on": "id", "target": "y", "metrics": "brier"}
VOTES = {"first": ["x", "y"], "second": ["y", "x"], "won": ["x", "x"]}


def compared(**options: Any) -> object:
    return assay.compare(TABLE, **MODELS, baseline="a", candidates="b", **options)


def many(**options: Any) -> object:
    return assay.candidates(TABLE, models=["a", "b"], **MODELS, **options)


def agreeing(**options: Any) -> object:
    return assay.agreement(TABLE, item="id", rating=["a", "b"], **options)


def preferred(**options: Any) -> object:
    return assay.preferences(VOTES, first="first", second="second", winner="won", **options)


def ablated(**options: Any) -> object:
    return assay.ablation({"f": [0, 1], "value": [1.0, 2.0]}, factors=["f"], value="value", **options)


@pytest.mark.parametrize(
    ("verb", "option"),
    [
        *((compared, name) for name in ("level", "seed", "draws", "rope", "prior", "threshold")),
        *((many, name) for name in ("level", "seed", "threshold")),
        *((ablated, name) for name in ("level", "seed", "order", "threshold")),
        (agreeing, "level"),
        (preferred, "level"),
        (preferred, "seed"),
    ],
)
def test_what_is_no_number_is_refused(verb: Callable[..., object], option: str) -> None:
    with pytest.raises(InputError, match=f"{option} is 'much'; {option} is a (whole )?number"):
        verb(**{option: "much"})
