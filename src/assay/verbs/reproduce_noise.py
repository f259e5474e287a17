"""A claim beside its run again, and beside the noise between seeds: runs that are the claim but for their seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assay.base.errors import AssayError
from assay.base.wording import counted
from assay.records.protocols import Table
from assay.records.reproduction import Compared
from assay.records.runs import Series
from assay.records.runview import RunView
from assay.remote.address import LabPlace
from assay.runs.code import versions
from assay.runs.differ import surroundings
from assay.runs.identity import AGAIN, identify
from assay.runs.reproduced import LEAST_SEEDS, Apart, beside_noise, compare, farther_than_seeds
from assay.runs.sources import known_of_both
from assay.store.blobs import Blobs
from assay.verbs import runs as lister
from assay.verbs.run import NUMBERS
from assay.verbs.where import existing_lab

# Which of the devices, and which process of several: of that machine and that launcher alone.
OWN = re.compile(r"CUDA_VISIBLE_DEVICES|(LOCAL_)?(RANK|WORLD_SIZE)")
MOST_SEEDS, MOST_TABLES, MOST_OTHERS = 30, 8, 500
"""Seeds whose last values are looked at, of how many of them the predictions, and other runs whose results are."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A run that is the claim but for its seed: last values by series, digest and form of predictions by name."""

    run: str
    last: Mapping[str, float]
    predictions: Mapping[str, tuple[str, str]]


def beside(claim: RunView, again: RunView, lab: Path, tolerance: float) -> tuple[Compared, ...]:
    """Each series and all predictions of a claim beside those of the run again."""
    digests = predictions(claim), predictions(again)
    near = _near(claim, again, lab) if digests[0] != digests[1] else {}
    return compare(main_series(claim), main_series(again), digests, tolerance, near)


def beside_seeds(
    claim: RunView, again: RunView, found: Sequence[Compared], place: LabPlace | None
) -> tuple[tuple[Compared, ...], tuple[str, ...]]:
    """What differs beside the noise between seeds, and what that noise is from, in words."""
    peers = pool(claim, place)
    if len(peers) < LEAST_SEEDS:
        return tuple(found), (
            f"no noise between seeds is known: {counted(len(peers), 'seed')} of the same experiment, command, "
            f"configuration, code, data and environment, {LEAST_SEEDS} are needed",
        )
    last = {c.name: [p.last[c.name] for p in peers if c.name in p.last] for c in found if c.what == "series"}
    told = [f"noise between seeds: from {counted(len(peers), 'seed')}, {', '.join(p.run for p in peers)}"]
    within: set[str] = set()
    for one in found:
        if one.what == "predictions" and one.outcome == "different":
            why = _farther(one.name, claim, again, peers, existing_lab(place))
            told += [f"{one.name}: {why}"] if why else []
            within |= set() if why else {one.name}
    return beside_noise(found, last, within), tuple(told)


def pool(claim: RunView, place: LabPlace | None) -> tuple[Peer, ...]:
    """Finished runs that are the claim but for the seed, one a seed.

    They have the same experiment, command and configuration, and the same code, data and environment.
    """
    lab = existing_lab(place)
    group = identify(claim.start, [c for what, c in claim.notes if what == "config"]).group
    asked = lister.ListRequest(("state=finished", f"config={group}"), limit=lister.MOST, lab=place)
    rows = [row for row in lister.listed(asked).rows if row.seed is not None and row.experiment != AGAIN]
    # The claim stands for its own seed.
    rows.sort(key=lambda row: row.id != claim.start.id)
    same_code, same_around = _same_code(claim, lab), _same_surroundings(claim, lab)
    found: dict[int | None, Peer] = {}
    for row in rows:
        if row.seed not in found and same_code(row.code) and same_around(row.environment):
            notes = lister.contents(row.id, place).notes
            if _used(notes) == _used(claim.notes):
                found[row.seed] = Peer(row.id, {n: m.last for n, m in row.metrics.items()}, _kept(notes))
        if len(found) == MOST_SEEDS:
            break
    return tuple(found.values())


def main_series(view: RunView) -> dict[str, Series]:
    """Every series by its name, with rank and worker where it has them."""
    return {key.words(): series for key, series in view.series.items()}


def predictions(view: RunView) -> dict[str, str]:
    """The digest of predictions by name."""
    return {name: digest for name, (digest, _) in _kept(view.notes).items()}


