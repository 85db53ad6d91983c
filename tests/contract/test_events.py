"""The event stream over the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
from tests.contract.conftest import LiveSite

PATH = "/footlight/v1/events"


def events(answer: httpx.Response) -> Iterator[dict[str, Any]]:
    """The events of a stream as they come, each with the id that resumes after it."""
    number = None
    for line in answer.iter_lines():
        name, _, value = line.partition(":")
        if name == "id":
            number = value.strip()
        elif name == "data":
            yield {**json.loads(value), "eventId": number}


def tag(client: httpx.Client, name: str) -> str:
    made = client.post("/Tags", json={"Name": name})
    assert made.status_code in (200, 201), made.text
    return str(made.json()["Id"])


def test_a_change_is_in_the_stream_when_the_api_shows_it(
    stage: LiveSite, staff: httpx.Client
) -> None:
    with stage.client() as client, client.stream("GET", PATH) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        coming = events(answer)
        made = [tag(staff, f"Streamed {number}") for number in range(3)]
        seen: list[dict[str, Any]] = []
        for event in coming:
            if event["id"] in made:
                assert staff.get(f"/Tags/{event['id']}").status_code == 200
                seen.append(event)
            if event["id"] == made[-1]:
                break
    assert [event["id"] for event in seen] == made
    assert {event["kind"] for event in seen} == {"tag"}
    # Who was cut off in the middle goes on after the last event that it has.
    resume = {"Last-Event-ID": seen[0]["eventId"]}
    with stage.client() as client, client.stream("GET", PATH, headers=resume) as answer:
        again: list[str] = []
        for event in events(answer):
            assert event["seq"] > seen[0]["seq"]
            if event["id"] in made:
                again.append(event["id"])
            if event["id"] == made[-1]:
                break
    assert again == made[1:]


def test_who_was_away_for_too_long_is_told_so(stage: LiveSite, staff: httpx.Client) -> None:
    made = tag(staff, "After a gap")

    def forget(connection: Any) -> int:
        query = "DELETE FROM outbox WHERE seq < (SELECT max(seq) FROM outbox) - 1"
        connection.exec_driver_sql(query)
        return int(connection.exec_driver_sql("SELECT min(seq) FROM outbox").scalar())

    oldest = stage.in_database(forget)
    with (
        stage.client() as client,
        client.stream("GET", PATH, headers={"Last-Event-ID": "0"}) as answer,
    ):
        coming = events(answer)
        gap = next(coming)
        assert (gap["kind"], gap["seq"], gap["id"]) == ("gap", oldest - 1, "")
        assert gap["eventId"] == str(oldest - 1)
        assert any(event["id"] == made for event in (next(coming), next(coming)))
