"""Machines and users as they stand inside sessions, member for member as on the wire."""

from __future__ import annotations

from typing import TypedDict


class Ref(TypedDict):
    """A reference to another object; an all-zero Id means none."""

    Id: str | None
    Uid: int | None
    Name: str | None


class NameValue(TypedDict):
    """A named string."""

    Name: str | None
    Value: str | None


class Scope(TypedDict):
    """A scope of delegated administration."""

    Id: str
    Uid: int | None
    Name: str
    Description: str | None
    IsBuiltIn: bool
    IsAllScope: bool
    IsTenantScope: bool
    TenantId: str | None
    TenantName: str | None


class ContainerScope(TypedDict):
    """The scopes of one kind of container (MachineCatalog, DeliveryGroup)."""

    Scopes: list[Scope]
    ScopeType: str


class User(TypedDict):
    """A user as a directory object; members that were not fetched are null."""

    Domain: str | None
    Forest: str | None
    Guid: str | None
    DistinguishedName: str | None
    CanonicalName: str | None
    PossibleLookupFailure: bool
    DirectoryServer: str | None
    DisplayName: str
    SamName: str | None
    SamAccountName: str | None
    CommonName: str | None
    PrincipalName: str | None
    Oid: str | None
    Sid: str | None
    UserIdentity: str | None
    GroupSids: list[str] | None
    DenyOnlySids: list[str] | None
    PasswordCanExpire: bool | None
    DaysUntilPasswordExpiry: int | None
    IsBuiltIn: bool | None
    IsGroup: bool | None
    Name: str | None
    StreetAddress: str | None
    City: str | None
    State: str | None
    Country: str | None
    Mail: str | None
    TelephoneNumber: str | None
    HomePhone: str | None
    Mobile: str | None
    Enabled: bool | None
    Locked: bool | None
    PropertiesFetched: int
    Claims: dict[str, str | None] | None
    Directory: dict[str, str | None] | None


class Hosting(TypedDict):
    """Where a virtual machine runs."""

    HostedMachineId: str | None
    HostedMachineName: str | None
    HostingServerName: str | None
    LastHostingUpdateTime: str | None
    FormattedLastHostingUpdateTime: str | None
    HypervisorConnection: Ref
    ImageOutOfDate: bool


class Machine(TypedDict):
    """A machine. Inside a session only some members are filled, and `Id` is null."""

    Id: str | None
    MachineCatalog: Ref
    Name: str | None
    Uid: int | None
    AgentVersion: str | None
    AllocationType: str
    ApplicationsInUse: list[Ref] | None
    AssignedUsers: list[User] | None
    AssociatedUsers: list[User] | None
    AzureAdJoinedMode: str
    ContainerScopes: list[ContainerScope] | None
    ControllerDnsName: str | None
    DeliveryGroup: Ref
    DeliveryType: str | None
    Description: str | None
    DesktopConditions: list[str] | None
    DnsName: str | None
    FunctionalLevel: str | None
    Hosting: Hosting
    InMaintenanceMode: bool
    MaintenanceModeReason: str
    DrainingUntilShutdown: bool
    IPAddress: str | None
    IsAssigned: bool | None
    MachineType: str
    LastConnectionFailure: str | None
    LastConnectionTime: str | None
    FormattedLastConnectionTime: str | None
    LastConnectionUser: User | None
    LastDeregistrationReason: str | None
    LastDeregistrationTime: str | None
    FormattedLastDeregistrationTime: str | None
    LastErrorReason: str | None
    LastErrorTime: str | None
    FormattedLastErrorTime: str | None
    LoadIndex: int | None
    LoadIndexes: list[int] | None
    LoadIndexNames: list[str] | None
    MachineUnavailableReason: str
    OSType: str | None
    OSVersion: str | None
    PersistUserChanges: str
    PowerActionPending: bool | None
    PowerState: str
    ProvisioningType: str
    PublishedApplications: list[str] | None
    PublishedName: str | None
    RegistrationState: str | None
    ScheduledReboot: str
    SessionClientAddress: str | None
    SessionClientName: str | None
    SessionClientVersion: str | None
    SessionConnectedViaHostName: str | None
    SessionConnectedViaIP: str | None
    SessionCount: int | None
    SessionLaunchedViaHostName: str | None
    SessionLaunchedViaIP: str | None
    SessionProtocol: str | None
    SessionSecureIcaActive: bool | None
    SessionSmartAccessTags: list[str] | None
    SessionStartTime: str | None
    FormattedSessionStartTime: str | None
    SessionState: str | None
    SessionStateChangeTime: str | None
    FormattedSessionStateChangeTime: str | None
    SessionSupport: str
    SessionUserName: str | None
    Sid: str | None
    SummaryState: str
    WillShutdownAfterUse: bool | None
    WindowsConnectionSetting: str | None
    WindowsActivationStatus: str | None
    WindowsActivationStatusErrorCode: str | None
    WindowsActivationStatusVirtualMachineError: str | None
    WindowsActivationTypeProvisionedVirtualMachine: str | None
    Zone: Ref
    SupportedPowerActions: list[str] | None
    FaultState: str
    ContainerMetadata: dict[str, object] | None
    Tags: list[str] | None
    UpgradeType: str | None
    UpgradeState: str | None
    MachineConfigurationOutOfSync: bool | None
    UpgradeDetail: dict[str, object] | None
    Metadata: list[NameValue] | None
    IconId: str | None


class StoreFrontServer(TypedDict):
    """A StoreFront address that a machine's own Receiver is given."""

    Id: str
    Name: str
    Url: str
    Enabled: bool
    Description: str | None
    DesktopGroupRefCount: int | None


class MachineDetail(Machine):
    """A machine by itself, its `Id` set."""

    AssignedClientName: str | None
    AssignedIPAddress: str | None
    BrowserName: str | None
    ColorDepth: str | None
    IsReserved: bool
    SecureIcaRequired: bool | None
    SessionsEstablished: int
    SessionsPending: int
    StoreFrontServersForHostedReceiver: list[StoreFrontServer]
    VMToolsState: str
    FailureReason: str | None
    FailedActionCompletionTime: str | None
