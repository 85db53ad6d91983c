"""Rows as the wire shows them: every key, both spellings of each time, and null where nothing is known."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import msgspec
import pytest

from footlight.api import render
from footlight.broker.decision import LaunchRequest
from footlight.sessions import queries
from footlight.wire.rest.session import Session

SEEN_AT = 1_760_000_000_000


async def shown(rooms: Any, session_id: str, **columns: Any) -> dict[str, Any]:
    """The session's JSON; `columns` instead of the row's own."""
    row = await rooms.store.read(lambda c: queries.get(c, rooms.admin, session_id, ended=True))

    class Row:
        def __getattr__(self, name: str) -> Any:
            return columns[name] if name in columns else getattr(row, name)

    found: dict[str, Any] = json.loads(
        msgspec.json.encode(render.session(render.own(Row()), render.of_machine(Row(), (), ())))
    )
    return found


@pytest.fixture
async def one(rooms: Any) -> str:
    request = LaunchRequest("Terminal", via_ip="192.0.2.1", via_host="portal.test")
    return str((await rooms.launcher.launch(rooms.admin, request)).session_id)


def names(kind: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(kind)}


def times(value: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    """(path, locale form, RFC 3339 form) of every time in the object."""
    found = []
    if isinstance(value, dict):
        for name, inner in value.items():
            if name.startswith("Formatted"):
                found.append((f"{path}.{name}", value[name.removeprefix("Formatted")], inner))
            found += times(inner, f"{path}.{name}")
    return found


async def test_every_key_is_there_and_reads_back(rooms: Any, one: str) -> None:
    body = await shown(rooms, one)
    assert set(body) == names(Session)
    for part in ("Brokering", "Client", "Connection", "Machine", "User"):
        field = next(f for f in msgspec.structs.fields(Session) if f.encode_name == part)
        assert set(body[part]) == names(field.type)
    assert json.loads(msgspec.json.encode(msgspec.convert(body, Session))) == body


async def test_both_spellings_name_the_same_second(rooms: Any, one: str) -> None:
    body = await shown(rooms, one, state_changed_at_ms=SEEN_AT + 999)
    assert body["StateChangeTime"] == "10/9/2025 8:53:20 AM"
    assert body["FormattedStateChangeTime"] == "2025-10-09T08:53:20Z"
    pairs = [pair for pair in times(body) if pair[1] is not None]
    assert len(pairs) == 5
    for path, locale, formatted in times(body):
        assert (locale is None) == (formatted is None), path
    for path, locale, formatted in pairs:
        at = datetime.strptime(formatted, "%Y-%m-%dT%H:%M:%SZ")
        assert datetime.strptime(locale, "%m/%d/%Y %I:%M:%S %p") == at, path


async def test_a_running_application(rooms: Any, one: str) -> None:
    body = await shown(rooms, one, established_at_ms=SEEN_AT + 700, brokered_at_ms=SEEN_AT)
    assert (body["Id"], body["SessionType"], body["State"]) == (one, "Application", "Disconnected")
    assert (body["LogonInProgress"], body["LogoffInProgress"]) == (False, False)
    (application,) = body["ApplicationsInUse"]
    assert application["Name"] == "Terminal"
    assert body["EstablishmentDurationMilliseconds"] == 700
    assert body["User"]["Name"] == "FOOTLIGHT\\admin"
    assert body["User"]["Sid"] == body["Brokering"]["UserSid"] == "S-1-22-1-2001"
    assert body["UntrustedUserName"] == "desk1\\fl-ada"
    assert body["Brokering"]["UserName"] == "FOOTLIGHT\\admin"
    assert body["Client"]["IPAddress"] == body["Client"]["ReceiverIPAddress"] == "203.0.113.5"
    connection = body["Connection"]
    assert (connection["LaunchedViaIP"], connection["LaunchedViaHostName"]) == (
        "192.0.2.1", "portal.test",
    )  # fmt: skip
    assert (connection["Protocol"], connection["ConnectionMode"]) == ("Hdx", "Brokered")
    assert connection["LaunchedViaPublishedName"] == "Terminal"
    machine = body["Machine"]
    assert (machine["Name"], machine["DnsName"]) == ("FOOTLIGHT\\DESK1", "desk1.example.test")
    assert (machine["OSType"], machine["IPAddress"]) == ("Debian 12", "192.0.2.7")
    assert (machine["SummaryState"], machine["MachineType"]) == ("InUse", "Physical")
    assert [machine[name]["Name"] for name in ("DeliveryGroup", "MachineCatalog", "Zone")] == [
        "Everyone", "Linux hosts", "Primary",
    ]  # fmt: skip


async def test_what_is_not_known_is_null_as_in_the_contract(rooms: Any, one: str) -> None:
    body = await shown(rooms, one)
    client, machine, user = body["Client"], body["Machine"], body["User"]
    assert (client["Name"], client["Platform"], client["Version"]) == ("", "Unknown", None)
    assert [client[name] for name in ("DeviceId", "HardwareId", "ReceiverName")] == [None] * 3
    assert (
        body["Connection"]["ConnectedViaIP"] is body["Connection"]["ConnectedViaHostName"] is None
    )
    assert body["Connection"]["SmartAccessTags"] == []
    assert machine["Id"] is None, "so inside a session"
    assert machine["Uid"] is not None
    for name in ("PowerState", "ScheduledReboot", "FaultState", "MachineUnavailableReason"):
        assert machine[name] == "Unknown"
    assert (user["PrincipalName"], user["PropertiesFetched"]) == ("", 0)
    assert user["Guid"] is user["Domain"] is user["Directory"] is None
    assert (body["IsHidden"], body["IsAnonymousUser"]) == (False, False)
    assert body["Brokering"]["AutonomouslyBrokered"] is False


async def test_before_the_host_has_spoken(rooms: Any, one: str) -> None:
    body = await shown(
        rooms, one, established_at_ms=None, started_at_ms=None, linux_uid=None, linux_user=None,
        state="Connected", app_state="PreLogon",
    )  # fmt: skip
    assert (body["LogonInProgress"], body["ApplicationsInUse"]) == (True, [])
    for name in (
        "EstablishmentDurationMilliseconds", "EstablishmentTime", "FormattedEstablishmentTime",
        "StartTime", "FormattedStartTime", "UntrustedUserName",
    ):  # fmt: skip
        assert body[name] is None, name
    assert body["User"]["Sid"] is body["Brokering"]["UserSid"] is None


async def test_a_desktop_uses_no_published_application(rooms: Any) -> None:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    body = await shown(rooms, made.session_id)
    assert (body["SessionType"], body["ApplicationsInUse"]) == ("Desktop", [])
    assert body["AppState"] == "Desktop"


@pytest.mark.parametrize(
    ("platform", "product"), [("Windows", 1), ("Linux", 81), ("macOS", 82), ("Unknown", 9)]
)
async def test_client_products(rooms: Any, one: str, platform: str, product: int) -> None:
    body = await shown(rooms, one, client_platform=platform, client_version="140.0")
    assert (body["Client"]["ProductId"], body["Client"]["Version"]) == (product, "140.0")


async def test_clocks_that_went_back_give_no_negative_time(rooms: Any, one: str) -> None:
    body = await shown(rooms, one, brokered_at_ms=SEEN_AT + 5, established_at_ms=SEEN_AT)
    assert body["EstablishmentDurationMilliseconds"] == 0


async def test_a_log_off_under_way_and_a_silent_host(rooms: Any, one: str) -> None:
    assert (await shown(rooms, one, wanted="end"))["LogoffInProgress"]
    machine = (await shown(rooms, one, m_registered=False, m_in_maintenance=True))["Machine"]
    assert (machine["SummaryState"], machine["InMaintenanceMode"]) == ("Unregistered", True)
