"""A piece that is kept says what its row says, whoever has changed the row and however."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, select, update

from footlight.api import halves
from footlight.api.container_scopes import NOTHING
from footlight.broker.decision import LaunchRequest
from footlight.errors import Unavailable
from footlight.sessions import actions, pieces, queries
from footlight.sessions import pieces as room
from footlight.sessions.pieces import Renderer
from footlight.store import schema

_s = schema.sessions
_p = schema.session_pieces
_k = schema.session_keys
_y = schema.recording_reasons
NOT_SHOWN = {"limit_warned_ms", "launch_moments", "first_picture_ms", "launch", "generation",
             "wanted_trace", "wanted_transaction", "wanted_pre_roll_s", "asked_from",
             "events_recording_id",
             "wanted_end_reason", "wanted_disconnects", "wanted_recording_id",
             "reported_generation", "disconnects", "display", "recording_live", "end_reason", "exit_code",
             "exit_detail", "idle_since_ms",
             "wanted_manager_restarts", "manager_restarts", "logon", "viewers"}  # fmt: skip
# Changed below, in ways that rows allow; but for the last, which is written once.
FIXED = {"uid", "account_id", "machine_id", "ended_at_ms", "is_anonymous"}


@pytest.fixture
async def crowd(rooms: Any) -> Any:
    """Three sessions of the administrator and, second, one of ada's."""
    ada = rooms.caller(await rooms.account("ada"))
    ids = []
    for who, resource in ((rooms.admin, "Desktop"), (ada, "Terminal"), (rooms.admin, "Terminal"),
                          (rooms.admin, "Desktop")):  # fmt: skip
        made = await rooms.launcher.launch(who, LaunchRequest(resource, new=True))
        ids.append(made.session_id)
    rooms.host.silent = True
    return SimpleNamespace(rooms=rooms, store=rooms.store, admin=rooms.admin, ada=ada, ids=ids)


def render_all(tx: Any) -> None:
    while room.render_missing(tx, halves.own_half):
        continue


def check(connection: Any) -> None:
    """What stands beside the sessions is what would be made of them now; what is kept, too."""
    live = {
        row.uid: row
        for row in connection.execute(queries.joined().where(_s.c.ended_at_ms.is_(None)))
    }
    kept = {row.uid: row for row in connection.execute(select(_p))}
    keys = {row.uid: row for row in connection.execute(select(_k))}
    why = {row.session_id: row.health for row in connection.execute(select(_y))}
    assert set(live) == set(kept) == set(keys)
    for uid, row in live.items():
        assert kept[uid].machine_uid == keys[uid].machine_uid == row.m_uid
        assert kept[uid].piece in (None, halves.own_half(row))
        assert keys[uid]._mapping.items() >= keys_of(row, why.get(row.id)).items()


def keys_of(row: Any, health: str | None) -> dict[str, Any]:
    def low(text: str | None) -> str | None:
        return text and text.lower()

    application = row.resource_name if row.app_state == "Active" else None
    words = (row.user_name, row.user_display_name, row.linux_user or "", row.client_name,
             row.client_address or "", application or "")  # fmt: skip
    exact = ("account_id", "state", "app_state", "state_changed_at_ms", "started_at_ms")
    texts = ("user_name", "user_display_name", "resource_name", "client_name", "client_version",
             "client_address", "connected_via_ip", "launched_via_ip", "launched_via_host", "linux_user")  # fmt: skip
    return {
        **{name: getattr(row, name) for name in exact},
        **{name: low(getattr(row, name)) for name in texts},
        "application": low(application),
        "words": low("\n".join(words)),
        "recording_live": row.recording_live,
        "recording_told": bool(row.r_notify),
        "recording_health": health,
    }


def value_for(column: Any, number: int) -> Any:
    if isinstance(column.type, Boolean):
        return bool(number % 2)
    if column.type.python_type is int:
        return number
    return None if column.nullable and number % 3 == 0 else f"Ünlike {number}"[: column.type.length]


async def test_every_column_that_changes(crowd: Any) -> None:
    """Whether a piece is dropped, by the column that changes."""
    row = await crowd.store.read(lambda c: queries.row(c, crowd.ids[1]))

    def write(tx: Any) -> dict[str, bool]:
        dropped = {}
        for name in sorted({column.name for column in _s.columns} - FIXED):
            for number in (1, 2, 3):
                render_all(tx)
                values = {name: value_for(_s.c[name], number)}
                tx.connection.execute(update(_s).where(_s.c.uid == row.uid).values(values))
                check(tx.connection)
                missing = select(_p.c.uid).where(_p.c.piece.is_(None))
                dropped[name] = tx.connection.execute(missing).first() is not None
        return dropped

    dropped = await crowd.store.write(write)
    assert {name for name, old in dropped.items() if not old} == NOT_SHOWN


