"""Both logins, me and the sites, as the Go client walks them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest


@pytest.mark.covers("POST /cctrustoauth2/{customer}/tokens/clients", 200, 400)
@pytest.mark.parametrize("customer", ["{customer}", "root"])
def test_client_credentials(site, customer: str) -> None:
    path = f"/cctrustoauth2/{customer.format(customer=site.customer_id)}/tokens/clients"
    form = {
        "grant_type": "client_credentials",
        "client_id": site.client_id,
        "client_secret": site.client_secret,
    }
    with site.bare_client() as made:
        answer = made.post(path, data=form)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        assert body["token_type"].lower() == "bearer"
        assert isinstance(body["expires_in"], str)
        assert 0 < int(body["expires_in"]) <= 24 * 3600
        assert body["token"] == body["access_token"]
        shown = made.get(
            "/cvad/manage/me", headers={"Authorization": f"CwsAuth Bearer={body['access_token']}"}
        )
        assert shown.status_code == 200
        refused = made.post(path, data={**form, "client_secret": "wrong"})
        assert refused.status_code == 400
        assert refused.json()["error"] == "invalid_client"
        assert refused.json()["error_description"]


@pytest.mark.covers("GET /me", 200)
@pytest.mark.covers("GET /Sites", 200)
@pytest.mark.covers("GET /Sites/{nameOrId}", 200, 404)
@pytest.mark.covers("GET /HealthCheck", 200)
@pytest.mark.covers("GET /ping", 200)
def test_the_steps_of_the_go_client(site) -> None:
    with site.bare_client() as made:
        assert made.get("/citrix/orchestration/api/HealthCheck").status_code == 200
        assert made.get("/cvad/manage/ping").status_code == 200
        signed_in = made.post(
            "/citrix/orchestration/api/tokens", auth=(site.admin_user, site.admin_password)
        ).json()
        expires = datetime.strptime(signed_in["ExpiresAt"], "%Y-%m-%dT%H:%M:%SZ").replace(
            tzinfo=UTC
        )
        assert timedelta(0) < expires - datetime.now(UTC) <= timedelta(days=1)
        made.headers["Authorization"] = f"CWSAuth bearer={signed_in['Token']}"
        made.headers["Citrix-CustomerId"] = signed_in["CustomerId"]
        me = made.get("/citrix/orchestration/api/me").json()
        assert me["Customers"][0]["Sites"][0]["Id"] == site.site_id
        assert me["Customers"][0]["Id"] == site.customer_id
        assert {"UserId", "DisplayName", "ExpiryTime", "RefreshExpirationTime"} <= set(me)
        base = f"/citrix/orchestration/api/CitrixOnPremises/Sites/{site.site_id}"
        detail = made.get(base).json()
        assert (detail["Id"], detail["Name"]) == (site.site_id, "FOOTLIGHT")
        assert isinstance(detail["OrchestationApiVersion"], int)
        assert "." in detail["ProductVersion"]
        assert made.get("/cvad/manage/Sites/footlight").json() == detail
        assert made.get("/cvad/manage/Sites").json()["Items"] == [
            {"Id": site.site_id, "Name": "FOOTLIGHT"}
        ]
        assert made.get("/cvad/manage/Sites/elsewhere").status_code == 404


@pytest.mark.covers("DELETE /tokens", 204, 401)
def test_a_deleted_token_is_dead(site, client: httpx.Client) -> None:
    with site.bare_client() as made:
        body = made.post("/cvad/manage/tokens", auth=(site.admin_user, site.admin_password)).json()
    headers = {"Authorization": f"CWSAuth bearer={body['Token']}"}
    assert client.get("/cvad/manage/me", headers=headers).status_code == 200
    assert client.delete("/cvad/manage/tokens", headers=headers).status_code == 204
    assert client.get("/cvad/manage/me", headers=headers).status_code == 401
    assert client.delete("/cvad/manage/tokens", headers=headers).status_code == 401
