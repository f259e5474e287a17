"""A request handed to an application as a server does, piece by piece."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any


def sent(app: Any, method: str, path: str, headers: Mapping[str, str], pieces: list[bytes]) -> tuple[int, int]:
    """The status of the answer, and how many pieces of the body were read; no length is said."""
    left = list(pieces)
    status, _ = _asked(app, method, path, headers, left)
    return status, len(pieces) - len(left)


def answer(app: Any, method: str, path: str, headers: Mapping[str, str], body: object) -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to some JSON, asked from this machine."""
    return _asked(app, method, path, headers, [json.dumps(body).encode()])


def _asked(
    app: Any, method: str, path: str, headers: Mapping[str, str], left: list[bytes]
) -> tuple[int, dict[str, str]]:
    said: list[tuple[int, dict[str, str]]] = []

    async def receive() -> dict[str, Any]:
        if not left:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            said.append((message["status"], {k.decode(): v.decode() for k, v in message["headers"]}))

    named = {"host": "localhost", "content-type": "application/json", **headers}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http", "client": ("127.0.0.1", 9),
        "server": ("127.0.0.1", 80), "headers": [(k.lower().encode(), v.encode()) for k, v in named.items()],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return said[0]
