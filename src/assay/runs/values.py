"""What is logged and is no scalar, as JSON holds it: histograms, tables, images."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assay.base.canonical import plain
from assay.records.runs import BlobKeeper

MOST_ROWS = 10_000
_SIGNS = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpeg", b"GIF8": "gif", b"RIFF": "webp"}


def histogram(data: Any, bins: int = 64) -> dict[str, Any]:
    """Counts in bins of equal width, with the edges; what is not finite is counted apart."""
    import numpy as np

    given = np.asarray(data, dtype=float).reshape(-1)
    finite = given[np.isfinite(given)]
    # The range and the sum of the largest floats are no floats any more.
    scale = 0.25 / len(finite) if len(finite) and np.abs(finite).max() > 1e300 else 1.0
    finite = finite * scale
    counts, edges = np.histogram(finite, bins=max(1, min(bins, 10_000))) if len(finite) else (np.zeros(0), np.zeros(0))
    return {
        "counts": counts.astype(int).tolist(),
        "edges": (edges / scale).tolist(),
        "nan": int(np.isnan(given).sum()),
        "infinite": int(np.isinf(given).sum()),
        "mean": float(finite.mean() / scale) if len(finite) else None,
    }


def table(given: Any) -> dict[str, Any]:
    """Column names and rows; a longer table is cut and says so."""
    if hasattr(given, "to_dict") and hasattr(given, "columns"):
        rows = given.to_dicts() if hasattr(given, "to_dicts") else given.to_dict("records")
    elif isinstance(given, Mapping):
        columns = {str(k): list(v) for k, v in given.items()}
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    else:
        rows = [dict(row) for row in given]
    names = list(dict.fromkeys(str(name) for row in rows for name in row))
    kept = [[plain(row.get(n)) for n in names] for row in rows[:MOST_ROWS]]
    return {"columns": names, "rows": kept, "all_rows": len(rows)}


def image(given: Any, keeper: BlobKeeper) -> dict[str, Any]:
    """The digest and form of an image's file; an array becomes a PNG."""
    if isinstance(given, (str, Path)):
        content = Path(given).read_bytes()
    elif isinstance(given, (bytes, bytearray)):
        content = bytes(given)
    elif hasattr(given, "save"):
        held = io.BytesIO()
        given.save(held, format="PNG")
        content = held.getvalue()
    else:
        content = png(given)
    form = form_of(content)
    if not form:
        raise ValueError("is no PNG, JPEG, GIF or WebP image")
    return {"digest": keeper.put(content), "form": form, "bytes": len(content)}


def form_of(content: bytes) -> str:
    """What an image is by its first bytes: `png`, `jpeg`, `gif` or `webp`; empty where they say nothing of it."""
    form = next((name for sign, name in _SIGNS.items() if content.startswith(sign)), "")
    return "" if form == "webp" and content[8:12] != b"WEBP" else form


def png(array: Any) -> bytes:
    """An array [h, w] or [h, w, 3] as a PNG; floats lie in [0, 1], whole numbers in [0, 255].

    Source: Portable Network Graphics (PNG) Specification, third edition, W3C 2025.
    """
    import numpy as np

    data = np.asarray(array)
    if data.dtype.kind == "f":
        data = np.clip(np.nan_to_num(data), 0, 1) * 255
    data = np.clip(data, 0, 255).round().astype(np.uint8)
    if data.ndim not in (2, 3) or (data.ndim == 3 and data.shape[2] not in (1, 3, 4)) or 0 in data.shape:
        raise ValueError(f"an image has shape [h, w] or [h, w, 1, 3 or 4], not {list(data.shape)}")
    channels = 1 if data.ndim == 2 else data.shape[2]
    colour = {1: 0, 3: 2, 4: 6}[channels]
    height, width = data.shape[:2]
    lines = np.concatenate([np.zeros((height, 1), np.uint8), data.reshape(height, -1)], axis=1)
    head = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(lines.tobytes(), 6)), (b"IEND", b""))
    chunks = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