@pytest.mark.parametrize(
    "columns", [{"ended_at_ms": 5}, {"uid": 4_000_000}, {"account_id": "admin"}], ids=str
)
async def test_what_rarely_changes(crowd: Any, columns: dict[str, Any]) -> None:
    def write(tx: Any) -> None:
        render_all(tx)
        values = {
            name: crowd.admin.account_id if value == "admin" else value
            for name, value in columns.items()
        }
        tx.connection.execute(update(_s).where(_s.c.id == crowd.ids[1]).values(values))
        check(tx.connection)
        if "ended_at_ms" in columns:  # it was alive after all
            tx.connection.execute(update(_s).values(ended_at_ms=None))
            check(tx.connection)
        tx.connection.execute(_s.delete().where(_s.c.id == crowd.ids[1]))
        check(tx.connection)

    await crowd.store.write(write)


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["hide", "unhide", "end", "withdraw", "disconnect", "rename", "render", "forget", "report"]),
        st.integers(0, 3),
    ),
    max_size=12,
)  # fmt: skip


@given(steps=_STEPS)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_all_that_the_rooms_do(crowd: Any, steps: list[tuple[str, int]]) -> None:
    class Undone(Exception):
        pass

    def write(tx: Any) -> None:
        for what, number in steps:
            one = crowd.ids[number]
            match what:
                case "hide" | "unhide":
                    actions.set_hidden(tx, one, what == "hide")
                case "end":
                    actions.want_end(tx, one, "why")
                case "withdraw":
                    actions.withdraw_end(tx, one)
                case "disconnect":
                    actions.want_disconnect(tx, one)
                case "rename":
                    name = f"FOOTLIGHT\\N{number}"
                    tx.connection.execute(update(schema.machines).values(name=name))
                case "forget":
                    tx.connection.execute(update(_s).where(_s.c.id == one).values(ended_at_ms=1))
                    actions.forget_old(tx)
                case "report":
                    state = {"state": "Active", "client_name": f"PC{number}", "phase": "running"}
                    tx.connection.execute(update(_s).where(_s.c.id == one).values(state))
                case _:
                    render_all(tx)
            check(tx.connection)
        raise Undone

    with pytest.raises(Undone):
        await crowd.store.write(write)


async def listed(crowd: Any, who: Any, limit: int, *position: int, **more: Any) -> Any:
    return await crowd.store.read(lambda c: pieces.live_page(c, who, limit, *position, **more))


async def ids_of(crowd: Any, page: Any) -> list[str]:
    return [json.loads(body)["Id"] for body in halves.bodies(page.pieces, NOTHING)]


async def test_pages_are_in_order_of_uid_with_the_total(crowd: Any) -> None:
    first = await listed(crowd, crowd.admin, 3)
    assert await ids_of(crowd, first) == crowd.ids[:3]
    assert first.total == 4
    rest = await listed(crowd, crowd.admin, 3, first.last_uid, 77)
    assert await ids_of(crowd, rest) == crowd.ids[3:]
    assert (rest.last_uid, rest.total) == (None, 77), "counted on the first page only"


async def test_a_user_sees_its_own(crowd: Any) -> None:
    page = await listed(crowd, crowd.ada, 10)
    assert await ids_of(crowd, page) == [crowd.ids[1]]
    assert (page.last_uid, page.total) == (None, 1)


async def test_of_an_application(crowd: Any) -> None:
    row = await crowd.store.read(lambda c: queries.row(c, crowd.ids[1]))
    of = queries.of_application(row.resource_id)
    page = await listed(crowd, crowd.admin, 1, of=of)
    assert (await ids_of(crowd, page), page.total) == ([crowd.ids[1]], 2)
    page = await listed(crowd, crowd.ada, 5, of=of)
    assert (await ids_of(crowd, page), page.total) == ([crowd.ids[1]], 1)


