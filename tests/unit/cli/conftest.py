"""A scripted site on a real socket, and the command run against it."""

from __future__ import annotations

import functools
import json
import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import typer.main
import typer.testing
from typer.testing import CliRunner

from footlight.cli.main import app


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass
class ScriptedSite:
    """Answers by (method, path) with JSON, bytes or (status, JSON); else 404."""

    base_url: str
    answers: dict[tuple[str, str], Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def on(self, method: str, path: str, answer: Any) -> None:
        self.answers[method, path] = answer

    def answer_to(self, asked: Asked) -> tuple[int, bytes]:
        self.asked.append(asked)
        answer = self.answers.get(
            (asked.method, asked.path), (404, {"detail": "There is nothing."})
        )
        if callable(answer):
            answer = answer(asked)
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        return status, body if isinstance(body, bytes) else json.dumps(body).encode()


@pytest.fixture
def site() -> Iterator[ScriptedSite]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            url = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            status, content = scripted.answer_to(
                Asked(self.command, url.path, query, dict(self.headers), body)
            )
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Citrix-TransactionId", "t-1")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = answer

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    scripted = ScriptedSite(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield scripted
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of the machine's own configuration is seen."""
    for name in list(os.environ):
        if name.startswith("FOOTLIGHT_") and name != "FOOTLIGHT_TEST_RUN":
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path


@pytest.fixture
def data_dir(home: Path, site: ScriptedSite) -> Path:
    """The default data folder, with the scripted site running on it."""
    folder = home / "share" / "footlight"
    (folder / "run").mkdir(parents=True)
    facts = {
        "base_url": site.base_url,
        "ca_file": None,
        "pid": os.getpid(),
        "token": "local-token",
        "site_id": "s-1",
        "customer_id": "c-1",
        "site_public_key": "ab" * 32,
    }
    (folder / "run" / "site.json").write_text(json.dumps(facts))
    return folder


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON line on standard output."""
        assert self.out.count("\n") == 1, self.out
        return json.loads(self.out)


_one_command = functools.cache(typer.main.get_command)


@pytest.fixture(autouse=True)
def _built_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tree of commands is made once for all tests: making it takes longer than most of them."""
    monkeypatch.setattr(typer.testing, "_get_command", _one_command)


@pytest.fixture
def run() -> Callable[..., Ended]:
    def run_command(*arguments: str, stdin: str = "") -> Ended:
        result = CliRunner().invoke(app, list(arguments), input=stdin)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run_command
