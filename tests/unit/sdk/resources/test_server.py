from __future__ import annotations

from typing import Any


def test_health(scripted: Any) -> None:
    scripted.answer = True
    assert scripted.client.server.health() is True
    assert scripted.asked == ("GET /cvad/manage/HealthCheck", {}, None)
    assert scripted.client.server.ping() is True
    assert scripted.asked == ("GET /cvad/manage/ping", {}, None)


def test_batch_and_preferences(scripted: Any) -> None:
    scripted.answer = {"Items": []}
    items = {"Items": [{"Reference": "1", "RelativeUrl": "/me"}]}
    assert scripted.client.server.batch(items) == {"Items": []}
    assert scripted.asked == ("POST /cvad/manage/$batch", {}, items)
    scripted.client.preferences.set({"Name": "a", "Value": "b"})
    assert scripted.asked == ("PUT /cvad/manage/me/Preferences", {}, {"Name": "a", "Value": "b"})


def test_metrics_are_text(scripted: Any) -> None:
    assert isinstance(scripted.client.server.metrics(), str)
    assert scripted.asked[0] == "GET /metrics"
    assert scripted.requests[-1].headers["Accept"] == "text/plain"


def test_what_the_console_begins_with(scripted: Any) -> None:
    scripted.answer = {"permissions": ["site.view"]}
    assert scripted.client.server.caller() == {"permissions": ["site.view"]}
    assert scripted.asked == ("GET /footlight/v1/me", {}, None)
    scripted.client.server.overview()
    assert scripted.asked == ("GET /footlight/v1/overview", {}, None)
