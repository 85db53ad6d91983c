"""Against small HTTPS servers on loopback, with certificates of their own authorities."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import msgspec
import pytest

from enrolling import make_issuer
from footlight import tls
from footlight.agent.enrolling import Refused, ask_standing, checked_server, enrol
from footlight.agent.identity import HostFolder
from footlight.authority import Authority, open_authority
from footlight.errors import Invalid, Unavailable
from footlight.wire.enrolment import Code, HostKeys, Standing

MACHINE = "11111111-1111-4111-8111-111111111111"
SECRET = b"s" * 20


class Server:
    """Says what it is told to and keeps what it is asked."""

    def __init__(self, folder: Path, authority: Authority | None) -> None:
        self.asked: list[tuple[str, str, bytes]] = []
        self.answers: dict[str, tuple[int, Any]] = {}
        shown = "" if authority is None else authority.pem.decode()
        self.answers["GET /footlight/v1/enroll"] = (200, {"certificate": shown})
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.asked.append((self.command, self.path, body))
                status, value = outer.answers.get(f"{self.command} {self.path}", (404, {}))
                value = value(json.loads(body)) if callable(value) else value
                raw = value if isinstance(value, bytes) else msgspec.json.encode(value)
                self.send_response(status)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            do_GET = do_POST = _answer

            def log_message(self, *_: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if authority is not None:
            chain, key, _ = tls.own_certificate(folder, "127.0.0.1", authority)
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(chain, key)
            self._http.socket = context.wrap_socket(self._http.socket, server_side=True)
        scheme = "http" if authority is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[[Authority | None], Server]]:
    started: list[Server] = []

    def start(authority: Authority | None) -> Server:
        started.append(Server(tmp_path / f"tls{len(started)}", authority))
        return started[-1]

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def folder(tmp_path: Path) -> HostFolder:
    return HostFolder(tmp_path / "agent")


def code_of(authority: Authority | None) -> str:
    return Code(MACHINE, SECRET, "" if authority is None else authority.fingerprint).text()


async def test_a_server_with_the_codes_certificate_is_told_the_secret(
    rooms: Any, tmp_path: Path, serve: Any, folder: HostFolder
) -> None:
    authority = open_authority(tmp_path / "site")
    server, issuer = serve(authority), make_issuer(rooms, tmp_path / "keys")

    def give(asked: dict[str, Any]) -> Any:
        keys = msgspec.convert(asked["keys"], HostKeys)
        return issuer.issue(MACHINE, "LAB\\DESK7", keys, 1_760_000_000_000)

    server.answers["POST /footlight/v1/enroll"] = (200, give)
    known = enrol(folder, server.url + "/", code_of(authority), "desk7")
    assert folder.load() == known
    assert known.trust.encode() == authority.pem
    assert known.credentials.machine_name == "LAB\\DESK7"
    stands = Standing(standing="enrolled", now_ms=5, server_version="1")
    server.answers["POST /footlight/v1/enroll/standing"] = (200, stands)
    assert ask_standing(known, 7).standing == "enrolled"
    assert json.loads(server.asked[-1][2])["machineId"] == MACHINE


def test_another_server_gets_no_byte_of_the_secret(
    tmp_path: Path, serve: Any, folder: HostFolder
) -> None:
    """It shows a certificate of its own, or the right one without having its key."""
    right, other = open_authority(tmp_path / "a"), open_authority(tmp_path / "b")
    thief = serve(other)
    with pytest.raises(Invalid, match="not the server that the code is of"):
        enrol(folder, thief.url, code_of(right), "desk7")
    thief.answers["GET /footlight/v1/enroll"] = (200, {"certificate": right.pem.decode()})
    with pytest.raises(Unavailable):
        enrol(folder, thief.url, code_of(right), "desk7")
    with pytest.raises(Invalid, match="--ca-file"):
        enrol(folder, thief.url, code_of(None), "desk7")
    assert {method for method, _, _ in thief.asked} == {"GET"}
    assert not any(body for _, _, body in thief.asked)


def test_a_given_certificate_is_trusted_alone(
    tmp_path: Path, serve: Any, folder: HostFolder
) -> None:
    right, other = open_authority(tmp_path / "a"), open_authority(tmp_path / "b")
    server = serve(right)
    server.answers["POST /footlight/v1/enroll"] = (409, {"ErrorMessage": "It has been used."})
    with pytest.raises(Refused, match=r"^It has been used\.$"):
        enrol(folder, server.url, code_of(None), "desk7", tmp_path / "a" / "ca.pem")
    with pytest.raises(Unavailable):
        enrol(folder, server.url, code_of(right), "desk7", tmp_path / "b" / "ca.pem")
    with pytest.raises(Invalid, match="--ca-file"):
        enrol(folder, server.url, code_of(right), "desk7", tmp_path / "none.pem")
    assert folder.load() is None
    assert other.pem != right.pem


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (502, b"<html>", Refused),
        (200, b"{}", Unavailable),
        (200, b"x" * 300_000, Unavailable),
    ],
)
def test_answers_that_are_none(
    serve: Any, folder: HostFolder, status: int, answer: bytes, kind: type[Exception]
) -> None:
    server = serve(None)
    server.answers["POST /footlight/v1/enroll"] = (status, answer)
    with pytest.raises(kind):
        enrol(folder, server.url, code_of(None), "desk7")


def test_a_server_that_is_away(folder: HostFolder) -> None:
    with pytest.raises(Unavailable, match="can't be reached"):
        enrol(folder, "http://127.0.0.1:1", code_of(None), "desk7")
    with pytest.raises(Invalid, match="--enroll"):
        enrol(folder, "http://127.0.0.1:1", "hunter2", "desk7")


@pytest.mark.parametrize(
    "server", ["portal", "ftp://x", "https://", "https://a@b", "http://portal.test:80"]
)
def test_what_is_no_address_of_a_site(server: str) -> None:
    with pytest.raises(Invalid, match="--server"):
        checked_server(server)
