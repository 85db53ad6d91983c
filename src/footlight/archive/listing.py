"""Lists of recordings: what is chosen, in which order, page by page."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import msgspec
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
)

from footlight.archive.catalogue import FINAL
from footlight.archive.expiry import DAY_MS, is_held
from footlight.archive.retention import class_of
from footlight.caller import Caller
from footlight.errors import Invalid
from footlight.sessions import operators, wildcards
from footlight.sessions.paging import damaged
from footlight.store import schema, sight
from footlight.store.schema_keeping import retention_classes as _c
from footlight.store.text import fold, folded

_r = schema.recordings

MAX_TEXT_CHARACTERS = 256
STATES = ("recording", *FINAL)
_SORTED: dict[str, ColumnElement[Any]] = {
    "startedAt": func.coalesce(_r.c.started_at_ms, 0),
    "endedAt": func.coalesce(_r.c.ended_at_ms, 0),
    "durationMs": _r.c.duration_ms,
    "sizeBytes": _r.c.size_bytes,
    "userName": folded(_r.c.user_name),
    "machineName": folded(_r.c.machine_name),
    "resourceName": folded(_r.c.resource_name),
}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a list is to hold; None: any. Texts may have the wildcards of CVAD's search and mean a part of the
    member. `since_ms`, `until_ms`: the recording was running then. `text`: in any of its members."""

    session_id: str | None = None
    user: str | None = None
    machine: str | None = None
    resource: str | None = None
    state: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None
    reason: str | None = None
    retention_class: str | None = None
    held: bool | None = None
    text: str | None = None

    @property
    def name(self) -> str:
        """Another for each other list."""
        return repr([getattr(self, one.name) for one in fields(self)])


class Place(msgspec.Struct, frozen=True, array_like=True):
    """The last row of a page: its value in the sort, and its uid."""

    value: int | str
    uid: int

    @staticmethod
    def read(raw: bytes) -> Place:
        """Of a token. Raises Invalid."""
        try:
            return msgspec.msgpack.decode(raw, type=Place)
        except msgspec.DecodeError:
            raise damaged() from None


def page(
    connection: Connection,
    caller: Caller,
    wanted: Wanted,
    sort: str | None,
    limit: int,
    after: Place | None,
) -> tuple[list[Row[Any]], Place | None]:
    """Begun recordings, as `described`, and where the next page begins. `sort`: a member, with `-` before it the
    largest first; None: the newest first. Raises Invalid."""
    query = described().where(sight.recordings(caller), *conditions(wanted))
    key, falling = _order(sort)
    if after is not None:
        query = query.where(_beyond(key, falling, after))
    turned = [one.desc() if falling else one.asc() for one in (key, _r.c.uid)]
    rows = list(
        connection.execute(
            query.add_columns(key.label("sort_key")).order_by(*turned).limit(limit + 1)
        )
    )
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    return rows[:limit], Place(last.sort_key, last.uid)


def one(connection: Connection, caller: Caller, recording_id: str) -> Row[Any] | None:
    """One recording as `described`, if the caller may see it."""
    query = described().where(_r.c.id == recording_id.lower(), sight.recordings(caller))
    return connection.execute(query).first()


def described() -> Select[Any]:
    """Begun recordings with the name of their class, when that lets them go, and whether they are held."""
    expires = _r.c.ended_at_ms + cast(_c.c.keep_days, BigInteger) * DAY_MS
    columns = (
        func.coalesce(_c.c.name, _r.c.retention_class, "").label("class_name"),
        expires.label("expires_at_ms"),
        is_held().label("is_held"),
    )
    return select(_r, *columns).outerjoin(_c, class_of()).where(_r.c.started_at_ms.is_not(None))


def conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    """Of the rows that are wanted. Raises Invalid."""
    found = [
        contains(column, text, name)
        for column, text, name in (
            (_r.c.user_name, wanted.user, "user"),
            (_r.c.machine_name, wanted.machine, "machine"),
            (_r.c.resource_name, wanted.resource, "resource"),
        )
        if text
    ]
    if wanted.text:
        places = ("user_name", "machine_name", "resource_name", "reason", "ordered_by", "error")
        spelled = wanted.text
        found.append(or_(*(contains(_r.c[one], spelled, "text") for one in places)))
    if wanted.session_id is not None:
        found.append(_r.c.session_id == wanted.session_id.lower())
    if wanted.reason is not None:
        found.append(folded(_r.c.reason) == fold(wanted.reason))
    if wanted.since_ms is not None:
        found.append(func.coalesce(_r.c.ended_at_ms, literal(2**62)) >= wanted.since_ms)
    if wanted.until_ms is not None:
        found.append(_r.c.started_at_ms < wanted.until_ms)
    if wanted.retention_class is not None:
        found.append(_c.c.name_key == fold(wanted.retention_class))
    if wanted.held is not None:
        found.append(is_held() if wanted.held else ~is_held())
    return [*found, *_in_state(wanted.state)]


def contains(column: ColumnElement[Any], text: str, name: str) -> ColumnElement[bool]:
    """Whether the text stands somewhere in the column, in any case, with wildcards. Raises Invalid."""
    if len(text) > MAX_TEXT_CHARACTERS or "\0" in text:
        raise Invalid(f"{name} is too long.", name=name, problem="tooLong")
    return operators.matches(column, wildcards.within(wildcards.parse(text.lower())))


def _in_state(state: str | None) -> list[ColumnElement[bool]]:
    if state is None:
        return []
    if state not in STATES:
        raise Invalid(f"state is one of {', '.join(STATES)}.", name="state", problem="invalidEnum")
    return [_r.c.status == state if state in FINAL else _r.c.status.not_in(FINAL)]


def _order(sort: str | None) -> tuple[ColumnElement[Any], bool]:
    """What rows are ordered by, and whether the largest come first. Raises Invalid."""
    if sort is None:
        return _r.c.uid, True
    member = sort.removeprefix("-")
    if member not in _SORTED:
        raise Invalid(
            f"sort is one of {', '.join(_SORTED)}, or one with - before it.",
            name="sort",
            problem="invalidEnum",
        )
    return _SORTED[member], sort.startswith("-")


def _beyond(key: ColumnElement[Any], falling: bool, after: Place) -> ColumnElement[bool]:
    uid = _r.c.uid
    if falling:
        return or_(key < after.value, and_(key == after.value, uid < after.uid))
    return or_(key > after.value, and_(key == after.value, uid > after.uid))
