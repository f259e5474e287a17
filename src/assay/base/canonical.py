"""Canonical JSON and digests: the same content has the same bytes everywhere.

Records are named by SHA-256, content of files by BLAKE3, which is ten times as fast where the processor has no
instructions for SHA. A digest says which it is.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

# Made once: `json.dumps` with options makes an encoder at each call.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
DIGEST = r"(sha256|blake3):[0-9a-f]{64}"
"""The form of a digest."""
_PIECE = 1 << 20
_AS_THEY_ARE = frozenset({str, int, bool, type(None)})


def plain(value: Any) -> Any:
    """Turn records, enums, paths and tuples into what JSON holds.

    A float that JSON cannot hold (NaN, infinity) becomes a string, so that it is never lost silently.
    """
    kind = type(value)
    # Most values are of these types, and a reading has a hundred thousand of them.
    if kind in _AS_THEY_ARE or (kind is float and math.isfinite(value)):
        return value
    if kind is dict:
        return {str(k): v if type(v) in _AS_THEY_ARE else plain(v) for k, v in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, Path):
        return value.as_posix()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):
        return plain(value.item())
    return value


def canonical_json(value: Any) -> bytes:
    """Sorted keys, no spaces, UTF-8, shortest round-trip floats."""
    return encoded(plain(value))


def encoded(value: Any) -> bytes:
    """The same of what is plain already."""
    return _ENCODER.encode(value).encode()


def digest(value: bytes) -> str:
    """`sha256:` and the hexadecimal digest of some bytes."""
    return "sha256:" + hashlib.sha256(value).hexdigest()


def digest_json(value: Any) -> str:
    """Digest of a value's canonical JSON."""
    return digest(canonical_json(value))


def content_digest(value: bytes) -> str:
    """`blake3:` and the hexadecimal digest of some content, as of a file that holds it."""
    return said(hasher(value))


def digest_file(path: Path, like: str = "") -> str:
    """Digest of a file's content, read in pieces.

    Args:
        like: A digest that it is compared with: files were once named by SHA-256.
    """
    seen, held = hasher(like=like), memoryview(bytearray(_PIECE))
    with path.open("rb", buffering=0) as file:
        while many := file.readinto(held):
            seen.update(held[:many])
    return said(seen)


class Hasher(Protocol):
    """What takes content in pieces and says its digest."""

    @property
    def name(self) -> str:
        """`sha256` or `blake3`."""

    def update(self, data: Buffer, /) -> object:
        """Take some more."""

    def hexdigest(self) -> str:
        """The digest of what was taken."""


def hasher(content: Buffer = b"", like: str = "") -> Hasher:
    """What digests content; in the way of an earlier digest, if one is given."""
    if kind_of(like) == "sha256:":
        return hashlib.sha256(content)
    from blake3 import blake3

    return blake3(content)


def said(seen: Hasher) -> str:
    """A digest as it is written."""
    return f"{seen.name}:{seen.hexdigest()}"


def kind_of(like: str) -> str:
    """How a digest of content begins: as an earlier one does, or as all of today do."""
    return "sha256:" if like.startswith("sha256:") else "blake3:"


def is_digest(text: str) -> bool:
    """Whether a text is a digest, or begins as one."""
    return text.startswith(("sha256:", "blake3:"))


def bare(digest: str) -> str:
    """A digest without its kind."""
    return digest.removeprefix("sha256:").removeprefix("blake3:")
