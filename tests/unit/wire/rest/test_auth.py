"""Login and site models: the members that clients trip over."""

from __future__ import annotations

import json

import msgspec

from footlight.wire.rest.auth import AuthToken, CloudToken, Me, MeCustomer, MeSite, SiteDetail
from footlight.wire.rest.reference import Ref


def test_on_prem_token() -> None:
    token = AuthToken(token="t", principal="p", user_id="u", expires_at="2026-01-31T12:00:00Z")
    assert json.loads(msgspec.json.encode(token)) == {
        "Token": "t", "Principal": "p", "UserId": "u", "CustomerId": "CitrixOnPremises",
        "ExpiresAt": "2026-01-31T12:00:00Z",
    }  # fmt: skip


def test_cloud_seconds_are_a_string() -> None:
    shown = json.loads(
        msgspec.json.encode(CloudToken(access_token="t", expires_in="60", token="t"))
    )
    assert shown == {"token_type": "bearer", "access_token": "t", "expires_in": "60", "token": "t"}


def test_me() -> None:
    made = Me(
        user_id="u", display_name=None, expiry_time="e", refresh_expiration_time="r",
        customers=[MeCustomer(id="c", name=None, sites=[MeSite(id="s", name="S")])],
    )  # fmt: skip
    shown = json.loads(msgspec.json.encode(made))
    assert shown["Customers"][0]["Sites"][0]["Id"] == "s"
    assert shown["IsCspCustomer"] is False
    assert {"UserId", "DisplayName", "ExpiryTime", "RefreshExpirationTime", "VerifiedEmail"} <= set(
        shown
    )


def test_site_detail_keeps_the_odd_spellings() -> None:
    made = SiteDetail(
        id="s", name="S", orchestation_api_version=126, primary_zone=Ref(id="z"),
        product_code="c", product_edition="e", product_version="7.46", site_services=[],
    )  # fmt: skip
    shown = json.loads(msgspec.json.encode(made))
    assert shown["OrchestationApiVersion"] == 126
    assert "BaseOU" in shown
    assert {"ColorDepth", "EnabledFeatures", "DefaultDesktopIconId", "SiteServices"} <= set(shown)
