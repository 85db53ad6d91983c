"""The configuration log. Source: rest-api.md section 7.5."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, timedelta, timezone
from typing import Any, get_args

import msgspec
from litestar import Request, Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import ColumnElement, Connection, Row, select

from footlight.api import render_log
from footlight.api.audit import text_condition
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.moments import check_time_zone, moment
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.tokens import page_limit
from footlight.audit import listing
from footlight.audit.listing import Wanted
from footlight.caller import Permission
from footlight.errors import Invalid
from footlight.sessions.moments import Moment
from footlight.sessions.paging import PageToken, read_token, write_token
from footlight.sessions.positions import Position, read_position, write_position
from footlight.site import config_log
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.config_log import (
    LogOperation,
    LogSearchRequest,
    LogSite,
    LogSiteUpdate,
    LowLevelOperation,
    OperationUpdate,
    Report,
    ReportFormat,
    ReportRange,
    ReportRequest,
)
from footlight.wire.rest.dates import read_date, rfc3339_of
from footlight.wire.rest.paging import DEFAULT_LIMIT, MAXIMUM_LIMIT, Collection
from footlight.wire.rest.search import SearchDateOption

routes = Routes(cvad=True)
Call = Request[Any, Any, Any]
MAX_DAYS = 36_500
WIDEST_OFFSET_S = 14 * 3600
MAX_REPORTED = 10_000  # operations, the newest
DAY_MS = 86_400_000
_a = schema.audit


@routes.add(
    "GET",
    "/ConfigLog/Operations",
    job="GetOperations",
    gives=Collection[LogOperation],
    statuses=(200, 400, 401, 403),
    reads=("X-TimeZone",),
)
async def list_operations(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    text: FromQuery[str | None] = None,
    days: FromQuery[int | None] = None,
    searchDateOption: FromQuery[str | None] = None,
    timeDiff: FromQuery[int | None] = None,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> Collection[LogOperation]:
    """Operations, the newest first."""
    caller.require_everywhere(Permission.LOG_READ)
    check_time_zone(request)
    size = page_limit(limit, DEFAULT_LIMIT, MAXIMUM_LIMIT)
    condition = [config_log.shown(), *_since(parts, days, searchDateOption, timeDiff or 0)]
    if text:
        condition.append(text_condition(text))
    key = parts.site.token_key
    name = f"operations:{text}:{days}:{searchDateOption}:{timeDiff}"
    after = read_token(key, name, continuationToken) if continuationToken else None

    def read(connection: Connection) -> tuple[list[LogOperation], listing.Page]:
        beyond, total = (after.after_uid, after.total) if after else (None, None)
        page = listing.page(connection, Wanted(tuple(condition)), size, beyond, total)
        return _operations(connection, page.rows), page

    items, page = await parts.store.read(read)
    following = PageToken(page.rows[-1].seq, page.total) if page.more else None
    return Collection(
        items=items,
        continuation_token=write_token(key, name, following) if following else None,
        total_items=page.total,
    )


@routes.add(
    "POST",
    "/ConfigLog/Operations/$search",
    job="DoOperationSearch",
    takes=LogSearchRequest,
    gives=Collection[LogOperation],
    statuses=(200, 400, 401, 403, 415),
    reads=("X-TimeZone",),
)
async def search_operations(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> Collection[LogOperation]:
    """The operations that match, in the order asked for; equal ones the newest first."""
    caller.require_everywhere(Permission.LOG_READ)
    size = page_limit(limit, DEFAULT_LIMIT, MAXIMUM_LIMIT)
    wanted = await json_body(request, LogSearchRequest)
    asked = config_log.translate(wanted, caller, moment(request, parts.clock.now_ms()))
    key = parts.site.token_key
    after = read_position(key, asked, continuationToken) if continuationToken else None

    def read(connection: Connection) -> tuple[list[LogOperation], int, Position | None]:
        numbers, total, end = config_log.page(connection, asked, size, after)
        chosen = select(_a).where(_a.c.seq.in_(numbers))
        rows = {row.seq: row for row in connection.execute(chosen)}
        return _operations(connection, [rows[number] for number in numbers]), total, end

    items, total, end = await parts.store.read(read)
    return Collection(
        items=items,
        continuation_token=write_position(key, asked, end) if end else None,
        total_items=total,
    )


@routes.add("POST", "/ConfigLog/Operations/$fetchExistingLabels", statuses=(200, 401, 403))
async def fetch_existing_labels(caller: GivenCaller, parts: GivenParts) -> list[str]:
    """The labels that operations have."""
    caller.require_everywhere(Permission.LOG_READ)
    return await parts.store.read(config_log.existing_labels)


@routes.add("GET", "/ConfigLog/Operations/{id}", statuses=(200, 401, 403, 404))
async def get_operation(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> LogOperation:
    """One operation."""
    caller.require_everywhere(Permission.LOG_READ)
    name = decode_parameter(id)
    return await parts.store.read(lambda c: _operations(c, [config_log.get(c, name)])[0])


@routes.add(
    "PATCH",
    "/ConfigLog/Operations/{id}",
    status=204,
    takes=OperationUpdate,
    statuses=(204, 400, 401, 403, 404),
)
async def change_operation(
    request: Call, caller: GivenCaller, parts: GivenParts, id: FromPath[str]
) -> None:
    """Give an operation labels; the entry itself stays."""
    caller.require_everywhere(Permission.LOG_MANAGE)
    name = decode_parameter(id)
    wanted = await json_body(request, OperationUpdate)

    def write(tx: Tx) -> None:
        row = config_log.get(tx.connection, name)
        if wanted.labels is not None:
            config_log.label(tx, caller, row, wanted.labels)

    await parts.store.write(write)


@routes.add(
    "GET",
    "/ConfigLog/Operations/{id}/LowLevelOperations",
    gives=Collection[LowLevelOperation],
    statuses=(200, 401, 403, 404),
)
async def list_low_level_operations(
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> Collection[LowLevelOperation]:
    """What an operation changed, member by member."""
    caller.require_everywhere(Permission.LOG_READ)
    name = decode_parameter(id)
    row = await parts.store.read(lambda c: config_log.get(c, name))
    return Collection(items=[render_log.low_level(row)], total_items=1)


@routes.add("GET", "/ConfigLog/GetFirstLogDate", gives=str, statuses=(200, 401, 403))
async def get_first_log_date(caller: GivenCaller, parts: GivenParts) -> Response[bytes]:
    """When the log begins, as a bare string."""
    caller.require_everywhere(Permission.LOG_READ)
    first = await parts.store.read(config_log.first_ms)
    date = rfc3339_of(parts.clock.now_ms() if first is None else first)
    return Response(msgspec.json.encode(date), media_type="application/json")


@routes.add("GET", "/ConfigLog/LoggingSite", statuses=(200, 401, 403))
async def get_logging_site(caller: GivenCaller, parts: GivenParts) -> LogSite:
    """How the log is set."""
    caller.require_everywhere(Permission.LOG_READ)
    return await parts.store.read(_settings)


@routes.add(
    "PATCH",
    "/ConfigLog/LoggingSite",
    takes=LogSiteUpdate,
    statuses=(200, 400, 401, 403, 409),
)
async def change_logging_site(request: Call, caller: GivenCaller, parts: GivenParts) -> LogSite:
    """Set the log; it cannot be turned off."""
    caller.require_everywhere(Permission.LOG_MANAGE)
    wanted = await json_body(request, LogSiteUpdate)

    def write(tx: Tx) -> LogSite:
        config_log.change_settings(
            tx,
            caller,
            enabled=wanted.logging_enabled,
            while_database_down=wanted.allow_changes_while_database_down,
            wanted_locale=wanted.locale,
        )
        return _settings(tx.connection)

    return await parts.store.write(write)


@routes.add("POST", "/ConfigLog/ExportReport", takes=ReportRequest, statuses=(200, 400, 401, 403))
async def export_report(request: Call, caller: GivenCaller, parts: GivenParts) -> Report:
    """The newest operations of a time as CSV, as HTML, or both."""
    caller.require_everywhere(Permission.LOG_READ)
    wanted = await json_body(request, ReportRequest)
    kind = _member(ReportFormat, wanted.custom_report_format, "CustomReportFormat")
    condition = [config_log.shown(), *_range(parts, wanted)]
    page = await parts.store.read(
        lambda c: listing.page(c, Wanted(tuple(condition)), MAX_REPORTED, None, 0)
    )
    title = f"Configuration log of {parts.site.name}"
    pages = kind in ("Html", "Both")
    return Report(
        csv_data=render_log.csv_report(page.rows) if kind in ("Csv", "Both") else None,
        html_summary_data=render_log.html_summary(page.rows, title) if pages else None,
        html_details_data=render_log.html_details(page.rows, title) if pages else None,
    )


@routes.add("DELETE", "/ConfigLog/Logs", status=204, statuses=(204, 401, 403))
async def delete_logs(caller: GivenCaller, parts: GivenParts) -> None:
    """The log shows nothing of before; the audit chain keeps it."""
    await parts.store.write(lambda tx: config_log.clear(tx, caller))


def _operations(connection: Connection, rows: Sequence[Row[Any]]) -> list[LogOperation]:
    labels = config_log.labels_of(connection, [row.id for row in rows])
    return [render_log.operation(row, labels.get(row.id, [])) for row in rows]


def _settings(connection: Connection) -> LogSite:
    return LogSite(
        logging_enabled=True,
        allow_changes_while_database_down=False,
        locale=config_log.locale(connection),
    )


def _since(
    parts: Parts, days: int | None, option: str | None, offset_s: int
) -> list[ColumnElement[bool]]:
    """Raises Invalid."""
    if days is not None and option is not None:
        raise Invalid("Give days or searchDateOption, not both.", name="searchDateOption")
    if abs(offset_s) > WIDEST_OFFSET_S:
        raise Invalid("timeDiff is an offset in seconds.", name="timeDiff", problem="outOfRange")
    now_ms = parts.clock.now_ms()
    if days is not None:
        if not 1 <= days <= MAX_DAYS:
            raise Invalid(f"days is 1 to {MAX_DAYS}.", name="days", problem="outOfRange")
        return [_a.c.at_ms >= now_ms - days * DAY_MS]
    if option is None:
        return []
    chosen: SearchDateOption = _member(SearchDateOption, option, "searchDateOption")
    zone = timezone(timedelta(seconds=offset_s))
    from_ms, before_ms = Moment(now_ms, zone).window(chosen)
    found = [_a.c.at_ms >= from_ms]
    return found if before_ms is None else [*found, _a.c.at_ms < before_ms]


def _range(parts: Parts, wanted: ReportRequest) -> list[ColumnElement[bool]]:
    """Raises Invalid."""
    spans = {"Last24Hours": 1, "Last7Days": 7, "Last4Weeks": 28}
    chosen = _member(ReportRange, wanted.custom_report_date_range, "CustomReportDateRange")
    if chosen in spans:
        return [_a.c.at_ms >= parts.clock.now_ms() - spans[chosen] * DAY_MS]
    if chosen != "Custom":
        return []
    return [
        _a.c.at_ms >= _date(wanted.start_date, "StartDate"),
        _a.c.at_ms <= _date(wanted.end_date, "EndDate"),
    ]


def _date(text: str | None, name: str) -> int:
    if not text:
        raise Invalid(f"{name} is missing.", name=name, problem="missing")
    at_ms = read_date(text, UTC)
    if at_ms is None:
        raise Invalid(f"{name} is a time in RFC 3339.", name=name, value=text[:64])
    return at_ms


def _member(members: Any, text: str, name: str) -> Any:
    known = {one.lower(): one for one in get_args(members)}
    if text.strip().lower() not in known:
        raise Invalid(
            f"{name} is one of {', '.join(known.values())}.",
            name=name,
            value=text[:64],
            problem="invalidEnum",
        )
    return known[text.strip().lower()]
