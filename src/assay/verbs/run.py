"""`run`: begin a run from code, or execute a command as one."""

from __future__ import annotations

import functools
import getpass
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assay.base.errors import AssayError, InputError, StoreError
from assay.base.wording import counted
from assay.records.runs import REMARK, RunStart
from assay.remote.address import Remote
from assay.runs import launch as launcher
from assay.runs.capture import Captured, capture, capture_here
from assay.runs.config import plain_config
from assay.runs.files import check_named, inner_path
from assay.runs.folder import END, RUNS, make_folder, read_record, write_record
from assay.runs.hashing import DigestCache
from assay.runs.identity import SWEPT
from assay.runs.live import Run, Tools
from assay.runs.process import here, rank_number
from assay.runs.secrets import redact_tree, redact_words
from assay.runs.seeds import set_seeds
from assay.runs.told import numbers_of
from assay.store.blobs import Blobs
from assay.verbs.sending import SentRun, home_of
from assay.verbs.where import LabPlace, working_folder

JOINED, NUMBERS = "ASSAY_RUN", "metrics"
CLOCK_TICK = 0.05
"""Seconds by which the time of a file may lag behind the clock."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What `assay.run` asks for.

    Attributes:
        config: A mapping, a dataclass, a namespace: anything with names and values.
        seed: Of the run; kept, and set where `set_seeds` asks for it.
        lab: The folder that holds `.assay`; this one or the nearest above where it is not given.
        capture: Whether code and environment are captured.
        rank: Of this process among those that train together; what the launcher says where it is not given.
        worker: Of the data loader.
    """

    config: Any = None
    seed: int | None = None
    name: str = ""
    experiment: str = ""
    tags: Sequence[str] = ()
    lab: LabPlace | None = None
    capture: bool = True
    set_seeds: bool = False
    rank: int = -1
    worker: int = -1


@dataclass(frozen=True, slots=True)
class LaunchRequest:
    """What `assay run -- COMMAND` asks for.

    Attributes:
        command: Word by word.
        refuse_secrets: Whether a secret in the code ends it before it begins; else the file is withheld and named.
        output_cap: Bytes of output that are kept.
        folder: Where it is executed; the working folder where it is not given.
        quiet: Whether its output is kept and not passed through.
        config: That the command is given, for the record.
        variables: Of its environment, besides those of this process.
        predictions: A file that the command writes; it is kept as the run's predictions.
        metrics: A file of numbers that it writes; they are kept as series.
        reads: Files, folders and tables of data that it reads; each is digested before it begins.
        prompts: Prompt and template files that it uses; they are kept.
        begun: Hears of the run's id before the command is executed.
        form: The command as a plan has it, where it is one that a sweep has filled in.
    """

    command: Sequence[str]
    name: str = ""
    experiment: str = ""
    tags: Sequence[str] = ()
    seed: int | None = None
    lab: LabPlace | None = None
    refuse_secrets: bool = False
    output_cap: int = 10_000_000
    folder: Path | None = None
    quiet: bool = False
    config: Any = None
    variables: Mapping[str, str] = field(default_factory=dict)
    predictions: str = ""
    metrics: str = ""
    reads: Sequence[str] = ()
    prompts: Sequence[str] = ()
    begun: Callable[[str], None] | None = None
    form: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Launched:
    """How a command went; `lost` says why its predictions or numbers are not kept."""

    run: str
    exit_code: int
    healthy: bool
    lost: str = ""


def begin(request: RunRequest) -> Run:
    """Begin a run, or join the one that `assay run` began for this process.

    Raises:
        InputError: a seed that is no whole number.
    """
    if request.seed is not None and (isinstance(request.seed, bool) or not isinstance(request.seed, int)):
        raise InputError(f"the seed is {request.seed!r:.100}", rule="a seed is a whole number", fix="seed=1")
    told = set_seeds(request.seed) if request.set_seeds else ()
    outer = Path(os.environ[JOINED]) if os.environ.get(JOINED) else None
    if outer is not None and _may_join(outer, request.rank):
        run = join(outer, request.rank, request.worker)
        if run is not None:
            run.configure({**plain_config(request.config), **_seed(request.seed)})
            for remark in told:
                run._note(REMARK, remark)
            return run
    return _begun(request, outer.name if outer is not None else "", told)


