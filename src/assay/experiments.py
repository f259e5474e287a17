"""What code that trains uses: `run` and `experiment`; and what reads it back: `KeptRun`."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

from assay.base.errors import InputError
from assay.runs.bodies import running
from assay.runs.live import Run

if TYPE_CHECKING:
    from assay.records.runs import Logged, RunEnd, RunFault, RunStart, Series, SeriesKey
    from assay.records.sweep import CellStanding, SweepState
    from assay.remote.address import LabPlace
    from assay.runs.reading import Contents
    from assay.verbs.runs import RunShown

F = TypeVar("F", bound=Callable[..., Any])


def run(
    config: Any = None,
    *,
    seed: int | None = None,
    name: str = "",
    experiment: str = "",
    tags: Sequence[str] = (),
    lab: str | Path | None = None,
    **more: Any,
) -> Run:
    """Begin a run: code, environment, configuration and seed are kept, and what is logged until it ends.

    Within a command that `assay run` executes, the first call logs into that run.

    Args:
        config: A mapping, a dataclass, a namespace: anything with names and values.
        seed: Of the run; kept, and set with `set_seeds=True`.
        name: As people call it.
        experiment: What it belongs to.
        tags: Words to find it by.
        lab: The folder that holds `.assay`; by default this one or the nearest above; it is made where there is none.
            Or the address of a served lab, `http://…`: the run is written here and sent as it grows.
        more: `set_seeds` (Python, NumPy, PyTorch), `capture` (False leaves code and environment out), `rank`, `worker`.

    Raises:
        InputError: a seed that is no whole number, or an unknown option.

    >>> import tempfile
    >>> from assay import Lab
    >>> folder = tempfile.TemporaryDirectory()
    >>> _ = Lab.create(folder.name)
    >>> with run(config={"lr": 0.1}, seed=1, lab=folder.name) as training:
    ...     for step in range(3):
    ...         training.log(step=step, loss=1 / (1 + step))
    >>> Lab(folder.name).run(training.id).series("loss").values.round(2).tolist()
    [1.0, 0.5, 0.33]
    >>> folder.cleanup()
    """
    from assay.remote.address import place
    from assay.verbs import run as verb

    known = {"set_seeds", "capture", "rank", "worker"}
    unknown = sorted(more.keys() - known)
    if unknown:
        rule = f"known: {', '.join(sorted(known))}"
        raise InputError(f"unknown option {unknown[0]!r}", rule=rule, fix="see help(assay.run)")
    where = place(lab) if lab is not None else None
    return verb.begin(verb.RunRequest(config, seed, name, experiment, tuple(tags), where, **more))


@overload
def experiment(function: F, /) -> F: ...
@overload
def experiment(*, name: str = "", **options: Any) -> Callable[[F], F]: ...
def experiment(function: F | None = None, /, *, name: str = "", **options: Any) -> Any:
    """Make each call of a function a run: its arguments are the configuration, `seed` among them is the seed.

    A parameter called `run` receives the run; numbers in a mapping that the function returns are logged. The run of an
    asynchronous function or of a generator lasts as long as its body does.

    Args:
        function: What is decorated.
        name: Of the experiment; the function's where it is not given.
        options: Those of `assay.run`.

    >>> import tempfile
    >>> from assay import Lab
    >>> folder = tempfile.TemporaryDirectory()
    >>> _ = Lab.create(folder.name)
    >>> @experiment(lab=folder.name)
    ... def train(lr, seed=0, run=None):
    ...     run.log(loss=lr * 2)
    ...     return {"accuracy": 0.9}
    >>> train(0.1, seed=3)
    {'accuracy': 0.9}
    >>> [(r.experiment, r.seed, r.params["lr"]) for r in Lab(folder.name).runs()]
    [('train', 3, 0.1)]
    >>> folder.cleanup()
    """
    if function is None:
        return functools.partial(_experiment, name=name, options=options)
    return _experiment(function, name=name, options=options)


def _experiment(function: F, name: str, options: dict[str, Any]) -> F:
    signature = inspect.signature(function)
    takes_run = "run" in signature.parameters

    def begun(args: Any, kwargs: Any) -> tuple[Run, inspect.BoundArguments]:
        bound = signature.bind_partial(*args, **kwargs)
        bound.apply_defaults()
        config = {k: v for k, v in bound.arguments.items() if k not in ("run", "self")}
        seed = config.get("seed") if isinstance(config.get("seed"), int) else None
        training = run(config, seed=seed, experiment=name or function.__name__, **options)
        if takes_run and bound.arguments.get("run") is None:
            bound.arguments["run"] = training
        return training, bound

    return functools.wraps(function)(running(function, begun))  # type: ignore[return-value]


class KeptRun:
    """A run as it is kept: what it says of itself, and its series. Read from its folder when asked."""

    def __init__(self, shown: RunShown, lab: LabPlace | None = None) -> None:
        self._shown, self._lab = shown, lab
        self._contents: Contents | None = None

    @property
    def id(self) -> str:
        """Names it in its lab."""
        return self._shown.start.id

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self._shown.folder

    @property
    def start(self) -> RunStart:
        """What it said at its start."""
        return self._shown.start

    @property
    def end(self) -> RunEnd | None:
        """What it said at its end; None where it has none."""
        return self._shown.end

    @property
    def state(self) -> str:
        """`running`, `finished`, `failed`, `interrupted` or `dead`."""
        return self._shown.state

    @property
    def config(self) -> dict[str, Any]:
        """The configuration, with what was resolved after the start; what its command says where nothing told any."""
        from assay.runs.identity import identify

        return dict(identify(self.start, self.contents.of("config")).settings)

    @property
    def contents(self) -> Contents:
        """Everything logged, read once."""
        if self._contents is None:
            from assay.verbs import runs as verb

            self._contents = verb.contents(self.id, self._place)
        return self._contents

    @property
    def faults(self) -> tuple[RunFault, ...]:
        """What in its folder is not as it was written."""
        return (*self._shown.faults, *self.contents.faults)

    @property
    def keys(self) -> tuple[SeriesKey, ...]:
        """Every scalar series, by name, rank and worker."""
        return tuple(self.contents.series)

    def series(self, name: str, rank: int | None = None, worker: int | None = None) -> Series:
        """Steps, values and times of a series, in the order of logging.

        Args:
            name: Of the series.
            rank: Of the process; the first where it is not given.
            worker: Of the data loader; none where it is not given.

        Raises:
            InputError: when there is no such series; the error names those there are.
        """
        mine = [k for k in self.keys if k.name == name and rank in (None, k.rank) and worker in (None, k.worker)]
        if not mine:
            known = sorted({k.words() for k in self.keys})
            raise InputError(
                f"the run {self.id} has no series {name!r:.100}",
                rule=f"it has {', '.join(known[:20]) or 'none'}",
                fix="log it, or choose one of these",
            )
        return self.contents.series[min(mine, key=lambda k: (k.worker >= 0, k.rank, k.worker))]

    def logged(self, name: str) -> tuple[Logged, ...]:
        """Histograms, tables, images or texts of a name, in order."""
        return tuple(one for one in self.contents.others if one.key.name == name)

    def artifacts(self) -> dict[str, str]:
        """Name -> digest of each file that the run kept."""
        return {str(a["name"]): str(a["digest"]) for a in self.contents.of("artifact")}

    def predictions(self) -> dict[str, str]:
        """Name -> digest of the predictions that the run kept."""
        return {str(p["name"]): str(p["digest"]) for p in self.contents.of("predictions")}

    def prompts(self) -> dict[str, str]:
        """Name -> digest of each prompt or template file that the run used."""
        return {str(p["name"]): str(p["digest"]) for p in self.contents.of("prompt")}

    def content(self, what: str | Logged) -> bytes:
        """The content of an artifact, of predictions or of a prompt, by name; or of an image that was logged.

        Raises:
            InputError: when the run keeps nothing of that name; the error names what it keeps.
            StoreError: when the file is gone or damaged.
        """
        from assay.verbs import runfiles

        kept = {**self.prompts(), **self.predictions(), **self.artifacts()}
        if not isinstance(what, str) and what.key.kind == "image":
            return runfiles.content(str(what.content["digest"]), self._place, self.id)
        if not isinstance(what, str) or what not in kept:
            raise InputError(
                f"the run {self.id} keeps no file {getattr(what, 'key', what)!r:.100}",
                rule=f"it keeps {', '.join(kept)[:500] or 'none'}",
                fix="choose one of these, or an image of run.logged(name)",
            )
        return runfiles.content(kept[what], self._place, self.id)

    @property
    def _place(self) -> LabPlace:
        return self._lab or self.folder.parent.parent.parent

    def __iter__(self) -> Iterator[Series]:
        return iter(self.contents.series.values())

    def _repr_html_(self) -> str:
        from assay.report.html import fragment
        from assay.report.runs import run_page
        from assay.verbs import runfiles
        from assay.verbs import runs as verb

        view = verb.read(self.id, self._place)
        return fragment(run_page(view, runfiles.pictures(view, self._place)))

    def __repr__(self) -> str:
        return f"KeptRun({self.id!r}, {self.state})"


class Sweeping:
    """The result of `Lab.sweep`: iterate over its cells, print it, or show it in a notebook.

    Attributes:
        results: The record behind it.
    """

    def __init__(self, results: SweepState) -> None:
        self.results = results

    @property
    def complete(self) -> bool:
        """Whether every cell has finished."""
        return self.results.complete

    @property
    def runs(self) -> dict[str, tuple[str, ...]]:
        """Model -> the runs of the setting that it is judged with, by seed."""
        found: dict[str, list[str]] = {}
        chosen = {(s.model, s.number) for s in self.results.settings if s.chosen}
        for c in sorted(self.results.cells, key=lambda c: c.cell.seed):
            if c.state == "finished" and (c.cell.model, c.cell.setting) in chosen:
                found.setdefault(c.cell.model, []).append(c.run)
        return {model: tuple(runs) for model, runs in found.items()}

    def to_json(self) -> dict[str, Any]:
        """What `assay sweep --json -` prints."""
        from assay.report.sweep import sweep_json

        return sweep_json(self.results)

    def __iter__(self) -> Iterator[CellStanding]:
        return iter(self.results.cells)

    def __str__(self) -> str:
        from assay.report.sweep import render_sweep

        return render_sweep(self.results)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from assay.report.html import fragment
        from assay.report.sweep import sweep_page

        return fragment(sweep_page(self.results))
