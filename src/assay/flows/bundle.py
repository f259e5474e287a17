"""The evidence bundle: plan, scores, cells and judgement in one folder, each file with its digest."""

from __future__ import annotations

import json
import platform
import struct
import tokenize
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assay.base.canonical import canonical_json, digest, digest_file, digest_json, plain
from assay.base.errors import EvidenceError, InputError
from assay.base.version import VERSION
from assay.data.request import Aligned
from assay.evaluate.flips import Flips
from assay.flows.cellfile import pack, unpack
from assay.flows.estimates import Setting
from assay.flows.judge import Case, Conclusion, conclude
from assay.flows.looks import past_of, stored_past
from assay.records.comparison import Alignment, Flip, InputFile
from assay.records.plan import Plan
from assay.records.protocols import Engine, Table
from assay.records.verdict import LookState

MANIFEST, PLAN, SCORES, INDEX, ARRAYS, JUDGEMENT, FLIPS = (
    "manifest.json",
    "plan.json",
    "scores.parquet",
    "cells.json",
    "cells.npz",
    "judgement.json",
    "flips.json",
)
UNSOUND = (
    ArithmeticError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
)
"""What parsing and computing raise on content that was not written by judge; errors of Assay are none of these."""
FILES = (PLAN, SCORES, INDEX, ARRAYS, JUDGEMENT, FLIPS)


@dataclass(frozen=True, slots=True)
class Bundle:
    """Evidence as it lies in a folder: everything that a judgement follows from, and the judgement that was stored."""

    folder: Path
    manifest: dict[str, Any]
    case: Case
    judgement: dict[str, Any]

    @property
    def id(self) -> str:
        """The digest of the manifest, which lists the digests of all files."""
        return digest_json(self.manifest)


def write_bundle(
    engine: Engine,
    folder: Path,
    case: Case,
    conclusion: Conclusion,
    plan: bytes,
    aligned: Aligned,
    scored: Table,
    history: Mapping[str, str],
) -> dict[str, Any]:
    """Write every file of the bundle into an empty folder, the manifest last, and return the manifest.

    Args:
        engine: Holds the scores.
        folder: Where.
        case: What was judged.
        conclusion: What followed.
        plan: The content of the frozen plan.
        aligned: What alignment found.
        scored: The aligned table with every per-row score.
        history: What the lab knows besides, by name, so that the memo says the same wherever the evidence lies.
    """
    index, arrays = pack(case.cells)
    contents = {
        PLAN: plan,
        INDEX: canonical_json(index),
        ARRAYS: arrays,
        JUDGEMENT: canonical_json(conclusion.to_json()),
        FLIPS: canonical_json({"type": "flips", "schema": 1, **case.flips.to_json()}),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    _write_scores(engine, folder, scored)
    manifest = plain(
        {
            "type": "evidence",
            "schema": 1,
            "assay": VERSION,
            "plan": case.plan_digest,
            "look": case.look,
            "fractions": case.fractions,
            "seeds": case.seeds,
            "stop_rules_met": case.stop_rules_met,
            **({"past": stored_past(case.past)} if case.past is not None else {}),
            "setting": case.setting,
            "inputs": case.inputs,
            **({"runs": case.runs} if case.runs else {}),
            **({"reproduced": case.reproduced} if case.reproduced else {}),
            "aligned": aligned_facts(aligned),
            "environment": environment(),
            "history": history,
            "files": {n: digest_file(folder / n) for n in FILES},
        }
    )
    (folder / MANIFEST).write_bytes(canonical_json(manifest))
    return dict(manifest)


def _write_scores(engine: Engine, folder: Path, scored: Table) -> None:
    order = [c for c in scored.columns if c.startswith("k")] or list(scored.columns)
    try:
        engine.write(scored, folder / SCORES, order)
    except InputError as error:
        raise EvidenceError(
            f"cannot be written: {error.what}",
            rule="nothing was written",
            fix="free some space, then run again",
            where=SCORES,
        ) from error


def environment() -> dict[str, str]:
    """What the numbers were computed with."""
    import duckdb
    import scipy

    return {
        "python": platform.python_version(),
        "platform": f"{platform.system()}-{platform.machine()}",
        "numpy": np.__version__,
        "scipy": scipy.__version__,
        "duckdb": duckdb.__version__,
    }


def aligned_facts(aligned: Aligned) -> dict[str, Any]:
    """What alignment found, as the manifest keeps it."""
    names = (
        "models",
        "columns",
        "keys",
        "units",
        "effective_units",
        "clustered",
        "groups",
        "missing",
        "unit",
        "counts",
    )
    return {n: getattr(aligned, n) for n in names}


def read_bundle(folder: Path, read_plan: Any) -> Bundle:
    """Read a bundle and check every digest.

    Args:
        read_plan: The content of `plan.json` -> Plan.

    Raises:
        EvidenceError: a file that is missing, changed or not what the manifest says.
    """
    manifest = _manifest(folder)
    with sound(folder):
        case = _case(folder, manifest, read_plan)
        judgement = _json(folder / JUDGEMENT)
    return Bundle(folder, manifest, case, judgement)


def identified(folder: Path) -> str:
    """The digest of a bundle, once each file is what its manifest says; nothing else of it is read.

    Raises:
        EvidenceError: a file that is missing, changed or not what the manifest says.
    """
    return digest_json(_manifest(folder))


def _manifest(folder: Path) -> dict[str, Any]:
    if not (folder / MANIFEST).is_file():
        raise EvidenceError(
            "is no evidence",
            rule=f"evidence is a folder with {MANIFEST}",
            fix="name the folder that judge wrote",
            where=str(folder),
        )
    with sound(folder):
        manifest = _json(folder / MANIFEST)
        _check_files(folder, manifest["files"])
    return manifest


def _check_files(folder: Path, files: Mapping[str, str]) -> None:
    for name in FILES:
        path = folder / name
        if not path.is_file() or path.is_symlink():
            raise EvidenceError(
                "is missing or a link",
                rule="the manifest lists it as a file",
                fix="take the evidence from its source again",
                where=str(path),
            )
        found = digest_file(path, files[name])
        if found != files[name]:
            raise EvidenceError(
                f"was changed: its digest is {found[:19]}…, not {files[name][:19]}…",
                rule="evidence never changes",
                fix="take the evidence from its source or from a backup",
                where=str(path),
            )


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes(), parse_constant=_no_constant)
        canonical_json(value)
    except (OSError, ValueError, RecursionError) as error:
        raise EvidenceError(
            f"cannot be read: {error}",
            rule="it holds JSON",
            fix="take the evidence from its source again",
            where=str(path),
        ) from error
    if not isinstance(value, dict):
        raise EvidenceError(
            "holds no object",
            rule="it holds a JSON object",
            fix="take the evidence from its source again",
            where=str(path),
        )
    return value


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _case(folder: Path, manifest: dict[str, Any], read_plan: Any) -> Case:
    content = _json(folder / PLAN)
    plan: Plan = read_plan(content)
    if digest(canonical_json(content)) != manifest["plan"]:
        raise EvidenceError(
            "is not the plan of the manifest",
            rule="evidence belongs to one plan",
            fix="take the evidence from its source again",
            where=str(folder / PLAN),
        )
    if manifest["type"] != "evidence" or manifest["schema"] != 1:
        raise EvidenceError(
            f"has the type {manifest['type']!r} and the schema {manifest['schema']!r}",
            rule="this version of Assay reads evidence of schema 1",
            fix="use the version of Assay that wrote it",
            where=str(folder / MANIFEST),
        )
    _check_inputs(plan, manifest)
    _check_look(plan, manifest)
    setting = manifest["setting"]
    cells = unpack(_json(folder / INDEX), (folder / ARRAYS).read_bytes())
    counts = {k: Alignment(**v) for k, v in setting["counts"].items()}
    return Case(
        plan,
        manifest["plan"],
        tuple(cells),
        Setting(setting["columns"], counts, setting["seed"]),
        LookState(**manifest["look"]),
        tuple(manifest["fractions"]),
        manifest["seeds"],
        tuple(InputFile(**i) for i in manifest["inputs"]),
        _flips(_json(folder / FLIPS), plan.data.id),
        _rules(manifest["stop_rules_met"]),
        past_of(manifest["past"]) if "past" in manifest else None,
        {model: dict(held) for model, held in manifest.get("runs", {}).items()},
        tuple((str(claim), str(candidate)) for claim, candidate in manifest.get("reproduced", ())),
    )


