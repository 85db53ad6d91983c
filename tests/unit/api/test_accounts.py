from __future__ import annotations

from typing import Any

import pytest

from footlight.access import accounts

V1 = "/footlight/v1"
LONG = "a long secret"


async def test_an_account_is_made_listed_and_signs_in(door: Any) -> None:
    asked = {"name": "Zoe", "password": LONG, "displayName": "Zoë", "administrator": True}
    made = await door.post(f"{V1}/accounts", json=asked)
    assert made.status_code == 201
    view = made.json()
    assert (view["name"], view["displayName"], view["administrator"]) == ("Zoe", "Zoë", True)
    assert view["canSignIn"]
    assert "password" not in str(view).lower()
    listed = (await door.get(f"{V1}/accounts")).json()["items"]
    assert [a["name"] for a in listed] == ["admin", "Zoe"]
    assert view in listed
    signed = await door.client.post("/cvad/manage/tokens", auth=("zoe", LONG))
    assert signed.status_code == 200


async def test_without_a_password_it_cannot_sign_in(door: Any) -> None:
    made = await door.post(f"{V1}/accounts", json={"name": "zoe"})
    assert (made.status_code, made.json()["canSignIn"]) == (201, False)


@pytest.mark.parametrize(
    "asked",
    [
        {"name": "a b"},
        {"name": "zoe", "password": "short"},
        {"name": "zoe", "password": "x" * 257},
        {"name": "zoe", "administrator": "yes"},
        {"password": LONG},
    ],
)
async def test_what_is_out_of_shape_is_400(door: Any, asked: dict[str, Any]) -> None:
    assert (await door.post(f"{V1}/accounts", json=asked)).status_code == 400
    assert len((await door.get(f"{V1}/accounts")).json()["items"]) == 1


async def test_a_taken_name_is_409(door: Any) -> None:
    answer = await door.post(f"{V1}/accounts", json={"name": "ADMIN"})
    assert (answer.status_code, answer.json()["SdkErrorId"]) == (409, "DuplicateObject")


async def test_a_password_is_given_or_made_up_by_name_or_id(door: Any) -> None:
    account = (await door.post(f"{V1}/accounts", json={"name": "zoe"})).json()
    set_to = await door.post(f"{V1}/accounts/ZOE/password", json={"password": LONG})
    assert set_to.json() == {
        "name": "zoe", "password": LONG, "clientsRevoked": 0, "clientsLeft": 0,
    }  # fmt: skip
    made_up = (await door.post(f"{V1}/accounts/{account['id'].upper()}/password")).json()
    assert len(made_up["password"]) == 32
    for password, status in ((LONG, 401), (made_up["password"], 200)):
        answer = await door.client.post("/cvad/manage/tokens", auth=("zoe", password))
        assert answer.status_code == status
    short = await door.post(f"{V1}/accounts/zoe/password", json={"password": ""})
    assert short.status_code == 400
    assert (await door.post(f"{V1}/accounts/nobody/password")).status_code == 404


async def test_who_signs_in_elsewhere_has_no_password(door: Any) -> None:
    await door.rooms.store.write(
        lambda tx: accounts.create(tx, "zoe", source="oidc", external_id="https://x u-1")
    )
    refused = await door.post(f"{V1}/accounts/zoe/password", json={"password": LONG})
    assert refused.status_code == 409
    (shown,) = [
        one for one in (await door.get(f"{V1}/accounts")).json()["items"] if one["name"] == "zoe"
    ]
    assert (shown["source"], shown["canSignIn"]) == ("oidc", True)


async def test_it_is_for_administrators(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    client = door.client
    refused = [
        await client.get(f"{V1}/accounts", headers=headers),
        await client.post(f"{V1}/accounts", headers=headers, json={"name": "eve"}),
        await client.post(f"{V1}/accounts/admin/password", headers=headers),
        await client.post(f"{V1}/accounts/ada/password", headers=headers),
    ]
    assert [answer.status_code for answer in refused] == [403] * 4
    signed = await client.post("/cvad/manage/tokens", auth=("admin", "correct horse"))
    assert signed.status_code == 200
