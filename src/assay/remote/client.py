"""Requests to a served lab, and its errors as those of this machine."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from assay.base import errors
from assay.base.errors import AccessError, AssayError, PlanError, StoreError
from assay.base.version import VERSION
from assay.remote.address import Remote
from assay.remote.credentials import token_for

API = "/api/v1"
TIMEOUT = 60.0
MOST_ERROR = 1 << 20
_KINDS: dict[str, type[AssayError]] = {
    kind.code: kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, AssayError)
}


class UnreachableError(StoreError):
    """A server that does not answer: asking again may help."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON.

        Raises:
            StoreError: when it is none.
        """
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError) as error:
            raise StoreError(
                "the server did not answer as Assay does", rule="its API answers in JSON", fix="check the address"
            ) from error


class Client:
    """Asks one server, with a connection a thread that is kept open. Redirects are never followed.

    Args:
        remote: The server.
        token: Goes with every request; by default the one known for that server.
        timeout: Seconds without a byte.
    """

    def __init__(self, remote: Remote, token: str | None = None, timeout: float = TIMEOUT) -> None:
        self.remote, self._timeout = remote, timeout
        self._token = token_for(remote) if token is None else token
        self._own = threading.local()

    def ask(
        self, method: str, path: str, body: Any = None, *, query: Mapping[str, Any] | None = None, key: str = ""
    ) -> Answer:
        """Ask for a path of the API.

        Args:
            method: GET, PUT, POST, DELETE or HEAD.
            path: After `/api/v1`, its parts quoted.
            body: Bytes or pieces of them as they are; anything else as JSON.
            query: What stands after `?`.
            key: An idempotency key: the same work is begun once.

        Raises:
            UnreachableError: no answer.
            AssayError: what the server refuses, as the error that it is.
        """
        full = f"{self.remote.path}{API}{path}" + (f"?{urlencode(query, doseq=True)}" if query else "")
        headers = {"User-Agent": f"assay/{VERSION}", "Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if key:
            headers["Idempotency-Key"] = key
        if body is not None and not isinstance(body, bytes) and (isinstance(body, (dict, list))):
            body, headers["Content-Type"] = json.dumps(body, allow_nan=False).encode(), "application/json"
        answer = self._sent(method, full, body, headers)
        if answer.status >= 300:
            raise self._refused(answer)
        return answer

    def close(self) -> None:
        """Close this thread's connection."""
        held = getattr(self._own, "connection", None)
        if held is not None:
            held.close()
        self._own.connection = None

    def _sent(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> Answer:
        """One request; a kept connection that the server has closed meanwhile is opened again, once."""
        whole = body is None or isinstance(body, bytes)
        kept = getattr(self._own, "connection", None) is not None
        for last in (not (kept and whole), True):
            connection = self._connection()
            try:
                connection.request(method, path, body, dict(headers))
                found = connection.getresponse()
                content = found.read()
                return Answer(found.status, {k.lower(): v for k, v in found.getheaders()}, content)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if last or isinstance(error, TimeoutError):
                    said = error.strerror if isinstance(error, OSError) and error.strerror else type(error).__name__
                    raise UnreachableError(
                        f"{self.remote.url} does not answer: {said}",
                        rule="a lab over HTTP is served by `assay serve`",
                        fix="check the address, and that it is served",
                    ) from error
        raise AssertionError("unreachable")

    def _connection(self) -> http.client.HTTPConnection:
        held: http.client.HTTPConnection | None = getattr(self._own, "connection", None)
        if held is None:
            kind = http.client.HTTPSConnection if self.remote.scheme == "https" else http.client.HTTPConnection
            held = kind(self.remote.host, self.remote.port, timeout=self._timeout)
            self._own.connection = held
        return held

    def _refused(self, answer: Answer) -> AssayError:
        try:
            said = json.loads(answer.body[:MOST_ERROR])
            return error_of(said)
        except (ValueError, KeyError, TypeError, RecursionError):
            return StoreError(
                f"{self.remote.url} answered {answer.status}",
                rule="its API answers in JSON, and redirects are not followed",
                fix="check the address",
            )


def error_of(said: Any) -> AssayError:
    """An error as the API shows it, as the error that it is."""
    error = said["error"]
    kind = _KINDS.get(str(error["code"]), AssayError)
    told = {name: str(error.get(name, "")) for name in ("rule", "fix", "where")}
    if kind is PlanError:
        problems = tuple(error_of({"error": p}) for p in said.get("problems", []))
        return PlanError(str(error["what"]), **told, problems=problems)
    if kind is AccessError and "logged in" in str(error["what"]):
        told["fix"] = "set ASSAY_TOKEN to what `assay token create` printed"
    return kind(str(error["what"]), **told)


def part(text: str) -> str:
    """One part of a path, quoted."""
    return quote(text, safe="")
