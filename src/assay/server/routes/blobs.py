"""Blobs: files by digest, up and down in pieces."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from assay.base.canonical import DIGEST
from assay.base.errors import InputError
from assay.server.access import Reader, Writer, settings_of
from assay.server.failures import RefusedError, shaped
from assay.server.guarding import Guarded
from assay.server.routes import shapes
from assay.server.routes.tags import has
from assay.store import LocalStore
from assay.verbs.showing import check_shown

router = APIRouter(prefix="/blobs", tags=["blobs"], route_class=Guarded)
Digest = Annotated[str, Path(pattern=f"^{DIGEST}$")]
Run = Annotated[str, Query(max_length=200)]
PIECE = 1 << 20
BYTES = "application/octet-stream"
_CONTENT = {BYTES: {"schema": {"type": "string", "format": "binary"}}}
FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The whole content.", "content": _CONTENT},
    206: {"description": "The range that was asked for.", "content": _CONTENT},
    304: {"description": "The reader has it."},
    416: {"description": "The content has no such range.", "model": shapes.Refusal},
}
"""What a route that answers with a file says of its answers."""
_DIGEST = re.compile(DIGEST)
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
_ODD = re.compile(r"[^A-Za-z0-9._-]")


@router.put("", status_code=201, response_model=shapes.Kept)
async def put(request: Request, who: Writer) -> dict[str, str]:
    """Keep the body; its digest names it. The same content is kept once."""
    most = settings_of(request).most_upload
    with tempfile.TemporaryFile() as held:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)
            if size > most:
                raise RefusedError(413, f"the upload is over {most:,} bytes", "an upload has a limit", "split the file")
            await run_in_threadpool(held.write, chunk)
        held.seek(0)

        def keep() -> str:
            with LocalStore.open(settings_of(request).lab) as store:
                return store.blobs.put_stream(iter(lambda: held.read(PIECE), b""))

        return {"digest": await run_in_threadpool(keep)}


@router.head("/{digest}", response_class=Response)
def there(request: Request, who: Reader, digest: Digest, run: Run = "") -> Response:
    """Whether a blob is kept, and shown to who asks."""
    check_shown([digest], who, settings_of(request).lab, run)
    with LocalStore.open(settings_of(request).lab) as store:
        if not store.blobs.has(digest):
            raise _missing(digest)
        return Response(status_code=200)


@router.get("/{digest}", response_class=Response, responses=FILE)
def get(request: Request, who: Reader, digest: Digest, run: Run = "") -> Response:
    """A blob, always as a file to save, never as a page.

    Whoever may only read gets what a plan shows that releases its numbers, and with `run` what that run keeps.
    """
    check_shown([digest], who, settings_of(request).lab, run)
    return saved(request, digest, digest[7:23])


def saved(request: Request, digest: str, name: str) -> Response:
    """A blob as a file to save under a name, whatever it holds; whole, or the range that is asked for.

    Raises:
        RefusedError: 404 where it is not kept.
    """
    with LocalStore.open(settings_of(request).lab) as store:
        blobs = store.blobs
        if not _DIGEST.fullmatch(digest) or not blobs.has(digest):
            raise _missing(digest)
        path = blobs.path(digest)
        size = path.stat().st_size
    last, tag = name.rpartition("/")[2][:100], f'"{digest}"'
    named = f"filename=\"{_ODD.sub('_', last)}\"; filename*=UTF-8''{quote(last, safe='')}"
    headers = {
        "Content-Disposition": f"attachment; {named}",
        "ETag": tag,
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-cache",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    if has(request, tag):
        return Response(status_code=304, headers=headers)
    asked = _ranged(request, size, tag)
    if asked is None:
        headers["Content-Length"] = str(size)
        return StreamingResponse(blobs.stream(digest), media_type=BYTES, headers=headers)
    first, end = asked
    if first >= end:
        wrong = InputError(f"the range begins at byte {first:,} of {size:,}", rule="a range lies within the content")
        return JSONResponse(shaped(wrong), 416, {"Content-Range": f"bytes */{size}"})
    headers |= {"Content-Length": str(end - first), "Content-Range": f"bytes {first}-{end - 1}/{size}"}
    return StreamingResponse(_part(path, first, end), 206, headers, BYTES)


def _missing(digest: str) -> RefusedError:
    return RefusedError(404, f"no blob {digest[:19]!r}… is kept", "blobs are named by their digest", "check the digest")


def _ranged(request: Request, size: int, tag: str) -> tuple[int, int] | None:
    """The first byte that is asked for and the one after the last; None for all of them.

    Several ranges at once, and those of another content than the reader has begun with, are answered with the whole.
    """
    found = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if found is None or request.headers.get("if-range", tag) != tag or not (found[1] or found[2]):
        return None
    first = int(found[1]) if found[1] else max(0, size - int(found[2]))
    end = min(size, int(found[2]) + 1) if found[1] and found[2] else size
    if found[1] and found[2] and int(found[2]) < first:
        return None
    return first, end


def _part(path: FilePath, first: int, end: int) -> Iterator[bytes]:
    """Some of a file in pieces; a part has no digest, so that whoever puts it together compares that of the whole."""
    with path.open("rb") as file:
        file.seek(first)
        while first < end and (piece := file.read(min(PIECE, end - first))):
            first += len(piece)
            yield piece
