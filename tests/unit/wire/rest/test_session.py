"""The session model against the key lists of the wire contract."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from footlight.wire.rest.machine import Machine
from footlight.wire.rest.reference import Ref
from footlight.wire.rest.scope import ALL_SCOPE, ContainerScope
from footlight.wire.rest.session import (
    RecordingStatus,
    Session,
    SessionBrokering,
    SessionClient,
    SessionConnection,
)
from footlight.wire.rest.user import IdentityUser


def names(text: str) -> list[str]:
    return text.split()


SESSION_KEYS = names(
    """
    Id Uid ApplicationsInUse AppState AppStateLastChangeTime FormattedAppStateLastChangeTime
    Brokering Client Connection ContainerScopes EstablishmentDurationMilliseconds
    EstablishmentTime FormattedEstablishmentTime IsAnonymousUser IsHidden LogoffInProgress
    LogonInProgress Machine SessionType StartTime FormattedStartTime State StateChangeTime
    FormattedStateChangeTime UntrustedUserName User
    """
)

CLIENT_KEYS = names(
    """
    DeviceId HardwareId IPAddress Name Platform ProductId ReceiverIPAddress ReceiverName Version
    """
)

CONNECTION_KEYS = names(
    """
    ConnectedViaHostName ConnectedViaIP ConnectionMode LaunchedViaHostName LaunchedViaIP
    Protocol SecureIcaActive SmartAccessTags LaunchedViaPublishedName
    """
)

MACHINE_KEYS = names(
    """
    Uid AgentVersion AllocationType ApplicationsInUse AssignedUsers AssociatedUsers
    AzureAdJoinedMode ContainerScopes ControllerDnsName DeliveryGroup DeliveryType Description
    DesktopConditions DnsName FunctionalLevel Hosting InMaintenanceMode MaintenanceModeReason
    DrainingUntilShutdown IPAddress IsAssigned MachineType LastConnectionFailure
    LastConnectionTime FormattedLastConnectionTime LastConnectionUser LastDeregistrationReason
    LastDeregistrationTime FormattedLastDeregistrationTime LastErrorReason LastErrorTime
    FormattedLastErrorTime LoadIndex LoadIndexes LoadIndexNames MachineUnavailableReason OSType
    OSVersion PersistUserChanges PowerActionPending PowerState ProvisioningType
    PublishedApplications PublishedName RegistrationState ScheduledReboot SessionClientAddress
    SessionClientName SessionClientVersion SessionConnectedViaHostName SessionConnectedViaIP
    SessionCount SessionLaunchedViaHostName SessionLaunchedViaIP SessionProtocol
    SessionSecureIcaActive SessionSmartAccessTags SessionStartTime FormattedSessionStartTime
    SessionState SessionStateChangeTime FormattedSessionStateChangeTime SessionSupport
    SessionUserName Sid SummaryState WillShutdownAfterUse WindowsConnectionSetting
    WindowsActivationStatus WindowsActivationStatusErrorCode
    WindowsActivationStatusVirtualMachineError WindowsActivationTypeProvisionedVirtualMachine
    Zone SupportedPowerActions FaultState ContainerMetadata Tags UpgradeType UpgradeState
    MachineConfigurationOutOfSync UpgradeDetail Metadata IconId Id MachineCatalog Name
    """
)

USER_KEYS = names(
    """
    DisplayName SamName SamAccountName CommonName PrincipalName Oid Sid UserIdentity GroupSids
    DenyOnlySids PasswordCanExpire DaysUntilPasswordExpiry IsBuiltIn IsGroup Name StreetAddress
    City State Country Mail TelephoneNumber HomePhone Mobile Enabled Locked PropertiesFetched
    Claims Directory Domain Forest Guid DistinguishedName CanonicalName PossibleLookupFailure
    DirectoryServer
    """
)


def machine() -> Machine:
    return Machine(
        uid=1, agent_version="0.1", delivery_group=Ref(id="g", uid=1, name="G"), dns_name="h.x",
        ip_address=None, machine_type="Physical", os_type="Debian 12", summary_state="InUse",
        zone=Ref(id="z", name="Primary"), machine_catalog=Ref(id="c", uid=1, name="C"),
        name="F\\H",
    )  # fmt: skip


def session() -> dict[str, Any]:
    made = Session(
        id="s", uid=1, applications_in_use=[], app_state="PreLogon",
        app_state_last_change_time=None, formatted_app_state_last_change_time=None,
        brokering=SessionBrokering(), client=SessionClient(), connection=SessionConnection(),
        establishment_duration_milliseconds=None, establishment_time=None,
        formatted_establishment_time=None, logoff_in_progress=False, logon_in_progress=True,
        machine=machine(), session_type="Desktop", start_time=None, formatted_start_time=None,
        state="Connected", state_change_time=None, formatted_state_change_time=None,
        untrusted_user_name=None, user=IdentityUser(name="F\\ada"),
        container_scopes=[
            ContainerScope(scopes=[ALL_SCOPE], scope_type="MachineCatalog"),
            ContainerScope(scopes=[ALL_SCOPE], scope_type="DeliveryGroup"),
        ],
    )  # fmt: skip
    return json.loads(msgspec.json.encode(made))  # type: ignore[no-any-return]


def test_every_key_is_written_and_no_other() -> None:
    shown = session()
    assert sorted(shown) == sorted(SESSION_KEYS)
    assert sorted(shown["Client"]) == sorted(CLIENT_KEYS)
    assert sorted(shown["Connection"]) == sorted(CONNECTION_KEYS)
    assert sorted(shown["Machine"]) == sorted(MACHINE_KEYS)
    assert sorted(shown["User"]) == sorted(USER_KEYS)
    assert set(shown["Brokering"]) == {
        "AutonomouslyBrokered", "DurationMilliseconds", "Time", "FormattedTime", "UserName",
        "UserSid",
    }  # fmt: skip


def test_defaults_follow_the_null_rules() -> None:
    shown = session()
    assert shown["Client"]["Name"] == ""
    assert shown["Client"]["Platform"] == "Unknown"
    assert shown["Connection"]["SmartAccessTags"] == []
    assert shown["Machine"]["Id"] is None
    for name in ("PowerState", "ScheduledReboot", "FaultState", "MachineUnavailableReason"):
        assert shown["Machine"][name] == "Unknown"
    assert shown["Machine"]["Hosting"]["HypervisorConnection"] == {
        "Id": "00000000-0000-0000-0000-000000000000",
        "Uid": None,
        "Name": None,
    }
    assert (shown["User"]["DisplayName"], shown["User"]["PrincipalName"]) == ("", "")
    assert shown["User"]["PropertiesFetched"] == 0
    assert [entry["ScopeType"] for entry in shown["ContainerScopes"]] == [
        "MachineCatalog",
        "DeliveryGroup",
    ]
    assert shown["ContainerScopes"][0]["Scopes"][0]["IsAllScope"] is True


def test_what_is_written_can_be_read() -> None:
    shown = session()
    again = msgspec.convert(shown, Session)
    assert json.loads(msgspec.json.encode(again)) == shown


def test_recording_status() -> None:
    answer = RecordingStatus(is_session_being_recorded=True)
    assert msgspec.json.encode(answer) == b'{"IsSessionBeingRecorded":true}'