def _rules(held: Any) -> tuple[str, ...]:
    if not isinstance(held, list) or not all(isinstance(rule, str) for rule in held):
        raise ValueError("stop_rules_met is no list of texts")
    return tuple(held)


def _check_inputs(plan: Plan, manifest: dict[str, Any]) -> None:
    """The files that the plan was frozen with are those that were read."""
    read = {i["digest"] for i in manifest["inputs"]}
    models = (plan.baseline, *plan.candidates, *(a.model for a in plan.ablations if a.model is not None))
    known = [(m.digest, f"the predictions of {m.name}") for m in models]
    for digest_, what in (*known, (plan.data.qrels_digest, "the qrels")):
        if digest_ and digest_ not in read:
            raise EvidenceError(
                f"{what} that the plan was frozen with were not read",
                rule="a frozen plan is judged on the data that it was frozen with",
                fix="take the evidence from its source again",
                where=MANIFEST,
            )


def _check_look(plan: Plan, manifest: dict[str, Any]) -> None:
    """The reading stands where the plan allows one."""
    look, fractions = LookState(**manifest["look"]), manifest["fractions"]
    planned = (look.planned, look.candidates_allowed) == (plan.looks.planned, plan.reuse.candidates)
    counted = fractions == [1.0] if not plan.looks.several else len(fractions) == look.look
    within = look.look >= 1 and (plan.looks.any_number or look.look <= look.planned)
    if not (planned and counted and within and ("past" not in manifest or plan.looks.several)):
        raise EvidenceError(
            f"has the look {look.look} of {look.planned} with the information {fractions}",
            rule="a reading is one of the looks that its plan allows",
            fix="take the evidence from its source again",
            where=MANIFEST,
        )


def _flips(content: dict[str, Any], order: Sequence[str]) -> Flips:
    """The examples; JSON sorts their key columns, the plan says in which order people read them."""
    place = {column: i for i, column in enumerate(order)}

    def flip(found: dict[str, Any]) -> Flip:
        key = sorted(found["key"].items(), key=lambda item: place.get(item[0], len(place)))
        return Flip(**{**found, "key": dict(key)})

    won, lost = (tuple(map(flip, content[side])) for side in ("won", "lost"))
    more = {name: _flips(held, order) for name, held in content.get("more", {}).items()}
    return Flips(won, lost, content["notes"], more)


def judged_again(bundle: Bundle) -> Conclusion:
    """The judgement that follows from the evidence.

    Raises:
        EvidenceError: evidence from which none can follow.
    """
    with sound(bundle.folder):
        return conclude(bundle.case)


@contextmanager
def sound(where: Path) -> Iterator[None]:
    """Turn whatever goes wrong on unsound evidence into one error."""
    try:
        yield
    except UNSOUND as error:
        raise EvidenceError(
            f"cannot be understood: {type(error).__name__}: {str(error)[:200]}",
            rule="evidence has the fields and shapes that judge writes",
            fix="take the evidence from its source again",
            where=str(where),
        ) from error
