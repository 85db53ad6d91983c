from __future__ import annotations

from datetime import datetime
from typing import Any

from footlight.access import clients, failures, passwords

PASSWORD = "correct horse"


async def test_basic_exchange_refresh_and_log_off(door: Any) -> None:
    answer = await door.client.post(
        "/citrix/orchestration/api/tokens", auth=("FOOTLIGHT\\admin", PASSWORD)
    )
    body = answer.json()
    assert answer.status_code == 200
    assert "=" not in body["Token"]
    assert body["CustomerId"] == "CitrixOnPremises"
    datetime.strptime(body["ExpiresAt"], "%Y-%m-%dT%H:%M:%SZ")
    headers = {"Authorization": f"CwsAuth Bearer={body['Token']}"}
    renewed = await door.client.post("/cvad/manage/tokens/$refresh", headers=headers)
    assert renewed.status_code == 200
    assert renewed.json()["Token"] != body["Token"]
    assert (await door.client.get("/cvad/manage/me", headers=headers)).status_code == 200
    gone = await door.client.delete("/cvad/manage/Tokens", headers=headers)
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await door.client.get("/cvad/manage/me", headers=headers)).status_code == 401
    alive = {"Authorization": f"CWSAuth bearer={renewed.json()['Token']}"}
    assert (await door.client.get("/cvad/manage/me", headers=alive)).status_code == 200


async def test_each_way_to_sign_in_counts_against_the_client_s_address(door: Any) -> None:
    key = "address:203.0.113.9"
    door.client._transport.client = ("203.0.113.9", 1)
    form = {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}
    for done, send in enumerate(
        (
            lambda: door.client.post("/cvad/manage/tokens", auth=("nobody", "wrong")),
            lambda: door.client.post("/cctrustoauth2/root/tokens/clients", data=form),
            lambda: door.client.post(
                "/footlight/v1/sign-in", json={"user": "someone", "password": "wrong"}
            ),
        ),
        start=1,
    ):
        assert (await send()).status_code in (400, 401)
        stand = await door.parts.store.read(lambda c: failures.read(c, [key]))
        assert stand[key].count == done


async def test_wrong_credentials(door: Any) -> None:
    for user, password in (("admin", "wrong"), ("nobody", PASSWORD), ("OTHER\\admin", PASSWORD)):
        answer = await door.client.post("/cvad/manage/tokens", auth=(user, password))
        assert answer.status_code == 401
        assert {"name": "reason", "value": "invalid"} in answer.json()["parameters"]
    missing = await door.client.post("/cvad/manage/tokens")
    assert {"name": "reason", "value": "missing"} in missing.json()["parameters"]


async def test_client_credentials(door: Any) -> None:
    secret_hash = await passwords.hash_password("s3cret")
    client_id = await door.parts.store.write(
        lambda tx: clients.create(tx, secret_hash, door.rooms.admin.account_id)
    )
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": "s3cret"}
    for customer in ("root", door.parts.site.customer_id):
        answer = await door.client.post(f"/cctrustoauth2/{customer}/tokens/clients", data=form)
        assert answer.status_code == 200
        assert answer.json()["expires_in"] == "3600"
        headers = {"Authorization": f"CWSAuth bearer={answer.json()['access_token']}"}
        assert (await door.client.get("/cvad/manage/me", headers=headers)).status_code == 200
    for wrong in (
        {**form, "client_secret": "x"},
        {**form, "client_id": "x"},
        {**form, "grant_type": "x"},
    ):
        refused = await door.client.post("/cctrustoauth2/root/tokens/clients", data=wrong)
        assert (refused.status_code, set(refused.json())) == (400, {"error", "error_description"})
    elsewhere = await door.client.post("/cctrustoauth2/other/tokens/clients", data=form)
    assert elsewhere.json()["error"] == "invalid_client"


async def test_me_leads_to_the_site(door: Any) -> None:
    me = (await door.get("/cvad/manage/me")).json()
    site_id = me["Customers"][0]["Sites"][0]["Id"]
    detail = (await door.get(f"/citrix/orchestration/api/CitrixOnPremises/Sites/{site_id}")).json()
    assert detail["OrchestationApiVersion"] >= 126
    assert "." in detail["ProductVersion"]
    listed = (await door.get("/cvad/manage/Sites")).json()["Items"]
    assert listed == [{"Id": site_id, "Name": "FOOTLIGHT"}]
    assert (await door.get("/cvad/manage/Sites/elsewhere")).status_code == 404


async def test_a_new_password_kills_older_tokens(door: Any) -> None:
    done = await door.post(
        "/footlight/v1/accounts/admin/password", json={"password": "another one"}
    )
    assert (done.json()["name"], done.json()["password"]) == ("admin", "another one")
    assert (await door.get("/cvad/manage/me")).status_code == 401


async def test_cookie_needs_our_own_origin(door: Any) -> None:
    signed = await door.client.post(
        "/footlight/v1/sign-in", json={"user": "admin", "password": PASSWORD}
    )
    cookie = signed.headers["set-cookie"]
    assert cookie.startswith("__Host-footlight=")
    assert "HttpOnly" in cookie
    assert "strict" in cookie.lower()
    assert (await door.client.get("/footlight/v1/me")).status_code == 200
    body = {"resource": "Desktop"}
    for origin in (None, "https://evil.test", "null"):
        headers = {} if origin is None else {"Origin": origin}
        refused = await door.client.post("/footlight/v1/launches", json=body, headers=headers)
        assert refused.status_code == 403
    ours = {"Origin": "https://site.test"}
    assert (
        await door.client.post("/footlight/v1/launches", json=body, headers=ours)
    ).status_code == 201
    assert (await door.client.post("/footlight/v1/sign-out", headers=ours)).status_code == 204
    assert (await door.client.get("/footlight/v1/me")).status_code == 401
