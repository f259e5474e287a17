"""A server on a socket: for one person on this machine, or for users who log in."""

from __future__ import annotations

import ipaddress
import os
import secrets
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from assay.base.errors import AccessError, StoreError
from assay.server.app import create_app
from assay.server.jobs import ASKED
from assay.server.logs import lines_of_json
from assay.server.settings import LOCAL_HOSTS, Settings
from assay.store.access import has_users
from assay.verbs.where import existing_lab


class Stopping(uvicorn.Server):
    """A server that stops within its time, whatever it does then.

    Requests and jobs that run have most of it to end. What heeds nothing, such as a long sum in a thread, ends with the
    process: what was acknowledged is kept, as after any death.
    """

    def __init__(self, app: FastAPI, **options: Any) -> None:
        settings: Settings = app.state.settings
        self._jobs, self._seconds = app.state.jobs, settings.stop_seconds
        self._last = threading.Timer(self._seconds, os._exit, (1,))
        self._last.daemon = True
        super().__init__(uvicorn.Config(app, **{"timeout_graceful_shutdown": ASKED * self._seconds, **options}))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop; what waits is cancelled at once."""
        self._last.start()
        self._jobs.stop()
        await super().shutdown(sockets)

    def ended(self) -> None:
        """It has stopped in time."""
        self._last.cancel()


@dataclass(frozen=True)
class Served:
    """A server that is about to run.

    Attributes:
        lab: The folder of the lab.
        address: What to open in a browser.
        local: Whether it serves this machine alone.
    """

    lab: Path
    address: str
    local: bool
    server: Stopping
    taken: socket.socket

    def run(self) -> None:
        """Serve until it is interrupted; requests and jobs that run are finished first."""
        try:
            with suppress(KeyboardInterrupt):
                self.server.run(sockets=[self.taken])
        finally:
            self.server.ended()


@contextmanager
def listening(lab: Path, host: str, port: int, names: Sequence[str], proxies: Sequence[str] = ()) -> Iterator[Served]:
    """Take the port.

    Args:
        lab: The folder of the lab.
        host: Address to listen on.
        port: 0 takes a free one.
        names: Names under which browsers ask for it.
        proxies: Addresses of proxies, or networks of them, whose word on the client's address and scheme is taken.

    Raises:
        AccessError: others could ask, and there is no user; or a proxy is no address.
        StoreError: there is no lab, or the port is taken.
    """
    local = _is_local(host)
    key = secrets.token_urlsafe(24) if local else ""
    hosts = tuple(dict.fromkeys([*LOCAL_HOSTS, *([] if host in ("0.0.0.0", "::") else [host]), *names]))  # noqa: S104
    if not local and not has_users(existing_lab(lab)):
        raise AccessError(
            f"{host} can be reached by others, and nobody may log in",
            rule="a lab is open to users alone",
            fix="assay user add NAME --role admin",
        )
    trusted = [_proxy(p) for p in proxies]
    taken = _taken(host, port)
    with taken, lines_of_json():
        app = create_app(Settings(lab, key, hosts))
        number = taken.getsockname()[1]
        shown = f"[{host}]" if ":" in host else host
        address = f"http://{shown}:{number}/" + (f"#key={key}" if key else "")
        # By default uvicorn believes what anybody on this machine says in X-Forwarded-For.
        forwarded: Any = {"proxy_headers": bool(trusted), "forwarded_allow_ips": trusted}
        said: Any = {"log_config": None, "log_level": "warning", "access_log": False}
        yield Served(lab, address, local, Stopping(app, **said, **forwarded), taken)


def _taken(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
        made.listen(128)
    except OSError as error:
        made.close()
        raise StoreError(
            f"{host} port {port} cannot be listened on: {error.strerror}",
            rule="a port serves one program",
            fix="--port 0 takes a free one",
        ) from error
    return made


def _proxy(text: str) -> str:
    """The address of a proxy, or a network of them.

    Raises:
        AccessError: anything else; a name or `*` would let whoever asks say who they are.
    """
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError:
        network = None
    if network is None or network.prefixlen == 0:
        raise AccessError(
            f"the proxy is {text!r:.100}",
            rule="an address, or a network of addresses, from which the proxy asks",
            fix="--proxy 127.0.0.1",
        )
    return str(network) if network.num_addresses > 1 else str(network.network_address)


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
