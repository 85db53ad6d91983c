from __future__ import annotations

import pytest
from tests.unit.api.test_recordings import BASE, Kept
from tests.unit.api.test_recordings import kept as kept  # the fixture

from footlight.api.recording_views import moment
from footlight.errors import Invalid


def test_moments() -> None:
    assert moment(None, "since") is None
    assert moment("1970-01-01T00:00:01Z", "since") == 1000
    with pytest.raises(Invalid):
        moment("soon", "since")


async def test_what_becomes_of_a_recording_is_shown(kept: Kept) -> None:
    view = (await kept.get()).json()
    assert (view["retentionClass"], view["expiresAt"], view["held"]) == ("Standard", None, False)
    assert view["activity"] is None
    body = {"keepDays": 10}
    headers = kept.door.headers
    path = "/footlight/v1/retention-classes/Standard"
    await kept.door.client.patch(path, headers=headers, json=body)
    assert (await kept.get()).json()["expiresAt"] == "2025-10-19T08:53:28Z"


async def test_lists_are_chosen_and_sorted_by_parameters(kept: Kept) -> None:
    for query, count in (
        ("state=completed&user=actor&held=false", 1),
        ("state=failed", 0),
        ("since=2025-10-09T08:00:00Z&until=2025-10-10T00:00:00Z", 1),
        ("until=2025-10-09T08:00:00Z", 0),
        ("retentionClass=standard&sort=-sizeBytes", 1),
        ("text=desktop", 1),
    ):
        answer = await kept.door.get(f"{BASE}?{query}")
        assert len(answer.json()["items"]) == count, query
    for query in ("sort=color", "state=gone", "since=soon", "continuationToken=x", "held=maybe"):
        assert (await kept.door.get(f"{BASE}?{query}")).status_code == 400, query
