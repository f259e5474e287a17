"""Sweeps: what a plan says of the runs that fill its matrix, the matrix itself, and what has come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Search = Literal["grid", "random", "optuna"]
Goal = Literal["minimize", "maximize"]
CellState = Literal["finished", "running", "waiting", "failed", "missing"]
CELL_STATES: tuple[CellState, ...] = ("finished", "running", "waiting", "failed", "missing")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One dimension of a search space: some values, or a range.

    Attributes:
        values: What it may be; empty for a range.
        low: Of a range; with `high` it is whole where both are.
        log: Whether the range is searched on the scale of its logarithm.
    """

    name: str
    values: tuple[Any, ...] = ()
    low: float | int | None = None
    high: float | int | None = None
    log: bool = False

    @property
    def whole(self) -> bool:
        """Whether a range holds whole numbers alone."""
        return isinstance(self.low, int) and isinstance(self.high, int)


@dataclass(frozen=True, slots=True)
class SweepLimits:
    """When a sweep begins nothing more, and when a cell is ended; None where nothing is said.

    Attributes:
        hours: Of the clock, since the sweep was begun or taken up again.
        cpu_hours: Of all attempts of all cells together.
        minutes: Of one cell.
        failures: Cells that may fail.
        value: Reached by a setting, no further setting is begun.
        patience: Settings in a row that bring nothing better.
        diverged: Whether a cell is ended when its metric turns NaN or infinite.
    """

    hours: float | None = None
    cpu_hours: float | None = None
    minutes: float | None = None
    failures: int | None = None
    value: float | None = None
    patience: int | None = None
    diverged: bool = False


@dataclass(frozen=True, slots=True)
class Sweep:
    """How runs fill a plan's matrix.

    Attributes:
        command: Word by word; `{seed}`, `{model}` and `{name of a parameter}` are filled in.
        folder: Where it is executed, relative to the plan's folder.
        space: What is searched; every model gets the same number of settings.
        settings: How many settings a model gets from a random search or Optuna.
        metric: A series of the runs whose mean over seeds chooses a model's setting; `min:` or `max:` before it.
        predictions: A file that the command writes, kept as the run's predictions; with the same fillings.
        metrics: A file of numbers that it writes, kept as series; with the same fillings.
        reads: Data that the command reads, with the same fillings.
        prompts: Prompt and template files that it uses, with the same fillings.
        retries: How often a cell that failed is begun again, `backoff` seconds later, then twice that, and so on.
    """

    command: tuple[str, ...] = ()
    folder: str = "."
    space: tuple[Parameter, ...] = ()
    search: Search = "grid"
    settings: int = 1
    metric: str = ""
    goal: Goal = "minimize"
    predictions: str = ""
    retries: int = 1
    backoff: float = 1.0
    limits: SweepLimits = SweepLimits()
    reads: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    metrics: str = ""


@dataclass(frozen=True, slots=True)
class Arm:
    """A model of the matrix: what the sweep executes for it.

    Attributes:
        role: `baseline`, `candidate` or `ablation`.
        seeds: Of the plan; one for a deterministic baseline.
        config: Fixed parameters.
        command: Word by word, not filled in; empty where the model's predictions do not come from the sweep.
    """

    name: str
    role: str
    seeds: tuple[int, ...]
    config: Mapping[str, Any]
    command: tuple[str, ...]
    space: tuple[Parameter, ...] = ()


@dataclass(frozen=True, slots=True)
class Cell:
    """One run that the matrix asks for.

    Attributes:
        key: Names its content: command, configuration, seed.
        setting: The number of its setting within its model's search, from 0.
        config: All parameters: the model's own and those of the setting.
        command: Filled in.
        predictions: The file that is kept, filled in; empty if the code keeps them.
    """

    key: str
    model: str
    seed: int
    setting: int
    config: Mapping[str, Any]
    command: tuple[str, ...]
    predictions: str = ""


@dataclass(frozen=True, slots=True)
class CellStanding:
    """Where a cell stands.

    Attributes:
        run: The run that finished it, or the last that tried.
        attempts: How often it was begun.
        value: Of the sweep's metric; None where there is none.
        why: Of a failure, or of what is not as it was written.
        code: Digest of the code that it ran with.
    """

    cell: Cell
    state: CellState
    run: str = ""
    attempts: int = 0
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    value: float | None = None
    why: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting of a model and what its seeds have shown.

    Attributes:
        value: Mean of the metric over the seeds; None until all have finished, or where it is undefined.
        interval: Of that mean, by t over seeds; None for a single seed, which is anecdotal.
        chosen: Whether the model is judged with it.
    """

    model: str
    number: int
    config: Mapping[str, Any]
    seeds: int
    finished: int
    value: float | None
    interval: tuple[float, float] | None = None
    failed: int = 0
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class SweepState:
    """A sweep as it stands.

    Attributes:
        folder: Its state in the lab.
        generation: 1, or more where it was begun anew.
        stopped: Why no more is begun; empty if nothing bars it.
        notes: What a reader should know: several versions of the code, records that were changed.
        unproposed: Model -> cells of settings that Optuna is still to propose; without those it has none of.
    """

    plan: str
    folder: str
    generation: int
    cells: tuple[CellStanding, ...]
    settings: tuple[Setting, ...] = ()
    stopped: str = ""
    notes: tuple[str, ...] = ()
    unproposed: Mapping[str, int] = field(default_factory=dict)

    @property
    def wanted(self) -> int:
        """How many cells there are to be."""
        return len(self.cells) + sum(self.unproposed.values())

    def count(self, state: CellState) -> int:
        """How many cells are in a state."""
        return sum(c.state == state for c in self.cells)

    @property
    def complete(self) -> bool:
        """Whether every cell has finished, and no further one is to be proposed."""
        return not self.unproposed and all(c.state == "finished" for c in self.cells)


@dataclass(frozen=True, slots=True)
class Covered:
    """One cell of a plan's matrix of models and seeds.

    Attributes:
        state: `finished` where its predictions are there.
        source: The run, or the file, that has them.
    """

    model: str
    role: str
    seed: str
    state: CellState
    source: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Which cells of a plan's matrix are there, and which miss."""

    plan: str
    cells: tuple[Covered, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def missing(self) -> tuple[Covered, ...]:
        """Those that are not there, in the order of the matrix."""
        return tuple(c for c in self.cells if c.state != "finished")
