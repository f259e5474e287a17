"""A request sent to an application piece by piece, to see how much of it is read."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI


def sent(app: FastAPI, method: str, path: str, headers: Mapping[str, str], pieces: list[bytes]) -> tuple[int, int]:
    """The status of the answer, and how many pieces of the body were read; no length is said."""
    left, statuses = list(pieces), []

    async def receive() -> dict[str, Any]:
        if not left:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    named = {"host": "localhost", "content-type": "application/json", **headers}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http", "client": ("192.0.2.1", 9),
        "server": ("localhost", 80), "headers": [(k.lower().encode(), v.encode()) for k, v in named.items()],
    }  # fmt: skip
    asyncio.run(app(scope, receive, send))
    return statuses[0], len(pieces) - len(left)
