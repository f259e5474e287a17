"""Configurations of any shape are made plain, in bounded time, and never end the training."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from assay.runs.config import MORE, MOST, plain_config


class Stubborn:
    @property
    def tolist(self) -> Any:
        raise RuntimeError("not now")


def count(value: Any) -> int:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(count, inner))


def billions() -> dict[str, Any]:
    held: list[Any] = ["lol"] * 9
    for _ in range(20):
        held = [held] * 9
    return {"first": 1, "held": held, "last": 2}


def circle() -> dict[str, Any]:
    held: dict[str, Any] = {"lr": 0.1}
    held["left"] = held["right"] = held
    return held


@pytest.mark.parametrize(
    "config", [billions(), circle(), {"data": np.zeros(3 * MOST)}], ids=["aliases", "circle", "data"]
)
def test_a_configuration_without_end_is_kept_to_a_bounded_part(config: dict[str, Any]) -> None:
    made = plain_config(config)
    assert next(iter(made.values())) in (1, 0.1, [0.0] * (MOST - 3) + [MORE])
    assert count(made) <= MOST + 100


def test_what_an_object_raises_is_said_in_its_place() -> None:
    assert plain_config({"lr": 0.1, "model": Stubborn()}) == {"lr": 0.1, "model": "(Stubborn: RuntimeError)"}
