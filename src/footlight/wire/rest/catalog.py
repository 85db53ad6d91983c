"""MachineCatalogResponseModel, and what clients ask for of catalogs. Source: rest-api.md section 7.2."""

from __future__ import annotations

from typing import Literal

import msgspec

from footlight.wire.rest.machine import (
    AllocationType,
    FunctionalLevel,
    MachineType,
    PersistChanges,
    ProvisioningType,
    SessionSupport,
)
from footlight.wire.rest.reference import NameValue, Ref, RestModel
from footlight.wire.rest.scope import Scope
from footlight.wire.rest.search import SearchRequest

SharingKind = Literal["Unknown", "Private", "Shared"]


class MachineCatalog(RestModel, frozen=True, kw_only=True):
    """MachineCatalogResponseModel. Counts: available machines are in no delivery group, used ones are in one,
    assigned ones have users or a client of their own."""

    name: str
    full_name: str | None
    id: str
    uid: int | None
    allocation_type: AllocationType
    assigned_count: int
    available_assigned_count: int
    available_count: int
    available_unassigned_count: int
    description: str | None = None
    is_power_managed: bool = False
    is_remote_pc: bool = msgspec.field(default=False, name="IsRemotePC")
    jobs_in_progress: list[Ref] | None = None
    machine_type: MachineType
    metadata: list[NameValue]
    minimum_functional_level: FunctionalLevel
    has_been_promoted: bool = False
    has_been_promoted_from: FunctionalLevel = "Unknown"
    can_rollback_vm_image: bool = msgspec.field(default=False, name="CanRollbackVMImage")
    can_recreate_catalog: bool = False
    persist_changes: PersistChanges
    provisioning_scheme: None = None
    provisioning_type: ProvisioningType = "Manual"
    provisioning_progress: None = None
    pvs_address: str | None = None
    pvs_domain: str | None = None
    remote_pc_enrollment_scopes: list[Ref] | None = msgspec.field(
        default=None, name="RemotePCEnrollmentScopes"
    )
    scopes: list[Scope]
    tenants: list[Ref] | None = None
    session_support: SessionSupport
    sharing_kind: SharingKind
    total_count: int
    is_broken: bool = False
    is_master_image_associated: bool = False
    errors: list[str] = msgspec.field(default_factory=list)
    warnings: list[Ref] | None = None
    unassigned_count: int
    used_count: int
    upgrade_info: None = None
    zone: Ref
    admin_folder: Ref


class CatalogGroup(RestModel, frozen=True, kw_only=True):
    """MachineCatalogDeliveryGroupRefResponseModel: a delivery group that has machines of the catalog, and how many
    of its `total` machines are of it."""

    id: str
    uid: int | None
    name: str
    priority: int | None = None
    num_assigned: int
    total: int


class MachineCatalogDetail(MachineCatalog, frozen=True, kw_only=True):
    """MachineCatalogDetailResponseModel. Of an empty catalog the version and the system are "-"."""

    agent_version: str
    hypervisor_connection: Ref | None = None
    os_type: str = msgspec.field(name="OSType")
    os_version: str = msgspec.field(name="OSVersion")
    delivery_groups: list[CatalogGroup]
    upgrade_detail: None = None


class AddMachineRequest(RestModel, frozen=True, kw_only=True):
    """AddMachineToMachineCatalogDetailRequestModel, as far as it is of machines that exist."""

    machine_name: str | None = None
    assigned_users: list[str] | None = None
    assigned_client_name: str | None = None
    assigned_ip_address: str | None = msgspec.field(default=None, name="AssignedIPAddress")
    hosted_machine_id: str | None = None
    hypervisor_connection: str | None = None
    in_maintenance_mode: bool | None = None
    published_name: str | None = None
    metadata: list[NameValue] | None = None


class CreateCatalogRequest(RestModel, frozen=True, kw_only=True):
    """CreateMachineCatalogRequestModel. Enums are strings here, to be refused by name in any case."""

    name: str
    provisioning_type: str
    session_support: str
    allocation_type: str | None = None
    machine_type: str | None = None
    persist_user_changes: str | None = None
    minimum_functional_level: str | None = None
    is_remote_pc: bool | None = msgspec.field(default=None, name="IsRemotePC")
    machines: list[AddMachineRequest] | None = None
    zone: str | None = None
    admin_folder: str | None = None
    description: str | None = None
    scopes: list[str] | None = None
    metadata: list[NameValue] | None = None
    hypervisor_connection: str | None = None


class UpdateCatalogRequest(RestModel, frozen=True, kw_only=True):
    """UpdateMachineCatalogRequestModel: what is absent or null stays."""

    name: str | None = None
    description: str | None = None
    minimum_functional_level: str | None = None
    zone: str | None = None
    admin_folder: str | None = None
    scopes: list[str] | None = None
    metadata: list[NameValue] | None = None
    hypervisor_connection: str | None = None


class CheckNameRequest(RestModel, frozen=True, kw_only=True):
    """Whether there is an object of that name."""

    name: str


class FolderSearchRequest(SearchRequest, frozen=True, kw_only=True):
    """CatalogSearchRequestModel: a search, within a folder."""

    admin_folder: str | None = None
    include_sub_folders: bool = True


# What V2 lists show when no fields are named; the contract does not tell these.
CATALOG_V2_FIELDS = frozenset(
    name.lower()
    for name in (
        "Id", "Uid", "Name", "FullName", "AllocationType", "Description", "IsPowerManaged", "IsRemotePC",
        "MachineType", "MinimumFunctionalLevel", "PersistChanges", "ProvisioningType", "SessionSupport",
        "SharingKind", "TotalCount", "UsedCount", "AvailableCount", "Zone",
    )
)  # fmt: skip
