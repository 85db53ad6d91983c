from __future__ import annotations

import io
from typing import Any

import pytest

from footlight.sdk import BadAnswer
from footlight.sdk.requests import own

R = "/footlight/v1/recordings"


def test_a_list_of_one_session(scripted: Any) -> None:
    scripted.answer = {"items": [{"id": "r"}], "continuationToken": None}
    assert list(scripted.client.recordings.list(session_id="s", limit=9)) == [{"id": "r"}]
    assert scripted.asked == (f"GET {R}", {"sessionId": "s", "limit": "9"}, None)
    list(scripted.client.recordings.list())
    assert scripted.asked == (f"GET {R}", {}, None)


@pytest.mark.parametrize(
    ("call", "path"),
    [
        (lambda r: r.get("a/b"), f"{R}/a%2Fb"),
        (lambda r: r.manifest("r"), f"{R}/r/manifest"),
        (lambda r: r.data_key("r"), f"{R}/r/key"),
        (lambda r: r.markers.list("r"), f"{R}/r/markers"),
        (lambda r: r.verification("r"), f"{R}/r/verification"),
    ],
)
def test_objects(scripted: Any, call: Any, path: str) -> None:
    scripted.answer = {"a": [1]}
    assert call(scripted.client.recordings) == {"a": [1]}
    assert scripted.asked == (f"GET {path}", {}, None)
    assert scripted.requests[-1].headers["Accept"] == "application/json"


def test_events_as_they_are_asked_for(scripted: Any) -> None:
    scripted.answer = {"items": [{"type": "idle", "atMs": 5}], "continuationToken": None}
    found = scripted.client.recordings.events(
        "r", type="idle", text="x", from_ms=1, to_ms=9, limit=7
    )
    assert list(found) == [{"type": "idle", "atMs": 5}]
    query = {"type": "idle", "text": "x", "fromMs": "1", "toMs": "9", "limit": "7"}
    assert scripted.asked == (f"GET {R}/r/events", query, None)


def test_markers(scripted: Any) -> None:
    markers = scripted.client.recordings.markers
    markers.add("r", "here")
    assert scripted.asked == (f"POST {R}/r/markers", {}, {"text": "here", "kind": "marker"})
    markers.add("r", "here", at_ms=5, kind="comment")
    body = {"text": "here", "atMs": 5, "kind": "comment"}
    assert scripted.asked == (f"POST {R}/r/markers", {}, body)
    markers.change("r", "m", "there")
    assert scripted.asked == (f"PATCH {R}/r/markers/m", {}, {"text": "there"})
    markers.delete("r", "m")
    assert scripted.asked == (f"DELETE {R}/r/markers/m", {}, None)


def test_verification_may_take_long(scripted: Any) -> None:
    scripted.client.recordings.verification("r")
    assert scripted.requests[-1].extensions["timeout"]["read"] == 600


def test_pictures(scripted: Any) -> None:
    scripted.answer = b"\x89PNG"
    assert scripted.client.recordings.frame("r", 1.5) == b"\x89PNG"
    assert scripted.asked[:2] == (f"GET {R}/r/frame", {"at": "1.5"})
    assert scripted.client.recordings.contact_sheet("r", count=6) == b"\x89PNG"
    assert scripted.asked[:2] == (f"GET {R}/r/contact-sheet", {"count": "6"})
    assert scripted.requests[-1].headers["Accept"] == "image/png"


def test_an_export_names_its_job(scripted: Any) -> None:
    scripted.answer = {"jobId": "j"}
    assert scripted.client.recordings.start_export("r") == "j"
    assert scripted.asked == (f"POST {R}/r/export", {}, {"kind": "mp4"})
    for strange in ({}, {"jobId": 5}, []):
        scripted.answer = strange
        with pytest.raises(BadAnswer, match="no job"):
            scripted.client.recordings.start_export("r")


def test_an_export_begun_twice_is_two_jobs_so_it_is_not_repeated() -> None:
    assert not own.export("r").repeatable


def test_a_download_goes_into_its_sink(scripted: Any) -> None:
    scripted.answer = b"film" * 1000
    sink, heard = io.BytesIO(), []
    done = scripted.client.jobs.download("j", sink, lambda now, total: heard.append((now, total)))
    assert (done, sink.getvalue()) == (4000, b"film" * 1000)
    assert heard[-1] == (4000, 4000)
    assert scripted.requests[-1].headers["Accept"] == "*/*"
