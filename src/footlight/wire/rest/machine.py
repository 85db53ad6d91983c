"""MachineResponseModel: a session host, whole in machine lists and reduced inside a session."""

from __future__ import annotations

from typing import Literal

import msgspec

from footlight.wire.rest.reference import NO_OBJECT, NameValue, Ref, RestModel
from footlight.wire.rest.scope import ContainerMetadata, ContainerScope
from footlight.wire.rest.user import IdentityUser

AllocationType = Literal["Unknown", "Static", "Random"]
AzureAdJoinedMode = Literal["Unknown", "NotAadJoined", "HybridAadJoined", "PureAadJoined"]
ConnectionFailureReason = Literal[
    "Unknown",
    "None",
    "SessionPreparation",
    "RegistrationTimeout",
    "ConnectionTimeout",
    "Licensing",
    "Ticketing",
    "Other",
]
DeliveryKind = Literal["Unknown", "DesktopsOnly", "DesktopsAndApps", "AppsOnly"]
DesktopCondition = Literal["Unknown", "CPU", "ICALatency", "UPMLogonTime"]
FaultState = Literal[
    "Unknown",
    "None",
    "FailedToStart",
    "StuckOnBoot",
    "Unregistered",
    "MaxCapacity",
    "VirtualMachineNotFound",
]
FunctionalLevel = Literal[
    "Unknown",
    "L5",
    "LMIN",
    "L7",
    "L7_6",
    "L7_7",
    "L7_8",
    "L7_9",
    "L7_20",
    "L7_25",
    "L7_30",
    "L7_34",
    "LMAX",
]
MachineType = Literal["Unknown", "Virtual", "Physical"]
MachineUnavailableReason = Literal[
    "Unknown",
    "None",
    "LoadManagementInitializing",
    "PvdInitializing",
    "PvdFailed",
    "GctConnectionInitializing",
    "AzureAdJoinInitializing",
    "IntuneEnrollPending",
    "AzureArcOnboardingRequired",
]
MaintenanceModeReason = Literal["Unknown", "None", "Administrator", "MaxFailedRegistrations"]
PersistChanges = Literal["Unknown", "Discard", "OnLocal", "OnPvd"]
PowerState = Literal[
    "Unknown",
    "Unmanaged",
    "Unavailable",
    "Off",
    "On",
    "Suspended",
    "TurningOn",
    "TurningOff",
    "Suspending",
    "Resuming",
    "NotSupported",
    "VirtualMachineNotFound",
]
ProtocolType = Literal["Unknown", "Hdx", "Rdp", "Console"]
ProvisioningType = Literal["Unknown", "Manual", "MCS", "MCSImport", "PVS", "PVSStreaming"]
RegistrationState = Literal["Unknown", "Unregistered", "Initializing", "Registered", "AgentError"]
ScheduledReboot = Literal["Unknown", "None", "Pending", "Draining", "InProgress", "Natural"]
SessionState = Literal["Unknown", "Connected", "Active", "Disconnected"]
SessionSupport = Literal["Unknown", "SingleSession", "MultiSession"]
SummaryState = Literal[
    "Unknown", "Off", "Unregistered", "Available", "Disconnected", "InUse", "Preparing"
]
SupportedPowerAction = Literal[
    "Unknown", "PowerOn", "PowerOff", "SuspendResume", "Restart", "Reset", "Shutdown"
]
UpgradeType = Literal["NotSet", "LTSR", "CR", "EAR_LTSR", "EAR_CR"]
UpgradeState = Literal[
    "MissingUpgradeType", "UpgradeScheduled", "UpgradeAvailable", "UpToDate", "Unknown"
]
ColorDepth = Literal["Unknown", "FourBit", "EightBit", "SixteenBit", "TwentyFourBit"]
VmToolsState = Literal["Unknown", "NotPresent", "NotStarted", "Running"]
WindowsConnectionSetting = Literal[
    "Unknown", "LogonEnabled", "Draining", "DrainingUntilRestart", "LogonDisabled"
]
DeregistrationReason = Literal[
    "Unknown",
    "AgentShutdown",
    "AgentSuspended",
    "AgentRequested",
    "IncompatibleVersion",
    "AgentAddressResolutionFailed",
    "AgentNotContactable",
    "AgentWrongActiveDirectoryOU",
    "EmptyRegistrationRequest",
    "MissingRegistrationCapabilities",
    "MissingAgentVersion",
    "InconsistentRegistrationCapabilities",
    "NotLicensedForFeature",
    "OSNotCompatibleWithDdc",
    "VMNotCompatibleWithDdc",
    "UnsupportedCredentialSecurityVersion",
    "InvalidRegistrationRequest",
    "SingleMultiSessionMismatch",
    "FunctionalLevelTooLowForCatalog",
    "FunctionalLevelTooLowForDesktopGroup",
    "PowerOff",
    "DesktopRestart",
    "DesktopRemoved",
    "AgentRejectedSettingsUpdate",
    "SendSettingsFailure",
    "SessionAuditFailure",
    "SessionPrepareFailure",
    "ContactLost",
    "SettingsCreationFailure",
    "UnknownError",
    "BrokerRegistrationLimitReached",
    "RegistrationStateMismatch",
    "UnexpectedAgentShutdown",
    "MachineInRegistrationSinBin",
]


class MachineHosting(RestModel, frozen=True, kw_only=True):
    """MachineHostingResponseModel. A machine without hypervisor has a connection that names no
    object, not null."""

    hosted_machine_id: str | None = None
    hosted_machine_name: str | None = None
    hosting_server_name: str | None = None
    last_hosting_update_time: str | None = None
    formatted_last_hosting_update_time: str | None = None
    hypervisor_connection: Ref = NO_OBJECT
    image_out_of_date: bool = False


