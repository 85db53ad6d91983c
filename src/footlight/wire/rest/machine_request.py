"""What clients ask for of machines. Source: rest-api.md section 7.1."""

from __future__ import annotations

import msgspec

from footlight.wire.rest.reference import NameValue, RestModel
from footlight.wire.rest.search import SearchGroup


class UpdateMachineRequest(RestModel, frozen=True, kw_only=True):
    """UpdateMachineRequestModel: what is absent or null stays. A machine is assigned to users, to a client's
    name or to a client's address, one of the three."""

    assigned_users: list[str] | None = None
    assigned_client_name: str | None = None
    assigned_ip_address: str | None = msgspec.field(default=None, name="AssignedIPAddress")
    hosted_machine_id: str | None = None
    hypervisor_connection: str | None = None
    in_maintenance_mode: bool | None = None
    published_name: str | None = None
    icon: str | None = None
    metadata: list[NameValue] | None = None


class GroupMachinesRequest(RestModel, frozen=True, kw_only=True):
    """MachineGroupRequestModel: machines that match are counted by the values of one property."""

    search_filter_groups: list[SearchGroup] | None = None
    search_filter_groups_type: str | None = None
    machine_property_name: str


# What `MachinesV2` shows when no fields are named.
MACHINE_V2_FIELDS = frozenset(
    name.lower()
    for name in (
        "Uid", "AgentVersion", "AllocationType", "DeliveryGroup", "DnsName", "FunctionalLevel",
        "InMaintenanceMode", "MaintenanceModeReason", "DrainingUntilShutdown", "IPAddress", "IsAssigned",
        "MachineType", "MachineUnavailableReason", "OSType", "OSVersion", "PersistUserChanges",
        "PowerActionPending", "PowerState", "ProvisioningType", "PublishedName", "RegistrationState",
        "ScheduledReboot", "Sid", "SummaryState", "WillShutdownAfterUse", "SupportedPowerActions",
        "FaultState", "Id", "MachineCatalog", "Name",
    )
)  # fmt: skip
