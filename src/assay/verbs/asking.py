"""Having a server do a verb of the catalogue: its arguments and files go there, its record or error comes back."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from assay.base.canonical import digest_file
from assay.base.errors import AssayError, InputError, StoreError
from assay.base.progress import Progress, Silent
from assay.base.wire import flat, rebuilt
from assay.readers.plan_files import files_of
from assay.records.access import READ
from assay.remote.address import Remote
from assay.remote.client import Client, UnreachableError, error_of, part
from assay.verbs.served import LOCAL, Role, Verb

_POLL = (0.02, 0.5)


def ask(remote: Remote, verb: Verb, given: Mapping[str, Any]) -> Any:
    """Have a server do it.

    Raises:
        AssayError: what the server refuses, as the error that the verb raises; or no answer.
    """
    client = Client(remote)
    try:
        arguments, files = _packed(client, verb, given)
        # A connection that was kept may be lost after the server did it: the key keeps it from being done twice.
        key = "" if verb.scope == READ and not verb.long else secrets.token_hex(16)
        body = {"arguments": arguments, "files": files}
        answer = client.ask("POST", f"/verbs/{part(verb.name)}", body, key=key).json()
        if verb.long:
            answer = awaited(client, str(answer["job"]), given.get("progress") or Silent())
        return rebuilt(verb.result, answer["result"])
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(
            f"{remote.url} did not answer as this version of Assay does ({error})",
            rule="client and server are of one version",
            fix="install the server's version",
        ) from error
    finally:
        client.close()


def _packed(client: Client, verb: Verb, given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Arguments as JSON, and the digests of the files that were uploaded for them."""
    files: dict[str, str] = {}
    arguments: dict[str, Any] = {}
    for name, value in given.items():
        if name in LOCAL:
            continue
        role = verb.files.get(name)
        # What names files within a request needs no lab, and is done where it is asked for.
        if not isinstance(role, str) or value is None or (role == "name" and not _is_file(value)):
            arguments[name] = _without_lab(value)
            continue
        arguments[name] = Path(value).name or "folder"
        for inner, path in _named(Path(value), role):
            files[inner] = uploaded(client, path)
    return arguments, files


def uploaded(client: Client, path: Path) -> str:
    """The digest of a file that the server has then; what it has already is not sent."""
    digest = digest_file(path)
    try:
        client.ask("HEAD", f"/blobs/{digest}")
        return digest
    except UnreachableError:
        raise
    except AssayError:
        with path.open("rb") as content:
            return str(client.ask("PUT", "/blobs", content).json()["digest"])


def _without_lab(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: flat(getattr(value, f.name)) for f in fields(value) if f.name != "lab"}
    return flat(value)


def _is_file(value: Any) -> bool:
    try:
        return Path(value).is_file()
    except (OSError, ValueError):
        return False


def _named(path: Path, role: Role) -> Iterator[tuple[str, Path]]:
    """Each file that an argument names, under the name that the server knows it by.

    Raises:
        InputError: what is not there.
    """
    if role == "folder":
        if not path.is_dir():
            raise InputError(
                "is no folder", rule="a folder is sent with its files", fix="check the path", where=str(path)
            )
        name = path.name or "folder"
        yield from ((f"{name}/{p.relative_to(path).as_posix()}", p) for p in sorted(path.rglob("*")) if p.is_file())
        return
    if role == "plan":
        for name in dict.fromkeys(files_of(path)):
            if (path.parent / name).is_file():
                yield name, path.parent / name
    if not path.is_file():
        raise InputError(
            "there is no such file", rule="a file is sent with what names it", fix="check the path", where=str(path)
        )
    yield path.name, path


def awaited(client: Client, job: str, progress: Progress) -> Any:
    """The end of a job; its steps are told as they happen."""
    wait, last, done = _POLL[0], "", 0
    while True:
        found = client.ask("GET", f"/jobs/{part(job)}").json()
        step = found["step"] or {"step": last, "done": done, "total": None}
        if step["step"] != last:
            last, done = step["step"], 0
            progress.step(last, step["total"])
        progress.advance(step["done"] - done)
        done = step["done"]
        if found["state"] in ("failed", "cancelled"):
            raise error_of(found["result"])
        if found["state"] == "done":
            return found
        time.sleep(wait)
        wait = min(_POLL[1], 1.5 * wait)
