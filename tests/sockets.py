"""No test talks to the outside: a connection that leaves this machine fails the test that tried it."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest


class WayOut(OSError):
    """A test tried to reach another machine."""


def is_near(host: Any) -> bool:
    """Say whether a host is this machine, by name or by number."""
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost"
    return address.is_loopback or address.is_unspecified


def stay_near(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse every other machine; fail at the end, too, should the code have swallowed the refusal."""
    attempts: list[str] = []

    def check(host: Any) -> None:
        if not is_near(host):
            attempts.append(str(host))
            raise WayOut(f"a test must not reach {host}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name), check))
    lookup = socket.getaddrinfo

    def near_lookup(host: Any, *arguments: Any, **named: Any) -> Any:
        check(host)
        return lookup(host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", near_lookup)
    yield
    assert not attempts, f"the test tried to reach {attempts}"


def _guarded(original: Callable[..., Any], check: Callable[[Any], None]) -> Callable[..., Any]:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        # The address comes last in all three; a local socket's is a path and stays here anyway.
        if self.family in (socket.AF_INET, socket.AF_INET6):
            check(arguments[-1][0])
        return original(self, *arguments)

    return guarded
