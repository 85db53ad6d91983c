"""A search for sessions: what its free text and properties mean, and its pages. Source: rest-api.md section 5."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, ClassVar, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    or_,
    select,
    true,
)

from footlight.caller import Caller
from footlight.sessions import queries, wildcards
from footlight.sessions.hosts import LISTED, Hosts
from footlight.sessions.keys import WORDS, over_keys, tables_for
from footlight.sessions.moments import Moment
from footlight.sessions.operators import (
    Operand,
    condition,
    matches,
    of_members,
)
from footlight.sessions.positions import Position, beyond
from footlight.sessions.properties import BY_NAME, Property
from footlight.sessions.recorded import OWN
from footlight.sessions.seen import Seen, seen_by
from footlight.sessions.translation import (
    Condition,
    Search,
    SortKey,
    Translation,
    sortable,
    together,
)
from footlight.store import schema
from footlight.store.text import after_backslash
from footlight.wire.rest.search import (
    SearchOperator,
    SearchRequest,
)

# Up to so many matches are fetched and sorted here; of more, one in twenty of a hundred thousand, a page is met soon.
GATHERED = 5000

_s = schema.sessions
_m = schema.machines
_k = schema.session_keys
_OF_MACHINES = {_m, schema.catalogs, schema.delivery_groups, schema.zones}
_COUNTS = select(_k.c.machine_uid, func.count()).group_by(_k.c.machine_uid)
_t = schema.tags
_on = schema.tag_objects
_MACHINE = "Machine"  # in tag_objects
MACHINE_TEXTS = (
    _m.c.name,
    _m.c.dns_name,
    schema.catalogs.c.name,
    schema.delivery_groups.c.name,
    schema.zones.c.name,
)
# The user as the machine reports it; without a backslash in the text its parts say as much.
_UNTRUSTED_NAME = after_backslash(_m.c.name) + "\\" + _s.c.linux_user


@dataclass(frozen=True)
class Found:
    """One page: uids in order, how many match in all, and where it ends (None: there is no more)."""

    uids: list[int]
    total: int
    end: Position | None


def translate(request: SearchRequest, caller: Caller, moment: Moment) -> Search:
    """The request for this caller at this moment. Raises Invalid, naming the property, operator or value
    that is wrong."""
    return _Translation(caller, moment).search(request, "")


def translate_own(request: SearchRequest, caller: Caller, moment: Moment) -> Search:
    """The same with properties that CVAD has not (recorded.py)."""
    return _OwnTranslation(caller, moment).search(request, "")


def page(
    connection: Connection,
    caller: Caller,
    search: Search,
    limit: int,
    *,
    after: Position | None = None,
    skip: int = 0,
) -> Found:
    """Up to `limit` matches after a position, or after the first `skip`."""
    seen = seen_by(caller)
    over = _Over(connection, search, seen)
    after = after and over.ranked(after)
    if after is None and seen.all and search.everything:
        total = seen.count(connection)
    elif after is not None and after.total > GATHERED:
        total = after.total
    else:
        rows = over.gathered(GATHERED + 1)
        if len(rows) <= GATHERED:
            total = len(rows) if after is None else after.total
            return over.part(over.sorted_after(rows, after)[skip:], limit, total)
        total = len(rows) + over.count_after(rows[-1][0])
    return over.part(over.ordered(after, skip, limit + 1), limit, total)


class _Over:
    """One search over the narrow rows. Rows are (uid, sort keys)."""

    def __init__(self, connection: Connection, search: Search, seen: Seen) -> None:
        self._connection = connection
        hosts = Hosts(connection)
        self._everything = seen.all and search.everything
        self._ranks = {
            place: hosts.ranks(key.expression)
            for place, key in enumerate(search.order)
            if _of_machines(key.expression)
        }
        self._order = tuple(
            SortKey(
                self._ranks[place].expression
                if place in self._ranks
                else over_keys(key.expression, hosts.condition),
                key.descending,
            )
            for place, key in enumerate(search.order)
        )
        keys = [key.expression for key in self._order]
        self._met = and_(seen.condition(), over_keys(search.condition, hosts.condition))
        self._tables = tables_for(self._met, *keys)
        self._rows = select(_k.c.uid, *keys).select_from(self._tables).where(self._met)

    def ranked(self, after: Position) -> Position:
        """The position with ranks in place of machines' values, which tokens hold: ranks come and go."""
        keys = [
            self._ranks[place].of_value(key) if place in self._ranks else key
            for place, key in enumerate(after.keys)
        ]
        return Position(tuple(keys), after.uid, after.total)

    def part(self, rows: Sequence[Any], limit: int, total: int) -> Found:
        """The page that these rows begin with, of which there are more than `limit` if more follow it."""
        uids = [row[0] for row in rows[:limit]]
        if len(rows) <= limit:
            return Found(uids, total, None)
        uid, *keys = rows[limit - 1]
        values = [
            self._ranks[place].value(key) if place in self._ranks else key
            for place, key in enumerate(keys)
        ]
        return Found(uids, total, Position(tuple(values), uid, total))

    def gathered(self, limit: int) -> Sequence[Any]:
        """The first matches by uid: few are all of them, and are then neither counted nor looked for again."""
        return self._fetched(self._rows.order_by(_k.c.uid).limit(limit))

    def _fetched(self, query: Select[Any]) -> Sequence[Any]:
        # As the driver gives them: thousands of rows cost more to make than to find.
        cursor = self._connection.execute(query).cursor
        assert cursor is not None
        found: Sequence[Any] = cursor.fetchall()
        return found

    def count_after(self, uid: int) -> int:
        """How many matches come by uid after that one."""
        tables = tables_for(self._met)
        count = select(func.count()).select_from(tables).where(self._met, _k.c.uid > uid)
        return self._connection.execute(count).scalar_one()

    def ordered(self, after: Position | None, skip: int, limit: int) -> Sequence[Any]:
        """Up to `limit` matches in the order asked for, after a position or the first `skip`."""
        # Without a key that orders nothing, a page is met soon in walking along the uids.
        directions = [
            key.expression.desc() if key.descending else key.expression
            for place, key in enumerate(self._order)
            if place not in self._ranks or self._ranks[place].orders
        ]
        query = self._rows.order_by(*directions, _k.c.uid).limit(limit)
        if self._everything and 0 in self._ranks:
            query = query.where(self._foremost(skip + limit, after))
        if after is None:
            return self._connection.execute(query.offset(skip)).all()
        return self._connection.execute(query.where(beyond(self._order, after, _k.c.uid))).all()

    def _foremost(self, wanted: int, after: Position | None) -> Condition:
        """Only the machines that come first can have so many sessions (of all) that come next: where those are few
        machines, on these."""
        last = None if after is None else cast(bytes, after.keys[0])
        machines = self._ranks[0].ordered(self._order[0].descending, last)
        counts = {uid: count for uid, count in self._connection.execute(_COUNTS)}
        chosen: list[int] = []
        for uids in machines:
            chosen += uids
            # Of the position's own machines some sessions have been shown: they don't count.
            wanted -= (
                0 if after and not chosen[len(uids) :] else sum(counts.get(u, 0) for u in uids)
            )
            if wanted <= 0 or len(chosen) > LISTED:
                break
        return _k.c.machine_uid.in_(chosen) if len(chosen) <= LISTED else true()

    def sorted_after(self, rows: Sequence[Any], after: Position | None) -> list[Any]:
        """All matches, given by uid, in the order asked for, as the database would have put them."""
        found = list(rows) if after is None else [row for row in rows if self._is_after(row, after)]
        for place, key in reversed(list(enumerate(self._order, 1))):
            found.sort(key=itemgetter(place), reverse=key.descending)
        return found

    def _is_after(self, row: Any, after: Position) -> bool:
        for key, value, last in zip(self._order, row[1:], after.keys, strict=True):
            if value != last:
                return bool(value < last if key.descending else value > last)
        return bool(row[0] > after.uid)


