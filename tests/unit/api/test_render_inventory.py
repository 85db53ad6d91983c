from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from footlight.api import render, render_inventory
from footlight.broker.launch import LaunchRequest
from footlight.sessions import queries
from footlight.site.resources import Application, Resource


class Row:
    """A row with some columns changed."""

    def __init__(self, row: Any, **columns: Any) -> None:
        self._row = row
        self._columns = columns

    def __getattr__(self, name: str) -> Any:
        return self._columns[name] if name in self._columns else getattr(self._row, name)


def shown(model: msgspec.Struct) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(msgspec.json.encode(model))
    return found


@pytest.fixture
async def rows(rooms: Any) -> list[Any]:
    """A desktop and a terminal of the administrator's, on one machine."""
    ids = [
        (await rooms.launcher.launch(rooms.admin, LaunchRequest(name))).session_id
        for name in ("Desktop", "Terminal")
    ]
    get = lambda c: [queries.get(c, rooms.admin, one) for one in ids]  # noqa: E731
    found: list[Any] = await rooms.store.read(get)
    return found


def test_a_machine_says_the_same_by_itself_as_inside_a_session(rows: list[Any]) -> None:
    inside = shown(render.session(render.own(rows[0]), render.of_machine(rows[0])))["Machine"]
    alone = shown(render_inventory.machine_of(rows[0], rows))
    assert set(alone) > set(inside)
    assert inside["Id"] is None
    assert alone["Id"] == rows[0].m_id
    for name in (
        "Uid", "Name", "DnsName", "IPAddress", "OSType", "AgentVersion", "MachineType",
        "SummaryState", "InMaintenanceMode", "DeliveryGroup", "MachineCatalog", "Zone",
    ):  # fmt: skip
        assert alone[name] == inside[name], name


def test_counts_users_and_applications_are_of_the_sessions_given(rows: list[Any]) -> None:
    desktop, terminal = rows
    waiting = Row(desktop, established_at_ms=None)
    again = Row(terminal, account_id="another", user_name="FOOTLIGHT\\zoe")
    body = shown(render_inventory.machine_of(desktop, [waiting, terminal, again]))
    counts = ("SessionCount", "SessionsEstablished", "SessionsPending")
    assert [body[name] for name in counts] == [3, 2, 1]
    assert [one["Name"] for one in body["ApplicationsInUse"]] == ["Terminal"]
    users = [one["Name"] for one in body["AssociatedUsers"]]
    assert users == ["FOOTLIGHT\\admin", "FOOTLIGHT\\zoe"]


@pytest.mark.parametrize(
    ("columns", "states"),
    [
        ({}, ("Registered", "InUse", "None", "None")),
        ({"m_registered": False}, ("Unregistered", "Unregistered", "Unregistered", "None")),
        ({"m_in_maintenance": True}, ("Registered", "InUse", "None", "Administrator")),
    ],
)
def test_states_of_a_machine(
    rows: list[Any], columns: dict[str, bool], states: tuple[str, ...]
) -> None:
    body = shown(render_inventory.machine_of(Row(rows[0], **columns), rows))
    names = ("RegistrationState", "SummaryState", "FaultState", "MaintenanceModeReason")
    assert tuple(body[name] for name in names) == states


@pytest.mark.parametrize(
    ("command", "executable", "arguments"),
    [
        (["xterm"], "xterm", ""),
        (["sh", "-c", "a b; c"], "sh", "-c 'a b; c'"),
        ([], "", ""),
    ],
)
def test_an_application(command: list[str], executable: str, arguments: str) -> None:
    resource = Resource(
        id="r", uid=4, name="Terminal", kind="Application", command=command, working_dir=None,
        delivery_group_ids=("g",),
    )  # fmt: skip
    body = shown(render_inventory.application(Application(resource, False)))
    assert (body["Id"], body["Uid"], body["Name"]) == ("r", 4, "Terminal")
    assert body["Enabled"] is False
    assert body["InstalledAppProperties"] == {
        "CommandLineExecutable": executable,
        "CommandLineArguments": arguments,
        "WorkingDirectory": "",
    }
    assert body["AssociatedDeliveryGroupUuids"] == ["g"]
