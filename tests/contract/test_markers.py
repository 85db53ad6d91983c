"""Events and markers of a real recording, while it runs and after."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import httpx
from tests.contract.conftest import LiveSite

from footlight.sdk import Footlight

WITHIN_S = 30
V1 = "/footlight/v1/recordings"


def until(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + WITHIN_S
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def test_a_recording_is_marked_while_it_runs_and_after(
    site: LiveSite, client: httpx.Client, application: str
) -> None:
    actions = f"/cvad/manage/Sessions/{application}"
    assert client.post(f"{actions}/$startRecording").status_code == 200
    (recording,) = client.get(f"{V1}?sessionId={application}").json()["items"][:1]
    url = f"{V1}/{recording['id']}"
    made = client.post(f"{url}/markers", json={"text": "This is the moment"}).json()
    assert made["own"]
    ours = {"type": "marker", "markerId": made["id"], "text": "This is the moment"}

    def told() -> Any:
        events = client.get(f"{url}/events").json()["items"]
        kinds = {event["type"] for event in events}
        return kinds >= {"recording-started", "window-manager", "program-running"} and events

    events = until(told)
    (marked,) = [event for event in events if event["type"] == "marker"]
    assert marked.items() >= ours.items()
    assert [event["atMs"] for event in events] == sorted(event["atMs"] for event in events)
    (found,) = client.get(f"{url}/events?text=THE%20moment").json()["items"]
    assert found == marked

    assert client.post(f"{actions}/$stopRecording").status_code == 200
    with Footlight(site.base_url, ca_file=site.ca_file, token=site.token) as sdk:
        late = sdk.recordings.markers.add(recording["id"], "first of all", at_ms=0, kind="comment")
        assert [one["id"] for one in sdk.recordings.markers.list(recording["id"])["items"]] == [
            late["id"],
            made["id"],
        ]
        changed = sdk.recordings.markers.change(recording["id"], made["id"], "another text")
        assert changed["text"] == "another text"
        # What the event track holds of it is not shown beside it.
        listed = list(sdk.recordings.events(recording["id"], type="marker", limit=1))
        assert [event["text"] for event in listed] == ["first of all", "another text"]
        sdk.recordings.markers.delete(recording["id"], made["id"])
        listed = list(sdk.recordings.events(recording["id"], type="marker"))
        assert [event["text"] for event in listed] == ["first of all"]
