from __future__ import annotations

from typing import Any

URL = "/footlight/v1/visits"


async def test_off_until_a_group_allows_it(door: Any) -> None:
    post = door.client.post
    assert (await door.client.get(URL)).json() == {"offered": False}
    assert (await post(URL, json={})).status_code == 403
    group = (await door.get("/cvad/manage/DeliveryGroups")).json()["Items"][0]
    body = {"SimpleAccessPolicy": {"AllowAnonymous": True}}
    await door.client.patch(
        f"/cvad/manage/DeliveryGroups/{group['Id']}", headers=door.headers, json=body
    )
    assert (await door.client.get(URL)).json() == {"offered": True}
    assert (await post(URL, json={"resource": "Payroll"})).status_code == 403
    begun = await post(URL, json={"resource": "terminal"})
    assert begun.status_code == 201
    assert begun.json()["userName"].endswith("\\Anon001")
    cookie = begun.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    door.client.cookies.clear()
    headers = {"Authorization": f"Bearer {begun.json()['token']}"}
    me = (await door.client.get("/footlight/v1/me", headers=headers)).json()
    assert (me["displayName"], me["permissions"]) == ("Visitor 001", [])
    listed = (await door.get("/footlight/v1/accounts")).json()["items"]
    assert not [one for one in listed if one["name"] == "Anon001"]


async def test_no_form_of_another_site_begins_a_visit(door: Any) -> None:
    """It would put its token in the place of who is signed in."""
    assert (await door.client.post(URL)).status_code == 400
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert (await door.client.post(URL, content=b"a=b", headers=kind)).status_code == 415
