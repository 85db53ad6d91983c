"""A session and what it holds, member for member as on the wire (PascalCase)."""

from __future__ import annotations

from typing import Literal, TypedDict

from footlight.sdk.types.machine import ContainerScope, Machine, Ref, User

MessageStyle = Literal["Critical", "Question", "Exclamation", "Information"]


class SmartAccessTag(TypedDict):
    """A tag that a gateway has set."""

    Farm: str
    Filter: str


class Brokering(TypedDict):
    """How the launch was brokered."""

    AutonomouslyBrokered: bool
    DurationMilliseconds: int | None
    Time: str | None
    FormattedTime: str | None
    UserName: str | None
    UserSid: str | None


class Client(TypedDict):
    """The device that shows, or last showed, the session."""

    DeviceId: str | None
    HardwareId: str | None
    IPAddress: str | None
    Name: str | None
    Platform: str | None
    ProductId: int | None
    ReceiverIPAddress: str | None
    ReceiverName: str | None
    Version: str | None


class Connection(TypedDict):
    """How the last connection came in."""

    ConnectedViaHostName: str | None
    ConnectedViaIP: str | None
    ConnectionMode: str
    LaunchedViaHostName: str | None
    LaunchedViaIP: str | None
    Protocol: str
    SecureIcaActive: bool | None
    SmartAccessTags: list[SmartAccessTag] | None
    LaunchedViaPublishedName: str | None


class Session(TypedDict):
    """One session. A list asked with `fields` leaves out what was not named.

    Times come twice: in US locale form in UTC (`3/15/2022 7:41:46 AM`) and, under Formatted...,
    in RFC 3339. `State` is Connected, Active or Disconnected.
    """

    Id: str
    Uid: int | None
    ApplicationsInUse: list[Ref] | None
    AppState: str
    AppStateLastChangeTime: str | None
    FormattedAppStateLastChangeTime: str | None
    Brokering: Brokering
    Client: Client
    Connection: Connection
    ContainerScopes: list[ContainerScope] | None
    EstablishmentDurationMilliseconds: int | None
    EstablishmentTime: str | None
    FormattedEstablishmentTime: str | None
    IsAnonymousUser: bool
    IsHidden: bool
    LogoffInProgress: bool
    LogonInProgress: bool
    Machine: Machine
    SessionType: str
    StartTime: str | None
    FormattedStartTime: str | None
    State: str
    StateChangeTime: str | None
    FormattedStateChangeTime: str | None
    UntrustedUserName: str | None
    User: User


class RecordingStatus(TypedDict):
    """The answer of Sessions/RecordingStatus."""

    IsSessionBeingRecorded: bool
