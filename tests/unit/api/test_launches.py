from __future__ import annotations

from typing import Any

import pytest

from footlight.api.launches import MAX_KEY_CHARS, _host_name
from footlight.sessions import queries

V1 = "/footlight/v1"


async def launch(door: Any, headers: dict[str, str] | None = None, **asked: Any) -> Any:
    return await door.client.post(
        f"{V1}/launches",
        headers={**door.headers, **(headers or {})},
        json={"resource": "Desktop", **asked},
    )


async def test_resources_are_those_that_are_published(door: Any) -> None:
    items = (await door.get(f"{V1}/resources")).json()["items"]
    assert [item["name"] for item in items] == [
        "Desktop", "Terminal", "Text Editor", "Web Browser",
    ]  # fmt: skip
    by_id = await launch(door, resource=items[1]["id"])
    assert by_id.status_code == 201


async def test_a_new_one_is_201_and_the_running_one_200(door: Any) -> None:
    first = await launch(door)
    assert first.status_code == 201
    body = first.json()
    assert body["machine"] == "FOOTLIGHT\\DESK1"
    assert body["displayPath"] == f"/s/{body['sessionId']}"
    again = await launch(door)
    assert (again.status_code, again.json()) == (200, body)
    other = await launch(door, new=True)
    assert other.status_code == 201
    assert other.json()["sessionId"] != body["sessionId"]


async def test_a_key_repeats_the_first_answer(door: Any) -> None:
    answers = [
        await launch(door, {"Idempotency-Key": key}, new=True) for key in ("one", "one", "two")
    ]
    ids = [answer.json()["sessionId"] for answer in answers]
    assert ids[0] == ids[1] != ids[2]
    assert [answer.status_code for answer in answers] == [201, 201, 201]


@pytest.mark.parametrize("key", ["", "x" * (MAX_KEY_CHARS + 1)])
async def test_a_key_out_of_bounds_is_400(door: Any, key: str) -> None:
    assert (await launch(door, {"Idempotency-Key": key})).status_code == 400
    assert door.rooms.host.orders == []


async def test_the_row_tells_where_the_launch_came_from(door: Any) -> None:
    made = await launch(door, {"Host": "portal.example.test:8443"})
    one = made.json()["sessionId"]
    row = await door.parts.store.read(lambda c: queries.row(c, one))
    assert row.launched_via_host == "portal.example.test"
    assert row.launched_via_ip == "site.test"  # what the server says of itself, here httpx's
    assert row.launch_client_ip == row.client_address == "127.0.0.1"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("portal.test:8443", "portal.test"),
        ("portal", "portal"),
        ("192.0.2.7:8443", None),
        ("[2001:db8::7]:8443", None),
        ("", None),
        (None, None),
    ],
)
def test_an_address_is_no_name(header: str | None, name: str | None) -> None:
    assert _host_name(header) == name


async def test_refusals(door: Any) -> None:
    assert (await launch(door, resource="Nothing")).status_code == 404
    assert (await launch(door, machine="FOOTLIGHT\\ELSE")).status_code == 404
    assert (await launch(door, resource=5)).status_code == 400
    assert (await door.post(f"{V1}/launches")).status_code == 400
    headers = await door.sign_in_as("ada")
    for_another = {"resource": "Desktop", "user": "admin"}
    answer = await door.client.post(f"{V1}/launches", headers=headers, json=for_another)
    assert answer.status_code == 403
    door.rooms.host.programs_fail = True
    failed = await launch(door)
    assert failed.status_code == 503
    assert "could not start" in failed.json()["detail"]


async def test_nobody_waits_for_less_than_no_time(door: Any) -> None:
    refused = await launch(door, waitSeconds=-1)
    assert refused.status_code == 400
    assert {"name": "name", "value": "waitSeconds"} in refused.json()["parameters"]
    assert (await launch(door, waitSeconds=5)).status_code == 201
