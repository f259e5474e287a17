"""The catalogue of verbs that a server does for others, and what sends them there.

A verb that is called with a folder as its lab runs here. Called with a server's address, its arguments go there, the
same function runs there, and its result comes back as the record that it is; so do its errors.
"""

from __future__ import annotations

import functools
import inspect
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

from assay.base.canonical import digest_file
from assay.base.errors import AssayError, InputError, StoreError
from assay.base.progress import Progress, Silent
from assay.base.wire import flat, hints_of, rebuilt
from assay.readers.plan_files import files_of
from assay.remote.address import Remote
from assay.remote.client import Client, UnreachableError, error_of, part

F = TypeVar("F", bound=Callable[..., Any])
Role = Literal["plan", "folder", "file", "name"]
LOCAL = frozenset({"lab", "progress", "by", "threads"})
"""Arguments that each side has of its own."""
_POLL = (0.02, 0.5)


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of the catalogue.

    Attributes:
        name: Module and function: `plan.freeze`.
        scope: What whoever asks for it needs.
        files: Argument -> what it names: a plan with the files in it, a folder, a file, or a name that may be a file.
        long: Whether it runs in the background.
    """

    name: str
    scope: str
    function: Callable[..., Any]
    files: Mapping[str, Role]
    long: bool

    def hints(self) -> dict[str, Any]:
        """The types of what goes over the wire, by argument."""
        return {name: kind for name, kind in hints_of(self.function).items() if name not in LOCAL and name != "return"}

    @property
    def result(self) -> Any:
        """The type of what comes back."""
        return hints_of(self.function)["return"]

    def needed(self) -> list[str]:
        """Arguments that have no default."""
        found = inspect.signature(self.function).parameters.items()
        return [name for name, p in found if p.default is p.empty and name not in LOCAL]

    def takes(self, name: str) -> bool:
        """Whether it has that argument."""
        return name in inspect.signature(self.function).parameters


CATALOGUE: dict[str, Verb] = {}


def served(scope: str, *, long: bool = False, **files: Role) -> Callable[[F], F]:
    """Make a verb one that a server does for others.

    Args:
        scope: What whoever asks for it needs.
        long: Whether it runs in the background.
        files: Arguments that name files of the one who asks.
    """

    def enter(function: F) -> F:
        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        verb = Verb(name, scope, function, files, long)
        CATALOGUE[name] = verb
        signature = inspect.signature(function)

        @functools.wraps(function)
        def asked(*args: Any, **kwargs: Any) -> Any:
            given = signature.bind(*args, **kwargs).arguments
            remote = remote_of(given)
            return function(*args, **kwargs) if remote is None else ask(remote, verb, given)

        return cast(F, asked)

    return enter


def remote_of(given: Mapping[str, Any]) -> Remote | None:
    """The server that is asked, whether it is an argument or a field of the request; None for a folder."""
    for value in (given.get("lab"), *(getattr(v, "lab", None) for v in given.values() if is_dataclass(v))):
        if isinstance(value, Remote):
            return value
    return None


def ask(remote: Remote, verb: Verb, given: Mapping[str, Any]) -> Any:
    """Have a server do it.

    Raises:
        AssayError: what the server refuses, as the error that the verb raises; or no answer.
    """
    client = Client(remote)
    try:
        arguments, files = _packed(client, verb, given)
        answer = client.ask("POST", f"/verbs/{part(verb.name)}", {"arguments": arguments, "files": files}).json()
        if verb.long:
            answer = _awaited(client, str(answer["job"]), given.get("progress") or Silent())
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
        if role is None or value is None or (role == "name" and not _is_file(value)):
            arguments[name] = _without_lab(value)
            continue
        arguments[name] = Path(value).name or "folder"
        for inner, path in _named(Path(value), role):
            files[inner] = _uploaded(client, path)
    return arguments, files


def _uploaded(client: Client, path: Path) -> str:
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


def _awaited(client: Client, job: str, progress: Progress) -> Any:
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
        if found["state"] == "failed":
            raise error_of(found["result"])
        if found["state"] == "done":
            return found
        time.sleep(wait)
        wait = min(_POLL[1], 1.5 * wait)
