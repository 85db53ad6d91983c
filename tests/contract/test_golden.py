"""Requests byte for byte as known clients send them, over a raw TLS socket. See golden/: they are
constructed from documentation, not captured from those clients."""

from __future__ import annotations

import base64
import http.client
import json
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from footlight.ids import new_guid

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.http"))
REQUIRED = {"token", "list", "start", "status", "stop", "logoff"}


@dataclass(frozen=True)
class Golden:
    """One request of a file; `text` still holds its {names}."""

    name: str
    status: int
    text: str

    def raw(self, values: dict[str, str]) -> bytes:
        """The bytes for the wire."""
        head, _, body = self.text.partition("\n\n")
        body = self._filled(body.strip("\n"), values)
        head = self._filled(head.strip("\n"), {**values, "length": str(len(body.encode()))})
        return (head.replace("\n", "\r\n") + "\r\n\r\n" + body).encode()

    def _filled(self, text: str, values: dict[str, str]) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], text)


def read_golden(path: Path) -> list[Golden]:
    parts = re.split(r"^### (\S+) (\d+)\n", path.read_text(), flags=re.MULTILINE)
    assert "not captured from a running client" in parts[0]
    rows = zip(parts[1::3], parts[2::3], parts[3::3], strict=True)
    return [Golden(name, int(status), text) for name, status, text in rows]


def exchange(site, raw: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send the bytes and read one answer, skipping 100 Continue."""
    host, _, port = site.host.rpartition(":")
    with (
        socket.create_connection((host.strip("[]"), int(port)), timeout=40) as plain,
        site.tls().wrap_socket(plain, server_hostname=host.strip("[]")) as secure,
    ):
        secure.sendall(raw)
        answer = http.client.HTTPResponse(secure, method=raw.split(b" ", 1)[0].decode())
        answer.begin()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read()


@pytest.mark.covers("POST /Sessions/{id}/$logoff", 204)
@pytest.mark.covers("POST /cctrustoauth2/{customer}/tokens/clients", 200)
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_requests(site, launch: Callable[[str], str], path: Path) -> None:
    session_id = launch("Terminal")
    secret = f"{site.admin_user}:{site.admin_password}".encode()
    values = {
        "host": site.host,
        "basic": base64.b64encode(secret).decode(),
        "customer": site.customer_id,
        "site": site.site_id,
        "session": session_id,
        "client_id": site.client_id,
        "client_secret": site.client_secret,
        "guid": new_guid(),
        "token": "",
    }
    requests = read_golden(path)
    assert {request.name for request in requests} >= REQUIRED
    for request in requests:
        raw = request.raw(values)
        status, headers, body = exchange(site, raw)
        assert status == request.status, (request.name, body)
        assert headers["citrix-transactionid"]
        check(request.name, body, values, session_id)


def check(name: str, body: bytes, values: dict[str, str], session_id: str) -> None:
    """What the answer of each request must say; the token goes on to the later ones."""
    if name == "logoff":
        assert body == b""
        return
    answer: Any = json.loads(body)
    match name:
        case "token":
            values["token"] = answer["Token"]
        case "cloud-token":
            assert isinstance(answer["expires_in"], str)
        case "list":
            assert session_id in [item["Id"] for item in answer["Items"]]
        case "status":
            assert answer == {"IsSessionBeingRecorded": True}
        case "start" | "stop":
            assert answer["Id"] == session_id
        case _:
            pytest.fail(f"nobody checks {name}")
