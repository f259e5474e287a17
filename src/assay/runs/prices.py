"""What a run's computing cost, from a table of prices that the lab keeps: `.assay/prices.yaml`.

currency: EUR
machine_hour: 0.40    # for each hour from start to end
cpu_hour: 0.02        # for each hour of one processor in use
gpu_hour: 2.10        # for each hour of one graphics processor in use
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE = "prices.yaml"
_CURRENCY = "currency"
_HOURS = {
    "machine_hour": ("wall_seconds",), "cpu_hour": ("user_seconds", "system_seconds"), "gpu_hour": ("gpu_seconds",)
}  # fmt: skip


def priced(used: Mapping[str, Any], lab: Path) -> dict[str, Any]:
    """What was used, with its cost where the lab has prices; a table that cannot be used is named, and ends no run."""
    made = dict(used)
    try:
        content = (lab / FILE).read_text(encoding="utf-8")
    except FileNotFoundError:
        return made
    except (OSError, ValueError) as error:
        return {**made, "cost_note": f"{FILE} cannot be read ({type(error).__name__})"}
    try:
        prices = _prices(content)
    except ValueError as error:
        return {**made, "cost_note": f"{FILE}: {error}"}
    cost = sum(
        price * sum(float(used.get(part, 0.0)) for part in _HOURS[name]) / 3600
        for name, price in prices.items()
        if name != _CURRENCY
    )
    return {**made, "cost": round(cost, 9), "currency": str(prices.get(_CURRENCY, ""))}


def _prices(content: str) -> dict[str, Any]:
    """The table.

    Raises:
        ValueError: what is none, in words.
    """
    import yaml

    try:
        held = yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise ValueError("is no YAML") from error
    if not isinstance(held, dict) or not held:
        raise ValueError(f"has no prices; they are called {', '.join(_HOURS)}")
    for name, price in held.items():
        if name == _CURRENCY:
            continue
        if name not in _HOURS:
            raise ValueError(f"{name!r:.60} is no price; they are called {', '.join(_HOURS)}")
        if isinstance(price, bool) or not isinstance(price, (int, float)) or not math.isfinite(price) or price < 0:
            raise ValueError(f"{name} is {price!r:.60}; a price is a number from 0")
    return held
