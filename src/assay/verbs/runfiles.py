"""The content of what runs keep: artifacts, predictions, prompts and images, by digest."""

from __future__ import annotations

from assay.base.errors import AssayError
from assay.records.runview import RunView
from assay.remote.address import LabPlace, Remote
from assay.remote.client import Client, part
from assay.store.blobs import Blobs
from assay.verbs.where import existing_lab

MOST_PICTURES, LARGEST_PICTURE = 24, 4 << 20


def content(digest: str, lab: LabPlace | None = None, run: str = "") -> bytes:
    """What is kept under a digest, asked for as what a run keeps.

    Raises:
        StoreError: there is nothing of that digest, or it is damaged.
    """
    if isinstance(lab, Remote):
        client = Client(lab)
        try:
            return client.ask("GET", f"/blobs/{part(digest)}", query={"run": run}).body
        finally:
            client.close()
    return Blobs(existing_lab(lab) / "blobs").read(digest)


def pictures(view: RunView, lab: LabPlace | None = None) -> dict[str, bytes]:
    """The last image of each name that a page shows, by digest; one that is too large or not there is left out."""
    last = {one.key: one.content for one in view.others if one.key.kind == "image" and isinstance(one.content, dict)}
    found: dict[str, bytes] = {}
    for said in list(last.values())[:MOST_PICTURES]:
        try:
            if 0 < int(said["bytes"]) <= LARGEST_PICTURE:
                found[said["digest"]] = content(str(said["digest"]), lab, view.start.id)
        except (AssayError, KeyError, TypeError, ValueError):
            continue
    return found
