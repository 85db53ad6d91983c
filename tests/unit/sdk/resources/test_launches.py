from __future__ import annotations

from typing import Any


def test_a_launch_with_all_it_can_say(scripted: Any) -> None:
    scripted.answer = {"sessionId": "s"}
    launches = scripted.client.launches
    made = launches.create("Desktop", machine="LAB\\H", user="zoe", new=True, idempotency_key="k")
    assert made == {"sessionId": "s"}
    body = {"resource": "Desktop", "machine": "LAB\\H", "user": "zoe", "new": True}
    assert scripted.asked == ("POST /footlight/v1/launches", {}, body)
    assert scripted.requests[-1].headers["Idempotency-Key"] == "k"


def test_each_call_has_a_key_of_its_own(scripted: Any) -> None:
    for _ in range(2):
        scripted.client.launches.create("Desktop")
    assert scripted.asked[2] == {"resource": "Desktop"}
    keys = [request.headers["Idempotency-Key"] for request in scripted.requests]
    assert len(set(keys)) == 2
    assert all(keys)


def test_resources(scripted: Any) -> None:
    scripted.answer = {"items": [{"id": "r"}]}
    assert scripted.client.resources.list() == [{"id": "r"}]
    assert scripted.asked == ("GET /footlight/v1/resources", {}, None)


def test_an_icon_is_bytes(scripted: Any) -> None:
    scripted.client.resources.icon("r/1")
    assert scripted.asked[0] == "GET /footlight/v1/resources/r%2F1/icon"
    assert scripted.requests[-1].headers["Accept"] == "image/png"
