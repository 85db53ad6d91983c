from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

from footlight.access import roles, tokens
from footlight.api import events
from footlight.caller import FULL_GRANT
from footlight.store import outbox, schema


async def take(stream: Any, count: int) -> list[dict[str, Any]]:
    """The next `count` events; comments are passed over."""
    taken: list[dict[str, Any]] = []
    async for message in stream:
        if message.data is not None:
            taken.append({**json.loads(message.data), "eventId": message.id})
        if len(taken) == count:
            await stream.aclose()
            return taken
    return taken


async def emit(door: Any, kind: str, account_id: str | None = None) -> None:
    await door.rooms.store.write(lambda tx: tx.emit(kind, f"{kind}-id", account_id))


async def last(door: Any) -> int:
    rows = await door.rooms.store.read(lambda c: list(c.execute(schema.outbox.select())))
    return max(row.seq for row in rows)


async def test_changes_arrive_in_order_with_their_ids(door: Any) -> None:
    position = await last(door)
    await emit(door, "session")
    await emit(door, "recording")
    stream = events._stream(door.parts, door.rooms.admin, position)
    first, second = await take(stream, 2)
    assert (first["kind"], second["kind"]) == ("session", "recording")
    assert first["eventId"] == str(first["seq"]) == str(position + 1)


async def test_it_resumes_after_the_event_that_was_seen(door: Any) -> None:
    position = await last(door)
    for kind in ("a", "b", "c"):
        await emit(door, kind)
    stream = events._stream(door.parts, door.rooms.admin, position + 1)
    assert [e["kind"] for e in await take(stream, 2)] == ["b", "c"]


async def test_a_user_hears_only_of_what_is_its_own(door: Any) -> None:
    ada = await door.rooms.account("ada")
    position = await last(door)
    await emit(door, "others")
    await emit(door, "recording", None)
    await emit(door, "session", ada.id)
    stream = events._stream(door.parts, door.rooms.caller(ada), position)
    assert [e["kind"] for e in await take(stream, 1)] == ["session"]


async def test_the_stream_ends_so_that_its_token_is_looked_at_again(
    door: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(events, "KEEPALIVE_S", 0.05)
    now = door.rooms.clock.now_ms()
    ticks = iter([now, now, now, now + events.STREAM_S * 1000])
    parts = SimpleNamespace(
        clock=SimpleNamespace(now_ms=lambda: next(ticks)),
        watch=door.parts.watch,
        access=door.parts.access,
    )
    comments = [m.comment async for m in events._stream(parts, door.rooms.admin, 2**40)]
    assert comments == ["footlight events", "still here", "still here"]


async def test_changes_that_are_forgotten_are_a_gap(door: Any) -> None:
    position = await last(door)
    for kind in ("a", "b", "c"):
        await emit(door, kind)
    await door.rooms.store.write(lambda tx: outbox.forget(tx, 2**50))
    stream = events._stream(door.parts, door.rooms.admin, position)
    gap, event = await take(stream, 2)
    assert (gap["kind"], gap["seq"], gap["eventId"]) == ("gap", position + 2, str(position + 2))
    assert (event["kind"], event["seq"]) == ("c", position + 3)
    # Who comes again after the gap is told of it no more.
    assert [e["kind"] for e in await take(resumed(door, position + 2), 1)] == ["c"]


def resumed(door: Any, position: int) -> Any:
    return events._stream(door.parts, door.rooms.admin, position)


async def test_a_reader_far_behind_is_told_all_in_bounded_pieces(
    door: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(events, "AT_ONCE", 7)
    position = await last(door)
    for number in range(20):
        await emit(door, f"k{number}")
    taken = await take(resumed(door, position), 20)
    assert [e["kind"] for e in taken] == [f"k{number}" for number in range(20)]


async def test_a_wrong_last_event_id_is_refused(door: Any) -> None:
    headers = {**door.headers, "Last-Event-ID": "soon"}
    answer = await door.client.get("/footlight/v1/events", headers=headers)
    assert answer.status_code == 400


async def test_rights_that_go_go_from_streams_that_run(door: Any) -> None:
    ada = await door.rooms.account("ada")
    await door.rooms.store.write(lambda tx: roles.make_full(tx, ada.id))
    position = await last(door)
    caller = door.rooms.caller(ada, grants=(FULL_GRANT,))
    stream = events._stream(door.parts, caller, position)
    await emit(door, "session")
    assert (await take_one(stream))["kind"] == "session"
    off = schema.administrators.update().values(enabled=False)
    chosen = off.where(schema.administrators.c.account_id == ada.id)
    await door.rooms.store.write(lambda tx: tx.connection.execute(chosen) and None)
    await emit(door, "session")
    await emit(door, "session", ada.id)
    assert (await take_one(stream))["seq"] == position + 3
    await door.rooms.store.write(lambda tx: tokens.revoke(tx, caller.token_id, 2**50))
    await emit(door, "session", ada.id)
    assert [message async for message in stream] == []


async def take_one(stream: Any) -> dict[str, Any]:
    async for message in stream:
        if message.data is not None:
            return dict(json.loads(message.data))
    raise AssertionError("the stream has ended")
