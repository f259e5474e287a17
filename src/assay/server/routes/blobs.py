"""Blobs: files by digest, up and down in pieces."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response, StreamingResponse
from starlette.concurrency import run_in_threadpool

from assay.base.canonical import DIGEST
from assay.server.access import Reader, Writer, settings_of
from assay.server.failures import RefusedError
from assay.server.guarding import Guarded
from assay.store import LocalStore

router = APIRouter(prefix="/blobs", tags=["blobs"], route_class=Guarded)
Digest = Annotated[str, Path(pattern=f"^{DIGEST}$")]
PIECE = 1 << 20
_DIGEST = re.compile(DIGEST)
_ODD = re.compile(r"[^A-Za-z0-9._-]")


@router.put("", status_code=201)
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


@router.head("/{digest}")
def there(request: Request, who: Reader, digest: Digest) -> Response:
    """Whether a blob is kept."""
    with LocalStore.open(settings_of(request).lab) as store:
        return Response(status_code=200 if store.blobs.has(digest) else 404)


@router.get("/{digest}")
def get(request: Request, who: Reader, digest: Digest) -> Response:
    """A blob, always as a file to save, never as a page."""
    return saved(request, digest, digest[7:23])


def saved(request: Request, digest: str, name: str) -> Response:
    """A blob as a file to save under a name, whatever it holds.

    Raises:
        RefusedError: 404 where it is not kept.
    """
    with LocalStore.open(settings_of(request).lab) as store:
        blobs = store.blobs
        if not _DIGEST.fullmatch(digest) or not blobs.has(digest):
            raise RefusedError(
                404, f"no blob {digest[:19]!r}… is kept", "blobs are named by their digest", "check the digest"
            )
        size = blobs.path(digest).stat().st_size

    def pieces() -> Iterator[bytes]:
        yield from blobs.stream(digest)

    last = name.rpartition("/")[2][:100]
    named = f"filename=\"{_ODD.sub('_', last)}\"; filename*=UTF-8''{quote(last, safe='')}"
    headers = {
        "Content-Disposition": f"attachment; {named}",
        "Content-Length": str(size),
        "ETag": f'"{digest}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return StreamingResponse(pieces(), media_type="application/octet-stream", headers=headers)