async def test_an_ended_one_is_listed_no_more(crowd: Any) -> None:
    change = update(_s).where(_s.c.id == crowd.ids[0]).values(ended_at_ms=5)
    await crowd.store.write(lambda tx: tx.connection.execute(change) and None)
    page = await listed(crowd, crowd.admin, 10)
    assert (await ids_of(crowd, page), page.total) == (crowd.ids[1:], 3)


async def missing(crowd: Any) -> int:
    query = select(_p.c.uid).where(_p.c.piece.is_(None))
    return len(await crowd.store.read(lambda c: c.execute(query).all()))


async def all_rendered(crowd: Any) -> None:
    for _ in range(1000):
        if await missing(crowd) == 0:
            return
        await asyncio.sleep(0.01)
    pytest.fail("pieces are missing still")


async def test_the_renderer_writes_what_is_missing(
    crowd: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "PAUSE_S", 0.01)
    monkeypatch.setattr(room, "RENDERED_AT_ONCE", 3)
    renderer = Renderer(crowd.store, halves.own_half)
    await renderer.start("shape")
    try:
        await all_rendered(crowd)
        await crowd.store.write(lambda tx: actions.set_hidden(tx, crowd.ids[0], True))
        await all_rendered(crowd)
        await crowd.store.read(check)
    finally:
        await renderer.stop()


async def test_a_database_that_is_away_is_told_of_by_the_store_alone(
    crowd: Any, monkeypatch: pytest.MonkeyPatch, error_logs: list[dict[str, Any]]
) -> None:
    monkeypatch.setattr(room, "LOOK_AGAIN_S", 0.01)
    tried: list[int] = []
    renderer = Renderer(crowd.store, halves.own_half)
    await renderer.start("shape")
    try:
        await all_rendered(crowd)

        async def away(work: Any) -> None:
            tried.append(1)
            raise Unavailable("The database does not answer.")

        monkeypatch.setattr(crowd.store, "write", away)
        monkeypatch.setattr(crowd.store, "read", away)
        for _ in range(500):
            if len(tried) > 2:
                break
            await asyncio.sleep(0.01)
        assert len(tried) > 2, "it goes on"
        assert error_logs == []
    finally:
        monkeypatch.undo()
        await renderer.stop()


async def test_pieces_of_another_release_are_dropped(crowd: Any) -> None:
    renderer = Renderer(crowd.store, lambda row: b"old")
    await crowd.store.write(lambda tx: room.render_missing(tx, lambda row: b"old") and None)
    for shape, left in (("old", 4), ("old", 0), ("new", 4)):
        await renderer.start(shape)
        await renderer.stop()
        assert await missing(crowd) == left, shape
        await crowd.store.write(lambda tx: room.render_missing(tx, lambda row: b"old") and None)


async def test_a_server_of_another_release_that_starts_later_renders_alone(crowd: Any) -> None:
    before = Renderer(crowd.store, lambda row: b"old")
    await before.start("old")
    await before.stop()
    await crowd.store.write(lambda tx: room._drop_others(tx, "new"))
    await crowd.store.write(lambda tx: actions.set_hidden(tx, crowd.ids[0], True))
    assert await missing(crowd) == 4


async def test_a_change_is_rendered_in_its_transaction(crowd: Any) -> None:
    renderer = Renderer(crowd.store, halves.own_half)  # not started

    def hide(tx: Any) -> None:
        for one in crowd.ids:
            actions.set_hidden(tx, one, True)

    await crowd.store.write(hide)
    assert await missing(crowd) == 0
    await crowd.store.read(check)
    await renderer.stop()


async def test_a_change_of_many_is_not_held_up(crowd: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "RENDERED_IN_PLACE", 3)
    Renderer(crowd.store, halves.own_half)
    await crowd.store.write(lambda tx: actions.set_hidden(tx, crowd.ids[0], True))
    assert await missing(crowd) == 4


@pytest.mark.expects_errors
async def test_what_cannot_be_rendered_holds_up_nothing(
    crowd: Any, error_logs: list[dict[str, Any]]
) -> None:
    def render(row: Any) -> bytes:
        if row.id == crowd.ids[1]:
            raise RuntimeError("a fault")
        return halves.own_half(row)

    Renderer(crowd.store, render)
    await crowd.store.write(lambda tx: actions.set_hidden(tx, crowd.ids[0], True))
    assert await missing(crowd) == 1
    assert [error["session"] for error in error_logs] == [crowd.ids[1]]
    assert await crowd.store.write(lambda tx: room.render_missing(tx, render)) == 0, "no haste"
