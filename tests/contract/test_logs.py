"""What a site with a real host writes to its log in a session's whole life: whose request it was, and no secret."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.contract.conftest import LiveSite, start_site, stop_site

import remains

LAUNCHED, RECORDED = "the-launch", "the-recording"


@pytest.fixture
def talkative() -> Iterator[LiveSite]:
    """A site with an agent that logs all it has to say."""
    folder = Path(tempfile.mkdtemp(prefix="footlight-logs-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FOOTLIGHT_LOG_FORMAT", "json")
        process, running = start_site(folder / "data", "--log-level", "debug")
    yield running
    stop_site(process, running)
    shutil.rmtree(folder, ignore_errors=True)


def until(work: Callable[[], Any]) -> Any:
    """What the work gives once that is something."""
    limit = time.monotonic() + 30
    while not (found := work()):
        assert time.monotonic() < limit
        time.sleep(0.1)
    return found


def events(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_a_sessions_life_is_told_with_its_requests_and_without_secrets(talkative: LiveSite) -> None:
    secrets = {talkative.admin_password, talkative.client_secret, talkative.token}
    secrets.add(json.loads((talkative.data_dir / "run" / "site.json").read_text())["token"])
    with talkative.client() as client:

        def call(method: str, path: str, transaction: str = "", **options: Any) -> Any:
            headers = {"Citrix-TransactionId": transaction} if transaction else {}
            answer = client.request(method, path, headers=headers, **options)
            assert answer.status_code < 300, answer.text
            return answer.json() if answer.content else None

        v1 = "/footlight/v1"
        call("POST", f"{v1}/accounts", json={"name": "zoe", "password": "a very secret word"})
        signed = client.post("/cvad/manage/tokens", auth=("zoe", "a very secret word"))
        assert client.post("/cvad/manage/tokens", auth=("zoe", "a mistyped word")).is_error
        made = call("POST", f"{v1}/service-accounts", json={"name": "robot"})
        secrets |= {
            "a very secret word",
            "a mistyped word",
            signed.json()["Token"],
            made["clientSecret"],
        }
        session_id = call("POST", f"{v1}/launches", LAUNCHED, json={"resource": "Terminal"})[
            "sessionId"
        ]
        session = f"/cvad/manage/Sessions/{session_id}"
        until(lambda: not call("GET", session)["LogonInProgress"])
        secrets.add(call("POST", f"{v1}/sessions/{session_id}/tickets")["ticket"])
        secrets.add("a-ticket-of-an-upload")
        assert client.put(f"{v1}/uploads/a-ticket-of-an-upload", content=b"x").is_error
        call("POST", f"{session}/$startRecording", RECORDED)
        folder = remains.run_folder(talkative.site_id) / session_id[:8]
        kept = (folder / "log").read_text(errors="replace")
        secrets.add((folder / "cookie").read_bytes().hex())
        call("POST", f"{session}/$stopRecording")
        call("POST", f"{session}/$logoff")
        until(lambda: client.get(session).status_code == 404)

    told = talkative.log.read_text(errors="replace")
    for secret in secrets:
        assert len(secret) > 8
        assert secret not in told
        assert secret not in kept

    entries = events(told)
    assert all({"event", "level", "room", "timestamp"} <= set(entry) for entry in entries)
    host = [e for e in entries if e["room"] == "agent.session" and e.get("transaction") == LAUNCHED]
    assert "launch" in {entry["step"] for entry in host}
    assert {entry["session"] for entry in host} == {session_id}
    assert all(entry["host"] for entry in host)
    taped = [e for e in entries if e["room"] == "agent.recorder" and e.get("session") == session_id]
    assert taped
    assert {entry["transaction"] for entry in taped} == {RECORDED}
    assert {entry["host"] for entry in taped} == {host[0]["host"]}
    assert all(entry["recording"] for entry in taped)
    keeper = [entry for entry in events(kept) if entry.get("room") == "agent.keeper"]
    assert [entry["event"] for entry in keeper][:2] == ["keeper started", "session is up"]
    assert {(e["session"], e["transaction"]) for e in keeper} == {(session_id, LAUNCHED)}
