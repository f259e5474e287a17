"""A run as it is shown: its records, and what its folder holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from assay.records.runs import Logged, RunEnd, RunFault, RunStart, Series, SeriesKey, State


@dataclass(frozen=True, slots=True)
class RunView:
    """Everything that a page about a run needs.

    Attributes:
        folder: Where its files are.
        series: Thinned, so that a page can hold them.
        lengths: How many values each has in truth.
        config: With what was resolved after the start.
        code: What was captured of the code, as plain values; empty if nothing.
        environment: The same of the environment.
        notes: Artifacts, predictions, prompts and data by kind.
    """

    folder: str
    start: RunStart
    end: RunEnd | None
    state: State
    series: Mapping[SeriesKey, Series]
    lengths: Mapping[SeriesKey, int]
    config: Mapping[str, Any]
    code: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[tuple[str, Any], ...] = ()
    others: tuple[Logged, ...] = ()
    faults: tuple[RunFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs between two runs; None where one side does not have it.

    Attributes:
        part: `config`, `seed`, `code`, `prompt` (named with its line; the lines of both sides), `data`,
            `environment`, `package`, `variable`, `machine` or `command`.
    """

    part: str
    name: str
    first: Any
    second: Any
