"""Idempotency keys: what is sent again under its key is answered again, and not done again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import argon2
from argon2.low_level import Type, hash_secret_raw
from fastapi import Depends, Header, Request
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool

from assay.records.access import ADMIN
from assay.server.access import scope_of
from assay.server.failures import RefusedError
from assay.server.jobs import Jobs
from assay.store.answers import Answers, Kept

LONGEST = 200
REPLAYED = "Idempotency-Replayed"
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class Takes:
    """A dependency that says that a route takes an idempotency key.

    Args:
        secret: Whether its answer holds a secret, which is kept nowhere.
    """

    def __init__(self, secret: bool = False) -> None:
        self.secret = secret

    def __call__(self, key: Annotated[str, Header(alias="Idempotency-Key", max_length=LONGEST)] = "") -> None:
        """A key that the client made: the same request under it is done once."""


ONCE, ONCE_SHOWN = Depends(Takes()), Depends(Takes(secret=True))


def taken_by(route: APIRoute) -> Takes | None:
    """How a route takes a key; None where it takes none."""
    return next((d.dependency for d in route.dependencies if isinstance(d.dependency, Takes)), None)


def once(route: APIRoute, handler: Handler) -> Handler:
    """The handler of a route, with what was answered under the request's key before it, where the route takes one.

    Who asks is known by then, and may.
    """
    takes = taken_by(route)
    if takes is None:
        return handler

    async def answered(request: Request) -> Response:
        key, who = request.headers.get("idempotency-key", ""), request.state.principal.name
        if not key or len(key) > LONGEST:
            return await handler(request)
        asked = await _asked(request, slow=scope_of(route) == ADMIN)
        answers: Answers = request.app.state.answers
        kept = await run_in_threadpool(answers.claim, who, key, asked)
        if kept is not None and not _is_over(request, kept, who):
            return _again(kept)
        try:
            response = await handler(request)
        except Exception:
            # What is refused has changed nothing, so that the same key may go with what is mended.
            await run_in_threadpool(answers.give_back, who, key)
            raise
        body = None if takes.secret else bytes(response.body)
        await run_in_threadpool(answers.keep, who, key, response.status_code, body)
        return response

    return answered


async def _asked(request: Request, slow: bool) -> str:
    """A digest of what is asked: method, address and body.

    Args:
        request: The request.
        slow: Whether the body may hold a password, of which no fast digest is kept.
    """
    url = request.url
    said = f"{request.method} {url.path}?{url.query}\n".encode() + await request.body()
    if slow:
        key = request.headers["idempotency-key"]
        return (await run_in_threadpool(_slow, said, key)).hex()
    return hashlib.sha256(said).hexdigest()


def _slow(said: bytes, key: str) -> bytes:
    """As costly to guess from as the hash of a password that is kept."""
    salt = hashlib.sha256(key.encode()).digest()
    cost = (
        argon2.DEFAULT_TIME_COST,
        argon2.DEFAULT_MEMORY_COST,
        argon2.DEFAULT_PARALLELISM,
        argon2.DEFAULT_HASH_LENGTH,
    )
    return hash_secret_raw(said, salt, *cost, Type.ID)


def _is_over(request: Request, kept: Kept, who: str) -> bool:
    """Whether it names a job that the server has forgotten, as after a restart: it is begun again."""
    if kept.status != 202 or kept.body is None:
        return False
    jobs: Jobs = request.app.state.jobs
    return not jobs.knows(str(json.loads(kept.body)["job"]), who)


def _again(kept: Kept) -> Response:
    """The answer that was kept.

    Raises:
        RefusedError: 409 where it was kept nowhere.
    """
    if kept.body is None:
        raise RefusedError(
            409,
            "this was done under the same idempotency key, and its answer is kept nowhere",
            "what holds a secret is answered once",
            "undo it, and ask again with a new key",
        )
    return Response(kept.body or None, kept.status, {REPLAYED: "true"}, "application/json" if kept.body else None)
