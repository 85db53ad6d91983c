"""What the configuration log shows of the audit chain, and what people may say about it.

The chain itself is never changed: clearing the log hides what came before, labels stand in a table of their own, and
logging cannot be turned off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    func,
    literal,
    select,
)

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Invalid, NotFound
from footlight.sessions.moments import Moment
from footlight.sessions.positions import Position
from footlight.sessions.properties import Kind, Property
from footlight.sessions.translation import Condition, Search
from footlight.site import inventory_search
from footlight.site.inventory_search import TextTranslation
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.config_log import LogSearchGroup, LogSearchRequest
from footlight.wire.rest.search import SearchGroup, SearchRequest

KINDS = ("ConfigurationChange", "AdminActivity")
SOURCE = "Footlight"
MAX_LABELS = 50
MAX_LABEL_CHARACTERS = 60
MAX_EXISTING_LABELS = 1000
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")

_a = schema.audit
_l = schema.audit_labels
_site = schema.site
TABLES: FromClause = _a


class _Translation(TextTranslation):
    """Of a search for operations."""

    properties: ClassVar[Mapping[str, Property]] = {
        one.name.lower(): one
        for one in (
            Property("Text", Kind.STRING, _a.c.text),
            Property("StartTime", Kind.DATE, _a.c.at_ms),
            Property("Source", Kind.STRING, literal(SOURCE), fixed=True),
            Property("EndTime", Kind.DATE, _a.c.at_ms),
            Property("IsSuccessful", Kind.BOOL, _a.c.succeeded),
            Property("User", Kind.STRING, _a.c.user_name),
            Property("AdminMachineIP", Kind.STRING, _a.c.address),
            Property("OperationType", Kind.ENUM, _a.c.kind, KINDS),
            Property("TargetType", Kind.STRING, _a.c.target_type),
        )
    }
    texts: ClassVar[Sequence[ColumnElement[Any]]] = (
        _a.c.text,
        _a.c.user_name,
        _a.c.address,
        _a.c.target_type,
    )


def translate(request: LogSearchRequest, caller: Caller, moment: Moment) -> Search:
    """The request for this caller at this moment. Raises Invalid naming what is wrong."""
    top = LogSearchGroup(
        search_type=request.search_type,
        search_filters=request.search_filters,
        search_filter_groups=request.search_filter_groups,
    )
    asked = SearchRequest(
        basic_search_string=request.basic_search_string,
        sort_criteria=request.sort_criteria,
        search_filter_groups=[_group(top)],
    )
    return _Translation(caller, moment).search(asked, "operations:")


def page(
    connection: Connection, search: Search, limit: int, after: Position | None
) -> tuple[list[int], int, Position | None]:
    """Numbers of matching entries; equal ones the newest first."""
    # Their negatives go up as entries get older.
    uids, total, end = inventory_search.page(
        connection, TABLES, -_a.c.seq, shown(), search, limit, after=after
    )
    return [-uid for uid in uids], total, end


def shown() -> Condition:
    """Entries that the log shows."""
    begins = select(_site.c.log_begins_ms).limit(1).scalar_subquery()
    return _a.c.kind.in_(KINDS) & (_a.c.at_ms >= func.coalesce(begins, 0))


def get(connection: Connection, operation_id: str) -> Row[Any]:
    """The entry of that id. Raises NotFound."""
    query = select(_a).where(_a.c.id == operation_id.lower(), shown())
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(
            "There is no such operation.", entityType="LogOperation", id=operation_id[:256]
        )
    return row


def first_ms(connection: Connection) -> int | None:
    """When the first operation was that the log shows."""
    found: int | None = connection.execute(select(func.min(_a.c.at_ms)).where(shown())).scalar()
    return found


def labels_of(connection: Connection, ids: Iterable[str]) -> dict[str, list[str]]:
    """By entry, its labels in their order."""
    query = select(_l).where(_l.c.entry_id.in_(list(ids))).order_by(_l.c.label_key)
    found: dict[str, list[str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.entry_id, []).append(row.label)
    return found


def existing_labels(connection: Connection) -> list[str]:
    """Every label that some operation has, once, however it is written."""
    query = select(func.min(_l.c.label)).group_by(_l.c.label_key).order_by(_l.c.label_key)
    return list(connection.execute(query.limit(MAX_EXISTING_LABELS)).scalars())


def label(tx: Tx, caller: Caller, row: Row[Any], labels: Sequence[str]) -> None:
    """Give the operation exactly these labels. Raises Invalid, Forbidden."""
    caller.require_everywhere(Permission.LOG_MANAGE)
    wanted = {one.strip().lower(): one.strip() for one in labels if one.strip()}
    if len(wanted) > MAX_LABELS:
        raise Invalid(
            f"An operation has at most {MAX_LABELS} labels.", name="Labels", problem="outOfRange"
        )
    for one in wanted.values():
        if len(one) > MAX_LABEL_CHARACTERS or not one.isprintable():
            raise Invalid(
                f"A label has at most {MAX_LABEL_CHARACTERS} printable characters.",
                name="Labels",
                problem="tooLong",
            )
    before = labels_of(tx.connection, [row.id]).get(row.id, [])
    tx.connection.execute(_l.delete().where(_l.c.entry_id == row.id))
    if wanted:
        rows = [{"entry_id": row.id, "label_key": key, "label": one} for key, one in wanted.items()]
        tx.connection.execute(_l.insert(), rows)
    act = Act(
        text=f"Label the operation '{row.text}'",
        target_type="LogOperation",
        object_id=row.id,
        object_name=row.text,
        changes={"Labels": (before, sorted(wanted.values()))},
    )
    record(tx, caller, act)


def locale(connection: Connection) -> str:
    """The language that reports are said to be in."""
    return str(connection.execute(select(_site.c.log_locale)).scalar_one())


def change_settings(
    tx: Tx,
    caller: Caller,
    *,
    enabled: bool | None,
    while_database_down: bool | None,
    wanted_locale: str | None,
) -> None:
    """Change what is not None. Raises Forbidden, Invalid, Conflict for what is not to be had here."""
    caller.require_everywhere(Permission.LOG_MANAGE)
    if enabled is False:
        raise Conflict("What is done is always logged.", code="DeniedByConfigurationLogging")
    if while_database_down:
        raise Conflict(
            "Nothing changes without the database that logs it.",
            code="DeniedByConfigurationLogging",
        )
    if wanted_locale is not None and not _LOCALE.fullmatch(wanted_locale):
        raise Invalid("Locale is a language, as en-US.", name="Locale", value=wanted_locale[:64])
    before = locale(tx.connection)
    if wanted_locale is not None:
        tx.connection.execute(_site.update().values(log_locale=wanted_locale[:16]))
    act = Act(
        text="Edit the logging settings",
        target_type="Site",
        changes={"Locale": (before, wanted_locale)} if wanted_locale else {},
    )
    record(tx, caller, act)


def clear(tx: Tx, caller: Caller) -> None:
    """The log shows nothing of before; the audit chain keeps it. Raises Forbidden."""
    caller.require_everywhere(Permission.LOG_MANAGE)
    tx.connection.execute(_site.update().values(log_begins_ms=tx.now_ms))
    record(tx, caller, Act(text="Clear the configuration log", target_type="Site"))


def _group(group: LogSearchGroup) -> SearchGroup:
    """As sessions are searched: a group holds filters or groups."""
    kind = group.search_type
    inner = [_group(one) for one in group.search_filter_groups or ()]
    filters = group.search_filters or []
    if not inner:
        return SearchGroup(search_filters=filters, search_filter_group_type=kind)
    if filters:
        inner.append(SearchGroup(search_filters=filters, search_filter_group_type=kind))
    return SearchGroup(search_filter_groups=inner, search_filter_groups_type=kind)
