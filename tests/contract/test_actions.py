"""What the session actions mean, on real sessions."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest

GONE_WITHIN_S = 60


def recorded(client: httpx.Client, session_id: str) -> bool:
    answer = client.get(f"/cvad/manage/Sessions/RecordingStatus?id={session_id}")
    return bool(answer.json()["IsSessionBeingRecorded"])


def recordings(client: httpx.Client, session_id: str) -> list[dict[str, object]]:
    answer = client.get(f"/footlight/v1/recordings?sessionId={session_id}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


def test_log_off_takes_the_session_away(client: httpx.Client, launch: Callable[[str], str]) -> None:
    session_id = launch("Terminal")
    path = f"/cvad/manage/Sessions/{session_id}"
    answer = client.post(f"{path}/$logoff")
    assert (answer.status_code, answer.content) == (204, b"")
    deadline = time.monotonic() + GONE_WITHIN_S
    while (shown := client.get(path)).status_code == 200:
        assert shown.json()["LogoffInProgress"] is True
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert shown.status_code == 404
    listed = client.get("/cvad/manage/Sessions").json()["Items"]
    assert session_id not in [item["Id"] for item in listed]
    assert client.post(f"{path}/$logoff").status_code == 404


def test_twenty_starts_make_one_recording(
    client: httpx.Client, launch: Callable[[str], str]
) -> None:
    session_id = launch("Desktop")
    url = f"/cvad/manage/Sessions/{session_id}/$startRecording"
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: client.post(url), range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert recorded(client, session_id)
    assert len(recordings(client, session_id)) == 1
    stop = f"/cvad/manage/Sessions/{session_id}/$stopRecording"
    assert client.post(stop).status_code == 200
    assert not recorded(client, session_id)
    assert [one["state"] for one in recordings(client, session_id)] == ["completed"]
    assert client.post(url).status_code == 200
    assert len(recordings(client, session_id)) == 2
    assert client.post(stop).status_code == 200
    client.post(f"/cvad/manage/Sessions/{session_id}/$logoff")


@pytest.mark.parametrize(("value", "status"), [("False", 200), ("TRUE", 200), ("maybe", 400)])
def test_notify_user_as_clients_write_it(
    client: httpx.Client, desktop: str, value: str, status: int
) -> None:
    url = f"/cvad/manage/Sessions/{desktop}"
    assert client.post(f"{url}/$startRecording?NotifyUser={value}").status_code == status
    assert recorded(client, desktop) is (status == 200)
    assert client.post(f"{url}/$stopRecording").status_code == 200


def test_disconnecting_nobody_changes_nothing(client: httpx.Client, desktop: str) -> None:
    path = f"/cvad/manage/Sessions/{desktop}"
    before = client.get(path).json()
    answer = client.post(f"{path}/$disconnect")
    assert answer.status_code == 200
    assert answer.json() == before


def test_a_window_manager_that_hangs_is_replaced(
    client: httpx.Client, launch: Callable[[str], str]
) -> None:
    session_id = launch("Terminal")
    path = f"/footlight/v1/sessions/{session_id}"
    (hung,) = window_managers(session_id)
    hung.suspend()
    answer = client.post(f"{path}/restart-window-manager")
    assert answer.status_code == 200, answer.text
    assert (answer.json()["id"], answer.json()["endedAt"]) == (session_id, None)
    (fresh,) = window_managers(session_id)
    assert fresh.pid != hung.pid
    assert window_managers(session_id) == [fresh]
    client.post(f"/cvad/manage/Sessions/{session_id}/$logoff")


def window_managers(session_id: str) -> list[psutil.Process]:
    """Those whose settings are in the session's folder. What one of them starts has its name for a moment, and is
    none."""
    short = f"/{session_id.partition('-')[0]}/"
    found = {
        process.pid: process
        for process in psutil.process_iter(["name", "cmdline", "ppid"])
        if process.info["name"] == "openbox"
        and any(short in word for word in process.info["cmdline"] or ())
    }
    return [process for process in found.values() if process.info["ppid"] not in found]
