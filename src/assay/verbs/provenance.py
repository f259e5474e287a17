"""`export run`: one run in a form that other tools read, as a file or as a crate with its files."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path, PurePosixPath

from assay.base.canonical import canonical_json
from assay.base.errors import InputError, StoreError
from assay.records.runview import RunView
from assay.remote.address import LabPlace
from assay.report.provenance import crate_json, prov_json
from assay.store.blobs import Blobs
from assay.store.files import write_whole
from assay.store.refusals import file_failures
from assay.verbs import runs
from assay.verbs.where import existing_lab

FORMS = ("ro-crate", "prov")
METADATA = "ro-crate-metadata.json"


def run(name: str, target: Path, form: str, lab: LabPlace | None = None) -> int:
    """Write a run; returns how many of its files went with it.

    Args:
        name: Its id, or a part that only it has.
        target: For `prov` a file, for `ro-crate` a folder; neither may be there yet.

    Raises:
        InputError: an unknown form.
        StoreError: no such run, or what cannot be written.
    """
    if form not in FORMS:
        raise InputError(f"the form is {form!r:.50}", rule=f"it is one of {', '.join(FORMS)}", fix="--as ro-crate")
    view = runs.read(name, lab, 8)
    if target.exists():
        raise StoreError("is there already", rule="an export is written once", fix="name another", where=str(target))
    with file_failures(target):
        if form == "prov":
            write_whole(target, canonical_json(prov_json(view)) + b"\n")
            return 0
        return _crate(view, target, Blobs(existing_lab(lab) / "blobs"))


def _crate(view: RunView, target: Path, blobs: Blobs) -> int:
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".crate-") as made:
        draft = Path(made) / "crate"
        draft.mkdir()
        files: dict[str, str] = {}
        for what, content in view.notes:
            digest = str(content.get("digest", "")) if isinstance(content, dict) else ""
            if what in ("artifact", "predictions") and digest not in files and blobs.has(digest):
                files[digest] = _place(what, str(content["name"]), str(content.get("form", "")), digest, files)
                path = draft / files[digest]
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb") as file:
                    file.writelines(blobs.stream(digest))
        write_whole(draft / METADATA, canonical_json(crate_json(view, files)) + b"\n")
        shutil.move(draft, target)
    return len(files)


def _place(what: str, name: str, form: str, digest: str, files: dict[str, str]) -> str:
    """Where a file goes: by its name, unless that leads elsewhere or is taken, then by its digest."""
    parts = PurePosixPath(name).parts
    sound = bool(parts) and not name.startswith("/") and ".." not in parts and "\\" not in name and "\0" not in name
    inner = f"{name}.{form}" if form else name
    place = f"{what}/{inner}" if sound and len(inner) < 200 else f"{what}/{digest[7:23]}"
    taken = files.values()
    clash = place in taken or any(t.startswith(f"{place}/") or place.startswith(f"{t}/") for t in taken)
    return f"{what}/{digest[7:]}" if clash else place