def written(notes: Sequence[tuple[str, Any]]) -> set[str]:
    """Paths of the files that a run made and named; an artifact is called by its path."""
    kept = [said.get("path") or said["name"] for what, said in notes if what == "artifact"]
    made = [said["path"] for what, said in notes if what in ("predictions", NUMBERS) and said.get("path")]
    return {str(path) for path in (*kept, *made)}


def not_by_others(claim: RunView, left: Sequence[str], place: LabPlace | None) -> list[str]:
    """Of files that lay beside the claim's code, those that no other run of its experiment has made as its result."""
    if not left or not claim.start.experiment:
        return list(left)
    asked = lister.ListRequest((f"experiment={claim.start.experiment}",), limit=MOST_OTHERS, lab=place)
    made = {path for row in lister.listed(asked).rows for path in written(lister.contents(row.id, place).notes)}
    return [line for line in left if line.rpartition(": ")[0] not in made]


def _kept(notes: Sequence[tuple[str, Any]]) -> dict[str, tuple[str, str]]:
    """Digest and form of predictions by name."""
    found = (c for what, c in notes if what == "predictions" and isinstance(c, Mapping))
    return {str(c["name"]): (str(c["digest"]), str(c.get("form"))) for c in found}


def _used(notes: Sequence[tuple[str, Any]]) -> list[str]:
    """Digests of the data and prompts that a run used."""
    return sorted(str(c["digest"]) for what, c in notes if what in ("data", "prompt") and isinstance(c, Mapping))


def _same_code(claim: RunView, lab: Path) -> Callable[[str], bool]:
    """Whether another code is that of the claim, but for files that such runs write."""

    @cache
    def same(digest: str) -> bool:
        if not digest or digest == claim.start.code:
            return digest == claim.start.code
        both = versions([claim.code, lister.kept_code(lab, digest)], written(claim.notes))
        return both[0] == both[1]

    return same


def _same_surroundings(claim: RunView, lab: Path) -> Callable[[str], bool]:
    """Whether another environment has the claim's packages, variables and machine."""

    @cache
    def same(digest: str) -> bool:
        other = lister.kept_code(lab, digest)
        unlike = surroundings(claim.environment, other)
        one, another = known_of_both(_sources(claim.environment), _sources(other))
        if one != another:
            return False
        return all(OWN.fullmatch(d.name) or d.name == "PYTHONHASHSEED" for d in unlike)

    return same


def _sources(environment: Mapping[str, Any]) -> Any:
    return environment.get("python", {}).get("sources", {})


def _near(claim: RunView, again: RunView, lab: Path) -> dict[str, float]:
    """How far predictions lie apart whose bytes differ, by name; those that are no tables alike are left out."""
    from assay.engine.apart import apart

    found: dict[str, float] = {}
    a, b = _kept(claim.notes), _kept(again.notes)
    for name, first in a.items():
        if b.get(name, first) != first:
            for engine, (one, other) in _scanned([first, b[name]], lab):
                far = apart(engine, one, other)
                if far is not None:
                    found[name] = far
    return found


def _farther(name: str, claim: RunView, again: RunView, peers: Sequence[Peer], lab: Path) -> str:
    """Why predictions are not within the noise between seeds; empty where they are."""
    from assay.engine.apart import pairwise

    pair = _kept(claim.notes)[name], _kept(again.notes)[name]
    others = [p.predictions[name] for p in peers if name in p.predictions and p.run != claim.start.id]
    own = any(p.run == claim.start.id for p in peers)
    if len(others) + own < LEAST_SEEDS:
        return f"no noise between seeds: {counted(len(others) + own, 'seed')} kept them, {LEAST_SEEDS} are needed"
    for engine, tables in _scanned([*pair, *others[: MOST_TABLES - own]], lab):
        found = pairwise(engine, tables)
        if found is None:
            break
        places = [*([0] if own else []), *range(2, len(tables))]
        return farther_than_seeds([Apart(c, whole, rms, far) for c, (whole, rms, far) in found.items()], places)
    return "no noise between seeds: their columns or rows are not those of the claim"


def _scanned(files: Sequence[tuple[str, str]], lab: Path) -> Iterator[tuple[Any, list[Table]]]:
    """Predictions as tables, with the engine that has them; nothing where forms differ, or no engine reads them."""
    if len({form for _, form in files}) > 1:
        return
    from assay.engine import DuckEngine

    with DuckEngine() as engine:
        try:
            tables = [engine.scan(Blobs(lab / "blobs").path(digest), f".{form}") for digest, form in files]
        except AssayError:
            # What no engine reads is compared by its bytes alone.
            return
        yield engine, tables
