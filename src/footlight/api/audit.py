"""The audit chain over our own API: its entries, and whether it is whole."""

from __future__ import annotations

from datetime import UTC
from typing import Any, get_args

import msgspec
from litestar import Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import ColumnElement, select

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.audit import listing
from footlight.audit.lines import Line, line
from footlight.audit.listing import Wanted
from footlight.audit.log import Kind
from footlight.audit.verification import Result, verify_store
from footlight.caller import Permission
from footlight.errors import Invalid, NotFound
from footlight.sessions import operators, wildcards
from footlight.sessions.paging import PageToken, read_token, write_token
from footlight.store import schema
from footlight.wire.own import AuditEntry, AuditPage, OwnModel
from footlight.wire.rest.dates import read_date

routes = Routes(cvad=False)
BASE = "/footlight/v1/audit"
MAX_TEXT_CHARACTERS = 256
_a = schema.audit


class _Page(OwnModel, frozen=True):
    """AuditPage, whose entries keep the bytes that were hashed."""

    items: list[Line]
    continuation_token: str | None


_KINDS = {kind.lower(): kind for kind in get_args(Kind)}


@routes.add("GET", BASE, gives=AuditPage, statuses=(200, 400, 401, 403))
async def list_entries(
    caller: GivenCaller,
    parts: GivenParts,
    kind: FromQuery[str | None] = None,
    text: FromQuery[str | None] = None,
    objectId: FromQuery[str | None] = None,
    after: FromQuery[int | None] = None,
    since: FromQuery[str | None] = None,
    until: FromQuery[str | None] = None,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> Response[bytes]:
    """Entries, the newest first; with `after` those beyond that number, the oldest first. `since` and `until` (not
    itself among them) are times in RFC 3339."""
    caller.require_everywhere(Permission.LOG_READ)
    size = page_limit(limit, 100, 1000)
    condition = (*_condition(kind, text, objectId), *_span(since, until))
    oldest_first = after is not None
    if after is not None and after < 0:
        raise Invalid("after is the number of an entry.", name="after", problem="outOfRange")
    key = parts.site.token_key
    name = f"audit:{oldest_first}:{kind}:{objectId}:{since}:{until}:{text}"
    token = read_token(key, name, continuationToken) if continuationToken else None
    beyond = token.after_uid if token is not None else after
    page = await parts.store.read(
        lambda c: listing.page(c, Wanted(condition, not oldest_first), size, beyond, 0)
    )
    following = PageToken(page.rows[-1].seq, 0) if page.more else None
    return _json(
        _Page(
            items=[line(row) for row in page.rows],
            continuation_token=write_token(key, name, following) if following else None,
        )
    )


@routes.add("GET", BASE + "/verification", statuses=(200, 401, 403))
async def verify(caller: GivenCaller, parts: GivenParts) -> Result:
    """Whether the chain is whole, against the head that the site has signed."""
    caller.require_everywhere(Permission.LOG_READ)
    return await verify_store(parts.store, parts.audit_head)


@routes.add("GET", BASE + "/{id}", gives=AuditEntry, statuses=(200, 401, 403, 404))
async def get_entry(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> Response[bytes]:
    """One entry, by its id or its number."""
    caller.require_everywhere(Permission.LOG_READ)
    name = decode_parameter(id).lower()
    number = name.isascii() and name.isdecimal() and len(name) < 19
    chosen = _a.c.seq == int(name) if number else _a.c.id == name
    row = await parts.store.read(lambda c: c.execute(select(_a).where(chosen)).first())
    if row is None:
        raise NotFound("There is no such entry.", entityType="AuditEntry", id=name[:256])
    return _json(line(row))


def _condition(
    kind: str | None, text: str | None, object_id: str | None
) -> tuple[ColumnElement[bool], ...]:
    """Raises Invalid."""
    found: list[ColumnElement[bool]] = []
    if kind:
        if kind.lower() not in _KINDS:
            raise Invalid(f"There is no kind {kind[:64]!r}.", name="kind", problem="invalidEnum")
        found.append(_a.c.kind == _KINDS[kind.lower()])
    if text:
        found.append(text_condition(text))
    if object_id:
        found.append(_a.c.object_id == object_id.lower())
    return tuple(found)


def _span(since: str | None, until: str | None) -> list[ColumnElement[bool]]:
    """Raises Invalid."""
    found: list[ColumnElement[bool]] = []
    if since:
        found.append(_a.c.at_ms >= _at(since, "since"))
    if until:
        found.append(_a.c.at_ms < _at(until, "until"))
    return found


def _at(text: str, name: str) -> int:
    at_ms = read_date(text, UTC)
    if at_ms is None:
        raise Invalid(f"{name} is a time in RFC 3339.", name=name, value=text[:64])
    return at_ms


def text_condition(text: str) -> ColumnElement[bool]:
    """Entries whose text fits, in any case; `*` stands for any run of characters. Raises Invalid."""
    if len(text) > MAX_TEXT_CHARACTERS:
        raise Invalid("text is too long.", name="text", problem="tooLong")
    pattern = wildcards.parse(text.lower())
    plain = wildcards.is_plain(pattern)
    return operators.matches(_a.c.text, wildcards.within(pattern) if plain else pattern)


def _json(value: Any) -> Response[bytes]:
    return Response(msgspec.json.encode(value), media_type="application/json")
