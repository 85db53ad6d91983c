"""ContainerScopeResponseModel: the delegated-administration scopes of a container."""

from __future__ import annotations

from typing import Literal

from footlight.ids import ZERO_GUID
from footlight.wire.rest.reference import NameValue, RestModel

ScopeType = Literal[
    "Unknown", "DeliveryGroup", "ApplicationGroup", "MachineCatalog", "HypervisorConnection"
]
ContainerType = Literal["Unknown", "DeliveryGroup", "MachineCatalog"]


class Scope(RestModel, frozen=True, kw_only=True):
    """ScopeResponseModel."""

    id: str
    uid: int | None = None
    name: str
    description: str | None = None
    is_built_in: bool
    is_all_scope: bool
    is_tenant_scope: bool = False
    tenant_id: str | None = None
    tenant_name: str | None = None


class ContainerScope(RestModel, frozen=True, kw_only=True):
    """ContainerScopeResponseModel: the scopes of one container type."""

    scopes: list[Scope]
    scope_type: ScopeType


class ContainerMetadata(RestModel, frozen=True, kw_only=True):
    """ContainerMetadataModel."""

    metadata: list[NameValue]
    container_type: ContainerType


ALL_SCOPE = Scope(id=ZERO_GUID, name="All", is_built_in=True, is_all_scope=True)
