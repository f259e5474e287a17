"""`reproduce`: run a claimed number again from its code, environment and data, and say what came out."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from assay.base.errors import AssayError, InputError
from assay.base.progress import Progress, Silent
from assay.records.reproduction import Reproduction
from assay.records.runview import RunView
from assay.remote.address import LabPlace
from assay.runs.causes import NO_NOISE, Restored, first_cause, read_otherwise
from assay.runs.code import LEFT_OUT, is_source
from assay.runs.command import script_at
from assay.runs.identity import AGAIN, AGAIN_OF
from assay.runs.outside import Watched, places_of
from assay.runs.reproduced import compare, outcome
from assay.runs.restore import (
    Places,
    holding,
    package_changes,
    restore_code,
    restore_data,
    restore_environment,
)
from assay.runs.sources import INSIDE, edited
from assay.store.blobs import Blobs
from assay.verbs import data as shelf
from assay.verbs import marks
from assay.verbs import runs as lister
from assay.verbs.contents import file_of, is_as_read, read_again
from assay.verbs.reproduce_noise import OWN, beside, beside_seeds, main_series, not_by_others, predictions, written
from assay.verbs.run import NUMBERS, LaunchRequest, cell_variables, launch
from assay.verbs.where import existing_lab, local, open_lab

TEMPORARY = "temporary"
LONGEST, MOST_NAMED, MOST_CHANGES = 1 << 60, 20, 5


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
    if not request.run:
        raise InputError("no run is named", rule="what is made again is a run, or evidence", fix="assay runs list")
    watch = progress or Silent()
    claim = lister.read(request.run, request.lab, LONGEST)
    _check(claim, request)
    lab = existing_lab(request.lab)
    watch.step("putting code and environment back")
    with tempfile.TemporaryDirectory(prefix="assay-reproduce-") as folder:
        target = Path(folder) / "code"
        blobs = Blobs(lab / "blobs")
        repository = _repository(claim, request)
        notes, left = _sorted_out(claim, restore_code(claim.code, blobs, target, repository))
        python = claim.environment.get("python", {})
        notes += edited(_sources(claim))
        changes = package_changes(python.get("packages", {}), sys.path)
        built = request.environment == "lock" or (request.environment == "auto" and bool(changes))
        program = restore_environment(python, Path(folder) / "environment") if built else sys.executable
        where = target / _inner(claim)
        data = restore_data(claim.notes, blobs, where, _places(claim, repository, request.lab), is_as_read)
        _make_folders(claim, where)
        watch.step("running again")
        seen = _watched(claim, where, Path(folder))
        again = [_again(claim, program, where, request)]
        found = beside(claim, again[0], lab, request.tolerance)
        said = outcome(found) if again[0].state == "finished" else "failed"
        if said not in ("reproduced",) and again[0].state == "finished":
            watch.step("running again, to tell nondeterminism")
            again.append(_again(claim, program, where, request))
        outside = [f"{path}: changed meanwhile, outside of its folder" for path in seen.written()]
        outside += [f"{path}: has more files than are watched" for path in seen.cut()]
    left = [] if said == "reproduced" else not_by_others(claim, left, request.lab)
    restored = Restored(notes, () if built else changes, data, left)
    alike = len(again) > 1 and _alike(*again)
    cause, why = ("", "") if said == "reproduced" else first_cause(claim, again, restored, alike)
    unlike = [] if said == "reproduced" else [*left, *read_otherwise(claim, again[0])]
    noise: tuple[str, ...] = ()
    if said == "not reproduced" and cause not in NO_NOISE:
        found, noise = beside_seeds(claim, again[0], found, request.lab)
        said = outcome(found)
    told = (*notes, *data, *_few(restored.packages), *unlike, *noise)
    made = Reproduction(
        claim.start.id, tuple(v.start.id for v in again), said, cause, why, "lock" if built else "present",
        request.tolerance, found, (*told, *outside[:MOST_NAMED]),
    )  # fmt: skip
    with open_lab(request.lab) as store:
        store.append("run.reproduced", made)
    return made


def _few(packages: Sequence[str]) -> list[str]:
    """Changes of packages, the first of many."""
    more = len(packages) - MOST_CHANGES
    return [*packages[:MOST_CHANGES], *([f"{more} more packages differ"] if more > 0 else [])]


def known_good(request: ReproduceRequest, progress: Progress | None = None) -> tuple[Reproduction, ...]:
    """Make every run again that is known to be good; one that is not reproduced, or cannot be made again, is stale.

    Raises:
        InputError: a run is named besides, or none is known to be good.
    """
    if request.run:
        raise InputError(f"the run {request.run:.80} is named", rule="known-good means all", fix="leave it out")
    _check_tolerance(request)
    runs = marks.every(local(request.lab))
    if not runs:
        fix = "assay runs known-good RUN, or assay run --tag known-good -- COMMAND"
        raise InputError("no run is known to be good", rule="a baseline is marked as one", fix=fix)
    return tuple(_or_stale(replace(request, run=known.run), progress) for known in runs)


def _or_stale(request: ReproduceRequest, progress: Progress | None) -> Reproduction:
    """What came of one of several: that it cannot be made again is an outcome, and no end of the others."""
    try:
        return run(request, progress)
    except (AssayError, OSError, subprocess.SubprocessError) as error:
        why = error.line() if isinstance(error, AssayError) else f"{type(error).__name__}: {error}"
        built = "lock" if request.environment == "lock" else "present"
        made = Reproduction(request.run, (), "failed", "", why, built, request.tolerance, ())
    with open_lab(request.lab) as store:
        store.append("run.reproduced", made)
    return made


def _check(claim: RunView, request: ReproduceRequest) -> None:
    if script_at(claim.start.command) is None:
        raise InputError(
            f"the program of the run {claim.start.id} came by standard input, which is not kept",
            rule="a run is made again from files",
            fix="put the program into a file: assay run -- python FILE",
        )
    if claim.state != "finished" or (not claim.series and not predictions(claim)):
        raise InputError(
            f"the run {claim.start.id} is {claim.state} and has {len(claim.series)} series and no predictions",
            rule="what is reproduced has finished and has numbers or predictions",
            fix=_how_kept(claim),
        )
    if claim.start.code and not claim.code:
        lost = next((f.what for f in claim.faults if claim.start.code in f.what), f"{claim.start.code} is not there")
        raise InputError(
            f"the code of the run {claim.start.id} was kept and is not in the lab ({lost})",
            rule="a run refers to what it keeps by content, which lies in the folder blobs beside runs",
            fix="copy .assay/blobs from where the run was made, too, or assay sync OTHER_LAB",
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
    _check_tolerance(request)


def _check_tolerance(request: ReproduceRequest) -> None:
    if not 0 <= request.tolerance < 1:
        raise InputError(
            f"the tolerance is {request.tolerance}", rule="a tolerance lies in [0, 1)", fix="--tolerance 0.001"
        )


def _how_kept(claim: RunView) -> str:
    """What would have given it something to compare."""
    if claim.state != "finished":
        return "assay runs list --where state=finished"
    launched = "`assay run --predictions FILE -- COMMAND` keeps the file that it writes, `--metrics FILE` its numbers"
    return launched if claim.start.launched else "run.log keeps numbers, run.predictions what it predicts"


def _inner(claim: RunView) -> Path:
    """The working folder within the code."""
    try:
        return Path(claim.start.folder).relative_to(str(claim.code["root"]))
    except ValueError:
        return Path()


def _watched(claim: RunView, where: Path, folder: Path) -> Watched:
    """Where a program that writes outside of its folder is most likely to."""
    first = Path(str(claim.code.get("root") or claim.start.folder))
    variables = {k: v for k, v in claim.environment.get("variables", {}).items() if k != "PYTHONPATH"}
    (folder / TEMPORARY).mkdir()
    told = [list(claim.start.command[1:]), dict(claim.config), variables, sorted(written(claim.notes))]
    return Watched(places_of(told, where, first, folder))


def _again(claim: RunView, program: str, where: Path, request: ReproduceRequest) -> RunView:
    words = list(claim.start.command)
    words[0] = _program(claim, program)
    lab = existing_lab(request.lab).parent
    used: dict[str, list[str]] = {"data": [], "prompt": []}
    for what, said in claim.notes if claim.start.launched else ():
        if what in used and said.get("path") and (where / str(said["path"])).exists():
            used[what].append(read_again(said))
    asked = LaunchRequest(
        words,
        f"{AGAIN_OF}{claim.start.id}",
        AGAIN,
        (),
        claim.start.seed,
        lab,
        folder=where,
        quiet=True,
        config=claim.start.config,
        variables={"PATH": _path(program), **_variables(claim, where)},
        predictions=_inside(claim, "predictions"),
        metrics=_inside(claim, NUMBERS),
        reads=used["data"],
        prompts=used["prompt"],
    )
    done = launch(asked)
    return lister.read(done.run, lab, LONGEST)


def _program(claim: RunView, python: str) -> str:
    """What the first word of the command names: that Python, or what is installed beside it, as `torchrun` is."""
    word = claim.start.command[0]
    if Path(word).name.startswith("python") or not claim.start.launched:
        return python
    beside, known = (
        Path(python).parent / Path(word).name,
        str(claim.environment.get("python", {}).get("executable", "")),
    )
    of_it = os.sep not in word or Path(word).parent == Path(known).parent
    return str(beside) if of_it and beside.is_file() else word


def _path(python: str) -> str:
    """Where programs are looked for: what a script calls `python` is the one that the environment has."""
    return os.pathsep.join((str(Path(python).parent), os.environ.get("PATH", os.defpath)))


def _inside(claim: RunView, kind: str) -> str:
    """The file of a kind that the command wrote within its folder; empty where there is none."""
    files = [str(said["path"]) for what, said in claim.notes if what == kind and said.get("path")]
    return files[0] if files and not Path(files[0]).is_absolute() else ""


def _repository(claim: RunView, request: ReproduceRequest) -> Path | None:
    """Where the commit is: where it was captured, else the folder of the lab, as of a project that was moved."""
    commit, root = str(claim.code.get("commit", "")), Path(str(claim.code.get("root") or claim.start.folder))
    if request.repository is not None or not commit:
        return request.repository
    return holding(commit, [root, existing_lab(request.lab).parent])


def _places(claim: RunView, repository: Path | None, lab: LabPlace | None) -> Places:
    """Where data may lie now: where they were read, at that place in a clone, where versions of them were added."""
    versions = shelf.listed(lab)

    def found(name: str, digest: str) -> Iterator[Path]:
        yield Path(claim.start.folder) / name
        if repository is not None:
            yield repository / _inner(claim) / name
        yield from (file_of(v.path) for v in versions if v.digest == digest)

    return found


def _make_folders(claim: RunView, where: Path) -> None:
    """Those that the run wrote into: git keeps no empty ones, and ignores most that hold results."""
    for path in written(claim.notes):
        if not Path(path).is_absolute() and ".." not in Path(path).parts:
            # An artifact may be called anything, also as if a file were a folder.
            with suppress(OSError, ValueError):
                (where / path).parent.mkdir(parents=True, exist_ok=True)


def _sorted_out(claim: RunView, left: Sequence[str]) -> tuple[list[str], list[str]]:
    """Of what of the code was not put back, in words: what may be code, and files beside it that are no source."""
    named = {str(said["path"]) for what, said in claim.notes if what in ("data", "prompt")}
    inner = _inner(claim)
    known = {str(inner / path) for path in named | written(claim.notes)} | named
    code: list[str] = []
    beside: list[str] = []
    for line in left:
        path, _, state = line.rpartition(": ")
        if path not in known:
            (code if state != LEFT_OUT or is_source(Path(path)) else beside).append(line)
    return code, beside


def _alike(a: RunView, b: RunView) -> bool:
    found = compare(main_series(a), main_series(b), (predictions(a), predictions(b)), 0.0)
    return not found or outcome(found) == "reproduced"


def _variables(claim: RunView, where: Path) -> dict[str, str]:
    """The variables of the environment that were kept, as far as they mean the same here."""
    root = str(claim.code.get("root", ""))
    inner = str(_inner(claim))
    top = str(where)[: -len(inner) - 1] if inner != "." else str(where)
    held = {k: v for k, v in claim.environment.get("variables", {}).items() if not OWN.fullmatch(k)}
    moved = {k: v.replace(root, top) if k == "PYTHONPATH" and root else v for k, v in held.items()}
    # What it leaves in the folder of temporary files goes with all else, and is not mistaken for that of others.
    own = {"TMPDIR": str(Path(top).parent / TEMPORARY), **cell_variables(claim.start)}
    kept = [path for path, digest in _sources(claim).items() if digest == INSIDE and root]
    inside = [path.replace(root, top, 1) for path in kept if path.startswith(root)]
    if inside:
        # What was installed to be edited would be imported from where it is edited, and not from what is put back.
        moved["PYTHONPATH"] = os.pathsep.join(dict.fromkeys([*inside, *filter(None, [moved.get("PYTHONPATH", "")])]))
    return {**{k: v for k, v in moved.items() if "[redacted:" not in v}, **own}


def _sources(claim: RunView) -> dict[str, str]:
    """Folders that the run imported from, besides what is installed -> digests."""
    return dict(claim.environment.get("python", {}).get("sources", {}))
