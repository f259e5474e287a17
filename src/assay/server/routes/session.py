"""Logging in and out, users and tokens."""

from __future__ import annotations

import hmac
from typing import Any

from fastapi import APIRouter, Request, Response

from assay.base.errors import MissingError
from assay.server.access import (
    LOCAL,
    Admin,
    Reader,
    access_of,
    check_origin,
    cookie_of,
    sessions_of,
    settings_of,
)
from assay.server.failures import RefusedError
from assay.server.guarding import Guarded
from assay.server.limits import Attempts
from assay.server.once import ONCE, ONCE_SHOWN
from assay.server.routes import shapes
from assay.server.routes.bodies import ChangeBody, LoginBody, PasswordBody, TokenBody, UserBody
from assay.store.access import SESSION_SECONDS

router = APIRouter(tags=["access"], route_class=Guarded)


@router.post("/session", response_model=shapes.Me)
def log_in(request: Request, response: Response, body: LoginBody) -> dict[str, Any]:
    """Log in with a name and password, or with the key that `assay serve` printed; programs carry a token instead."""
    check_origin(request)
    _count(request, body.name)
    key = settings_of(request).key
    if body.key:
        if not key or not hmac.compare_digest(body.key.encode(), key.encode()):
            raise RefusedError(
                401, "the key is wrong", "the key is the one that `assay serve` printed", "open its address"
            )
        secret, who, may = sessions_of(request).begin(), LOCAL.name, LOCAL.may
    else:
        session = access_of(request).log_in(body.name, body.password)
        if session is None:
            raise RefusedError(401, "name or password is wrong", "an admin adds users", "try again")
        secret, who = session.secret, session.user.name
        principal = access_of(request).of_session(secret)
        may = principal.may if principal else frozenset()
    secure = request.url.scheme == "https"
    response.set_cookie(
        cookie_of(request), secret, max_age=SESSION_SECONDS, httponly=True, samesite="strict", secure=secure, path="/"
    )
    return {"name": who, "may": sorted(may), "user": not body.key}


@router.get("/session", response_model=shapes.Me)
def me(request: Request, who: Reader) -> dict[str, Any]:
    """Who is logged in; `user` where it is a user by their password, not a program's token or this machine's key."""
    return {"name": who.name, "may": sorted(who.may), "user": _of_user(request)}


@router.put("/session/password", status_code=204, dependencies=[ONCE])
def change_own_password(request: Request, who: Reader, body: PasswordBody) -> Response:
    """Change one's own password by the present one, and end one's other sessions; tokens and the key have none."""
    if not _of_user(request):
        raise RefusedError(
            403,
            f"{who.name!r} has no password here",
            "tokens and the key of this machine have none",
            "log in by name and password",
        )
    _count(request, who.name)
    access_of(request).change_own(request.cookies[cookie_of(request)], body.present, body.password)
    return Response(status_code=204)


def _of_user(request: Request) -> bool:
    """Whether a user's session asks; a token that comes with a request stands before its cookie."""
    if request.headers.get("authorization", "").startswith("Bearer "):
        return False
    return access_of(request).of_session(request.cookies.get(cookie_of(request), "")) is not None


def _count(request: Request, name: str) -> None:
    """Count a try of a password or key.

    Raises:
        RefusedError: 429 after too many.
    """
    attempts: Attempts = request.app.state.attempts
    attempts.check(request.client.host if request.client else "", name)


@router.delete("/session", status_code=204)
def log_out(request: Request, who: Reader) -> Response:
    """Log out."""
    name = cookie_of(request)
    secret = request.cookies.get(name, "")
    sessions_of(request).end(secret)
    access_of(request).log_out(secret)
    response = Response(status_code=204)
    response.delete_cookie(name, path="/")
    return response


@router.get("/users", response_model=shapes.Users)
def users(request: Request, who: Admin) -> dict[str, Any]:
    """Every user."""
    return {"users": [{"name": u.name, "role": u.role} for u in access_of(request).users()]}


@router.post("/users", status_code=201, dependencies=[ONCE], response_model=shapes.User)
def add_user(request: Request, who: Admin, body: UserBody) -> dict[str, str]:
    """Add a user."""
    made = access_of(request).add_user(body.name, body.password, body.role)
    return {"name": made.name, "role": made.role}


@router.patch("/users/{name}", dependencies=[ONCE], response_model=shapes.User)
def change_user(request: Request, who: Admin, name: str, body: ChangeBody) -> dict[str, str]:
    """Give a user another password, role, or both, and end their sessions."""
    made = access_of(request).change_user(name, body.password, body.role)
    return {"name": made.name, "role": made.role}


@router.delete("/users/{name}", status_code=204, dependencies=[ONCE])
def remove_user(request: Request, who: Admin, name: str) -> Response:
    """Remove a user and end their sessions."""
    access_of(request).remove_user(name)
    return Response(status_code=204)


@router.get("/tokens", response_model=shapes.Tokens)
def tokens(request: Request, who: Admin) -> dict[str, Any]:
    """Every token that has not expired; secrets are kept nowhere."""
    found = access_of(request).tokens()
    return {"tokens": [{"name": t.name, "scopes": t.scopes, "expires": t.expires} for t in found]}


@router.post("/tokens", status_code=201, dependencies=[ONCE_SHOWN], response_model=shapes.NewToken)
def create_token(request: Request, who: Admin, body: TokenBody) -> dict[str, Any]:
    """Make a token; its secret is shown this once."""
    secret, token = access_of(request).create_token(body.name, tuple(body.scopes), body.days)
    return {"secret": secret, "name": token.name, "scopes": token.scopes, "expires": token.expires}


@router.delete("/tokens/{name}", status_code=204, dependencies=[ONCE])
def revoke(request: Request, who: Admin, name: str) -> Response:
    """Revoke every token of that name."""
    if not access_of(request).revoke(name):
        raise MissingError(f"there is no token {name!r:.100}", fix="GET /api/v1/tokens shows them")
    return Response(status_code=204)
