"""Canonical JSON and digests: the same content has the same bytes everywhere."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Any

# Made once: `json.dumps` with options makes an encoder at each call.
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
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


def digest_file(path: Path) -> str:
    """Digest of a file's content, read in pieces."""
    with path.open("rb") as handle:
        return "sha256:" + hashlib.file_digest(handle, "sha256").hexdigest()
