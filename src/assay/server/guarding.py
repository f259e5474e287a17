"""The gate before every route: who asks, and how much they send, is known before a byte of a body is parsed."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute

from assay.server.access import requirement_of
from assay.server.failures import RefusedError
from assay.server.once import once, taken_by
from assay.server.routes.tags import with_tag

MOST_JSON = 4 << 20
"""Bytes of a body that becomes JSON, which takes some thirty times as much memory once it is parsed."""
MOST_OPEN = 64 << 10
"""Bytes of a body from somebody who is not known yet."""


class Guarded(APIRoute):
    """A route that refuses whoever may not ask before it reads what they send, and what is too long as it comes.

    FastAPI reads and parses a body before it asks dependencies; here they come first. Routes that take a stream have
    limits of their own. What is read comes with its tag.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What answers, behind the gate."""
        answer, required = once(self, super().get_route_handler()), requirement_of(self)
        most = MOST_JSON if required else MOST_OPEN
        read = self.body_field or taken_by(self)

        async def guarded(request: Request) -> Response:
            if required:
                await required(request)
            found = await answer(await _read(request, most) if read else request)
            return with_tag(request, found) if request.method == "GET" else found

        return guarded


async def _read(request: Request, most: int) -> Request:
    """The request with its body, which is JSON as it comes.

    Raises:
        RefusedError: 413 where it is too long, whatever it says of its length; 415 where it is compressed.
    """
    coding = request.headers.get("content-encoding", "identity")
    if coding.strip().lower() != "identity":
        raise RefusedError(415, f"the body is sent as {coding[:40]!r}", "JSON comes as it is", "send it uncompressed")
    said = request.headers.get("content-length", "")
    if said.isdecimal() and int(said) > most:
        raise _too_long(most)
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > most:
            raise _too_long(most)
    held = bytes(content)

    async def again() -> dict[str, Any]:
        return {"type": "http.request", "body": held, "more_body": False}

    return Request(request.scope, again)


def _too_long(most: int) -> RefusedError:
    return RefusedError(413, f"the body is over {most:,} bytes", "JSON in a request has a limit", "send files as blobs")
