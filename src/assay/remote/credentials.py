"""The token for a server: from ASSAY_TOKEN, or from a file that its owner alone can read."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

from assay.base.errors import AccessError
from assay.remote.address import Remote

VARIABLE, FILE_VARIABLE = "ASSAY_TOKEN", "ASSAY_CREDENTIALS"
DEFAULT = ".config/assay/credentials.json"


def credentials_file() -> Path:
    """Where tokens are kept: `ASSAY_CREDENTIALS`, or `~/.config/assay/credentials.json`."""
    named = os.environ.get(FILE_VARIABLE)
    return Path(named) if named else Path.home() / DEFAULT


def token_for(remote: Remote) -> str:
    """The token that goes with requests to a server; empty where none is known.

    Raises:
        AccessError: a credentials file that others can read, or that is none.
    """
    given = os.environ.get(VARIABLE, "").strip()
    if given:
        return _checked(given, VARIABLE)
    path = credentials_file()
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            if mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise AccessError(
                    f"others may read it (mode {stat.S_IMODE(mode):04o})",
                    rule="tokens are their owner's alone: mode 0600",
                    fix=f"chmod 600 {path}",
                    where=str(path),
                )
            held = json.loads(file.read(1 << 20))
        if not isinstance(held, dict):
            raise ValueError("no object")
    except FileNotFoundError:
        return ""
    except (OSError, ValueError, RecursionError) as error:
        raise AccessError(
            f"the credentials cannot be read ({type(error).__name__})",
            rule='a JSON object of address and token: {"https://lab.example.org": "assay_…"}',
            fix=f"mend it, or set {VARIABLE}",
            where=str(path),
        ) from error
    return _checked(str(held.get(remote.url, "")), str(path))


def _checked(token: str, where: str) -> str:
    """A token that can stand in a header."""
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        raise AccessError("the token is none", rule="a token is what `assay token create` printed", where=where)
    return token
