"""A stand-in site: simulated sessions in the lists, under churn and while faults befall the calls."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import create_engine, select

from footlight.store import schema

SESSIONS = "/cvad/manage/Sessions"
V1 = "/footlight/v1"
FLEET = {"machines": 8, "sessions": 240, "churn": 0, "seed": 3}
LIMIT_S = 30


@pytest.fixture
def caller(stand_in: Any) -> Iterator[httpx.Client]:
    with stand_in.client() as made:
        made.post(f"{V1}/simulation", json=FLEET)
        yield made
        made.delete(f"{V1}/faults")


def walk(caller: httpx.Client, path: str = f"{SESSIONS}?limit=50") -> list[dict[str, Any]]:
    """All objects, page by page."""
    found: list[dict[str, Any]] = []
    page = caller.get(path).json()
    while True:
        found += page["Items"]
        if page["ContinuationToken"] is None:
            return found
        token = page["ContinuationToken"]
        page = caller.get(path, params={"limit": 50, "continuationToken": token}).json()


def rows(stand_in: Any) -> dict[str, Any]:
    """Live sessions as they stand in the database."""
    engine = create_engine(f"sqlite:///{stand_in.data_dir / 'footlight.db'}")
    try:
        with engine.connect() as connection:
            s = schema.sessions
            live = select(s).where(s.c.ended_at_ms.is_(None))
            return {row.id: row for row in connection.execute(live)}
    finally:
        engine.dispose()


def quiet(stand_in: Any) -> dict[str, Any]:
    """The rows once nothing moves any more."""
    deadline = time.monotonic() + LIMIT_S
    before, now = {}, rows(stand_in)
    while before != now or any(row.phase not in ("running",) for row in now.values()):
        assert time.monotonic() < deadline, "the fleet does not come to rest"
        time.sleep(0.3)
        before, now = now, rows(stand_in)
    return now


def test_pages_are_the_rows(stand_in: Any, caller: httpx.Client) -> None:
    kept = quiet(stand_in)
    listed = walk(caller)
    assert len(listed) == len({item["Id"] for item in listed}) == len(kept) >= 200
    for item in listed:
        row = kept[item["Id"]]
        assert (item["State"], item["AppState"]) == (row.state, row.app_state)
        assert item["User"]["Name"] == row.user_name
        assert item["Client"]["Name"] == row.client_name
        assert item["Client"]["Platform"] == row.client_platform
        assert item["Machine"]["AgentVersion"].endswith("+sim")
        assert not item["LogonInProgress"]
    assert {item["State"] for item in listed} == {"Active", "Disconnected"}
    assert {item["SessionType"] for item in listed} == {"Desktop", "Application"}


def test_who_lives_throughout_is_listed_once_under_churn(
    stand_in: Any, caller: httpx.Client
) -> None:
    before = set(quiet(stand_in))
    caller.post(f"{V1}/simulation", json={**FLEET, "churn": 60})
    seen: list[dict[str, Any]] = []
    deadline = time.monotonic() + LIMIT_S
    while caller.get(f"{V1}/simulation").json()["changes"] < 60:
        assert time.monotonic() < deadline, "nothing happens"
        seen = walk(caller)
    throughout = before & set(rows(stand_in))
    ids = [item["Id"] for item in seen]
    assert len(ids) == len(set(ids))
    assert throughout <= set(ids)
    caller.post(f"{V1}/simulation", json=FLEET)
    after = quiet(stand_in)
    assert set(after) != before
    assert 200 <= len(after) <= 260


def test_actions_work_as_on_real_hosts(stand_in: Any, caller: httpx.Client) -> None:
    kept = quiet(stand_in)
    active = next(row.id for row in kept.values() if row.state == "Active")
    one = f"{SESSIONS}/{active}"
    assert caller.post(f"{one}/$disconnect").status_code == 200
    assert caller.get(one).json()["State"] == "Disconnected"
    note = {"MessageStyle": "Information", "Title": "Maintenance", "Text": "at noon"}
    assert caller.post(f"{one}/$sendMessage", json=note).status_code == 200
    assert caller.post(f"{one}/$startRecording").status_code == 200
    status = f"{SESSIONS}/RecordingStatus?id={active}"
    assert caller.get(status).json() == {"IsSessionBeingRecorded": True}
    assert caller.post(f"{one}/$stopRecording").status_code == 200
    assert caller.get(status).json() == {"IsSessionBeingRecorded": False}
    (recording,) = caller.get(f"{V1}/recordings?sessionId={active}").json()["items"]
    assert (recording["state"], recording["segmentCount"]) == ("completed", 1)
    verdict = caller.get(f"{V1}/recordings/{recording['id']}/verification").json()
    assert verdict["status"] == "verified"
    assert caller.post(f"{one}/$logoff").status_code == 204
    deadline = time.monotonic() + LIMIT_S
    while caller.get(one).status_code != 404:
        assert time.monotonic() < deadline, "the session does not end"
        time.sleep(0.1)


def test_faults_befall_cvads_routes_only(stand_in: Any, caller: httpx.Client) -> None:
    caller.put(f"{V1}/faults", json={"throttle": {"share": 1, "retryAfterS": 4}})
    refused = caller.get(SESSIONS)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "4")
    assert caller.get(f"{V1}/simulation").status_code == 200
    caller.put(f"{V1}/faults", json={"droppedConnections": 1})
    with pytest.raises(httpx.RemoteProtocolError):
        caller.get(SESSIONS)
    counts = caller.get(f"{V1}/faults").json()["counts"]
    assert (counts["calls"], counts["droppedConnections"]) == (1, 1)
    assert caller.delete(f"{V1}/faults").status_code == 204
    assert caller.get(SESSIONS).status_code == 200


def test_a_real_site_is_none(client: httpx.Client) -> None:
    assert client.get(f"{V1}/simulation").status_code == 409
    assert client.put(f"{V1}/faults", json={}).status_code == 409
