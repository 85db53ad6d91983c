"""Tokens of both login forms, `me`, and the sites."""

from __future__ import annotations

from typing import Literal

import msgspec

from footlight.wire.rest.machine import ColorDepth
from footlight.wire.rest.reference import NameValue, Ref, RestModel

LicensingModel = Literal["Unknown", "None", "Concurrent", "UserDevice"]

ON_PREM_CUSTOMER = "CitrixOnPremises"


class AuthToken(RestModel, frozen=True, kw_only=True):
    """AuthTokenResponseModel, the answer to on-prem `POST tokens`. `expires_at` is RFC 3339: the Go
    client logs in before every call when it cannot parse it. The token holds no `=`."""

    token: str
    principal: str
    user_id: str
    customer_id: str = ON_PREM_CUSTOMER
    expires_at: str


class ClientCredentials(msgspec.Struct, frozen=True, kw_only=True):
    """The form of the OAuth client-credentials grant."""

    grant_type: Literal["client_credentials"]
    client_id: str
    client_secret: str


class CloudToken(msgspec.Struct, frozen=True, kw_only=True):
    """Answer to the OAuth client-credentials grant. `expires_in` is seconds as a JSON string: Go
    clients cannot decode a number there. `token` repeats the token for readers of older replies."""

    token_type: str = "bearer"
    access_token: str
    expires_in: str
    token: str


class CloudTokenError(msgspec.Struct, frozen=True, kw_only=True):
    """OAuth's own error body, status 400."""

    error: str
    error_description: str


class MeSite(RestModel, frozen=True, kw_only=True):
    """A site of a customer."""

    id: str
    name: str


class MeCustomer(RestModel, frozen=True, kw_only=True):
    """A customer that the caller administers."""

    id: str
    name: str | None
    sites: list[MeSite]


class Me(RestModel, frozen=True, kw_only=True):
    """MeResponseModel. Both times in RFC 3339; clients read Customers[0].Sites[0].Id."""

    user_id: str
    display_name: str | None
    expiry_time: str
    refresh_expiration_time: str
    verified_email: str | None = None
    is_csp_customer: bool = False
    customers: list[MeCustomer]


class Site(RestModel, frozen=True, kw_only=True):
    """Item of `GET Sites`."""

    id: str
    name: str


class SiteService(RestModel, frozen=True, kw_only=True):
    """A service within the site."""

    service_name: str
    service_type: str
    current_schema_version: str | None = None
    desired_schema_version: str | None = None
    capabilities: list[str] = msgspec.field(default_factory=list)


class SiteDetail(RestModel, frozen=True, kw_only=True):
    """SiteDetailResponseModel. `orchestation_api_version` is spelled so on the wire, and
    `product_version` must hold a dot: clients crash on both otherwise."""

    id: str
    name: str
    orchestation_api_version: int
    app_protection_authorized: bool | None = None
    license_server_name: str | None = None
    license_server_port: int | None = None
    license_server_uri: str | None = None
    licensing_model: LicensingModel = "None"
    site_configuration_complete: bool = True
    primary_zone: Ref
    product_code: str
    product_edition: str
    product_version: str
    metadata: list[NameValue] | None = None
    site_services: list[SiteService]
    enabled_features: list[str] = msgspec.field(default_factory=list)
    base_ou: str | None = msgspec.field(default=None, name="BaseOU")
    color_depth: ColorDepth = "TwentyFourBit"
    connection_leasing_enabled: bool | None = None
    default_minimum_functional_level: str | None = None
    default_desktop_icon_id: str = ""
    dns_resolution_enabled: bool | None = None
    license_grace_sessions_remaining: int | None = None
    licensed_sessions_active: int | None = None
    licensing_grace_hours_left: int | None = None
    licensing_grace_period_active: bool | None = None
    peak_concurrent_license_users: int | None = None
    reuse_machines_without_shutdown_in_outage_allowed: bool | None = None
    default_secure_ica_required: bool | None = None
    total_unique_license_users: int | None = None
    trust_requests_sent_to_the_xml_service_port: bool | None = None
    licensing_alerts: list[NameValue] | None = None
