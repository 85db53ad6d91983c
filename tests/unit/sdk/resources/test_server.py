from __future__ import annotations

from typing import Any


def test_health(scripted: Any) -> None:
    scripted.answer = True
    assert scripted.client.server.health() is True
    assert scripted.asked == ("GET /cvad/manage/HealthCheck", {}, None)
    assert scripted.client.server.ping() is True
    assert scripted.asked == ("GET /cvad/manage/ping", {}, None)