def _may_join(folder: Path, rank: int) -> bool:
    """Whether this call is the one that a launched run is about: the first of all, or one of the ranks."""
    if (folder / END).exists() or not folder.is_dir():
        return False
    if max(rank, rank_number()) >= 0:
        return True
    try:
        os.close(os.open(folder / ".joined", os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except OSError:
        return False
    return True


def join(folder: Path, rank: int = -1, worker: int = -1) -> Run | None:
    """Log into a run that another process began; None where it cannot be read."""
    start, _ = read_record(folder, RunStart)
    if start is None:
        return None
    blobs = Blobs(folder.parent.parent / "blobs")
    return Run(folder, start, blobs, owner=False, rank=rank, worker=worker, tools=_TOOLS)


def rejoin(folder: Path, rank: int) -> Run:
    """Log into a run that was sent from another process.

    Raises:
        StoreError: when its folder is gone.
    """
    run = join(folder, rank)
    if run is None:
        raise StoreError("the run cannot be read", rule="its folder has start.json", where=str(folder))
    return run


def parquet(table: Any) -> bytes:
    """A table in memory as a Parquet file; the same rows give the same bytes.

    Raises:
        InputError: what is no table.
    """
    import tempfile

    from assay.engine import DuckEngine

    with DuckEngine() as engine, tempfile.TemporaryDirectory(prefix="assay-") as folder:
        held = engine.register(table, "predictions")
        path = Path(folder) / "table.parquet"
        engine.write(held, path, list(held.columns))
        return path.read_bytes()


def _file_of(name: str) -> Path:
    from assay.verbs.contents import file_of

    return file_of(name)


def _noted(name: str, full: Path, cache: DigestCache) -> dict[str, Any]:
    # Reading tables takes modules that most runs have no use for.
    from assay.verbs.contents import noted

    return noted(name, full, cache)


_TOOLS = Tools(parquet, rejoin, _file_of, _noted)


def launch(request: LaunchRequest) -> Launched:
    """Execute a command as a run: its output passes through and is kept, its exit code is returned.

    Raises:
        InputError: a command or a file that is not found, or a secret in the code where those are refused.
        StoreError: when the lab cannot be written.
    """
    program = launcher.find_program(request.command)
    folder = request.folder or working_folder()
    check_named(folder, [_behind(name, folder) for name in request.reads], request.prompts)
    lab = home_of(request.lab)
    blobs = Blobs(lab / "blobs")
    captured = capture(folder, blobs, program, request.refuse_secrets, request.variables, lab)
    command, many = redact_words(tuple(request.command))
    notes = (*captured.notes, *([f"{counted(many, 'secret')} of the command redacted"] if many else []))
    called = request.name or launcher.name_of(request.command)
    asked = RunRequest(request.config, request.seed, called, request.experiment, request.tags, request.lab)
    form, _ = redact_words(tuple(request.form))
    origin = _Origin(captured, command, notes, launched=True, folder=folder, form=form)
    run = _made(lab, asked, blobs, origin)
    if not run.healthy:
        raise StoreError("the run cannot be written", rule="a run has its folder in the lab", where=str(run.folder))
    # Whatever ends this process ends the run as what it is.
    with run:
        if request.begun is not None:
            request.begun(run.id)
        for use, paths in ((run.read, request.reads), (run.prompt, request.prompts)):
            for path in paths:
                use(path)
        how = launcher.How(request.output_cap, {**request.variables, JOINED: str(run.folder)}, folder, request.quiet)
        ended = launcher.execute(request.command, program, run, how)
        run._command_ended(ended.exit_code, ended.output, ended.used)
        lost = _lost(run, request) if ended.state == "finished" else ""
        run.close("failed" if lost else ended.state, lost or ended.error)
    return Launched(run.id, ended.exit_code, run.healthy, lost)


def _behind(name: str, folder: Path) -> str:
    """The file behind the name of data, where that names a table that can be read.

    Raises:
        InputError: no table is named, or its database is not there.
    """
    if "://" not in name:
        return name
    from assay.readers.tables import TableName, check_table, is_table

    if not is_table(name):
        return name
    table = TableName.of(name)
    check_table(replace(table, file=folder / table.file))
    return str(table.file)


def cell_variables(start: RunStart) -> dict[str, str]:
    """What a sweep tells a command by its environment; nothing for a run of no sweep."""
    if SWEPT not in start.tags:
        return {}
    config = dict(start.config)
    seed = "" if start.seed is None else str(start.seed)
    return {"ASSAY_SEED": seed, "ASSAY_MODEL": str(config.get("model", "")), "ASSAY_CONFIG": json.dumps(config)}


def _lost(run: Run, request: LaunchRequest) -> str:
    """Keep what the command was to write; returns why it is not kept."""
    kept = ((request.metrics, _keep_numbers), (request.predictions, _keep_predictions))
    return "; ".join(why for name, keep in kept if name and (why := _unkept(run, name, keep)))


def _unkept(run: Run, name: str, keep: Callable[[Run, str], str]) -> str:
    try:
        if (Path(run.start.folder) / name).stat().st_mtime < run.start.started - CLOCK_TICK:
            return f"{name} is older than the run: the command did not write it"
        return keep(run, name)
    except OSError as error:
        return f"{name} is not there ({error.strerror})"
    except AssayError as error:
        return error.line()


def _keep_predictions(run: Run, name: str) -> str:
    return "" if run.predictions(name) else f"{name} could not be kept"


def _keep_numbers(run: Run, name: str) -> str:
    kept = 0
    full, inner = inner_path(Path(run.start.folder), Path(name))
    for step, numbers in numbers_of(full):
        run.log(numbers, step=step)
        kept += len(numbers)
    run._note(NUMBERS, {"name": name, "path": inner})
    return "" if kept else f"{name} holds no numbers"


def _begun(request: RunRequest, parent: str, told: tuple[str, ...] = ()) -> Run:
    """A run in the lab; one that cannot be kept still gives the program something to log into."""
    try:
        lab = home_of(request.lab)
        blobs: Blobs | None = Blobs(lab / "blobs")
    except AssayError as error:
        lab, blobs, trouble = Path.cwd() / ".assay", None, error.line()
    else:
        trouble = ""
    captured = Captured()
    if request.capture and blobs is not None:
        captured = capture_here(Path.cwd(), blobs, lab)
    command, _ = redact_words(tuple(sys.orig_argv))
    return _made(lab, request, blobs, _Origin(captured, command, (*captured.notes, *told), parent, trouble=trouble))


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where a run comes from; `trouble` says why it cannot be kept."""

    captured: Captured
    command: tuple[str, ...]
    notes: tuple[str, ...]
    parent: str = ""
    launched: bool = False
    trouble: str = ""
    folder: Path | None = None
    form: tuple[str, ...] = ()


def _made(lab: Path, request: RunRequest, blobs: Blobs | None, origin: _Origin) -> Run:
    now = time.time()
    config, many = redact_tree(plain_config(request.config))
    names, more = redact_tree([request.name, request.experiment, *map(str, request.tags)])
    notes, trouble = origin.notes, origin.trouble
    for found, of in ((many, "configuration"), (more, "names and tags")):
        if found:
            notes = (*notes, f"{counted(found, 'secret')} of the {of} redacted")
    me = here()
    try:
        if trouble:
            raise OSError(None, trouble)
        run_id, folder = make_folder(lab / RUNS, now)
    except OSError as error:
        trouble = trouble or f"cannot be written ({error.strerror})"
        run_id, folder = "unkept", lab / RUNS / "unkept"
    start = RunStart(
        id=run_id, name=names[0], experiment=names[1], started=now, host=me.host, user=_user(),
        pid=me.pid, command=origin.command, folder=str(origin.folder or Path.cwd()), config=config, seed=request.seed,
        tags=tuple(names[2:]), parent=origin.parent, code=origin.captured.code,
        environment=origin.captured.environment,
        launched=origin.launched, notes=notes, form=origin.form,
    )  # fmt: skip
    if not trouble:
        try:
            write_record(folder, start)
        except OSError as error:
            trouble = f"cannot be written ({error.strerror})"
    kind: type[Run] = SentRun if isinstance(request.lab, Remote) else Run
    run = kind(folder, start, blobs, owner=not trouble, rank=request.rank, worker=request.worker, tools=_TOOLS)
    if isinstance(run, SentRun) and isinstance(request.lab, Remote) and not trouble:
        run.send_to(request.lab)
    if trouble:
        run._trouble(trouble, 0)
    return run


def _seed(seed: int | None) -> dict[str, int]:
    return {} if seed is None else {"seed": seed}


@functools.cache
def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
