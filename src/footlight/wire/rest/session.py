"""SessionResponseModel and what hangs on it."""

from __future__ import annotations

from typing import Literal

import msgspec

from footlight.wire.rest.machine import Machine, ProtocolType, SessionState
from footlight.wire.rest.reference import Ref, RestModel
from footlight.wire.rest.scope import ContainerScope, all_scopes
from footlight.wire.rest.user import IdentityUser

AppState = Literal["Unknown", "PreLogon", "PreLaunched", "Active", "Desktop", "Lingering", "NoApps"]
SessionType = Literal["Unknown", "Desktop", "Application"]
ConnectionMode = Literal[
    "Unknown",
    "Brokered",
    "Unbrokered",
    "LeasedConnection",
    "VdaHighAvailabilityMode",
    "ThirdPartyBroker",
    "ThirdPartyBrokerWithLicensing",
]


class SessionBrokering(RestModel, frozen=True, kw_only=True):
    """SessionBrokeringResponseModel: how the launch was brokered. Always there; members may be
    null."""

    autonomously_brokered: bool = False
    duration_milliseconds: int | None = None
    time: str | None = None
    formatted_time: str | None = None
    user_name: str | None = None
    user_sid: str | None = None


class SessionClient(RestModel, frozen=True, kw_only=True):
    """SessionClientResponseModel: the device that shows the session. An unknown name is ""."""

    device_id: str | None = None
    hardware_id: str | None = None
    ip_address: str | None = msgspec.field(default=None, name="IPAddress")
    name: str | None = ""
    platform: str | None = "Unknown"
    product_id: int | None = None
    receiver_ip_address: str | None = msgspec.field(default=None, name="ReceiverIPAddress")
    receiver_name: str | None = None
    version: str | None = None


class SmartAccessTag(RestModel, frozen=True, kw_only=True):
    """SmartAccessTagResponseModel."""

    farm: str
    filter: str


class SessionConnection(RestModel, frozen=True, kw_only=True):
    """SessionConnectionResponseModel: the path of the latest connection, kept after its end."""

    connected_via_host_name: str | None = None
    connected_via_ip: str | None = msgspec.field(default=None, name="ConnectedViaIP")
    connection_mode: ConnectionMode = "Brokered"
    launched_via_host_name: str | None = None
    launched_via_ip: str | None = msgspec.field(default=None, name="LaunchedViaIP")
    protocol: ProtocolType = "Hdx"
    secure_ica_active: bool | None = False
    smart_access_tags: list[SmartAccessTag] | None = msgspec.field(default_factory=list)
    launched_via_published_name: str | None = None


class Session(RestModel, frozen=True, kw_only=True):
    """SessionResponseModel, the superset of all generations. Each time stands twice: in locale form
    and as `formatted_...` in RFC 3339 (dates.py). What its machine decides stands last, so that its JSON can be
    put together of two halves (api/halves.py)."""

    id: str
    uid: int | None
    applications_in_use: list[Ref]
    app_state: AppState
    app_state_last_change_time: str | None
    formatted_app_state_last_change_time: str | None
    brokering: SessionBrokering
    client: SessionClient
    connection: SessionConnection
    establishment_duration_milliseconds: int | None
    establishment_time: str | None
    formatted_establishment_time: str | None
    is_anonymous_user: bool = False
    is_hidden: bool = False
    logoff_in_progress: bool
    logon_in_progress: bool
    session_type: SessionType
    start_time: str | None
    formatted_start_time: str | None
    state: SessionState
    state_change_time: str | None
    formatted_state_change_time: str | None
    untrusted_user_name: str | None
    user: IdentityUser
    container_scopes: list[ContainerScope] = msgspec.field(default_factory=all_scopes)
    machine: Machine


class RecordingStatus(RestModel, frozen=True, kw_only=True):
    """Answer of `Sessions/RecordingStatus`."""

    is_session_being_recorded: bool


# What a V2 list shows when no fields are named, as named_fields gives it.
V2_FIELDS = frozenset(
    name.lower()
    for name in (
        "Id", "Uid", "AppState", "AppStateLastChangeTime", "FormattedAppStateLastChangeTime", "Client",
        "EstablishmentDurationMilliseconds", "EstablishmentTime", "FormattedEstablishmentTime",
        "IsAnonymousUser", "IsHidden", "LogoffInProgress", "LogonInProgress", "SessionType", "StartTime",
        "FormattedStartTime", "State", "StateChangeTime", "FormattedStateChangeTime", "UntrustedUserName",
        "User",
    )
)  # fmt: skip
