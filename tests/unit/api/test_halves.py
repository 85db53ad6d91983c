"""The two halves are one object, whatever the row says, and every answer shows the same one."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from footlight.api import halves, render
from footlight.api.container_scopes import NOTHING
from footlight.broker.decision import LaunchRequest
from footlight.sessions import pieces, queries
from footlight.store import schema
from footlight.wire.rest.paging import Collection, projected
from footlight.wire.rest.session import V2_FIELDS

_TEXT = st.text(max_size=12) | st.sampled_from(
    ['"', "\\", "%b", "%", ',"SamName":', "\x01s1\x01", "é\n"]
)
_TIME = st.none() | st.integers(0, 4_000_000_000_000)
_ROWS = st.fixed_dictionaries(
    {
        **dict.fromkeys(
            (
                "id", "resource_name", "user_name", "user_display_name", "brokered_by", "client_name",
                "client_platform", "m_name", "m_dns_name", "m_os_type", "m_agent_version", "g_id",
                "g_name", "c_id", "c_name", "z_id", "z_name", "resource_id",
            ),
            _TEXT,
        ),
        **dict.fromkeys(
            (
                "linux_user", "client_address", "client_version", "connected_via_ip", "launch_client_ip",
                "launched_via_ip", "launched_via_host", "m_ip_address",
            ),
            st.none() | _TEXT,
        ),
        **dict.fromkeys(("established_at_ms", "started_at_ms"), _TIME),
        **dict.fromkeys(
            ("brokered_at_ms", "state_changed_at_ms", "app_state_changed_at_ms"),
            st.integers(0, 4_000_000_000_000),
        ),
        **dict.fromkeys(("uid", "m_uid", "g_uid", "c_uid"), st.integers(1, 2**53)),
        "linux_uid": st.none() | st.integers(0, 2**32),
        "brokering_ms": st.none() | st.integers(0, 9999),
        **dict.fromkeys(("is_anonymous", "is_hidden", "m_in_maintenance", "m_registered"), st.booleans()),
        "session_type": st.sampled_from(["Desktop", "Application"]),
        "app_state": st.sampled_from(["PreLogon", "Active", "Desktop"]),
        "state": st.sampled_from(["Connected", "Active", "Disconnected"]),
        "wanted": st.sampled_from(["run", "end"]),
        "phase": st.sampled_from(["running", "ending"]),
    }
)  # fmt: skip


def whole(row: Any) -> Any:
    return render.session(render.own(row), machine_of(row))


def machine_of(row: Any) -> Any:
    return render.of_machine(row, NOTHING.of(row.c_id), NOTHING.of(row.g_id))


@given(_ROWS)
@settings(max_examples=60)
def test_halves_are_what_the_model_says(columns: dict[str, Any]) -> None:
    row = SimpleNamespace(**columns)
    assert halves.body(row, NOTHING) == msgspec.json.encode(whole(row))


@given(_ROWS, st.sampled_from([V2_FIELDS, frozenset({"id", "user", "nothing"}), frozenset()]))
@settings(max_examples=20)
def test_named_members_are_those_of_the_whole(
    columns: dict[str, Any], fields: frozenset[str]
) -> None:
    row = SimpleNamespace(**columns)
    shown = projected(whole(row), fields)
    assert halves.projected(halves.body(row, NOTHING), fields) == msgspec.json.encode(shown)
    assert halves.projected(halves.body(row, NOTHING), None) == halves.body(row, NOTHING)


async def page_of(rooms: Any, fields: frozenset[str] | None = None) -> Any:
    def read(connection: Any) -> bytes:
        found = pieces.live_page(connection, rooms.admin, 1000)
        return halves.page(found.pieces, NOTHING, "token", found.total, fields)

    return json.loads(await rooms.store.read(read))


async def test_a_page_is_the_collection_of_its_objects(rooms: Any) -> None:
    assert await page_of(rooms) == {"Items": [], "ContinuationToken": "token", "TotalItems": 0}
    ids = [
        (await rooms.launcher.launch(rooms.admin, LaunchRequest(name, new=True))).session_id
        for name in ("Desktop", "Terminal", "Desktop")
    ]
    found = [await rooms.store.read(lambda c, i=i: queries.get(c, rooms.admin, i)) for i in ids]
    for fields in (None, V2_FIELDS):
        listed = Collection(
            items=[projected(whole(row), fields) for row in found],
            continuation_token="token",
            total_items=3,
        )
        expected = json.loads(msgspec.json.encode(listed))
        assert await page_of(rooms, fields) == expected, "rendered on reading"
        await rooms.store.write(lambda tx: pieces.render_missing(tx, halves.own_half))
        assert await page_of(rooms, fields) == expected, "kept"


@pytest.mark.parametrize("of", ["machines", "catalogs", "delivery_groups", "zones"])
async def test_another_name_is_shown_at_once(rooms: Any, of: str) -> None:
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    await rooms.store.write(lambda tx: pieces.render_missing(tx, halves.own_half))
    renamed = update(getattr(schema, of)).values(name="FOOTLIGHT\\OTHER")
    await rooms.store.write(lambda tx: tx.connection.execute(renamed) and None)
    (shown,) = (await page_of(rooms))["Items"]
    row = await rooms.store.read(lambda c: queries.get(c, rooms.admin, made.session_id))
    assert shown == json.loads(halves.body(row, NOTHING))
    assert "OTHER" in str(shown)
    if of == "machines":
        assert shown["UntrustedUserName"] == "other\\fl-ada"
