"""Entity tags: what a reader has already is not sent again."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from fastapi import Request, Response


def tagged(request: Request, response: Response, content: Any) -> Any:
    """The content, or 304 where the reader's tag says that nothing changed."""
    body = json.dumps(content, sort_keys=True, allow_nan=False).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = [t.strip().removeprefix("W/") for t in request.headers.get("if-none-match", "").split(",")]
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
