"""Sign-in, caller and site, member for member as on the wire (PascalCase)."""

from __future__ import annotations

from typing import TypedDict

from footlight.sdk.types.machine import Ref


class AuthToken(TypedDict):
    """A bearer token. `ExpiresAt` is RFC 3339."""

    Token: str | None
    Principal: str | None
    UserId: str | None
    CustomerId: str | None
    ExpiresAt: str | None


class MySite(TypedDict):
    """A site that the caller may use."""

    Id: str
    Name: str


class Customer(TypedDict):
    """A customer of the caller with his sites."""

    Id: str
    Name: str | None
    Sites: list[MySite]


class Me(TypedDict):
    """Who is calling, and until when the token lasts and may be refreshed."""

    UserId: str
    DisplayName: str | None
    ExpiryTime: str
    RefreshExpirationTime: str
    VerifiedEmail: str | None
    IsCspCustomer: bool
    Customers: list[Customer]


class SiteService(TypedDict):
    """A service of the site."""

    ServiceName: str
    ServiceType: str
    CurrentSchemaVersion: str | None
    DesiredSchemaVersion: str | None
    Capabilities: list[str]


class Site(TypedDict):
    """An item of Sites."""

    Id: str
    Name: str


class SiteDetail(Site, total=False):
    """Sites/{id}. `OrchestationApiVersion` is spelled so on the wire; licence members may
    follow."""

    OrchestationApiVersion: int
    PrimaryZone: Ref
    ProductCode: str
    ProductEdition: str
    ProductVersion: str
    SiteServices: list[SiteService]
    EnabledFeatures: list[str]
    ColorDepth: str
    DefaultDesktopIconId: str


class CloudToken(TypedDict):
    """A token of the cloud sign-in; `expires_in` is text: seconds from now."""

    token_type: str
    access_token: str
    expires_in: str
