"""Which addresses an import asks: what was named, at the address that it had, and never a cloud's own."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from assay.base.errors import InputError
from assay.readers.mlflow import open_source
from assay.readers.mlflow.pinned import ForbiddenAddressError, address_of
from tests.readers.mlflow_sources import answers, serving


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Every name has these addresses, one after the other; returns what was asked."""
    asked: list[str] = []
    real, left = socket.getaddrinfo, list(answers)

    def found(host: Any, port: Any, *given: Any, **named: Any) -> Any:
        if host == "tracker.example":
            asked.append(host)
            host = left.pop(0) if len(left) > 1 else left[0]
        return real(host, port, *given, **named)

    monkeypatch.setattr(socket, "getaddrinfo", found)
    return asked


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "fe80::1",
        "::ffff:169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "fd00:ec2::254",
        "100.100.100.200",
    ],
)
def test_addresses_of_clouds_and_of_nobody_are_not_asked(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    resolving(monkeypatch, address)
    with pytest.raises(ForbiddenAddressError, match="no import asks"):
        address_of("tracker.example", 80)
    with pytest.raises(InputError, match="no import asks"):
        open_source("http://tracker.example/")


def test_a_number_for_an_address_is_that_address() -> None:
    with pytest.raises(InputError, match=r"169\.254\.169\.254"):
        open_source("http://2852039166/latest/meta-data")


def test_a_name_that_changes_its_address_meanwhile_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = resolving(monkeypatch, "127.0.0.1", "169.254.169.254")
    with serving(answers()) as server:
        source = open_source(server.replace("127.0.0.1", "tracker.example"))
        runs = list(source.runs())
        content = b"".join(piece for run in runs for file in run.files if not file.refused for piece in file.open())
    assert (len(runs), asked) == (6, ["tracker.example"])
    assert content


def test_a_name_that_nobody_knows_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*given: Any, **named: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(InputError, match="it is not asked"):
        open_source("http://tracker.invalid:5000")
