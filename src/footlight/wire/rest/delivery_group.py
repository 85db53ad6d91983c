"""DeliveryGroupDetailResponseModel, of which lists show a part, and what clients ask for of delivery groups.
Source: rest-api.md section 7.3."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from footlight.wire.rest.application_request import ApplicationRequest, PriorityRef
from footlight.wire.rest.catalog import SharingKind
from footlight.wire.rest.machine import (
    ColorDepth,
    DeliveryKind,
    FunctionalLevel,
    MachineType,
    SessionSupport,
)
from footlight.wire.rest.reference import NameValue, Ref, RestModel
from footlight.wire.rest.scope import Scope
from footlight.wire.rest.session import SmartAccessTag
from footlight.wire.rest.user import IdentityUser

SessionReconnection = Literal["Unknown", "Always", "DisconnectedOnly", "SameEndpointOnly"]
ApplicationGroupCompatibility = Literal[
    "Unknown", "Compatible", "IncompatiblePrivate", "IncompatibleDeliveryType"
]


class KeptSettings(RestModel, frozen=True, kw_only=True):
    """Members of a group that are kept as they are given and shown again. Nothing here acts by them: they are of
    power management, autoscale, licences and a protocol that is not served."""

    app_protection_key_logging_required: bool | None = None
    app_protection_screen_capture_required: bool | None = None
    automatic_power_on_for_assigned: bool | None = None
    automatic_power_on_for_assigned_during_peak: bool | None = None
    auto_scale_enabled: bool | None = None
    autoscale_log_off_reminder_enabled: bool | None = None
    autoscale_log_off_reminder_interval_seconds_off_peak: int | None = None
    autoscale_log_off_reminder_interval_seconds_peak: int | None = None
    autoscale_log_off_reminder_message: str | None = None
    autoscale_log_off_reminder_title: str | None = None
    color_depth: ColorDepth | None = None
    default_desktop_published_name: str | None = None
    disconnect_off_peak_idle_session_after_seconds: int | None = None
    disconnect_peak_idle_session_after_seconds: int | None = None
    hdx_ssl_enabled: bool | None = None
    license_model: str | None = None
    limit_seconds_to_force_log_off_user_during_off_peak: int | None = None
    limit_seconds_to_force_log_off_user_during_peak: int | None = None
    log_off_warning_message: str | None = None
    log_off_warning_title: str | None = None
    logoff_off_peak_disconnected_session_after_seconds: int | None = None
    logoff_peak_disconnected_session_after_seconds: int | None = None
    machine_cost: float | None = None
    machine_log_on_type: str | None = None
    off_peak_buffer_size_percent: int | None = None
    off_peak_disconnect_action: str | None = None
    off_peak_disconnect_timeout_minutes: int | None = None
    off_peak_extended_disconnect_action: str | None = None
    off_peak_extended_disconnect_timeout_minutes: int | None = None
    off_peak_log_off_action: str | None = None
    off_peak_log_off_timeout_minutes: int | None = None
    peak_buffer_size_percent: int | None = None
    peak_disconnect_action: str | None = None
    peak_disconnect_timeout_minutes: int | None = None
    peak_extended_disconnect_action: str | None = None
    peak_extended_disconnect_timeout_minutes: int | None = None
    peak_log_off_action: str | None = None
    peak_log_off_timeout_minutes: int | None = None
    policy_set_guid: str | None = None
    power_off_delay_minutes: int | None = None
    power_time_schemes: list[dict[str, Any]] | None = None
    product_code: str | None = None
    protocol_priority: list[str] | None = None
    restrict_autoscale_min_idle_untagged_percent_during_off_peak: int | None = None
    restrict_autoscale_min_idle_untagged_percent_during_peak: int | None = None
    reuse_machines_without_shutdown_in_outage: bool | None = None
    settlement_period_before_auto_shutdown_seconds: int | None = None
    settlement_period_before_use_seconds: int | None = None
    shutdown_desktops_after_use: bool | None = None
    store_front_servers_for_hosted_receiver: list[dict[str, Any]] | None = None
    time_zone: str | None = None
    turn_on_added_machines: bool | None = None
    user_management: str | None = None
    zone_preferences: list[str] | None = None


class AssignMachineRequest(RestModel, frozen=True, kw_only=True):
    """AssignMachineToUserRequestModel."""

    machine: str
    users: list[str] | None = None
    machine_published_name: str | None = None


class AddMachinesRequest(RestModel, frozen=True, kw_only=True):
    """DeliveryGroupAddMachinesRequestModel: machines of a catalog, some of them named."""

    machine_catalog: str
    count: int | None = None
    assign_machines_to_users: list[AssignMachineRequest] | None = None


class AccessRequest(RestModel, frozen=True, kw_only=True):
    """Who may use an object: the members that policies and desktops have in common."""

    included_user_filter_enabled: bool | None = None
    included_users: list[str] | None = None
    excluded_user_filter_enabled: bool | None = None
    excluded_users: list[str] | None = None


class AccessPolicyRequest(AccessRequest, frozen=True, kw_only=True):
    """SimplifiedAccessPolicyRequestModel; the other members of it are kept as given."""

    allow_anonymous: bool | None = None
    allow_hdx_access: bool | None = None
    allow_machine_restart: bool | None = None
    allow_rdp_access: bool | None = None
    connect_not_via_net_scaler_gateway_allowed: bool | None = None
    connect_via_net_scaler_gateway_allowed: bool | None = None
    included_smart_access_filter_enabled: bool | None = None


class AccessPolicy(RestModel, frozen=True, kw_only=True):
    """SimplifiedAccessPolicyResponseModel."""

    allow_anonymous: bool
    allow_hdx_access: bool = True
    allow_machine_restart: bool = False
    allow_rdp_access: bool = False
    connect_not_via_net_scaler_gateway_allowed: bool = True
    connect_via_net_scaler_gateway_allowed: bool = True
    included_smart_access_filter_enabled: bool = False
    included_smart_access_tags: list[SmartAccessTag] = msgspec.field(default_factory=list)
    included_user_filter_enabled: bool
    included_users: list[IdentityUser]
    excluded_user_filter_enabled: bool
    excluded_users: list[IdentityUser]


class SpareSessions(RestModel, frozen=True, kw_only=True):
    """SessionPrelaunch- and SessionLingerRequestModel; kept as given."""

    enabled: bool = False
    max_average_load_threshold: int | None = None
    max_load_per_machine_threshold: int | None = None
    max_time_before_disconnect_minutes: int | None = None
    max_time_before_terminate_minutes: int | None = None
    included_user_filter_enabled: bool = False
    included_users: list[str] | None = None


class SpareSessionsView(RestModel, frozen=True, kw_only=True):
    """SessionPrelaunch- and SessionLingerResponseModel."""

    enabled: bool
    max_average_load_threshold: int
    max_load_per_machine_threshold: int
    max_time_before_disconnect_minutes: int
    max_time_before_terminate_minutes: int
    included_user_filter_enabled: bool
    included_users: list[IdentityUser]


class DesktopRequest(AccessRequest, frozen=True, kw_only=True):
    """DesktopRequestModel: `id` names one that is there; what is absent or null stays as it is, or is the default
    of a new one."""

    id: str | None = None
    color_depth: ColorDepth | None = None
    description: str | None = None
    enabled: bool | None = None
    icon: str | None = None
    leasing_behavior: str | None = None
    max_desktops: int | None = None
    name: str | None = None
    published_name: str | None = None
    restrict_to_tag: str | None = None
    secure_ica_required: bool | None = None
    session_reconnection: SessionReconnection | None = None


class Desktop(RestModel, frozen=True, kw_only=True):
    """DesktopResponseModel: a published desktop."""

    id: str
    uid: int | None
    color_depth: ColorDepth = "TwentyFourBit"
    description: str | None = None
    enabled: bool
    excluded_user_filter_enabled: bool
    excluded_users: list[IdentityUser]
    icon_id: str
    included_user_filter_enabled: bool
    included_users: list[IdentityUser]
    leasing_behavior: str | None = None
    max_desktops: int | None = None
    name: str
    published_name: str
    restrict_to_tag: Ref | None = None
    secure_ica_required: bool = False
    session_reconnection: SessionReconnection = "Always"
    machines_for_assignment: int | None = None
    tenants: list[Ref] | None = None


class NameCount(RestModel, frozen=True, kw_only=True):
    """NameValueIntPairModel."""

    name: str
    value: int


class DeliveryGroup(KeptSettings, frozen=True, kw_only=True):
    """DeliveryGroupDetailResponseModel. Counts of desktops are counts of machines."""

    id: str
    uid: int | None
    name: str
    full_name: str | None
    published_name: str | None = None
    description: str | None = None
    admin_folder: Ref
    delivering: DeliveryKind
    delivery_type: DeliveryKind
    desktops_available: int
    desktops_disconnected: int
    desktops_faulted: int
    desktops_in_use: int
    desktops_never_registered: int = 0
    desktops_preparing: int = 0
    desktops_unregistered: int
    enabled: bool
    in_maintenance_mode: bool
    is_broken: bool = False
    is_power_managed: bool = False
    is_remote_pc: bool = msgspec.field(default=False, name="IsRemotePC")
    has_been_promoted: bool = False
    has_been_promoted_from: FunctionalLevel = "Unknown"
    machine_operating_systems: list[NameCount]
    machine_type: MachineType = "Physical"
    machines_in_maintenance_mode: int
    metadata: list[NameValue]
    minimum_functional_level: FunctionalLevel
    off_machines: int = 0
    registered_machines: int
    require_user_home_zone: bool = False
    restrict_autoscale_tag: Ref | None = None
    scopes: list[Scope]
    tenants: list[Ref] | None = None
    secure_ica_required: bool = False
    session_count: int
    session_support: SessionSupport
    sharing_kind: SharingKind
    total_application_groups: int = 0
    total_applications: int
    total_desktops: int
    total_machines: int
    unassigned_machines: int
    used_by_group_policy: bool = False
    vda_versions: list[NameCount]
    application_group_compatibility: ApplicationGroupCompatibility
    application_compatibility: str = "Compatible"
    desktop_compatibility: str = "Compatible"
    app_access_policy: None = None
    default_desktop_icon_id: str
    linger_settings: SpareSessionsView | None = None
    prelaunch_settings: SpareSessionsView | None = None
    simple_access_policy: AccessPolicy | None


class EditGroupRequest(KeptSettings, frozen=True, kw_only=True):
    """EditDeliveryGroupRequestModel: what is absent or null stays; `desktops` and `scopes` are all that there
    shall be."""

    name: str | None = None
    description: str | None = None
    published_name: str | None = None
    admin_folder: str | None = None
    enabled: bool | None = None
    in_maintenance_mode: bool | None = None
    delivery_type: str | None = None
    minimum_functional_level: str | None = None
    require_user_home_zone: bool | None = None
    secure_ica_enabled: bool | None = None
    assign_machines_to_users: list[AssignMachineRequest] | None = None
    desktops: list[DesktopRequest] | None = None
    simple_access_policy: AccessPolicyRequest | None = None
    prelaunch_settings: SpareSessions | None = None
    linger_settings: SpareSessions | None = None
    default_desktop_icon: str | None = None
    scopes: list[str] | None = None
    metadata: list[NameValue] | None = None


class CreateGroupRequest(EditGroupRequest, frozen=True, kw_only=True):
    """CreateDeliveryGroupRequestModel."""

    name: str
    machine_catalogs: list[AddMachinesRequest] | None = None
    session_support: str | None = None
    sharing_kind: str | None = None
    applications: list[PriorityRef] | None = None


class GroupApplicationsRequest(RestModel, frozen=True, kw_only=True):
    """DeliveryGroupAddApplicationsRequestModel: applications that are there, and new ones."""

    existing_applications: list[PriorityRef] | None = None
    new_applications: list[ApplicationRequest] | None = None
    existing_application_groups: list[PriorityRef] | None = None


class GroupUsage(RestModel, frozen=True, kw_only=True):
    """What runs in a group now; the contract does not tell the members."""

    session_count: int
    active_session_count: int
    disconnected_session_count: int
    total_machines: int
    registered_machines: int
    machines_in_maintenance_mode: int


# What lists show of a group, and what the second generation shows when no fields are named.
_V1 = (
    "Id", "Uid", "Delivering", "DeliveryType", "Description", "DesktopsAvailable", "DesktopsDisconnected",
    "DesktopsFaulted", "DesktopsUnregistered", "Enabled", "HasBeenPromoted", "HasBeenPromotedFrom",
    "InMaintenanceMode", "IsBroken", "IsRemotePC", "MachineLogOnType", "Metadata", "MinimumFunctionalLevel",
    "Name", "FullName", "PublishedName", "PolicySetGuid", "ProductCode", "LicenseModel",
    "RequireUserHomeZone", "Scopes", "Tenants", "SessionCount", "SessionSupport", "SharingKind",
    "TotalApplications", "TotalDesktops", "TotalMachines", "ApplicationGroupCompatibility",
    "ApplicationCompatibility", "DesktopCompatibility", "AdminFolder", "UserManagement",
    "DefaultDesktopIconId",
)  # fmt: skip
_V2 = (
    "Id", "Uid", "Delivering", "DeliveryType", "Description", "DesktopsDisconnected",
    "DesktopsUnregistered", "Enabled", "InMaintenanceMode", "IsRemotePC", "MachineLogOnType",
    "MinimumFunctionalLevel", "Name", "FullName", "PublishedName", "SessionSupport", "SharingKind",
    "DefaultDesktopIconId",
)  # fmt: skip
GROUP_FIELDS = frozenset(name.lower() for name in _V1)
GROUP_V2_FIELDS = frozenset(name.lower() for name in _V2)
