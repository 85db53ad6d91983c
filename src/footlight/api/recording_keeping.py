"""Legal holds on recordings, their deletion, and what is left of deleted ones."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar.params import FromPath, FromQuery, JSONBody
from sqlalchemy import Row, select

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.recording_views import BASE, allowed, seen
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.archive import catalogue, deletion, holds
from footlight.archive.holds import checked_reason
from footlight.audit.tombstone import Signed
from footlight.caller import Permission
from footlight.errors import NotFound
from footlight.sessions.paging import PageToken, read_token, write_token
from footlight.store import sight
from footlight.store.schema_keeping import recording_tombstones as _t
from footlight.store.store import Tx
from footlight.wire.recordings import (
    HoldList,
    HoldView,
    NewHold,
    TombstonePage,
    TombstoneView,
)
from footlight.wire.rest.dates import rfc3339, rfc3339_of

routes = Routes(cvad=False)
HOLDS = BASE + "/{id}/holds"
TOMBSTONES = BASE + "/tombstones"
_DELETE = Permission.DELETE_RECORDINGS


@routes.add("GET", HOLDS, statuses=(200, 401, 404))
async def list_holds(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> HoldList:
    """The legal holds of a recording."""
    row = await seen(caller, parts, id)
    found = await parts.store.read(lambda c: holds.of_recording(c, row.id))
    return HoldList(items=[_hold(one) for one in found])


@routes.add("POST", HOLDS, status=201, statuses=(201, 400, 401, 403, 404, 409))
async def place_hold(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], data: JSONBody[NewHold]
) -> HoldView:
    """Place a legal hold: the recording is not deleted as long as it has one."""
    row = await allowed(caller, parts, id, _DELETE)

    def write(tx: Tx) -> Row[Any]:
        if catalogue.row(tx.connection, row.id) is None:
            raise NotFound("There is no such recording.", entityType="Recording", id=row.id)
        return holds.place(tx, caller, row, data.reason)

    return _hold(await parts.store.write(write))


@routes.add("DELETE", HOLDS + "/{hold}", status=204, statuses=(204, 401, 403, 404))
async def release_hold(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], hold: FromPath[str]
) -> None:
    """Release one hold."""
    row = await allowed(caller, parts, id, _DELETE)
    hold_id = decode_parameter(hold)
    await parts.store.write(lambda tx: holds.release(tx, caller, row, hold_id))


@routes.add("DELETE", BASE + "/{id}", statuses=(200, 400, 401, 403, 404, 409))
async def delete_recording(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], reason: FromQuery[str] = ""
) -> TombstoneView:
    """Delete an ended recording; a signed tombstone is left. 409 on legal hold, while it runs, and while its host has
    not stored all of it."""
    row = await allowed(caller, parts, id, _DELETE)
    checked_reason(reason)
    if row.status in catalogue.FINAL:
        await deletion.require_stored(parts.objects, row, parts.clock.now_ms())
    undertaker = parts.undertaker
    await parts.store.write(lambda tx: undertaker.bury(tx, row.id, caller, reason))
    await parts.kept.forget(row.id)
    await deletion.remove_files(parts.store, parts.objects, row.id)
    left = await parts.store.read(
        lambda c: c.execute(select(_t).where(_t.c.recording_id == row.id)).one()
    )
    return _tombstone(left)


@routes.add("GET", TOMBSTONES, statuses=(200, 400, 401))
async def list_tombstones(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> TombstonePage:
    """What is left of deleted recordings, the last deleted first."""
    size = page_limit(limit, 100, 1000)
    key, name = parts.site.token_key, "tombstones"
    before = read_token(key, name, continuationToken).after_uid if continuationToken else 2**62
    query = select(_t).where(sight.recordings(caller, table=_t), _t.c.uid < before)
    chosen = query.order_by(_t.c.uid.desc()).limit(size + 1)
    rows = await parts.store.read(lambda c: list(c.execute(chosen)))
    following = PageToken(rows[size - 1].uid, 0) if len(rows) > size else None
    return TombstonePage(
        items=[_tombstone(row) for row in rows[:size]],
        continuation_token=write_token(key, name, following) if following else None,
    )


@routes.add("GET", TOMBSTONES + "/{id}", statuses=(200, 401, 404))
async def get_tombstone(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> TombstoneView:
    """What is left of one deleted recording, by the recording's id."""
    recording_id = decode_parameter(id).lower()
    query = select(_t).where(_t.c.recording_id == recording_id, sight.recordings(caller, table=_t))
    row = await parts.store.read(lambda c: c.execute(query).first())
    if row is None:
        raise NotFound("There is no such tombstone.", entityType="Tombstone", id=recording_id[:256])
    return _tombstone(row)


def _hold(row: Row[Any]) -> HoldView:
    return HoldView(
        id=row.id,
        reason=row.reason,
        placed_by=row.placed_by,
        placed_at=rfc3339_of(row.placed_at_ms),
    )


def _tombstone(row: Row[Any]) -> TombstoneView:
    said = msgspec.structs.asdict(Signed(row.body, row.signature).read())
    told = {one.name for one in msgspec.structs.fields(TombstoneView)}
    return TombstoneView(
        **{name: value for name, value in said.items() if name in told},
        files_gone_at=rfc3339(row.objects_gone_at_ms),
        signed=row.body,
        signature=row.signature,
    )
