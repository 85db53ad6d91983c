"""What sessions can be searched and sorted by: each property as an expression over the joined tables.

Machine properties are those of the hosting machine. What our sites always show alike (no power management, no
hypervisor, no directory) is compared as the constant that it is. Source: rest-api.md section 5.3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, get_args

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    String,
    case,
    cast,
    func,
    literal,
    null,
    select,
)
from sqlalchemy.types import TypeEngine

from footlight.caller import Caller
from footlight.sessions.seen import seen_by
from footlight.store import schema
from footlight.wire.rest import machine as wire
from footlight.wire.rest.session import AppState

_s = schema.sessions
_m = schema.machines
_k = schema.session_keys


class Kind(Enum):
    """What a property holds; the operators go by it."""

    STRING = "string"
    ENUM = "enum"
    BOOL = "boolean"
    INT = "number"
    DATE = "date"  # ms since 1970 UTC
    LIST = "list"  # of at most one string here: the member, or null when there is none


@dataclass(frozen=True)
class Property:
    """`members`: of an enum, in their order. `other`: a second value that is as good for whole-value
    operators (the id beside the name). `fixed`: the same for all sessions, so that it orders nothing."""

    name: str
    kind: Kind
    value: ColumnElement[Any] | Callable[[Caller], ColumnElement[Any]]
    members: tuple[str, ...] = ()
    other: ColumnElement[Any] | None = None
    fixed: bool = False

    def expression(self, caller: Caller) -> ColumnElement[Any]:
        """The value as the caller may know it."""
        return self.value if isinstance(self.value, ColumnElement) else self.value(caller)


def _session_count(caller: Caller) -> ColumnElement[int]:
    """Sessions on the machine, of those that the caller sees: another number would tell of the others."""
    # Asked of each machine, never of each session (search.py), and there is an index for it.
    of_machine = (_k.c.machine_uid == _m.c.uid, seen_by(caller).condition())
    return select(func.count()).where(*of_machine).correlate(_m).scalar_subquery()


_TYPES: dict[Kind, TypeEngine[Any]] = {
    Kind.STRING: String(),
    Kind.ENUM: String(),
    Kind.LIST: String(),
    Kind.BOOL: Boolean(),
    Kind.INT: BigInteger(),
    Kind.DATE: BigInteger(),
}


def _always(name: str, kind: Kind, value: Any = None, members: Any = None) -> Property:
    shown = cast(null(), _TYPES[kind]) if value is None else literal(value, _TYPES[kind])
    return Property(name, kind, shown, get_args(members) if members else (), fixed=True)


def _string(
    name: str, value: ColumnElement[Any], other: ColumnElement[Any] | None = None
) -> Property:
    return Property(name, Kind.STRING, value, other=other)


def _enum(name: str, value: ColumnElement[Any], members: Any) -> Property:
    return Property(name, Kind.ENUM, value, get_args(members))


# As api/render.py shows them.
APPLICATION_IN_USE = case((_s.c.app_state == "Active", _s.c.resource_name))
_SUMMARY = case((_m.c.registered, "InUse"), else_="Unregistered")
_REGISTRATION = case((_m.c.registered, "Registered"), else_="Unregistered")
_FAULT = case((_m.c.registered, "None"), else_="Unregistered")
_LOAD_INDEX = case((_m.c.registered, _m.c.load_index))
_MAINTENANCE_REASON = case((_m.c.in_maintenance, "Administrator"), else_="None")

_PROPERTIES = (
    _enum("AppState", _s.c.app_state, AppState),
    Property("AppsInUse", Kind.LIST, APPLICATION_IN_USE),
    _string("ClientIP", _s.c.client_address),
    _string("ClientName", _s.c.client_name),
    _string("ClientVersion", _s.c.client_version),
    _always("ConnectedViaHostName", Kind.STRING),
    _string("ConnectedViaIP", _s.c.connected_via_ip),
    _always("ConnectionProtocol", Kind.ENUM, "Hdx", wire.ProtocolType),
    _string("CurrentUser", _s.c.user_name),
    _string("LaunchedViaHostName", _s.c.launched_via_host),
    _string("LaunchedViaIP", _s.c.launched_via_ip),
    _string("PublishedName", _s.c.resource_name),
    _always("SecureIcaActive", Kind.BOOL, False),
    _enum("SessionState", _s.c.state, wire.SessionState),
    Property("SessionStateChangeTime", Kind.DATE, _s.c.state_changed_at_ms),
    _always("SmartAccessFilters", Kind.LIST),
    Property("StartTime", Kind.DATE, _s.c.started_at_ms),
    Property("Uid", Kind.INT, _s.c.uid),
    _string("UserDisplayName", _s.c.user_display_name),
    _string("UserName", _s.c.user_name),
    _always("UserPrincipalName", Kind.STRING, ""),
    _string("AgentVersion", _m.c.agent_version),
    _always("AllocationType", Kind.ENUM, "Random", wire.AllocationType),
    _always("ControllerDnsName", Kind.STRING),
    _string("DeliveryGroup", schema.delivery_groups.c.name, schema.delivery_groups.c.id),
    _string("DnsName", _m.c.dns_name),
    _always("HostedMachineName", Kind.STRING),
    _always("HostingServerName", Kind.STRING),
    _always("HypervisorConnection", Kind.STRING),
    _always("ImageOutOfDate", Kind.BOOL, False),
    Property("InMaintenanceMode", Kind.BOOL, _m.c.in_maintenance),
    _string("MachineCatalog", schema.catalogs.c.name, schema.catalogs.c.id),
    _string("MachineName", _m.c.name),
    _string("OSType", _m.c.os_type),
    _always("PowerState", Kind.ENUM, "Unknown", wire.PowerState),
    _always("ProvisioningType", Kind.ENUM, "Manual", wire.ProvisioningType),
    _always("SessionSupport", Kind.ENUM, "MultiSession", wire.SessionSupport),
    _enum("SummaryState", _SUMMARY, wire.SummaryState),
    _string("ZoneName", schema.zones.c.name),
    _always("AzureAdJoinedMode", Kind.ENUM, "Unknown", wire.AzureAdJoinedMode),
    _always("DrainingUntilShutdown", Kind.BOOL, False),
    _enum("FaultState", _FAULT, wire.FaultState),
    _always("FunctionalLevel", Kind.ENUM, None, wire.FunctionalLevel),
    _always("IsAssigned", Kind.BOOL, False),
    _always("LastConnectionTime", Kind.DATE),
    _always("LastConnectionUser", Kind.STRING),
    _always("LastDeregistrationReason", Kind.ENUM, None, wire.DeregistrationReason),
    _always("LastDeregistrationTime", Kind.DATE),
    Property("LoadIndex", Kind.INT, _LOAD_INDEX),
    _always("MachineUnavailableReason", Kind.ENUM, "Unknown", wire.MachineUnavailableReason),
    _enum("MaintenanceModeReason", _MAINTENANCE_REASON, wire.MaintenanceModeReason),
    _string("OSVersion", _m.c.os_version),
    _always("PowerActionPending", Kind.BOOL, False),
    _enum("RegistrationState", _REGISTRATION, wire.RegistrationState),
    Property("SessionCount", Kind.INT, _session_count),
    _always("SupportedPowerActions", Kind.LIST, None, wire.SupportedPowerAction),
    Property("Tags", Kind.LIST, cast(null(), String())),  # of the machine: search.py looks for them
    _always("VdaUpgrade", Kind.ENUM, None, wire.UpgradeType),
    _always("VdaUpgradeState", Kind.ENUM, None, wire.UpgradeState),
    _always("WindowsConnectionSetting", Kind.ENUM, None, wire.WindowsConnectionSetting),
)  # fmt: skip
BY_NAME = {one.name.lower(): one for one in _PROPERTIES}
