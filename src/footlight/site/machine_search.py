"""Searching machines, and counting them by the values of a property.

A session's property matches when some session on the machine that the caller sees matches. Source: rest-api.md
sections 5 and 7.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, get_args

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    case,
    func,
    or_,
    select,
)

from footlight.caller import Caller
from footlight.sessions import queries, wildcards
from footlight.sessions.moments import Moment
from footlight.sessions.operators import Operand, condition, matches, of_members
from footlight.sessions.properties import BY_NAME, Kind, Property
from footlight.sessions.search import MACHINE_TEXTS, free_text, machines_tagged
from footlight.sessions.translation import (
    Condition,
    Search,
    Translation,
    sortable,
    together,
)
from footlight.site import machine_rows
from footlight.site.tags import Tagged
from footlight.store import schema, sight
from footlight.wire.rest import machine as wire
from footlight.wire.rest.machine_request import GroupMachinesRequest
from footlight.wire.rest.search import SearchOperator, SearchRequest

_m = schema.machines
_s = schema.sessions
_t = schema.tags
_on = schema.tag_objects

MAX_GROUPS = 1000
_OF_SESSIONS = frozenset(
    name.lower()
    for name in (
        "AppState", "AppsInUse", "ClientIP", "ClientName", "ClientVersion", "ConnectedViaHostName",
        "ConnectedViaIP", "ConnectionProtocol", "CurrentUser", "LaunchedViaHostName", "LaunchedViaIP",
        "SecureIcaActive", "SessionState", "SessionStateChangeTime", "SmartAccessFilters", "StartTime",
        "UserDisplayName", "UserName", "UserPrincipalName",
    )
)  # fmt: skip


def _seen_sessions(caller: Caller) -> Condition:
    return and_(_s.c.ended_at_ms.is_(None), sight.sessions(caller))


def _session_count(caller: Caller) -> ColumnElement[int]:
    """Of the sessions that the caller sees."""
    counted = select(func.count()).where(_s.c.machine_id == _m.c.id, _seen_sessions(caller))
    return counted.correlate(_m).scalar_subquery()


def _summary(caller: Caller) -> ColumnElement[str]:
    used = select(_s.c.machine_id).where(_seen_sessions(caller)).correlate(None)
    return case(
        (_m.c.registered.is_(False), "Unregistered"),
        (_m.c.id.in_(used), "InUse"),
        else_="Available",
    )


_OWN = (
    Property("Uid", Kind.INT, _m.c.uid),
    Property("PublishedName", Kind.STRING, _m.c.published_name),
    Property("SessionCount", Kind.INT, _session_count),
    Property("SummaryState", Kind.ENUM, _summary, get_args(wire.SummaryState)),
    Property(
        "SessionSupport",
        Kind.ENUM,
        machine_rows.SESSION_SUPPORT,
        get_args(wire.SessionSupport),
    ),
    Property(
        "AllocationType",
        Kind.ENUM,
        machine_rows.ALLOCATION_TYPE,
        get_args(wire.AllocationType),
    ),
    Property("IsAssigned", Kind.BOOL, machine_rows.assigned_somewhere()),
    Property("LastDeregistrationTime", Kind.DATE, _m.c.last_deregistered_ms),
    Property(
        "LastDeregistrationReason",
        Kind.ENUM,
        _m.c.last_deregistration_reason,
        get_args(wire.DeregistrationReason),
    ),
)


class _Translation(Translation):
    """Of a search for machines."""

    properties: ClassVar[Mapping[str, Property]] = {
        **BY_NAME,
        **{one.name.lower(): one for one in _OWN},
    }

    def basic(self, text: str) -> Condition:
        """In the machine's own strings, its tags, and those of some session on it."""
        pattern = wildcards.within(tuple(text.lower()))
        tagged = matches(_t.c.name, pattern)
        return or_(
            matches(together(MACHINE_TEXTS), pattern),
            _has_tag(tagged),
            self._some_session(free_text(text)),
        )

    def met(self, operand: Operand, operator: SearchOperator) -> Condition:
        if operand.property.name == "Tags":
            return of_members(operand, operator, _t.c.name, _has_tag)
        made = condition(operand, operator)
        return self._some_session(made) if _is_of_sessions(operand.property) else made

    def _some_session(self, made: Condition) -> Condition:
        found = and_(_seen_sessions(self.caller), made)
        on = select(_s.c.machine_id).select_from(queries.tables_for(_s.c.machine_id == "", found))
        return _m.c.id.in_(on.where(found).correlate(None))

    def sort_key(self, by: Property) -> ColumnElement[Any]:
        """Of what a machine has several, the least counts."""
        if by.name == "Tags":
            held = select(func.min(sortable(by, _t.c.name))).join(_on, _on.c.tag_id == _t.c.id)
            least = held.where(_on.c.object_kind == Tagged.MACHINE, _on.c.object_id == _m.c.id)
            return func.coalesce(least.correlate(_m).scalar_subquery(), "")
        key = sortable(by, self.expression(by))
        if not _is_of_sessions(by):
            return key
        of_machine = (_s.c.machine_id == _m.c.id, _seen_sessions(self.caller))
        least = select(func.min(key)).where(*of_machine).correlate(_m)
        nothing: str | int = "" if by.kind in (Kind.STRING, Kind.LIST) else -1
        return func.coalesce(least.scalar_subquery(), nothing)


def translate(request: SearchRequest, caller: Caller, moment: Moment) -> Search:
    """The request for this caller at this moment. Raises Invalid, naming what is wrong."""
    return _Translation(caller, moment).search(request, "machines:")


def grouped(
    connection: Connection, request: GroupMachinesRequest, caller: Caller, moment: Moment
) -> dict[str, int]:
    """How many of the matching machines in catalogs have each value of a property of their own, the most common
    first; "" where they have none. Raises Invalid."""
    translation = _Translation(caller, moment)
    filters = SearchRequest(
        search_filter_groups=request.search_filter_groups,
        search_filter_groups_type=request.search_filter_groups_type,
    )
    found = translation.search(filters, "machines:").condition
    by = translation.property(request.machine_property_name)
    if by.name == "Tags":
        value: ColumnElement[Any] = _t.c.name
        tables = machine_rows.TABLES.join(_on, _on.c.object_id == _m.c.id).join(
            _t, _t.c.id == _on.c.tag_id
        )
    elif _is_of_sessions(by):
        value = translation.expression(by)
        tables = machine_rows.TABLES.join(
            _s, and_(_s.c.machine_id == _m.c.id, _seen_sessions(caller))
        )
    else:
        value, tables = translation.expression(by), machine_rows.TABLES
    distinct = (
        select(_m.c.uid, value.label("value"))
        .select_from(tables)
        .where(found, sight.machines(caller), machine_rows.configured(True))
        .distinct()
        .subquery()
    )
    count = func.count()
    query = select(distinct.c.value, count).group_by(distinct.c.value)
    rows = connection.execute(query.order_by(count.desc(), distinct.c.value).limit(MAX_GROUPS))
    return {_shown(by, value): number for value, number in rows}


def _shown(by: Property, value: Any) -> str:
    if value is None:
        return ""
    if by.kind is Kind.BOOL:
        return "True" if value else "False"
    return str(value)


def _is_of_sessions(one: Property) -> bool:
    return one.name.lower() in _OF_SESSIONS


def _has_tag(tagged: Condition) -> Condition:
    return _m.c.id.in_(machines_tagged(tagged))
