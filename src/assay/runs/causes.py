"""Why a run again gives other numbers: the first cause that cannot be excluded.

In this order: code, environment, data, seed, nondeterminism.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assay.records.runlist import SEEDS
from assay.records.runview import RunView
from assay.runs.differ import differences, surroundings
from assay.runs.output import OUTPUT

Cause = tuple[str, str]
NO_NOISE = frozenset({"code", "environment", "data"})
"""Causes that no noise between seeds explains: what was run again was another thing."""
_GONE = re.compile(
    r"(?:No such file or directory|FileNotFoundError)\D*?[:\s][\"']([^\"']+)[\"']|can't open file '([^']+)'"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What could not be put back as it was, in words: of the code, the packages and the data.

    Attributes:
        beside: Files beside the code that are no source and were named by nobody: data at most.
    """

    code: Sequence[str] = ()
    packages: Sequence[str] = ()
    data: Sequence[str] = ()
    beside: Sequence[str] = ()


def first_cause(claim: RunView, again: Sequence[RunView], restored: Restored, alike: bool) -> Cause:
    """The cause and why.

    Args:
        again: The run again, and a second one where the first differed.
        alike: Whether the two agree.
    """
    if again[0].state != "finished":
        return _failure(claim, again[0], restored)
    apart = "two runs again differ from each other"
    besides = f"; {apart}, too" if len(again) > 1 and not alike else ""
    if restored.code:
        return "code", f"not put back as it was: {'; '.join(restored.code[:3])}{besides}"
    if restored.packages:
        return "environment", f"packages differ: {', '.join(restored.packages[:3])}{besides}"
    read = [*restored.data, *read_otherwise(claim, again[0])]
    if read:
        return "data", "; ".join(read[:3]) + besides
    seeds = [seed_of(view) for view in (claim, *again)]
    if len(set(seeds)) > 1:
        return "seed", f"the claim had the seed {seeds[0]}, the run again {seeds[1]}"
    if besides:
        return ("seed", f"{apart}; no seed was recorded") if seeds[0] is None else ("nondeterminism", apart)
    return _around(claim, again[0], restored)


def _around(claim: RunView, again: RunView, restored: Restored) -> Cause:
    """What may be behind a difference that comes out alike each time."""
    alike = "two runs again agree and differ from the claim"
    found = surroundings(claim.environment, again.environment)
    if found:
        said = ", ".join(f"{d.name} {d.first} → {d.second}" for d in found[:3])
        return "environment", f"{alike}; so does where they ran: {said}"
    if restored.beside:
        names = ", ".join(line.partition(": ")[0] for line in restored.beside[:3])
        return (
            "data",
            f"{alike}; not kept, and perhaps read: {names}; {_how_named(claim, 'PATH')} names what a run reads",
        )
    more = "variables that are not kept (ASSAY_VARIABLES names further ones)"
    return "unknown", f"{alike}: look at the machine, at {more}, and at data that were not named"


def seed_of(view: RunView) -> object:
    """The seed that a run says it had."""
    return next((view.config[name] for name in SEEDS if name in view.config), view.start.seed)


def read_otherwise(claim: RunView, again: RunView) -> list[str]:
    """Data and prompts that both runs have named and that were not the same."""
    return [
        f"{d.name}: the claim read {str(d.first)[:19]}…, the run again {str(d.second)[:19]}…"
        for d in differences(claim, again)
        if d.part in ("data", "prompt") and d.first and d.second
    ]


def _failure(claim: RunView, again: RunView, restored: Restored) -> Cause:
    """Why the run again failed, by the end of what it printed and by what could not be put back."""
    error = again.end.error if again.end else "no end"
    folder = Path(again.folder)
    lines, last = last_lines(folder / OUTPUT), last_words(folder)
    said = f"the run again is {again.state}: {error}" + (f"; it said last: {last}" if last else "")
    gone = next((m for line in reversed(lines) if (m := _GONE.search(line))), None)
    name = next((g for g in gone.groups() if g), "") if gone else ""
    if restored.data:
        return "data", f"{'; '.join(restored.data[:3])}; {said}"
    if name and _was_written(claim, name):
        return "code", f"{said}; the folder {Path(name).parent} is in no code that was kept: the program has to make it"
    if name:
        how = f"{_how_named(claim, name)} names what a run reads, and puts it back"
        return "data", f"{said}; {name} is in no code that was kept: {how}"
    if restored.code:
        return "code", f"not put back as it was: {'; '.join(restored.code[:3])}; {said}"
    if restored.packages:
        return "environment", f"packages differ: {', '.join(restored.packages[:3])}; {said}"
    return "unknown", said


def _how_named(claim: RunView, name: str) -> str:
    return f"--read {name}" if claim.start.launched else f"run.read({name!r})"


def _was_written(claim: RunView, name: str) -> bool:
    """Whether a file that is missing was made by the run itself, or since: then it lacks the folder to write it in."""
    try:
        return (Path(claim.start.folder) / name).stat().st_mtime >= claim.start.started
    except OSError:
        return False


def last_words(folder: Path) -> str:
    """The last line of what the command of a run printed; empty where it said nothing."""
    return next((line.strip()[:300] for line in reversed(last_lines(folder / OUTPUT)) if line.strip()), "")


def last_lines(path: Path, most: int = 8192) -> list[str]:
    """The end of a text file; empty where there is none."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - most))
            return file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []
