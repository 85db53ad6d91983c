from __future__ import annotations

import base64
import grp
from typing import Any
from urllib.parse import quote

from footlight.access import directory

ADMIN = "/cvad/manage/Admin"
HELP = {"Role": "Help Desk Administrator", "Scope": "All"}


async def test_an_administrator_from_making_to_removal(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    sessions = "/cvad/manage/Sessions"
    rights = f"{ADMIN}/EffectiveRights"
    assert (await door.client.get(rights, headers=headers)).json()["Items"] == []
    body = {"User": "FOOTLIGHT\\ADA", "Rights": [HELP]}
    made = await door.post(f"{ADMIN}/Administrators", json=body)
    assert (made.status_code, made.content) == (204, b"")
    place = f"{ADMIN}/Administrators/ada"
    ada = (await door.get(place)).json()
    assert (ada["User"]["Name"], ada["Enabled"]) == ("FOOTLIGHT\\ada", True)
    assert ada["ScopesAndRoles"][0]["Role"]["Name"] == "Help Desk Administrator"
    assert ada["ScopesAndRoles"][0]["Scope"]["IsAllScope"]
    listed = (await door.get(f"{ADMIN}/Administrators")).json()
    assert [one["User"]["SamAccountName"] for one in listed["Items"]] == ["admin", "ada"]
    # The token that is out has the rights at once, and loses them at once.
    mine = await door.client.get(rights, headers=headers)
    assert mine.json()["Items"][0]["Role"]["Name"] == "Help Desk Administrator"
    path = f"{sessions}?limit=1"
    assert (await door.client.get(path, headers=headers)).json()["TotalItems"] == 0
    await door.client.patch(place, headers=door.headers, json={"Enabled": False})
    assert (await door.client.get(rights, headers=headers)).json()["Items"] == []
    head = await door.client.head(place, headers=door.headers)
    assert head.status_code == 204
    gone = await door.client.delete(place, headers=door.headers)
    assert gone.status_code == 204
    assert (await door.get(place)).status_code == 404


async def test_a_group_of_the_host_can_be_one(door: Any) -> None:
    group = grp.getgrgid(0).gr_name
    name = f"{directory.host_name()}\\{group}"
    made = await door.post(f"{ADMIN}/Administrators", json={"User": name, "Rights": [HELP]})
    assert made.status_code == 204, made.text
    shown = (await door.get(f"{ADMIN}/Administrators/{quote(name, safe='')}")).json()
    assert (shown["User"]["Name"], shown["User"]["IsGroup"]) == (name, True)
    again = await door.post(f"{ADMIN}/Administrators", json={"User": name, "Rights": [HELP]})
    assert again.status_code == 409
    for unknown in (f"{directory.host_name()}\\no.such.group", f"OTHER\\{group}"):
        body = {"User": unknown, "Rights": [HELP]}
        assert (await door.post(f"{ADMIN}/Administrators", json=body)).status_code == 404


async def test_ones_rights_are_sent_again_only_when_they_changed(door: Any) -> None:
    path = f"{ADMIN}/EffectiveRights"
    first = await door.get(path)
    tag = first.headers["etag"]
    for known in (tag, f'"x", W/{tag}'):
        headers = {**door.headers, "If-None-Match": known}
        again = await door.client.get(path, headers=headers)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await door.client.get(path, headers={**door.headers, "If-None-Match": '"x"'})
    assert (other.status_code, other.json()) == (200, first.json())


async def test_what_would_be_is_told_before_it_is(door: Any) -> None:
    await door.sign_in_as("ada")
    preview = f"{ADMIN}/Administrators/$PreviewReport"
    told = (await door.post(preview, json={"User": "ada", "Rights": [HELP]})).json()
    page = base64.b64decode(told["EncodedReport"]).decode()
    assert "<h2>Help Desk Administrator in All</h2>" in page
    assert (await door.get(f"{ADMIN}/Administrators/ada")).status_code == 404
    report = (await door.get(f"{ADMIN}/Administrators/admin/Report")).json()
    assert "Full Administrator in All" in base64.b64decode(report["EncodedReport"]).decode()
    last = await door.get(f"{ADMIN}/Administrators/admin/PreviewDeleteConsequence")
    assert last.json() == {"Consequence": "CannotDeleteLastFullAdmin"}
    names = {
        name: (await door.get(f"{ADMIN}/Administrators/{name}/NamePreview")).json()["Error"]
        for name in ("ada", "admin", "eve")
    }
    assert names["ada"] is None
    assert names["admin"]
    assert names["eve"]


async def test_the_last_one_stays(door: Any) -> None:
    for method, body in (
        ("DELETE", None),
        ("PATCH", {"Enabled": False}),
        ("PATCH", {"Rights": []}),
    ):
        answer = await door.client.request(
            method, f"{ADMIN}/Administrators/admin", headers=door.headers, json=body
        )
        assert (answer.status_code, answer.json()["SdkErrorId"]) == (409, "LastFullAdmin")


async def test_a_limited_administrator_sets_no_password_of_a_wider_one(door: Any) -> None:
    await door.post(
        f"{ADMIN}/Roles",
        json={"Name": "Registrar", "Permissions": ["Site_Configure", "Admin_Manage", "Admin_Read"]},
    )
    headers = await door.sign_in_as("eve")
    await door.sign_in_as("ada")
    body = {"User": "eve", "Rights": [{"Role": "Registrar", "Scope": "All"}]}
    assert (await door.post(f"{ADMIN}/Administrators", json=body)).status_code == 204
    accounts = "/footlight/v1/accounts"
    client = door.client
    allowed = await client.post(f"{accounts}/ada/password", headers=headers)
    assert allowed.status_code == 200
    refused = await client.post(f"{accounts}/admin/password", headers=headers)
    assert refused.status_code == 403
    wider = await client.post(
        accounts, headers=headers, json={"name": "zoe", "administrator": True}
    )
    assert wider.status_code == 403
    names = [one["name"] for one in (await door.get(accounts)).json()["items"]]
    assert names == ["ada", "admin", "eve"]
