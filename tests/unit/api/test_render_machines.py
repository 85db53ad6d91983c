from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.unit.conftest import MACHINE_ID

from footlight.api import render_machines
from footlight.site import machine_rows
from footlight.site.machine_facts import Facts


class Row:
    """A row with some columns changed."""

    def __init__(self, row: Any, **columns: Any) -> None:
        self._row = row
        self._columns = columns

    def __getattr__(self, name: str) -> Any:
        return self._columns[name] if name in self._columns else getattr(self._row, name)


@pytest.fixture
async def row(rooms: Any) -> Any:
    return await rooms.store.read(lambda c: machine_rows.by_id(c, MACHINE_ID))


@pytest.mark.parametrize(
    ("registered", "sessions", "state"),
    [(True, 0, "Available"), (True, 2, "InUse"), (False, 2, "Unregistered")],
)
def test_the_summary(registered: bool, sessions: int, state: str) -> None:
    assert render_machines.summary_state(SimpleNamespace(registered=registered), sessions) == state


def test_a_machine_and_its_detail_agree(row: Any) -> None:
    facts = Facts(session_count=3, pending=1, tags=["gpu"], assigned=["ada", "OTHER\\eve"])
    short, whole = render_machines.machine(row, facts), render_machines.detail(row, facts)
    for name in short.__struct_fields__:
        assert getattr(short, name) == getattr(whole, name), name
    assert (whole.sessions_established, whole.sessions_pending) == (2, 1)
    names = [one.name for one in whole.assigned_users or ()]
    assert names == ["FOOTLIGHT\\ada", "OTHER\\eve"]


def test_what_a_machine_is_not_in_is_not_named(row: Any) -> None:
    free = render_machines.machine(
        Row(row, c_id=None, c_name=None, g_id=None, g_name=None), Facts()
    )
    assert (free.machine_catalog.id, free.container_scopes) == (None, [])
    assert [one.scope_type for one in render_machines.machine(row, Facts()).container_scopes or ()] == [
        "MachineCatalog", "DeliveryGroup",
    ]  # fmt: skip


def test_a_private_machine_is_used_by_whom_it_is_assigned_to(row: Any) -> None:
    private = Row(row, c_allocation_type="Static")
    shown = render_machines.machine(private, Facts(assigned=["S-1-22-1-7"]))
    assert [one.sid for one in shown.associated_users or ()] == ["S-1-22-1-7"]


def test_load_is_shown_of_a_host_that_speaks(row: Any) -> None:
    busy = {"load_index": 2500, "load_cpu": 1000, "load_memory": 3000, "load_sessions": 3000}
    shown = render_machines.machine(Row(row, **busy), Facts())
    assert (shown.load_index, shown.load_indexes) == (2500, [1000, 3000, 3000])
    assert shown.load_index_names == ["CPU", "Memory", "SessionCount"]
    for silent in (Row(row, **busy, registered=False), Row(row, load_index=None)):
        shown = render_machines.machine(silent, Facts())
        assert (shown.load_index, shown.load_indexes, shown.load_index_names) == (None, [], [])
