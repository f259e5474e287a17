"""The evidence bundle: plan, scores, cells and judgement in one folder, each file with its digest."""

from __future__ import annotations

import json
import platform
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assay.base.canonical import canonical_json, digest, digest_file, digest_json, plain
from assay.base.errors import EvidenceError
from assay.base.version import VERSION
from assay.data.request import Aligned, ModelArms
from assay.evaluate.flips import Flips
from assay.flows.cellfile import pack, unpack
from assay.flows.estimates import Setting
from assay.flows.judge import Case, Conclusion
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
    engine: Engine, folder: Path, case: Case, conclusion: Conclusion, plan: bytes, aligned: Aligned, scored: Table
) -> dict[str, Any]:
    """Write every file of the bundle into an empty folder, the manifest last, and return the manifest."""
    index, arrays = pack(case.cells)
    contents = {
        PLAN: plan,
        INDEX: canonical_json(index),
        ARRAYS: arrays,
        JUDGEMENT: canonical_json(conclusion.to_json()),
        FLIPS: canonical_json({"type": "flips", "schema": 1, **plain(case.flips)}),
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    order = [c for c in scored.columns if c.startswith("k")] or list(scored.columns)
    engine.write(scored, folder / SCORES, order)
    manifest = plain(
        {
            "type": "evidence",
            "schema": 1,
            "assay": VERSION,
            "plan": case.plan_digest,
            "look": case.look,
            "fractions": case.fractions,
            "seeds": case.seeds,
            "setting": case.setting,
            "inputs": case.inputs,
            "aligned": _aligned(aligned),
            "environment": environment(),
            "files": {n: digest_file(folder / n) for n in FILES},
        }
    )
    (folder / MANIFEST).write_bytes(canonical_json(manifest))
    return dict(manifest)


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


def _aligned(aligned: Aligned) -> dict[str, Any]:
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
    if not (folder / MANIFEST).is_file():
        raise EvidenceError(
            "is no evidence",
            rule=f"evidence is a folder with {MANIFEST}",
            fix="name the folder that judge wrote",
            where=str(folder),
        )
    manifest = _json(folder / MANIFEST)
    try:
        _check_files(folder, manifest["files"])
        case = _case(folder, manifest, read_plan)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise EvidenceError(
            f"cannot be read: {type(error).__name__}: {error}",
            rule="a manifest has the fields that judge wrote",
            fix="take the evidence from its source again",
            where=str(folder / MANIFEST),
        ) from error
    return Bundle(folder, manifest, case, _json(folder / JUDGEMENT))


def _check_files(folder: Path, files: Mapping[str, str]) -> None:
    for name in FILES:
        path = folder / name
        if not path.is_file() or path.is_symlink():
            raise EvidenceError(
                "is missing", rule="the manifest lists it", fix="take it from its source", where=str(path)
            )
        found = digest_file(path)
        if found != files[name]:
            raise EvidenceError(
                f"was changed: its digest is {found[:19]}…, not {files[name][:19]}…",
                rule="evidence never changes",
                fix="take the evidence from its source again, or judge again",
                where=str(path),
            )


def _json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        raise EvidenceError(f"cannot be read: {error}", rule="it holds JSON", where=str(path)) from error
    if not isinstance(value, dict):
        raise EvidenceError("holds no object", rule="it holds a JSON object", where=str(path))
    return value


def _case(folder: Path, manifest: dict[str, Any], read_plan: Any) -> Case:
    content = _json(folder / PLAN)
    plan: Plan = read_plan(content)
    if digest(canonical_json(content)) != manifest["plan"]:
        raise EvidenceError(
            "is not the plan of the manifest", rule="evidence belongs to one plan", where=str(folder / PLAN)
        )
    setting = manifest["setting"]
    cells = unpack(_json(folder / INDEX), (folder / ARRAYS).read_bytes())
    counts = {k: Alignment(**v) for k, v in setting["counts"].items()}
    return Case(
        plan,
        manifest["plan"],
        tuple(cells),
        Setting(setting["columns"], counts, setting["seed"], setting["draws"]),
        LookState(**manifest["look"]),
        tuple(manifest["fractions"]),
        manifest["seeds"],
        tuple(InputFile(**i) for i in manifest["inputs"]),
        _flips(_json(folder / FLIPS)),
    )


def _flips(content: dict[str, Any]) -> Flips:
    won, lost = (tuple(Flip(**f) for f in content[side]) for side in ("won", "lost"))
    return Flips(won, lost, content["notes"])


def stored_alignment(bundle: Bundle, table: Table) -> Aligned:
    """The aligned table as it was, around the scores that the bundle keeps."""
    held = bundle.manifest["aligned"]
    return Aligned(
        table=table,
        models=tuple(
            ModelArms(m["name"], {k: tuple(v) for k, v in m["arms"].items()}, tuple(m["seeds"])) for m in held["models"]
        ),
        columns=held["columns"],
        keys=tuple(held["keys"]),
        units=held["units"],
        effective_units=held["effective_units"],
        clustered=held["clustered"],
        groups=held["groups"],
        missing=held["missing"],
        unit=tuple(held["unit"]),
        counts={k: Alignment(**v) for k, v in held["counts"].items()},
    )


def place_bundle(draft: Path, final: Path) -> None:
    """Move a finished bundle into its place; one that is there already stays."""
    if final.exists():
        shutil.rmtree(draft, ignore_errors=True)
        return
    final.parent.mkdir(parents=True, exist_ok=True)
    draft.rename(final)
