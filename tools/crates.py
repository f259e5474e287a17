"""Hold RO-Crates against their specifications with roc-validator, in whose environment this runs.

Arguments: the file of RO-Crate's context, then the crates.
"""

from __future__ import annotations

import io
import sys
import urllib.request
import urllib.response
from email.message import Message
from pathlib import Path
from typing import Any

import requests
from requests.adapters import BaseAdapter, HTTPAdapter
from rocrate_validator import models, services
from urllib3 import HTTPResponse

CONTEXT = "https://w3id.org/ro/crate/1.1/context"
TYPE = "application/ld+json"
PROFILE = "process-run-crate-0.5"


class Shipped(BaseAdapter):
    """Answers requests with one content."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.content = content

    def send(self, request: requests.PreparedRequest, *asked: Any, **more: Any) -> requests.Response:
        """The content, whatever is asked for."""
        raw = HTTPResponse(
            io.BytesIO(self.content), {"Content-Type": TYPE}, 200, preload_content=False, request_url=CONTEXT
        )
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        """Nothing is open."""


def ship(content: bytes) -> None:
    """Have the context come from memory, whichever library asks for it."""
    known = requests.Session.get_adapter

    def adapter(session: requests.Session, url: str) -> BaseAdapter:
        return Shipped(content) if url == CONTEXT else known(session, url)

    class Opener(urllib.request.HTTPSHandler):
        def https_open(self, asked: urllib.request.Request) -> Any:
            head = Message()
            head["Content-Type"] = TYPE
            answer: Any = urllib.response.addinfourl(io.BytesIO(content), head, asked.full_url, 200)
            answer.msg = "OK"
            return answer

    requests.Session.get_adapter = adapter  # type: ignore[assignment, method-assign]
    urllib.request.install_opener(urllib.request.build_opener(Opener))


def main(context: str, *crates: str) -> int:
    """Print what is found; 0 where nothing that is required is missing."""
    ship(Path(context).read_bytes())
    wrong = 0
    for crate in crates:
        asked = models.ValidationSettings(
            rocrate_uri=crate, profile_identifier=PROFILE, requirement_severity=models.Severity.RECOMMENDED
        )
        issues = services.validate(asked).get_issues()
        required = [i for i in issues if i.severity is models.Severity.REQUIRED]
        wrong += len(required)
        print(f"{Path(crate).name}: {len(required)} required and {len(issues) - len(required)} recommended are missing")
        for issue in sorted(issues, key=lambda i: (i not in required, i.check.identifier)):
            print(f"  {issue.severity.name.lower()} {issue.check.identifier}: {issue.message}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
