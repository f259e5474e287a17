"""Inputs of `compare`: files or tables in memory become models with a table each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assay.base.errors import InputError
from assay.base.numeric import check_number
from assay.base.wording import counted
from assay.data.request import ModelInput
from assay.readers.files import Source, open_source
from assay.records.comparison import InputFile
from assay.records.protocols import Engine, Table


@dataclass(frozen=True, slots=True)
class Opened:
    """A table and the file that it came from; None for a table in memory."""

    table: Table
    source: Source | None

    @property
    def is_trec(self) -> bool:
        """Whether it is a run or qrels as trec_eval reads them, whose columns have names of their own."""
        return self.source is not None and self.source.form == ".trec"

    def describe(self, engine: Engine) -> InputFile:
        """Name, digest and rows, for the record."""
        first = next(iter(self.table.columns))
        rows = engine.profile(self.table, [first])[first].rows
        digest = self.source.digest if self.source else ""
        return InputFile(self.table.source, digest, rows)


def check_level(level: float) -> None:
    """Refuse a level that no interval is read at."""
    check_number("level", level)
    if not 0.5 <= level < 1:
        raise InputError(f"the level is {level}", rule="a level lies in [0.5, 1)", fix="--level 0.95")


def check_seed(seed: int) -> None:
    """Refuse a seed that names no stream."""
    check_number("seed", seed, whole=True)
    if not 0 <= seed < 2**63:
        raise InputError(f"the seed is {seed}", rule="a seed is a whole number from 0", fix="--seed 0")


def check_threshold(threshold: float | None) -> None:
    """Refuse a threshold that no score is compared with."""
    if threshold is None:
        return
    check_number("threshold", threshold)
    if not math.isfinite(threshold):
        raise InputError(f"the threshold is {threshold}", rule="a threshold is a finite number", fix="--threshold 0.5")


def check_uploaded(files: Sequence[Any], baseline: str, candidates: Sequence[str]) -> None:
    """Refuse names that would be files of this machine: who asks over HTTP has uploaded theirs.

    Raises:
        InputError: baseline or candidates beside several files, or one without the other.
    """
    if (baseline or candidates) and (len(files) != 1 or not baseline):
        raise InputError(
            "baseline or candidates are named beside several files, or one without the other",
            rule="they are columns of one file; several files stand in order, the baseline first",
            fix="name the files in order",
        )


def open_input(engine: Engine, given: Any, name: str) -> Opened:
    """Open a path, or take a table in memory."""
    if isinstance(given, (str, Path)):
        source = open_source(Path(given))
        return Opened(engine.scan(source.path, source.form), source)
    return Opened(engine.register(given, name), None)


def model_inputs(
    engine: Engine, files: Sequence[Any], baseline: str, candidates: Sequence[str], scores: Sequence[str]
) -> tuple[list[ModelInput], list[Opened]]:
    """Baseline first, then candidates.

    One table with a column per model: `baseline` and `candidates` are columns. Otherwise one table per model: those in
    `files`, then files named by `baseline` and `candidates`.

    Raises:
        InputError: when it is not clear which is which.
    """
    if len(files) == 1 and baseline:
        opened = open_input(engine, files[0], "table")
        if not candidates:
            raise InputError(
                "no candidate is named", rule="one file needs a column for each model", fix="--candidate COLUMN"
            )
        columns = [baseline, *candidates]
        twice = next((c for c in columns if columns.count(c) > 1), None)
        if twice is not None:
            raise InputError(
                f"the column {twice!r} is named twice",
                rule="baseline and candidates are different columns",
                fix="name each column once",
            )
        return [ModelInput(c, opened.table, c) for c in columns], [opened]
    given = [*([baseline] if baseline else []), *files, *candidates]
    if len(given) < 2:
        raise InputError(
            f"given: {counted(len(given), 'input')}",
            rule="a comparison needs a baseline and a candidate: two files, or one file and two of its columns",
            fix="assay compare BASE CAND …, or assay compare FILE --baseline COLUMN --candidate COLUMN",
        )
    if len(scores) not in (0, 1, len(given)):
        raise InputError(
            f"--score is given {counted(len(scores), 'time')} for {counted(len(given), 'file')}",
            rule="once for all, or once a file",
            fix="--score COLUMN",
        )
    chosen = list(scores) if len(scores) == len(given) else [*scores, *[""] * len(given)][:1] * len(given)
    opened_all = [open_input(engine, g, "baseline" if i == 0 else f"candidate{i}") for i, g in enumerate(given)]
    names = _names(opened_all)
    return [ModelInput(n, o.table, s) for n, o, s in zip(names, opened_all, chosen, strict=True)], opened_all


def _names(opened: Sequence[Opened]) -> list[str]:
    """File names without their ending; with their folder, or numbered, where that leaves no difference."""
    stems = [o.source.path.stem if o.source else o.table.source for o in opened]
    if len(set(stems)) == len(stems):
        return stems
    longer = [str(o.source.path.with_suffix("")) if o.source else o.table.source for o in opened]
    if len(set(longer)) == len(longer):
        return longer
    return [f"{n}#{i + 1}" for i, n in enumerate(longer)]
