"""IdentityUserResponseModel: a user as a directory object."""

from __future__ import annotations

from typing import Literal

import msgspec

from footlight.wire.rest.reference import RestModel

IdentityProvider = Literal["Unknown", "AD", "AzureAD", "Okta", "Google", "All"]


class IdentityClaims(RestModel, frozen=True, kw_only=True):
    """IdentityClaimsResponseModel."""

    oid: str | None = None
    sid: str | None = None
    upn: str | None = None
    email: str | None = None


class IdentityDirectory(RestModel, frozen=True, kw_only=True):
    """IdentityDirectoryResponseModel."""

    forest: str | None = None
    domain: str | None = None
    tenant: str | None = None
    identity_provider: IdentityProvider = "Unknown"
    idp_instance_id: str | None = None
    idp_nickname: str | None = msgspec.field(default=None, name="IdpNickName")


class IdentityUser(RestModel, frozen=True, kw_only=True):
    """IdentityUserResponseModel. An unresolved user has DisplayName and PrincipalName "" (not null)
    and only Name and Sid; directory data stays null in sessions and PropertiesFetched 0.
    What sessions fill in stands first."""

    display_name: str = ""
    sid: str | None = None
    name: str | None = None  # DOMAIN\\user: the field to show and to search
    sam_name: str | None = None
    sam_account_name: str | None = None
    common_name: str | None = None
    principal_name: str = ""
    oid: str | None = None
    user_identity: str | None = None
    group_sids: list[str] | None = None
    deny_only_sids: list[str] | None = None
    password_can_expire: bool | None = None
    days_until_password_expiry: int | None = None
    is_built_in: bool | None = None
    is_group: bool | None = None
    street_address: str | None = None
    city: str | None = None
    state: str | None = None  # region of the address
    country: str | None = None
    mail: str | None = None
    telephone_number: str | None = None
    home_phone: str | None = None
    mobile: str | None = None
    enabled: bool | None = None
    locked: bool | None = None
    properties_fetched: int = 0
    claims: IdentityClaims | None = None
    directory: IdentityDirectory | None = None
    domain: str | None = None
    forest: str | None = None
    guid: str | None = None
    distinguished_name: str | None = None
    canonical_name: str | None = None
    possible_lookup_failure: bool = False
    directory_server: str | None = None
