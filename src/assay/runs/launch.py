"""Executing a command as a run: its output passes through and is kept, up to a size and without secrets."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import IO, Any

from assay.base.errors import InputError
from assay.records.runs import State
from assay.runs import usage
from assay.runs.command import script_at
from assay.runs.live import Run
from assay.runs.output import OUTPUT, OutputFile
from assay.runs.usage import peak_megabytes

_CHUNK = 1 << 16
_SIGNALS = {int(s): s.name for s in signal.Signals}
_PASSED = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended."""

    exit_code: int
    state: State
    error: str
    output: Mapping[str, Any]
    used: Mapping[str, Any]


def find_program(command: Sequence[str]) -> str:
    """The file that the first word names.

    Raises:
        InputError: no command, or one that is not found.
    """
    if not command:
        raise InputError("no command is given", rule="the command stands after --", fix="assay run -- python train.py")
    found = shutil.which(command[0])
    if found is None:
        raise InputError(
            f"the command {command[0]!r:.200} is not found",
            rule="its first word names a program, by path or within PATH",
            fix="assay run -- python train.py",
        )
    return found


def name_of(command: Sequence[str]) -> str:
    """What a run is called after: the script or module that an interpreter executes, else the program.

    >>> [name_of(c.split()) for c in ("python -u scripts/train.py --lr 1", "python -m pkg.train", "./fit", "sh -c ls")]
    ['train.py', 'pkg.train', 'fit', 'sh']
    """
    program, place = os.path.basename(command[0]), script_at(command)
    if not place or command[place].startswith("-") or command[place - 1] == "-c":
        return program
    return os.path.basename(command[place]) or program


@dataclass(frozen=True, slots=True)
class How:
    """How a command is executed.

    Attributes:
        cap: Bytes of output that are kept.
        more: Variables that it has besides those of this process.
        folder: Where.
        quiet: Whether its output is kept and not passed through.
    """

    cap: int
    more: Mapping[str, str]
    folder: Path
    quiet: bool = False


def execute(command: Sequence[str], program: str, run: Run, how: How) -> Ended:
    """Run a command to its end; signals go to it, and how it ended is told, never raised."""
    began, own = usage.now(), peak_megabytes(resource.getrusage(resource.RUSAGE_SELF))
    kept = OutputFile(run.folder / OUTPUT, how.cap)
    around = {**os.environ, **how.more}
    try:
        process = subprocess.Popen(
            list(command),
            executable=program,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=around,
            cwd=how.folder,
        )
    except OSError as error:
        return Ended(126, "failed", f"{program} cannot be executed ({error.strerror})", kept.close(), {})
    with _passing_signals(process) as got, usage.Watermark(process.pid) as seen:
        readers = [
            threading.Thread(
                target=_pass,
                args=(source, _silent if how.quiet else _raw(target), partial(kept.add, stream=name)),
                daemon=True,
            )
            for name, source, target in (
                ("out", process.stdout, sys.stdout),
                ("err", process.stderr, sys.stderr),
            )
        ]
        for reader in readers:
            reader.start()
        # Of this command alone: what is asked for all children together keeps the largest there ever was.
        code, spent = _waited(process)
        for reader in readers:
            # A grandchild may hold the pipe for longer than the command lives.
            reader.join(timeout=5)
    ended, most = usage.now(), peak_megabytes(spent)
    used = {
        "wall_seconds": round(ended.wall - began.wall, 6),
        "user_seconds": round(spent.ru_utime, 6),
        "system_seconds": round(spent.ru_stime, 6),
        # A new process begins with the mark of the one that made it: up to there only what was seen counts.
        "peak_megabytes": round(most if most > own else seen.megabytes or most, 3),
        **usage.gpu_since(began, ended),
    }
    return Ended(code if code >= 0 else 128 - code, *_how(code, got), kept.close(), used)


def _waited(process: subprocess.Popen[bytes]) -> tuple[int, resource.struct_rusage]:
    """The exit code, and what the command has used."""
    try:
        _, status, spent = os.wait4(process.pid, 0)
    except ChildProcessError:
        # Where children are not waited for (SIGCHLD is ignored) nobody can say how one ended.
        return process.wait(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, spent


def _how(code: int, got: list[int]) -> tuple[State, str]:
    if code == 0:
        return "finished", ""
    if code < 0:
        name = _SIGNALS.get(-code, str(-code))
        return ("interrupted" if got or -code == signal.SIGINT else "failed"), f"ended by signal {name}"
    return ("interrupted" if signal.SIGINT in got else "failed"), f"exit code {code}"


def _pass(source: IO[bytes], target: Callable[[bytes], None], keep: Callable[[bytes], None]) -> None:
    with source:
        while chunk := os.read(source.fileno(), _CHUNK):
            keep(chunk)
            target(chunk)


def _silent(chunk: bytes) -> None:
    """Keep output from the terminal."""


def _raw(stream: Any) -> Callable[[bytes], None]:
    """What writes bytes to a stream of text; a reader that went away ends the passing, not the command."""
    raw = getattr(stream, "buffer", None)
    gone = False

    def write(chunk: bytes) -> None:
        nonlocal gone
        if gone:
            return
        try:
            if raw is not None:
                raw.write(chunk)
                raw.flush()
            else:
                stream.write(chunk.decode(errors="replace"))
        except (OSError, ValueError):
            gone = True

    return write


@contextmanager
def _passing_signals(process: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """Signals to this process go to the command, which decides; Ctrl-C reaches it through the terminal already."""
    got: list[int] = []

    def forward(number: int, frame: FrameType | None) -> None:
        got.append(number)
        if number != signal.SIGINT and process.returncode is None:
            # Not by `send_signal`, which would ask how it ended before `wait4` does.
            with suppress(ProcessLookupError):
                os.kill(process.pid, number)

    if threading.current_thread() is not threading.main_thread():
        yield got
        return
    before = {number: signal.signal(number, forward) for number in _PASSED}
    try:
        yield got
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
