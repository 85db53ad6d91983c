"""Retention classes, and what they would delete."""

from __future__ import annotations

from typing import Any

from litestar.params import FromPath, JSONBody
from sqlalchemy import Connection, Row, func, select

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.recording_views import BASE, moment
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.archive import retention
from footlight.archive.expiry import Trial, due
from footlight.archive.retention import MAX_KEEP_DAYS, RetentionClass
from footlight.caller import Permission
from footlight.errors import Invalid
from footlight.store import schema, sight
from footlight.store.store import Tx
from footlight.wire.recordings import (
    DueView,
    NewRetentionClass,
    RetentionClassChange,
    RetentionClassList,
    RetentionClassView,
    RetentionPreview,
    RetentionTrial,
)
from footlight.wire.rest.dates import rfc3339

routes = Routes(cvad=False)
CLASSES = "/footlight/v1/retention-classes"
ONE = CLASSES + "/{name}"


@routes.add("GET", CLASSES, statuses=(200, 401, 403))
async def list_classes(caller: GivenCaller, parts: GivenParts) -> RetentionClassList:
    """All retention classes."""
    retention.require_reader(caller)
    found = await parts.store.read(retention.every)
    return RetentionClassList(items=[_view(one) for one in found])


@routes.add("POST", CLASSES, status=201, statuses=(201, 400, 401, 403, 409))
async def create_class(
    caller: GivenCaller, parts: GivenParts, data: JSONBody[NewRetentionClass]
) -> RetentionClassView:
    """A new retention class. Made the default it is that of recordings whose policy names none, from now on."""
    wanted = RetentionClass(data.name, data.description, data.keep_days, data.is_default)
    return _view(await parts.store.write(lambda tx: retention.create(tx, caller, wanted)))


@routes.add("GET", ONE, statuses=(200, 401, 403, 404))
async def get_class(
    caller: GivenCaller, parts: GivenParts, name: FromPath[str]
) -> RetentionClassView:
    """One retention class, by its name."""
    retention.require_reader(caller)
    return _view(await parts.store.read(lambda c: retention.find(c, decode_parameter(name))))


@routes.add("PATCH", ONE, statuses=(200, 400, 401, 403, 404, 409))
async def change_class(
    caller: GivenCaller,
    parts: GivenParts,
    name: FromPath[str],
    data: JSONBody[RetentionClassChange],
) -> RetentionClassView:
    """Keep recordings of the class longer or shorter: also those that there are."""

    def write(tx: Tx) -> RetentionClass:
        before = retention.find(tx.connection, decode_parameter(name))
        wanted = RetentionClass(
            before.name,
            before.description if data.description is None else data.description,
            data.keep_days,
            before.is_default if data.is_default is None else data.is_default,
        )
        return retention.change(tx, caller, before.name, wanted)

    caller.require_everywhere(Permission.RECORDING_POLICY)
    return _view(await parts.store.write(write))


@routes.add("DELETE", ONE, status=204, statuses=(204, 401, 403, 404, 409))
async def delete_class(caller: GivenCaller, parts: GivenParts, name: FromPath[str]) -> None:
    """Remove a retention class that no recording has."""
    await parts.store.write(lambda tx: retention.delete(tx, caller, decode_parameter(name)))


@routes.add("POST", BASE + "/retention/preview", statuses=(200, 400, 401, 403, 404))
async def preview_retention(
    caller: GivenCaller, parts: GivenParts, data: JSONBody[RetentionTrial | None] = None
) -> RetentionPreview:
    """What would be deleted, of the recordings that the caller may delete. Nothing is."""
    caller.require(Permission.DELETE_RECORDINGS)
    wanted = data or RetentionTrial()
    limit = page_limit(wanted.limit, 100, 1000)
    at_ms = moment(wanted.at, "at")
    days = wanted.keep_days
    if days is not None and not 1 <= days <= MAX_KEEP_DAYS:
        raise Invalid(f"keepDays is 1 to {MAX_KEEP_DAYS}.", name="keepDays", problem="outOfRange")
    now_ms = parts.clock.now_ms() if at_ms is None else at_ms

    def read(connection: Connection) -> RetentionPreview:
        named = wanted.retention_class
        class_name = None if named is None else retention.find(connection, named).name
        query = due(Trial(now_ms, class_name, days)).where(
            sight.recordings(caller), sight.recordings(caller, Permission.DELETE_RECORDINGS)
        )
        counted = query.subquery()
        totals = {
            row.is_held: row
            for row in connection.execute(
                select(
                    counted.c.is_held,
                    func.count().label("recordings"),
                    func.sum(counted.c.size_bytes).label("size_bytes"),
                ).group_by(counted.c.is_held)
            )
        }
        rows = connection.execute(query.order_by(schema.recordings.c.uid).limit(limit))
        goes, stays = totals.get(False), totals.get(True)
        return RetentionPreview(
            items=[_due(row) for row in rows],
            recordings=goes.recordings if goes else 0,
            size_bytes=int(goes.size_bytes) if goes else 0,
            held_recordings=stays.recordings if stays else 0,
            held_size_bytes=int(stays.size_bytes) if stays else 0,
        )

    return await parts.store.read(read)


def _view(one: RetentionClass) -> RetentionClassView:
    return RetentionClassView(
        name=one.name,
        description=one.description,
        keep_days=one.keep_days,
        is_default=one.is_default,
    )


def _due(row: Row[Any]) -> DueView:
    return DueView(
        id=row.id,
        session_id=row.session_id,
        user_name=row.user_name,
        machine_name=row.machine_name,
        started_at=rfc3339(row.started_at_ms),
        ended_at=rfc3339(row.ended_at_ms),
        size_bytes=row.size_bytes,
        retention_class=row.class_name,
        expired_at=rfc3339(row.expires_at_ms),
        held=row.is_held,
    )
