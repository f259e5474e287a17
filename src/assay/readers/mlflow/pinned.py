"""Asking one host at the address that its name had when the import began.

A name that later leads elsewhere (DNS rebinding) is not followed, nor is a redirection, and link-local addresses, where
machines of clouds keep their credentials, are never asked. Private addresses are: whoever runs an import names its
server, and no server of Assay fetches what others name.
"""

from __future__ import annotations

import functools
import http.client
import ipaddress
import socket
import ssl
import urllib.parse
import urllib.request
from typing import Any

_METADATA = frozenset({"fd00:ec2::254", "100.100.100.200"})


class ForbiddenAddressError(OSError):
    """A host whose address is not asked."""


def address_of(host: str, port: int) -> str:
    """The address of a host, looked up once.

    Raises:
        ForbiddenAddressError: one of its addresses is link-local, multicast or none at all.
        OSError: the name is not known.
    """
    found = [str(place[4][0]) for place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for one in found:
        if _forbidden(one):
            raise ForbiddenAddressError(f"{host} is {one}, an address that no import asks")
    return found[0]


def opener(where: str) -> urllib.request.OpenerDirector:
    """What opens addresses of one host, by no proxy, and follows redirections only within scheme, host and port.

    Args:
        where: The address that the user names.

    Raises:
        OSError: as `address_of`.
    """
    parts = urllib.parse.urlsplit(where)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = address_of(parts.hostname or "", port)
    handlers = (_Plain(address), _Secure(address), _SameHost(parts[:2]))
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), *handlers)


def _forbidden(text: str) -> bool:
    # An address with a zone, as fe80::1%eth0, is read without it.
    address = ipaddress.ip_address(text.partition("%")[0])
    inner = getattr(address, "ipv4_mapped", None) or address
    return bool(inner.is_link_local or inner.is_multicast or inner.is_unspecified or str(inner) in _METADATA)


class _Connection(http.client.HTTPConnection):
    def __init__(self, *given: Any, address: str, **named: Any) -> None:
        super().__init__(*given, **named)
        self._address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _SecureConnection(_Connection):
    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def http_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(functools.partial(_Connection, address=self._address), request)


class _Secure(urllib.request.HTTPSHandler):
    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def https_open(self, request: urllib.request.Request) -> Any:
        return self.do_open(functools.partial(_SecureConnection, address=self._address), request)


class _SameHost(urllib.request.HTTPRedirectHandler):
    def __init__(self, home: tuple[str, str]) -> None:
        self._home = home

    def redirect_request(self, *given: Any) -> urllib.request.Request | None:
        target = str(given[5])
        if urllib.parse.urlsplit(target)[:2] != self._home:
            raise OSError(f"it sends to another host, {target:.200}")
        return super().redirect_request(*given)
