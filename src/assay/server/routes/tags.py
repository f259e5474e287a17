"""Entity tags: what a reader has already is not sent again."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from fastapi import Request, Response


def tagged(request: Request, response: Response, content: Any) -> Any:
    """The content, or 304 where the reader's tag says that nothing changed."""
    body = json.dumps(content, sort_keys=True, allow_nan=False).encode()
    return with_tag(request, Response(body, media_type="application/json"))


def with_tag(request: Request, response: Response) -> Response:
    """A whole answer with its tag, or 304; what has a tag of its own, or comes in pieces, as it is."""
    body = getattr(response, "body", None)
    if response.status_code != 200 or body is None or "etag" in response.headers:
        return response
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": response.headers.get("cache-control", "private, no-cache")}
    if has(request, tag):
        return Response(status_code=304, headers=headers)
    response.headers.update(headers)
    return response


def has(request: Request, tag: str) -> bool:
    """Whether the reader has that content already."""
    known = [t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")]
    return tag in known or "*" in known
