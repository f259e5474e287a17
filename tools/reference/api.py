"""docs/api.md: every route of the server, from its own OpenAPI description."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from assay.server.access import scope_of
from assay.server.app import API, ROUTERS
from tools.reference.markdown import NOTE, table

INTRO = f"""# The API

What `assay serve` answers under `{API}`. The machine-readable description is at `{API}/openapi.json`. Requests carry
`Authorization: Bearer TOKEN` (`assay token create`), or a session's cookie. Every error has one shape:

```json
{{"error": {{"code": "plan", "where": "", "what": "…", "rule": "…", "fix": "…"}}}}
```

Routes that begin long work answer 202 with `{{"job": id}}`; `GET {API}/jobs/{{job}}` says how far it is, and
`GET {API}/jobs/{{job}}/events` streams its steps. A request that changes something may carry an
`Idempotency-Key`: sent again under it within a day, it is answered as it was and not done again. Lists are paged by
key: pass `next` as `after`. JSON and files come with an `ETag`, for `If-None-Match`; files take a `Range`.

"""


def render() -> str:
    """The page."""
    app = FastAPI()
    scopes: dict[tuple[str, str], str] = {}
    for prefix, router in ROUTERS:
        app.include_router(router, prefix=prefix)
        for route in router.routes:
            for method in getattr(route, "methods", ()):
                scopes[prefix + getattr(route, "path_format", ""), method.lower()] = scope_of(route) or "none"
    rows = [
        [f"`{method.upper()} {path}`", _said(found), f"`{scopes[path, method]}`"]
        for path, methods in app.openapi()["paths"].items()
        for method, found in methods.items()
    ]
    return NOTE + INTRO + table(["route", "what it does", "scope"], rows)


def _said(operation: dict[str, Any]) -> str:
    return " ".join(str(operation.get("description", "")).split())
