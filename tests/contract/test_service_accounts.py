"""Service accounts against a real site, through the SDK; and groups of a provider as administrators."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
import pytest
from tests.contract.conftest import LiveSite

from footlight.sdk import BadRequest, Footlight, NotFound, Unauthorized

REFUSED = (Unauthorized, BadRequest)  # of a token; of OAuth


def client_of(stage: LiveSite, client_id: str, secret: str) -> Footlight:
    return Footlight(
        stage.base_url, client_id=client_id, client_secret=secret, ca_file=stage.ca_file
    )


def test_a_program_signs_in_until_its_account_ends(stage: LiveSite) -> None:
    with Footlight(stage.base_url, token=stage.token, ca_file=stage.ca_file) as boss:
        until = (datetime.now(UTC) + timedelta(days=1)).isoformat()
        made = boss.service_accounts.create("nightly", expires_at=until)
        first = made["clientId"], made["clientSecret"]
        with client_of(stage, *first) as program:
            assert program.me()["DisplayName"] == "Administrator"
            shown = boss.service_accounts.get(first[0])
            assert (shown["expired"], shown["lastUsedAt"] is None) == (False, False)
            assert shown in boss.service_accounts.list()
            rotated = boss.service_accounts.rotate(first[0], old_valid_seconds=3600)
            program.me()  # within the overlap
        second = rotated["clientId"], rotated["clientSecret"]
        with client_of(stage, *second) as program, client_of(stage, *first) as other:
            program.me()
            other.me()
            boss.service_accounts.revoke(first[0])
            with pytest.raises(REFUSED):
                program.me()
        with client_of(stage, *second) as late, pytest.raises(REFUSED):
            late.me()
        with pytest.raises(NotFound):
            boss.service_accounts.get(first[0])


def test_a_group_of_a_provider_is_an_administrator(staff: httpx.Client) -> None:
    path = "/Admin/Administrators"
    rights = [{"Role": "Read Only Administrator", "Scope": "All"}]
    body = {"User": "OIDC\\/realm/auditors", "Rights": rights, "Enabled": True}
    assert staff.post(path, json=body).status_code == 204
    assert staff.post(path, json=body).status_code == 409
    one = f"{path}/OIDC%5C%2Frealm%2Fauditors"
    shown = staff.get(one).json()
    assert (shown["User"]["Name"], shown["User"]["IsGroup"]) == ("OIDC\\/realm/auditors", True)
    assert [each["Role"]["Name"] for each in shown["ScopesAndRoles"]] == ["Read Only Administrator"]
    listed = {each["User"]["Name"] for each in staff.get(path).json()["Items"]}
    assert "OIDC\\/realm/auditors" in listed
    found = staff.get("/Identity/Users?userType=Group&contains=auditors").json()["Items"]
    assert [(each["Name"], each["IsGroup"]) for each in found] == [("OIDC\\/realm/auditors", True)]
    assert staff.patch(one, json={"Enabled": False}).status_code == 204
    assert staff.get(one).json()["Enabled"] is False
    assert staff.delete(one).status_code == 204
    assert staff.get(one).status_code == 404
