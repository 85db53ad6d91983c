from __future__ import annotations

from http.cookies import SimpleCookie
from typing import Any

import pytest

from footlight.api.sign_in import cookie_name
from footlight.caller import ALL_PERMISSIONS

V1 = "/footlight/v1"
ORIGIN = {"Origin": "https://site.test"}
GOOD = {"user": "admin", "password": "correct horse"}


async def test_the_token_is_in_a_cookie_that_no_script_reads(door: Any) -> None:
    answer = await door.client.post(f"{V1}/sign-in", json=GOOD)
    assert answer.status_code == 200
    morsel = SimpleCookie(answer.headers["set-cookie"])["__Host-footlight"]
    assert morsel["httponly"]
    assert morsel["secure"]
    assert (morsel["samesite"].lower(), morsel["path"], morsel["domain"]) == ("strict", "/", "")
    assert morsel["max-age"] == "3600"
    assert morsel.value not in answer.text
    assert answer.json() == {
        "accountId": door.rooms.admin.account_id,
        "userName": "FOOTLIGHT\\admin",
        "displayName": "admin",
        "permissions": sorted(ALL_PERMISSIONS),
        "everywhere": sorted(ALL_PERMISSIONS),
    }


async def test_signing_out_kills_token_and_cookie(door: Any) -> None:
    await door.client.post(f"{V1}/sign-in", json=GOOD)
    me = await door.client.get(f"{V1}/me")
    assert (me.status_code, me.json()["userName"]) == (200, "FOOTLIGHT\\admin")
    kept = door.client.cookies["__Host-footlight"]
    foreign = {"Origin": "https://evil.test"}
    assert (await door.client.post(f"{V1}/sign-out", headers=foreign)).status_code == 403
    out = await door.client.post(f"{V1}/sign-out", headers=ORIGIN)
    assert (out.status_code, out.content) == (204, b"")
    morsel = SimpleCookie(out.headers["set-cookie"])["__Host-footlight"]
    assert (morsel.value, morsel["max-age"]) == ("", "0")
    assert "__Host-footlight" not in door.client.cookies
    dead = {"Authorization": f"Bearer {kept}"}
    assert (await door.client.get(f"{V1}/me", headers=dead)).status_code == 401


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({**GOOD, "password": "wrong"}, 401),
        ({**GOOD, "user": "nobody"}, 401),
        ({"user": "admin"}, 400),
        ([], 400),
        ({**GOOD, "password": None}, 400),
    ],
)
async def test_others_are_refused_without_a_cookie(door: Any, given: Any, status: int) -> None:
    answer = await door.client.post(f"{V1}/sign-in", json=given)
    assert answer.status_code == status
    assert "set-cookie" not in answer.headers


async def test_a_form_does_not_sign_in(door: Any) -> None:
    answer = await door.client.post(f"{V1}/sign-in", data=GOOD)
    assert answer.status_code == 415


async def test_a_user_has_no_permissions(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    assert (await door.client.get(f"{V1}/me", headers=headers)).json()["permissions"] == []


def test_without_tls_the_cookie_has_no_prefix_that_needs_it() -> None:
    assert cookie_name(True).startswith("__Host-")
    assert not cookie_name(False).startswith("__")