def free_text(text: str) -> Condition:
    """Where the text stands in some string of the session or its machine."""
    pattern = wildcards.within(tuple(text.lower()))
    # Machines are few beside sessions: they are looked through once, not for each session.
    tagged = _m.c.id.in_(machines_tagged(matches(_t.c.name, pattern)))
    machines = queries.machine_ids(or_(matches(together(MACHINE_TEXTS), pattern), tagged))
    found = [matches(WORDS, pattern), _s.c.machine_id.in_(machines)]
    if "\\" in text:
        found.append(matches(_UNTRUSTED_NAME, pattern))
    return or_(*found)


class _Translation(Translation):
    """Of a search for sessions."""

    properties: ClassVar[Mapping[str, Property]] = BY_NAME

    def basic(self, text: str) -> Condition:
        return free_text(text)

    def met(self, operand: Operand, operator: SearchOperator) -> Condition:
        """What one filter means."""
        if operand.property.name != "Tags":
            made = condition(operand, operator)
            # Machines are few: what is of them alone is looked for among them.
            return _s.c.machine_id.in_(queries.machine_ids(made)) if _of_machines(made) else made

        def of_host(tagged: Condition) -> Condition:
            return _s.c.machine_id.in_(machines_tagged(tagged))

        return of_members(operand, operator, _t.c.name, of_host)

    def sort_key(self, by: Property) -> ColumnElement[Any]:
        """What is compared in sorting by the property; never null. Of a machine's tags the least counts."""
        if by.name != "Tags":
            return sortable(by, self.expression(by))
        least = (
            select(_on.c.object_id, func.min(sortable(by, _t.c.name)).label("name"))
            .join(_t, _on.c.tag_id == _t.c.id)
            .where(_on.c.object_kind == _MACHINE)
            .group_by(_on.c.object_id)
            .cte("least_tags")
        )
        of_host = select(least.c.name).where(least.c.object_id == _s.c.machine_id)
        return func.coalesce(of_host.correlate(_s, _m).scalar_subquery(), "")


class _OwnTranslation(_Translation):
    """Of a search in our own words."""

    properties = BY_NAME | OWN


def _of_machines(made: ColumnElement[Any]) -> bool:
    tables = {column.table for column in queries.columns_in(made)}
    return bool(tables) and tables <= _OF_MACHINES


def machines_tagged(met: Condition) -> Select[tuple[str]]:
    """Ids of the machines that have a tag for which it holds: looked for once, not for each session."""
    held = select(_on.c.object_id).join(_t, _on.c.tag_id == _t.c.id)
    return held.where(_on.c.object_kind == _MACHINE, met).correlate(None)
