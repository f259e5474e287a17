"""A lab's place: a folder, or the address of a server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from assay.base.errors import InputError

SCHEMES = ("http", "https")


@dataclass(frozen=True, slots=True)
class Remote:
    """A served lab.

    Attributes:
        host: Name or address of the server.
        path: What stands before `/api/v1`, where a proxy serves it below a path; empty or with `/` before it.
    """

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def url(self) -> str:
        """The address as it is written."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        usual = self.port == (443 if self.scheme == "https" else 80)
        return f"{self.scheme}://{shown}{'' if usual else f':{self.port}'}{self.path}"

    def __str__(self) -> str:
        return self.url


LabPlace = Path | Remote


def place(text: str | Path | Remote) -> LabPlace:
    """A lab's place as people write it.

    Raises:
        InputError: an address that names no server, or carries a password.

    >>> place("http://127.0.0.1:8765/").url
    'http://127.0.0.1:8765'
    """
    if not isinstance(text, str) or not text.startswith(tuple(f"{s}://" for s in SCHEMES)):
        return text if isinstance(text, Remote) else Path(text)
    try:
        parts = urlsplit(text)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise _wrong(text.partition("#")[0], str(error)) from error
    if not parts.hostname or any(c.isspace() for c in text):
        raise _wrong(text.partition("#")[0], "it names no server")
    if parts.username or parts.password or parts.query:
        raise InputError(
            "the address of the lab carries a user, a password or a query",
            rule="the token stands in ASSAY_TOKEN or in the credentials file, where no log shows it",
            fix=f"--lab {parts.scheme}://{parts.hostname}:{port}",
        )
    return Remote(parts.scheme, parts.hostname, port, parts.path.rstrip("/"))


def _wrong(text: str, why: str) -> InputError:
    return InputError(f"the lab is {text!r:.200}: {why}", rule="a folder or an address", fix="--lab http://HOST:8765")
