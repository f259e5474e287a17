"""A run in the forms that other tools read: W3C PROV (PROV-JSON) and RO-Crate 1.1 (Process Run Crate)."""

from __future__ import annotations

import mimetypes
import time
from collections.abc import Mapping
from typing import Any

from assay.records.runview import RunView

CRATE = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_SPACE = "urn:assay:"


def prov_json(view: RunView) -> dict[str, Any]:
    """A run as PROV-JSON: it used data, code and environment, generated files, and was associated with its user.

    Source: W3C Member Submission, The PROV-JSON Serialization (2013).
    """
    run, user = f"assay:{view.start.id}", f"assay:user-{_word(view.start.user) or 'unknown'}"
    entities: dict[str, dict[str, Any]] = {}
    used: dict[str, Any] = {}
    made: dict[str, Any] = {}
    for name, digest in (("code", view.start.code), ("environment", view.start.environment)):
        if digest:
            entities[_content(digest)] = {"prov:label": name}
            used[f"_:u{len(used)}"] = {"prov:activity": run, "prov:entity": _content(digest)}
    for what, content in _noted(view):
        entity = _content(str(content["digest"]))
        entities[entity] = {"prov:label": str(content.get("name", ""))}
        if what == "data":
            used[f"_:u{len(used)}"] = {"prov:activity": run, "prov:entity": entity}
        else:
            made[f"_:g{len(made)}"] = {"prov:entity": entity, "prov:activity": run}
    activity = {"prov:label": view.start.name or view.start.id, "prov:startTime": moment(view.start.started)}
    if view.end is not None:
        activity["prov:endTime"] = moment(view.end.ended)
    document: dict[str, Any] = {
        "prefix": {"assay": _SPACE},
        "activity": {run: activity},
        "agent": {user: {"prov:label": view.start.user or "unknown"}},
        "wasAssociatedWith": {"_:a0": {"prov:activity": run, "prov:agent": user}},
    }
    more = {"entity": entities, "used": used, "wasGeneratedBy": made}
    return document | {name: part for name, part in more.items() if part}


def crate_json(view: RunView, files: Mapping[str, str]) -> dict[str, Any]:
    """The metadata of a crate about one run.

    Args:
        files: Digest -> path within the crate, of what is put there.

    Source: RO-Crate Metadata Specification 1.1.1 (2021), doi:10.5281/zenodo.4541002; Process Run Crate 0.5.
    """
    start = view.start
    said = " ".join(start.command) or "unknown"
    inputs: list[dict[str, str]] = []
    outputs: list[dict[str, str]] = []
    entities: dict[str, dict[str, Any]] = {}
    for what, content in _noted(view):
        digest = str(content["digest"])
        # What is not in the crate is told of, not part of it.
        name = files.get(digest) or "#" + digest.replace(":", "-")
        kind = "File" if digest in files else "CreativeWork"
        entities[name] = {"@id": name, "@type": kind, "name": str(content.get("name", "")), "identifier": digest}
        if kind == "File":
            entities[name]["encodingFormat"] = mimetypes.guess_type(name)[0] or "application/octet-stream"
        (inputs if what == "data" else outputs).append({"@id": name})
    user = f"#user-{_word(start.user) or 'unknown'}"
    action: dict[str, Any] = {
        "@id": f"#{start.id}", "@type": "CreateAction", "name": start.name or start.id,
        "startTime": moment(start.started), "agent": {"@id": user}, "instrument": {"@id": "#command"},
        "description": f"{said}, on {start.host or 'an unknown host'}",
        "object": _once(inputs), "result": _once(outputs),
    }  # fmt: skip
    if view.end is not None:
        state = "Completed" if view.state == "finished" else "Failed"
        action |= {"endTime": moment(view.end.ended), "actionStatus": f"http://schema.org/{state}ActionStatus"}
    root = {
        "@id": "./", "@type": "Dataset", "name": f"Run {start.id}", "datePublished": moment(start.started),
        "description": f"One run with what it used and made. Its command: {said}", "author": {"@id": user},
        "license": "No licence is stated.", "conformsTo": {"@id": PROFILE}, "mentions": {"@id": action["@id"]},
        "hasPart": _once([{"@id": path} for path in sorted(set(files.values()))]),
    }  # fmt: skip
    about = {
        "@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": {"@id": "./"}, "conformsTo": {"@id": CRATE},
    }  # fmt: skip
    tool = {"@id": "#command", "@type": "SoftwareApplication", "name": said}
    person = {"@id": user, "@type": "Person", "name": start.user or "unknown"}
    profile = {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    return {"@context": f"{CRATE}/context", "@graph": [about, root, profile, action, tool, person, *entities.values()]}


def moment(seconds: float) -> str:
    """A time as both forms want it, in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(max(0.0, seconds)))


def _noted(view: RunView) -> list[tuple[str, Mapping[str, Any]]]:
    return [(w, c) for w, c in view.notes if w in ("data", "artifact", "predictions") and "digest" in c]


def _content(digest: str) -> str:
    return "assay:" + digest.replace(":", "-")


def _word(text: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in text)[:60]


def _once(items: list[dict[str, str]]) -> dict[str, str] | list[dict[str, str]]:
    """Each of several once; one alone stands without a list, as RO-Crate has it."""
    found = list({item["@id"]: item for item in items}.values())
    return found[0] if len(found) == 1 else found
