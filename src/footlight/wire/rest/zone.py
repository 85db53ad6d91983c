"""ZoneDetailResponseModel, zoned items, and the requests that make zones and move things between them."""

from __future__ import annotations

from typing import Literal

from footlight.wire.rest.reference import NameValue, Ref, RestModel
from footlight.wire.rest.scope import Scope

ZonableItemType = Literal[
    "Unknown",
    "HypervisorConnection",
    "Controller",
    "MachineCatalog",
    "EdgeServer",
    "User",
    "Application",
]


class Zone(RestModel, frozen=True, kw_only=True):
    """ZoneResponseModel. `is_healthy`: some machine in it is registered, or there is none."""

    id: str
    name: str
    description: str | None
    is_primary: bool
    is_healthy: bool
    last_state_change_time_in_utc: str | None = None
    metadata: list[NameValue]
    resource_location: None = None


class ZoneDetail(Zone, frozen=True, kw_only=True):
    """ZoneDetailResponseModel: with the servers in it."""

    controllers: list[Ref]


class ZoneRequest(RestModel, frozen=True, kw_only=True):
    """A zone to make, or what to change of one: there, what is absent or null stays."""

    name: str | None = None
    description: str | None = None
    metadata: list[NameValue] | None = None


class ZonedItemRequest(RestModel, frozen=True, kw_only=True):
    """ZonedItemRequestModel: by id, else by name."""

    id: str | None = None
    name: str | None = None
    item_type: ZonableItemType


class ZonedItemsRequest(RestModel, frozen=True, kw_only=True):
    """ZonedItemsRequestModel."""

    items: list[ZonedItemRequest]


class ZonedItem(RestModel, frozen=True, kw_only=True):
    """ZonedItemResponseModel: what lies in a zone."""

    id: str
    name: str
    description: str | None
    item_type: ZonableItemType
    scopes: list[Scope]
    zone_id: str
    zone_name: str


class ZonedItemSearch(RestModel, frozen=True, kw_only=True):
    """ZonedItemSearchRequestModel; `{}` finds everything."""

    zone_id: str | None = None
    item_type: ZonableItemType | None = None
    basic_search_string: str | None = None
