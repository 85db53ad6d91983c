"""Webhooks over the wire, to the receiver that docs/how-to/be-told-of-changes.md shows."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.contract.conftest import LiveSite, kill_site, start_site, stop_site
from typer.testing import CliRunner

from footlight.cli.main import app
from footlight.sdk import Footlight

pytestmark = pytest.mark.long

PATH = "/footlight/v1/webhooks"
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "be-told-of-changes.md"
WITHIN_S = 60
HOSTS = {"FOOTLIGHT_WEBHOOK_HOSTS": "public,127.0.0.0/8"}


class Receiver:
    """The page's receiver in a process of its own; it can be ended and started again on its port."""

    def __init__(self, folder: Path) -> None:
        (script,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(), re.DOTALL | re.MULTILINE)
        self._script = folder / "receiver.py"
        self._script.write_text(script)
        self._log = folder / "received"
        self._process: subprocess.Popen[bytes] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"

    def start(self, secret: str) -> None:
        environment = {**os.environ, "WEBHOOK_SECRET": secret, "PORT": str(self.port)}
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, str(self._script)], env=environment, stdout=output, stderr=output
            )
        until(self._answers)

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def _answers(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def told(self, event: str) -> list[dict[str, Any]]:
        """The genuine deliveries of a kind, in their order."""
        if not self._log.exists():
            return []
        lines = self._log.read_text().splitlines()
        return [json.loads(line.partition(" ")[2]) for line in lines if line.startswith(event)]


def until(there: Callable[[], Any]) -> None:
    deadline = time.monotonic() + WITHIN_S
    while not there():
        assert time.monotonic() < deadline, "it does not come"
        time.sleep(0.05)


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    made = Receiver(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in HOSTS.items():
        monkeypatch.setenv(name, value)


def tag(client: httpx.Client, name: str) -> str:
    answer = client.post("/cvad/manage/Tags", json={"Name": name})
    assert answer.status_code in (200, 201), answer.text
    return str(answer.json()["Id"])


def test_nothing_is_lost_by_kills(hosts: None, tmp_path: Path, receiver: Receiver) -> None:
    """The receiver is away, the site is killed; what was told and what was not yet arrives in order."""
    process, site = start_site(tmp_path / "data", "--no-agent")
    try:
        with site.client() as client:
            made = client.post(PATH, json={"url": receiver.url, "events": ["tag"]}).json()
            receiver.start(made["secret"])
            wanted = [tag(client, f"before {number}") for number in range(3)]
            until(lambda: len(receiver.told("tag")) == 3)
            receiver.stop()
            wanted += [tag(client, f"away {number}") for number in range(3)]
            shown = f"{PATH}/{made['id']}"
            until(lambda: client.get(shown).json()["failures"])
        kill_site(process, site)
        process, site = start_site(tmp_path / "data", "--no-agent", password=site.admin_password)
        receiver.start(made["secret"])
        with site.client() as client:
            wanted.append(tag(client, "after"))
            until(lambda: any(one["objectId"] == wanted[-1] for one in receiver.told("tag")))
            by_id = {one["id"]: one["objectId"] for one in receiver.told("tag")}
            assert list(by_id.values()) == wanted
            until(lambda: client.get(shown).json()["failures"] == 0)
            first = client.get(f"{shown}/deliveries").json()["items"][0]
            assert (first["delivered"], first["objectId"]) == (True, wanted[-1])
    finally:
        stop_site(process, site)


def test_the_page_the_sdk_and_the_commands(
    hosts: None,
    own_site: Callable[..., LiveSite],
    receiver: Receiver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = own_site()
    monkeypatch.setenv("FOOTLIGHT_URL", site.base_url)
    monkeypatch.setenv("FOOTLIGHT_CA_FILE", site.ca_file)
    monkeypatch.setenv("FOOTLIGHT_TOKEN", site.token)

    def run(*words: str) -> Any:
        ended = CliRunner().invoke(app, ["webhooks", *words, "--json"])
        assert ended.exit_code == 0, ended.output
        return json.loads(ended.stdout) if ended.stdout.strip() else None

    made = run("create", "--set", f"url={receiver.url}", "--set", 'events=["tag"]')
    receiver.start(made["secret"])
    assert [one["id"] for one in run("list")] == [made["id"]]
    assert run("test", made["id"])["delivered"] is True
    until(lambda: receiver.told("test"))
    fresh = run("rotate-secret", made["id"])
    assert fresh["previousSecretUntil"]
    # Signed by both: the receiver that knows the secret before takes it still.
    assert run("test", made["id"])["status"] == 204
    run("rotate-secret", made["id"], "--set", "overlapHours=0")
    assert run("test", made["id"])["status"] == 401
    assert [one["status"] for one in run("deliveries", made["id"])] == [401, 204, 204]
    assert run("update", made["id"], "--set", "enabled=false")["enabled"] is False
    with Footlight(site.base_url, token=site.token, ca_file=site.ca_file) as client:
        assert client.webhooks.get(made["id"])["enabled"] is False
    run("delete", made["id"])
    assert run("list") == []


def test_refusals(stage: LiveSite, staff: httpx.Client, nobody: httpx.Client) -> None:
    base = stage.base_url + PATH
    for body in (
        {"url": "https://127.0.0.1/"},
        {"url": "https://169.254.169.254/latest"},
        {"url": "http://hooks.example/"},
        {"url": "https://hooks.example/", "events": ["nothing"]},
        {"events": []},
        {"url": 7},
    ):
        assert staff.post(base, json=body).status_code == 400, body
    missing = f"{base}/00000000-0000-4000-8000-000000000000"
    assert staff.get(missing).status_code == 404
    assert staff.patch(missing, json={}).status_code == 404
    assert staff.delete(missing).status_code == 404
    for verb in ("secret", "test"):
        assert staff.post(f"{missing}/{verb}").status_code == 404
        assert nobody.post(f"{missing}/{verb}").status_code == 403
    assert staff.get(f"{missing}/deliveries").status_code == 404
    assert nobody.get(base).status_code == 403
    with stage.bare_client() as client:
        assert client.get(base).status_code == 401
        assert client.post(base, json={}).status_code == 401
