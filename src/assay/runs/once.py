"""Records that are written once, whole, by whoever comes first: what several processes agree by without a server."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any

from assay.base.canonical import canonical_json, digest_json
from assay.base.errors import StoreError


def write_once(path: Path, content: dict[str, Any]) -> bool:
    """Give a record its name, unless the name is taken; it is on the disk when this returns.

    A link to a whole file either is made or is not, on a shared file system too, so that of several writers exactly
    one is told that it was first, and nobody reads half a record.

    Returns:
        Whether this writer was first.

    Raises:
        StoreError: when the disk refuses.
    """
    held = canonical_json({**content, "digest": digest_json(content)}) + b"\n"
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            done = 0
            while done < len(held):
                done += os.write(handle, held[done:])
            os.fsync(handle)
        finally:
            os.close(handle)
        os.link(draft, path)
    except FileExistsError:
        return False
    except OSError as error:
        raise StoreError(
            f"cannot be written ({error.strerror})",
            rule="a sweep keeps its state in the lab",
            fix="make room, or check the permissions",
            where=str(path.parent),
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink()
    return True


def read_once(path: Path) -> dict[str, Any] | None:
    """A record; None where there is none, or it is not as it was written."""
    try:
        content = json.loads(path.read_bytes())
        said = content.pop("digest")
    except (OSError, ValueError, KeyError, AttributeError, RecursionError):
        return None
    return content if isinstance(content, dict) and digest_json(content) == said else None
