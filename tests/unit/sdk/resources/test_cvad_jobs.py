"""Calls that are not waited for, against a scripted site."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from footlight.sdk import Conflict, Footlight, JobFailed, TimedOut, job

JOB = "/cvad/manage/Jobs/j1"
BASE = "http://x.test"


class Site:
    """Begins the job j1 for every call with async=true and then tells these statuses."""

    def __init__(self, *statuses: str) -> None:
        self.statuses = list(statuses)
        self.asked: list[httpx.Request] = []
        self.results = httpx.Response(200, content=b"")

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = request.url.path
        if request.url.params.get("async") == "true":
            return httpx.Response(202, headers={"Location": f"{BASE}{JOB}"})
        if path == JOB and request.method == "GET":
            status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
            return httpx.Response(200, json={"Id": "j1", "Status": status, "ErrorString": "why"})
        if path == f"{JOB}/Results":
            return self.results
        if path == f"{JOB}/$cancel":
            return httpx.Response(409, json={"detail": "too late"})
        if path == JOB:
            return httpx.Response(204)
        if path == "/cvad/manage/Jobs":
            return httpx.Response(200, json={"Items": [{"Id": "j1"}]})
        return httpx.Response(200, json={"Id": "s1"})


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "FIRST_LOOK_S", 0)


def client_of(site: Site) -> Footlight:
    return Footlight(BASE, token="t", transport=httpx.MockTransport(site))


def test_a_background_call_is_followed_to_its_object() -> None:
    site = Site("InProgress", "Complete")
    elsewhere = {"Location": "http://elsewhere.test/cvad/manage/Sessions/s1"}
    site.results = httpx.Response(303, headers=elsewhere)
    handle = client_of(site).in_background.sessions.start_recording("s1", notify_user=False)
    assert handle.id == "j1"
    assert site.asked[0].url.params["notifyUser"] == "false"
    assert handle.wait() == {"Id": "s1"}
    assert str(site.asked[-1].url) == f"{BASE}/cvad/manage/Sessions/s1"


@pytest.mark.parametrize("verb", ["logoff", "hide", "unhide", "disconnect", "stop_recording"])
def test_each_action_can_be_left_alone(verb: str) -> None:
    site = Site("Complete")
    handle = getattr(client_of(site).in_background.sessions, verb)("s1")
    assert handle.wait() is None
    wire = {"stop_recording": "stopRecording"}.get(verb, verb)
    assert site.asked[0].url.path == f"/cvad/manage/Sessions/s1/${wire}"


def test_a_list_in_the_background_gives_its_collection() -> None:
    site = Site("Complete")
    site.results = httpx.Response(200, json={"Items": []})
    assert client_of(site).in_background.sessions.list(limit=5).wait() == {"Items": []}


@pytest.mark.parametrize("status", ["Failed", "Canceled", "CompleteWithWarning"])
def test_what_does_not_complete_is_a_failure(status: str) -> None:
    with pytest.raises(JobFailed, match="why"):
        client_of(Site(status)).jobs.cvad.wait("j1")


def test_waiting_ends() -> None:
    with pytest.raises(TimedOut, match="j1"):
        client_of(Site("InProgress")).jobs.cvad.wait("j1", timeout_s=0)


def test_list_cancel_delete() -> None:
    site = Site("InProgress")
    client = client_of(site)
    assert client.jobs.cvad.list()[0]["Id"] == "j1"
    with pytest.raises(Conflict, match="too late"):
        client.jobs.cvad.cancel("j1")
    client.jobs.cvad.delete("j1")
    assert site.asked[-1].method == "DELETE"


def test_hide_and_message() -> None:
    site = Site("Complete")
    client = client_of(site)
    client.sessions.hide("s1")
    client.sessions.unhide("s1")
    assert client.sessions.send_message("s1", "Soon", "Save", "Critical")["Id"] == "s1"
    assert [asked.url.path.rpartition("/")[2] for asked in site.asked] == [
        "$hide",
        "$unhide",
        "$sendMessage",
    ]
    said: dict[str, Any] = json.loads(site.asked[-1].content)
    assert said == {"Style": "Critical", "Title": "Soon", "Text": "Save"}
