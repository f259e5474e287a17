"""One shape for every error: `{"error": {"code", "what", "rule", "fix", "where"}}`."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from assay.base.errors import (
    AccessError,
    AssayError,
    ConflictError,
    EvidenceError,
    FrozenError,
    LookError,
    MissingError,
    PlanError,
    RightsError,
    StoreError,
)

STATUS: dict[type[AssayError], int] = {
    MissingError: 404,
    ConflictError: 409,
    RightsError: 403,
    EvidenceError: 404,
    FrozenError: 409,
    LookError: 409,
    StoreError: 503,
}
_SAID = {
    401: "log in, or send a token",
    403: "ask an admin of the lab",
    404: "check the address",
    405: "check the address",
}


NOWHERE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>There is nothing here · Assay</title>
<h1>There is nothing here</h1><p>No screen has this address. <a href="/">To the overview</a></p></html>"""


def _for_a_person(request: Request) -> bool:
    """Whether a browser went to an address that is neither the API's nor that of an asset."""
    path = request.url.path
    return "text/html" in request.headers.get("accept", "") and not path.startswith(("/api/", "/assets/"))


class RefusedError(Exception):
    """A request that is turned away before any verb is called."""

    def __init__(self, status: int, what: str, rule: str = "", fix: str = "") -> None:
        self.status, self.error = status, AccessError(what, rule=rule, fix=fix or _SAID.get(status, ""))
        super().__init__(what)


def shaped(error: AssayError) -> dict[str, object]:
    """The body of an error; a plan's problems are listed."""
    problems = [p.to_json() for p in error.problems] if isinstance(error, PlanError) else []
    return {"error": error.to_json(), **({"problems": problems} if problems else {})}


def status_of(error: AssayError) -> int:
    """The HTTP status of an error."""
    return next((status for kind, status in STATUS.items() if isinstance(error, kind)), 422)


def install(app: FastAPI) -> None:
    """Answer every failure in that shape."""

    @app.exception_handler(AssayError)
    def _refuse(request: Request, error: AssayError) -> JSONResponse:
        return JSONResponse(shaped(error), status_of(error))

    @app.exception_handler(RefusedError)
    def _turn_away(request: Request, error: RefusedError) -> JSONResponse:
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
        return JSONResponse(shaped(error.error), error.status, headers)

    @app.exception_handler(RequestValidationError)
    def _invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        wrong = AssayError(str(first["msg"]), rule="see /api/v1/openapi.json", fix="correct the request", where=where)
        return JSONResponse(shaped(wrong), 422)

    @app.exception_handler(HTTPException)
    def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == 404 and _for_a_person(request):
            return HTMLResponse(NOWHERE, 404)
        wrong = AssayError(str(error.detail), fix=_SAID.get(error.status_code, ""), where=request.url.path[:200])
        return JSONResponse(shaped(wrong), error.status_code, getattr(error, "headers", None))

    @app.exception_handler(ClientDisconnect)
    def _left(request: Request, error: ClientDisconnect) -> JSONResponse:
        return JSONResponse(shaped(AssayError("the request ended before its body did", fix="send it again")), 400)


def broken(error: Exception) -> JSONResponse:
    """What is said where there is a bug: nothing of the inside."""
    said = f"a bug in Assay: {type(error).__name__}"
    return JSONResponse(shaped(AssayError(said, fix="please report it with the server's log")), 500)
