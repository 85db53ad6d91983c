from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

PATH = "/footlight/v1/service-accounts"


def at(**ahead: float) -> str:
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat()


async def sign_in(door: Any, made: Any) -> Any:
    form = {
        "grant_type": "client_credentials",
        "client_id": made["clientId"],
        "client_secret": made["clientSecret"],
    }
    path = f"/cctrustoauth2/{door.parts.site.customer_id}/tokens/clients"
    return await door.client.post(path, data=form)


async def make(door: Any, **body: Any) -> Any:
    answer = await door.post(PATH, json={"name": "nightly", **body})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_one_from_its_making_to_its_end(door: Any) -> None:
    made = await make(door, expiresAt=at(days=3))
    view = made["serviceAccount"]
    assert (view["name"], view["accountName"], view["expired"]) == ("nightly", "admin", False)
    token = (await sign_in(door, made)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    me = await door.client.get("/cvad/manage/me", headers=headers)
    assert me.status_code == 200
    (listed,) = (await door.get(PATH)).json()["items"]
    assert listed["lastUsedAt"] is not None
    assert made["clientSecret"] not in str(listed)
    assert (await door.get(f"{PATH}/{view['id']}")).json() == listed

    rotate = f"{PATH}/{view['id']}/rotate"
    rotated = (await door.post(rotate, json={"oldValidSeconds": 60})).json()
    assert rotated["serviceAccount"]["oldSecretUntil"] is not None
    for one in (made, rotated):
        assert (await sign_in(door, one)).status_code == 200
    at_once = (await door.post(rotate)).json()
    assert at_once["serviceAccount"]["oldSecretUntil"] is None
    for one in (made, rotated):
        assert (await sign_in(door, one)).status_code == 400
    assert (await door.client.get("/cvad/manage/me", headers=headers)).status_code == 401
    token = (await sign_in(door, at_once)).json()["access_token"]
    gone = await door.client.delete(f"{PATH}/{view['id']}", headers=door.headers)
    assert gone.status_code == 204
    headers = {"Authorization": f"Bearer {token}"}
    assert (await door.client.get("/cvad/manage/me", headers=headers)).status_code == 401
    assert (await door.get(f"{PATH}/{view['id']}")).status_code == 404
    log = await door.get("/cvad/manage/ConfigLog/Operations")
    texts = [one["Text"] for one in log.json()["Items"]]
    assert [text for text in texts if "service account" in text] == [
        "Revoke service account 'nightly' of 'admin'",
        "Change the secret of service account 'nightly' of 'admin'",
        "Change the secret of service account 'nightly' of 'admin'",
        "Create service account 'nightly' of 'admin'",
    ]


async def test_it_expires_in_ninety_days_unless_told(door: Any) -> None:
    until = datetime.fromisoformat((await make(door))["serviceAccount"]["expiresAt"])
    assert timedelta(days=89) < until - datetime.now(UTC) <= timedelta(days=90)
    naive = (datetime.now(UTC) + timedelta(days=2)).replace(tzinfo=None).isoformat()
    await make(door, expiresAt=naive)  # taken for UTC


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": ""}, 400),
        ({"name": "x" * 65}, 400),
        ({"name": 7}, 400),
        ({"expiresAt": "soon"}, 400),
        ({"expiresAt": "2020-01-01T00:00:00Z"}, 400),
        ({"expiresAt": "2199-01-01T00:00:00Z"}, 400),
        ({"expiresAt": 7}, 400),
        ({"account": "nobody"}, 404),
    ],
)
async def test_what_cannot_be_made(door: Any, body: Any, status: int) -> None:
    answer = await door.post(PATH, json={"name": "n", **body})
    assert answer.status_code == status, answer.text
    assert (await door.get(PATH)).json() == {"items": []}


async def test_what_cannot_be_changed(door: Any) -> None:
    made = await make(door)
    rotate = f"{PATH}/{made['clientId']}/rotate"
    for body in ({"oldValidSeconds": -1}, {"oldValidSeconds": 604_801}, {"expiresAt": "soon"}):
        assert (await door.post(rotate, json=body)).status_code == 400
    assert (await sign_in(door, made)).status_code == 200
    for path in (f"{PATH}/nobody/rotate", f"{PATH}/x"):
        answer = await (door.post(path) if path.endswith("rotate") else door.get(path))
        assert answer.status_code == 404


async def test_it_acts_as_another_account_that_one_covers(door: Any) -> None:
    await door.sign_in_as("robot")
    made = await make(door, account="FOOTLIGHT\\robot")
    assert made["serviceAccount"]["accountName"] == "robot"
    token = (await sign_in(door, made)).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert (await door.client.get("/footlight/v1/accounts", headers=headers)).status_code == 403


async def test_it_is_for_administrators(door: Any) -> None:
    made = await make(door)
    headers = await door.sign_in_as("ada")
    one = f"{PATH}/{made['clientId']}"
    calls = [
        ("GET", PATH), ("POST", PATH), ("GET", one), ("POST", f"{one}/rotate"), ("DELETE", one),
    ]  # fmt: skip
    for method, path in calls:
        body = {"json": {"name": "n"}} if method == "POST" else {}
        for shown, status in ((headers, 403), ({}, 401)):
            answer = await door.client.request(method, path, headers=shown, **body)
            assert answer.status_code == status, (method, path)


async def test_a_new_password_may_end_them(door: Any) -> None:
    await door.sign_in_as("robot")
    made = await make(door, account="robot")
    path = "/footlight/v1/accounts/robot/password"
    kept = (await door.post(path, json={})).json()
    assert (kept["clientsRevoked"], kept["clientsLeft"]) == (0, 1)
    assert (await sign_in(door, made)).status_code == 200
    ended = (await door.post(path, json={"revokeClients": True})).json()
    assert (ended["clientsRevoked"], ended["clientsLeft"]) == (1, 0)
    assert (await sign_in(door, made)).status_code == 400
