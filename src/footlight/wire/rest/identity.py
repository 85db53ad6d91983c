"""What a directory would tell: users and groups, domains, machines. Source: rest-api.md sections 4.8 and 7.5."""

from __future__ import annotations

from typing import Literal

from footlight.wire.rest.reference import RestModel

IdentityUserType = Literal["Unknown", "User", "Group", "All"]


class IdentityDomain(RestModel, frozen=True, kw_only=True):
    """IdentityDomainResponseModel."""

    forest: str
    parent: str | None = None
    name: str
    children: list[str]
    sid: str | None = None
    guid: str | None = None
    net_bios_name: str
    distinguished_name: str | None = None
    controllers: list[str]
    default_controller: str
    trusted_domains: list[str]
    upn_suffixes: list[str]
    possible_lookup_failure: bool = False
    properties_fetched: int = 0


class IdentityForest(RestModel, frozen=True, kw_only=True):
    """IdentityForestResponseModel."""

    name: str
    root_domain: str
    domains: list[str]
    sites: list[str]
    trusted_forests: list[str]
    possible_lookup_failure: bool = False
    properties_fetched: int = 0


class IdentityMachine(RestModel, frozen=True, kw_only=True):
    """IdentityMachineResponseModel."""

    domain: str
    forest: str
    guid: str
    distinguished_name: str | None = None
    canonical_name: str | None = None
    possible_lookup_failure: bool = False
    directory_server: str | None = None
    sam_name: str
    sam_account_name: str
    dns_name: str
    sid: str | None = None
    service_principal_names: list[str]
    enabled: bool = True
    locked: bool = False
    properties_fetched: int = 0


class ValidateUserRequest(RestModel, frozen=True, kw_only=True):
    """A name and its password, to be looked at."""

    user_name: str
    password: str


class UserUpdate(RestModel, frozen=True, kw_only=True):
    """What to change of a user; absent or null stays."""

    display_name: str | None = None
