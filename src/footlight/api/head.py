"""What the head of a request says, out of the ASGI scope. Shared by the layers before the framework."""

from __future__ import annotations

from collections.abc import Mapping

from footlight.api.asgi import Scope
from footlight.ids import new_guid

MAX_TRANSACTION_CHARACTERS = 128


def headers_of(scope: Scope) -> dict[str, str]:
    """Headers by lower-case name; several of one name are joined by a comma (RFC 9110 5.3), cookies
    by a semicolon."""
    found: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        glue = "; " if name == "cookie" else ", "
        found[name] = found[name] + glue + value if name in found else value
    return found


def transaction_of(headers: Mapping[str, str]) -> str:
    """The caller's own transaction id, where it is sane; else a new one."""
    given = headers.get("citrix-transactionid", "").strip()
    sane = 0 < len(given) <= MAX_TRANSACTION_CHARACTERS and given.isascii() and given.isprintable()
    return given if sane else new_guid()


def path_of(scope: Scope) -> bytes:
    """The path as it came over the wire, percent-encoded."""
    return bytes(scope.get("raw_path") or str(scope["path"]).encode())


def address_of(scope: Scope) -> str:
    """Of the client; empty when it is not known."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def cookies_of(header: str | None) -> dict[str, str]:
    """The first 64 cookies of the header."""
    pairs = (pair.partition("=") for pair in (header or "").split(";")[:64])
    return {name.strip(): value.strip().strip('"') for name, equals, value in pairs if equals}