class MachineUpgradeDetail(RestModel, frozen=True, kw_only=True):
    """MachineUpgradeDetail."""

    uuid: str | None = None
    schedule_status: str | None = None
    status_message: str | None = None
    last_state_change_time_utc: str | None = None
    scheduled_time_utc: str | None = None
    duration_in_hours: int | None = None
    target_package_version: str | None = None


class Machine(RestModel, frozen=True, kw_only=True):
    """MachineResponseModel. The defaults are the reduced form that a session carries: what was not
    fetched is null, or "Unknown" where the type has no null; `id` too is null inside a session.
    `name` is DOMAIN\\\\HOST, `dns_name` the FQDN."""

    uid: int | None
    agent_version: str | None
    allocation_type: AllocationType = "Random"
    applications_in_use: list[Ref] | None = None
    assigned_users: list[IdentityUser] | None = None
    associated_users: list[IdentityUser] | None = None
    azure_ad_joined_mode: AzureAdJoinedMode = "Unknown"
    container_scopes: list[ContainerScope] | None = None
    controller_dns_name: str | None = None
    delivery_group: Ref
    delivery_type: DeliveryKind | None = None
    description: str | None = None
    desktop_conditions: list[DesktopCondition] | None = None
    dns_name: str | None
    functional_level: FunctionalLevel | None = None
    hosting: MachineHosting = MachineHosting()
    in_maintenance_mode: bool = False
    maintenance_mode_reason: MaintenanceModeReason = "Unknown"
    draining_until_shutdown: bool = False
    ip_address: str | None = msgspec.field(name="IPAddress")
    is_assigned: bool | None = None
    machine_type: MachineType
    last_connection_failure: ConnectionFailureReason | None = None
    last_connection_time: str | None = None
    formatted_last_connection_time: str | None = None
    last_connection_user: IdentityUser | None = None
    last_deregistration_reason: DeregistrationReason | None = None
    last_deregistration_time: str | None = None
    formatted_last_deregistration_time: str | None = None
    last_error_reason: str | None = None
    last_error_time: str | None = None
    formatted_last_error_time: str | None = None
    load_index: int | None = None
    load_indexes: list[int] | None = None
    load_index_names: list[str] | None = None
    machine_unavailable_reason: MachineUnavailableReason = "Unknown"
    os_type: str | None = msgspec.field(name="OSType")
    os_version: str | None = msgspec.field(default=None, name="OSVersion")
    persist_user_changes: PersistChanges = "OnLocal"
    power_action_pending: bool | None = None
    power_state: PowerState = "Unknown"
    provisioning_type: ProvisioningType = "Manual"
    published_applications: list[str] | None = None
    published_name: str | None = None
    registration_state: RegistrationState | None = None
    scheduled_reboot: ScheduledReboot = "Unknown"
    session_client_address: str | None = None
    session_client_name: str | None = None
    session_client_version: str | None = None
    session_connected_via_host_name: str | None = None
    session_connected_via_ip: str | None = msgspec.field(default=None, name="SessionConnectedViaIP")
    session_count: int | None = None
    session_launched_via_host_name: str | None = None
    session_launched_via_ip: str | None = msgspec.field(default=None, name="SessionLaunchedViaIP")
    session_protocol: ProtocolType | None = None
    session_secure_ica_active: bool | None = None
    session_smart_access_tags: list[str] | None = None
    session_start_time: str | None = None
    formatted_session_start_time: str | None = None
    session_state: SessionState | None = None
    session_state_change_time: str | None = None
    formatted_session_state_change_time: str | None = None
    session_support: SessionSupport = "MultiSession"
    session_user_name: str | None = None
    sid: str | None = None
    summary_state: SummaryState
    will_shutdown_after_use: bool | None = None
    windows_connection_setting: WindowsConnectionSetting | None = None
    windows_activation_status: str | None = None
    windows_activation_status_error_code: str | None = None
    windows_activation_status_virtual_machine_error: str | None = None
    windows_activation_type_provisioned_virtual_machine: str | None = None
    zone: Ref
    supported_power_actions: list[SupportedPowerAction] | None = None
    fault_state: FaultState = "Unknown"
    container_metadata: ContainerMetadata | None = None
    tags: list[str] | None = None
    upgrade_type: UpgradeType | None = None
    upgrade_state: UpgradeState | None = None
    machine_configuration_out_of_sync: bool | None = None
    upgrade_detail: MachineUpgradeDetail | None = None
    metadata: list[NameValue] | None = None
    icon_id: str | None = None
    id: str | None = None
    machine_catalog: Ref
    name: str | None


class StoreFrontServer(RestModel, frozen=True, kw_only=True):
    """A StoreFront address that a machine's own Receiver is given."""

    id: str
    name: str
    url: str
    enabled: bool
    description: str | None = None
    desktop_group_ref_count: int | None = None


class MachineDetail(Machine, frozen=True, kw_only=True):
    """MachineDetailResponseModel: a machine by itself, `id` set."""

    assigned_client_name: str | None = None
    assigned_ip_address: str | None = msgspec.field(default=None, name="AssignedIPAddress")
    browser_name: str | None = None
    color_depth: ColorDepth | None = None
    is_reserved: bool = False
    secure_ica_required: bool | None = False
    sessions_established: int
    sessions_pending: int
    store_front_servers_for_hosted_receiver: list[StoreFrontServer] = msgspec.field(
        default_factory=list
    )
    vm_tools_state: VmToolsState = msgspec.field(default="NotPresent", name="VMToolsState")
    failure_reason: str | None = None
    failed_action_completion_time: str | None = None
