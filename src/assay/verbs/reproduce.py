"""`reproduce`: run a claimed number again from its code, environment and data, and say what came out."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from assay.base.canonical import digest_file
from assay.base.errors import InputError
from assay.base.progress import Progress, Silent
from assay.records.reproduction import Compared, Reproduction
from assay.records.runs import RunStart, Series
from assay.records.runview import RunView
from assay.remote.address import LabPlace
from assay.runs.folder import RUNS, read_record, run_folders
from assay.runs.reproduced import compare, outcome
from assay.runs.restore import package_changes, restore_code, restore_environment
from assay.runs.summary import config_digest
from assay.store.blobs import Blobs
from assay.verbs import runs as lister
from assay.verbs.run import LaunchRequest, cell_variables, launch
from assay.verbs.where import existing_lab, local, open_lab

LONGEST, AGAIN, KNOWN_GOOD = 1 << 60, "reproduce", "known-good"


@dataclass(frozen=True, slots=True)
class ReproduceRequest:
    """What `assay reproduce` asks for.

    Attributes:
        environment: `auto` takes the present one where its packages are those of the run, else builds one of the lock.
        tolerance: Relative difference of last values that counts as none.
        repository: A clone that has the commit; by default where it was captured.
    """

    run: str
    environment: Literal["auto", "present", "lock"] = "auto"
    tolerance: float = 0.0
    repository: Path | None = None
    lab: LabPlace | None = None


def run(request: ReproduceRequest, progress: Progress | None = None) -> Reproduction:
    """Restore, run again, compare; twice where the first time differs. The result is an event of the ledger.

    Raises:
        InputError: a run that did not finish, whose code was not kept, or whose code or environment cannot be put back.
        StoreError: no such run, or a lab that cannot be written.
    """
    local(request.lab)
    watch = progress or Silent()
    claim = lister.read(request.run, request.lab, LONGEST)
    _check(claim, request)
    lab = existing_lab(request.lab)
    watch.step("putting code and environment back")
    with tempfile.TemporaryDirectory(prefix="assay-reproduce-") as folder:
        target = Path(folder) / "code"
        blobs = Blobs(lab / "blobs")
        notes = restore_code(claim.code, blobs, target, request.repository)
        python = claim.environment.get("python", {})
        changes = package_changes(python.get("packages", {}), sys.path)
        built = request.environment == "lock" or (request.environment == "auto" and bool(changes))
        program = restore_environment(python, Path(folder) / "environment") if built else sys.executable
        where = target / _inner(claim)
        data = _restore_data(claim, blobs, where)
        watch.step("running again")
        again = [_again(claim, program, where, request)]
        found = _compared(claim, again[0], request)
        said = outcome(found) if again[0].state == "finished" else "failed"
        if said not in ("reproduced",) and again[0].state == "finished":
            watch.step("running again, to tell nondeterminism")
            again.append(_again(claim, program, where, request))
    cause, why = ("", "") if said == "reproduced" else _cause(claim, again, notes, data, [] if built else changes)
    made = Reproduction(
        claim.start.id, tuple(v.start.id for v in again), said, cause, why, "lock" if built else "present",
        request.tolerance, found, (*notes, *data, *([] if built else changes)),
    )  # fmt: skip
    with open_lab(request.lab) as store:
        store.append("run.reproduced", made)
    return made


def known_good(request: ReproduceRequest, progress: Progress | None = None) -> tuple[Reproduction, ...]:
    """Make every run again that has the tag `known-good`; one that is not reproduced is stale.

    Raises:
        InputError: a run is named besides, or none has the tag.
    """
    if request.run:
        raise InputError(f"the run {request.run:.80} is named", rule="known-good means all", fix="leave it out")
    lab = existing_lab(local(request.lab))
    starts = ((name, read_record(lab / RUNS / name, RunStart)[0]) for name in run_folders(lab / RUNS))
    runs = [name for name, start in starts if start is not None and KNOWN_GOOD in start.tags]
    if not runs:
        what = f"no run has the tag {KNOWN_GOOD}"
        raise InputError(what, rule="a run is marked when it is made", fix=f"assay run --tag {KNOWN_GOOD} -- COMMAND")
    return tuple(run(replace(request, run=name), progress) for name in runs)


def _check(claim: RunView, request: ReproduceRequest) -> None:
    if claim.state != "finished" or (not claim.series and not _predictions(claim)):
        raise InputError(
            f"the run {claim.start.id} is {claim.state} and has {len(claim.series)} series",
            rule="what is reproduced has finished and has numbers or predictions",
            fix="assay runs list --where state=finished",
        )
    if not claim.code:
        raise InputError(
            f"the run {claim.start.id} has no code that was kept",
            rule="a run is made again from its commit and the files kept beside it",
            fix="run it with `assay run -- COMMAND`, or without capture=False",
        )
    if any("[redacted:" in word for word in claim.start.command):
        what = "the command held a secret, which is not kept"
        raise InputError(what, rule="it is run again word by word", fix="pass secrets by environment")
    if not 0 <= request.tolerance < 1:
        raise InputError(
            f"the tolerance is {request.tolerance}", rule="a tolerance lies in [0, 1)", fix="--tolerance 0.001"
        )


def _inner(claim: RunView) -> Path:
    """The working folder within the code."""
    try:
        return Path(claim.start.folder).relative_to(str(claim.code["root"]))
    except ValueError:
        return Path()


def _again(claim: RunView, program: str, where: Path, request: ReproduceRequest) -> RunView:
    words = list(claim.start.command)
    if Path(words[0]).name.startswith("python") or not claim.start.launched:
        words[0] = program
    lab = existing_lab(request.lab).parent
    files = [str(said["path"]) for what, said in claim.notes if what == "predictions" and said.get("path")]
    asked = LaunchRequest(
        words,
        f"again {claim.start.id}",
        AGAIN,
        (),
        claim.start.seed,
        lab,
        folder=where,
        quiet=True,
        config=claim.start.config,
        variables=cell_variables(claim.start),
        predictions=files[0] if files and not Path(files[0]).is_absolute() else "",
    )
    done = launch(asked)
    return lister.read(done.run, lab, LONGEST)


def _restore_data(claim: RunView, blobs: Blobs, where: Path) -> list[str]:
    """Put data that the run read where it read them; returns what is not there as it was."""
    wrong = []
    for what, said in claim.notes:
        if what != "data" or not isinstance(said, Mapping) or not said.get("path"):
            continue
        place, digest = where / str(said["path"]), str(said["digest"])
        if ".." in Path(str(said["path"])).parts or place.exists():
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        first = Path(claim.start.folder) / str(said["path"])
        if blobs.has(digest):
            place.write_bytes(blobs.read(digest))
        elif first.is_file() and digest_file(first) == digest:
            place.symlink_to(first.resolve())
        else:
            wrong.append(f"{said['path']}: the data that were read, {digest[:19]}…, are not there any more")
    return wrong


def _compared(claim: RunView, again: RunView, request: ReproduceRequest) -> tuple[Compared, ...]:
    noise: dict[str, list[float]] = {}
    group = config_digest(claim.config)
    for row in lister.listed(lister.ListRequest(("state=finished",), limit=lister.MOST, lab=request.lab)).rows:
        if row.group == group and row.code == claim.start.code and row.experiment != AGAIN:
            for name, summary in row.metrics.items():
                noise.setdefault(name, []).append(summary.last)
    return compare(_main(claim), _main(again), (_predictions(claim), _predictions(again)), request.tolerance, noise)


def _main(view: RunView) -> dict[str, Series]:
    return {key.words(): series for key, series in view.series.items()}


def _predictions(view: RunView) -> dict[str, str]:
    return {str(c["name"]): str(c["digest"]) for w, c in view.notes if w == "predictions" and isinstance(c, Mapping)}


def _alike(a: RunView, b: RunView) -> bool:
    return outcome(compare(_main(a), _main(b), (_predictions(a), _predictions(b)), 0.0, {})) == "reproduced"


def _cause(
    claim: RunView, again: list[RunView], code: list[str], data: list[str], packages: list[str]
) -> tuple[str, str]:
    """The first cause of a difference, in the order in which they can be excluded."""
    if code:
        return "code", f"not put back as it was: {'; '.join(code[:3])}"
    if data:
        return "data", "; ".join(data[:3])
    if packages:
        return "environment", f"packages differ: {', '.join(packages[:3])}"
    if again[0].state != "finished":
        return "unknown", f"the run again is {again[0].state}: {again[0].end.error if again[0].end else 'no end'}"
    if len(again) > 1 and not _alike(*again):
        seed = "" if claim.start.seed is not None or "seed" in claim.config else "; no seed was recorded"
        return ("seed" if seed else "nondeterminism"), f"two runs again differ from each other{seed}"
    return (
        "unknown",
        "two runs again agree and differ from the claim: look at the machine, and at data that were not named",
    )
