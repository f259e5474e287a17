"""The catalogue of verbs that a server does for others, and what sends them there.

A verb that is called with a folder as its lab runs here. Called with a server's address, its arguments go there, the
same function runs there, and its result comes back as the record that it is; so do its errors.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, is_dataclass
from typing import Any, Literal, TypeVar, cast

from assay.base.wire import hints_of
from assay.remote.address import Remote

F = TypeVar("F", bound=Callable[..., Any])
Role = Literal["plan", "folder", "file", "name"]
LOCAL = frozenset({"lab", "progress", "by", "threads"})
"""Arguments that each side has of its own."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One verb of the catalogue.

    Attributes:
        name: Module and function: `plan.freeze`.
        scope: What whoever asks for it needs.
        files: Argument -> what it names: a plan with the files in it, a folder, a file, or a name that may be a file;
            of a request, field -> what it names.
        long: Whether it runs in the background.
        secret: Whether its result holds a secret, which is kept nowhere.
    """

    name: str
    scope: str
    function: Callable[..., Any]
    files: Mapping[str, Role | Mapping[str, Role]]
    long: bool
    secret: bool = False

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


def served(
    scope: str, *, long: bool = False, secret: bool = False, **files: Role | Mapping[str, Role]
) -> Callable[[F], F]:
    """Make a verb one that a server does for others.

    Args:
        scope: What whoever asks for it needs.
        long: Whether it runs in the background.
        secret: Whether its result holds a secret.
        files: Arguments that name files of the one who asks, or the fields of a request that do.
    """

    def enter(function: F) -> F:
        name = f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
        verb = Verb(name, scope, function, files, long, secret)
        CATALOGUE[name] = verb
        signature = inspect.signature(function)

        @functools.wraps(function)
        def asked(*args: Any, **kwargs: Any) -> Any:
            given = signature.bind(*args, **kwargs).arguments
            remote = remote_of(given)
            if remote is None:
                return function(*args, **kwargs)
            # What speaks HTTP is loaded where a server is asked.
            from assay.verbs.asking import ask

            return ask(remote, verb, given)

        return cast(F, asked)

    return enter


def remote_of(given: Mapping[str, Any]) -> Remote | None:
    """The server that is asked, whether it is an argument or a field of the request; None for a folder."""
    for value in (given.get("lab"), *(getattr(v, "lab", None) for v in given.values() if is_dataclass(v))):
        if isinstance(value, Remote):
            return value
    return None
