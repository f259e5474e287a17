"""What the API's own description says of every route alike: who may ask, how errors look, what is not sent twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI

from assay.server.routes.shapes import Fault, Refusal

Operation = dict[str, Any]
REFUSALS: Mapping[str, tuple[str, str]] = {
    "400": ("Unreadable", "No request that can be read, or one under a name that is not the server's."),
    "401": ("Unknown", "Nobody is logged in."),
    "403": ("Forbidden", "Who asks may not, or a browser asks for another site."),
    "404": ("Missing", "There is none of that name."),
    "409": (
        "Conflict",
        "It is kept already, and otherwise; a frozen plan, a look or an idempotency key is against it.",
    ),
    "413": ("TooLong", "The body is over its limit."),
    "415": ("Compressed", "The body is compressed, or of another kind."),
    "422": ("Invalid", "A rule is broken; the error names it."),
    "429": ("TooMany", "Too many attempts, or too many jobs that wait."),
    "503": ("Unavailable", "The lab cannot be read or written now."),
}
UNCHANGED = "The reader's entity tag says that nothing changed."
SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token, made by `assay token create`."},
    "cookie": {
        "type": "apiKey", "in": "cookie", "name": "assay_session_PORT",
        "description": "A session, made by logging in; the server's port stands in its name. What changes something "
        "names this server as its origin.",
    },
}  # fmt: skip


class Described(FastAPI):
    """An application whose description is whole: what FastAPI says of each route, and what holds for all of them.

    Args:
        scopes: Path and method in lower case -> the scope that the route needs; None where anyone may ask.
        more: What FastAPI takes.
    """

    def __init__(self, scopes: Mapping[tuple[str, str], str | None], **more: Any) -> None:
        super().__init__(**more)
        self._scopes = scopes

    def openapi(self) -> dict[str, Any]:
        """The description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = _whole(super().openapi(), self._scopes)
        return self.openapi_schema


def _whole(found: dict[str, Any], scopes: Mapping[tuple[str, str], str | None]) -> dict[str, Any]:
    parts = found.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for shape in (Fault, Refusal):
        described = shape.model_json_schema(ref_template="#/components/schemas/{model}")
        described.pop("$defs", None)
        schemas[shape.__name__] = described
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    parts["responses"] = {name: {"description": said, "content": body} for name, said in REFUSALS.values()}
    parts["securitySchemes"] = SCHEMES
    for path, methods in found["paths"].items():
        for method, operation in methods.items():
            _complete(operation, method, scopes[path, method])
    return found


def _complete(operation: Operation, method: str, scope: str | None) -> None:
    answers = operation["responses"]
    answers |= {status: {"$ref": f"#/components/responses/{name}"} for status, (name, _) in REFUSALS.items()}
    operation["security"] = [{name: [scope]} for name in SCHEMES] if scope else []
    if method == "get" and "application/json" in answers.get("200", {}).get("content", {}):
        answers["200"]["headers"] = {"ETag": {"required": True, "schema": {"type": "string"}}}
        answers["304"] = {"description": UNCHANGED}
