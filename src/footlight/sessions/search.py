"""A search for sessions: the request as one condition and one order over the joined tables, and its pages.

Pages go by key set: a token holds the sort keys of the last row, so that a session that lives throughout
stands on exactly one page whatever comes and goes beside it. Source: rest-api.md section 5.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, ClassVar, cast, get_args

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    true,
)

from footlight.caller import Caller
from footlight.errors import Invalid
from footlight.sessions import queries, wildcards
from footlight.sessions.hosts import LISTED, Hosts
from footlight.sessions.keys import WORDS, over_keys, tables_for
from footlight.sessions.moments import Moment
from footlight.sessions.operators import (
    MAX_LIST_CHARACTERS,
    MAX_LISTED,
    MAX_VALUE_CHARACTERS,
    Operand,
    condition,
    listed,
    matches,
    of_members,
)
from footlight.sessions.paging import damaged, read_sealed, write_sealed
from footlight.sessions.properties import BY_NAME, Kind, Property
from footlight.sessions.seen import Seen, seen_by
from footlight.store import schema
from footlight.store.text import after_backslash, folded
from footlight.wire.rest.search import (
    GroupType,
    SearchFilter,
    SearchGroup,
    SearchOperator,
    SearchRequest,
    SearchSort,
    SortDirection,
)

# Up to so many matches are fetched and sorted here; of more, one in twenty of a hundred thousand, a page is met soon.
GATHERED = 5000
MAX_FILTERS = 200
MAX_DEPTH = 8
MAX_SORTS = 8

Condition = ColumnElement[bool]
Key = str | int | bytes  # bytes: of a machine, within one request

_s = schema.sessions
_m = schema.machines
_k = schema.session_keys
_OF_MACHINES = {_m, schema.catalogs, schema.delivery_groups, schema.zones}
_BETWEEN = "\n"  # stands in no name
_COUNTS = select(_k.c.machine_uid, func.count()).group_by(_k.c.machine_uid)
_NEEDS_NO_VALUE = ("Any", "None")
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
class SortKey:
    """An expression that is never null, and its direction."""

    expression: ColumnElement[Any]
    descending: bool


@dataclass(frozen=True)
class Search:
    """What is looked for, and in which order; equal ones by uid. `name` tells one search from another;
    `everything`: nothing is left out."""

    name: str
    condition: Condition
    order: tuple[SortKey, ...]
    everything: bool = False


@dataclass(frozen=True)
class Position:
    """The last row of a page: its sort keys and uid, and the total counted on the first page."""

    keys: tuple[Key, ...]
    uid: int
    total: int


@dataclass(frozen=True)
class Found:
    """One page: uids in order, how many match in all, and where it ends (None: there is no more)."""

    uids: list[int]
    total: int
    end: Position | None


def translate(request: SearchRequest, caller: Caller, moment: Moment) -> Search:
    """The request for this caller at this moment. Raises Invalid, naming the property, operator or value
    that is wrong."""
    return Translation(caller, moment).search(request, "")


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
        directions = [
            key.expression.desc() if key.descending else key.expression for key in self._order
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


def write_position(key: bytes, search: Search, position: Position) -> str:
    """The position as a page token, for this search only."""
    body = msgspec.json.encode([position.uid, position.total, *position.keys])
    return write_sealed(key, f"search:{search.name}", body)


def read_position(key: bytes, search: Search, text: str) -> Position:
    """What the token says. Raises Invalid if it is damaged or of another search."""
    body = read_sealed(key, f"search:{search.name}", text)
    uid, total, *keys = msgspec.json.decode(body)
    if len(keys) != len(search.order):
        raise damaged()
    return Position(tuple(keys), uid, total)


def beyond(order: tuple[SortKey, ...], after: Position, by_uid: ColumnElement[int]) -> Condition:
    """(keys, uid) > (keys, uid) of the position, written out since directions may differ."""
    pairs = [*zip(order, after.keys, strict=True), (SortKey(by_uid, False), after.uid)]
    steps: list[Condition] = []
    equal: list[Condition] = []
    for key, value in pairs:
        step = key.expression < value if key.descending else key.expression > value
        steps.append(and_(*equal, step))
        equal.append(key.expression == value)
    return or_(*steps)


class Translation:
    """One request on its way: counts filters against the limits. Searches of other things than sessions have
    their own properties and give them, free text and conditions a meaning of their own (`properties`, `basic`,
    `met`, `sort_key`)."""

    properties: ClassVar[Mapping[str, Property]] = BY_NAME  # by name in lower case

    def __init__(self, caller: Caller, moment: Moment) -> None:
        self.caller = caller
        self._moment = moment
        self._expressions: dict[str, ColumnElement[Any]] = {}
        self._filters = 0
        self._listed = 0

    def search(self, request: SearchRequest, noun: str) -> Search:
        """The whole search; `noun` tells its tokens from those of other searches."""
        name = noun + hashlib.sha256(msgspec.json.encode(request)).hexdigest()[:32]
        sorts = request.sort_criteria_items or (
            [request.sort_criteria] if request.sort_criteria else []
        )
        met = self.whole(request)
        return Search(name, met, self.order(sorts), everything=met.compare(and_(true())))

    def whole(self, request: SearchRequest) -> Condition:
        """Free text, flat filters and groups: all must hold."""
        parts = [self._filter(one) for one in request.search_filters or ()]
        if request.basic_search_string and request.basic_search_string.strip():
            parts.append(self._free_text(request.basic_search_string.strip()))
        groups = self._groups(request.search_filter_groups, request.search_filter_groups_type, 1)
        return and_(true(), *parts, *groups)

    def _free_text(self, text: str) -> Condition:
        if len(text) > MAX_VALUE_CHARACTERS:
            raise _too_long("BasicSearchString", text)
        return false() if _BETWEEN in text else self.basic(text)

    def basic(self, text: str) -> Condition:
        """Where the text stands in some string of the session or its machine."""
        pattern = wildcards.within(tuple(text.lower()))
        # Machines are few beside sessions: they are looked through once, not for each session.
        tagged = _m.c.id.in_(machines_tagged(matches(_t.c.name, pattern)))
        machines = queries.machine_ids(or_(matches(together(MACHINE_TEXTS), pattern), tagged))
        found = [matches(WORDS, pattern), _s.c.machine_id.in_(machines)]
        if "\\" in text:
            found.append(matches(_UNTRUSTED_NAME, pattern))
        return or_(*found)

    def _groups(
        self, groups: list[SearchGroup] | None, kind: str | None, depth: int
    ) -> list[Condition]:
        """At most one condition: that of all groups that say something."""
        parts = [made for one in groups or () for made in self._group(one, depth)]
        return _joined_by(parts, kind, "SearchFilterGroupsType")

    def _group(self, group: SearchGroup, depth: int) -> list[Condition]:
        if depth > MAX_DEPTH:
            raise Invalid(
                f"Groups are nested over {MAX_DEPTH} deep.",
                name="SearchFilterGroups",
                problem="outOfRange",
            )
        if group.search_filters and group.search_filter_groups:
            raise Invalid("A group holds filters or groups, not both.", name="SearchFilterGroups")
        own, inner = group.search_filter_group_type, group.search_filter_groups_type
        if group.search_filter_groups:
            return self._groups(group.search_filter_groups, inner or own, depth + 1)
        parts = [self._filter(one) for one in group.search_filters or ()]
        return _joined_by(parts, own or inner, "SearchFilterGroupType")

    def _filter(self, given: SearchFilter) -> Condition:
        self._filters += 1
        if self._filters > MAX_FILTERS:
            raise Invalid(
                f"A search has at most {MAX_FILTERS} filters.",
                name="SearchFilters",
                problem="outOfRange",
            )
        found = self.property(given.property)
        operator: SearchOperator = _one_of(SearchOperator, given.operator, "Operator")
        text = _text(given.value)
        if text is None and operator not in _NEEDS_NO_VALUE:
            raise Invalid(
                f"The filter on {found.name} has no value.",
                name="Value",
                property=found.name,
                problem="missing",
            )
        operand = Operand(found, self.expression(found), text or "", self._moment)
        self._check_size(operand, operator)
        return self.met(operand, operator)

    def met(self, operand: Operand, operator: SearchOperator) -> Condition:
        """What one filter means."""
        if operand.property.name != "Tags":
            made = condition(operand, operator)
            # Machines are few: what is of them alone is looked for among them.
            return _s.c.machine_id.in_(queries.machine_ids(made)) if _of_machines(made) else made

        def of_host(tagged: Condition) -> Condition:
            return _s.c.machine_id.in_(machines_tagged(tagged))

        return of_members(operand, operator, _t.c.name, of_host)

    def property(self, name: str) -> Property:
        found = self.properties.get(name.lower())
        if found is None:
            raise Invalid(
                f"There is no property {name[:80]!r}.",
                name="Property",
                value=name[:256],
                problem="invalidEnum",
            )
        return found

    def expression(self, of: Property) -> ColumnElement[Any]:
        """One and the same each time, so that what it counts is counted once."""
        if of.name not in self._expressions:
            self._expressions[of.name] = of.expression(self.caller)
        return self._expressions[of.name]

    def _check_size(self, operand: Operand, operator: SearchOperator) -> None:
        lists = operator in ("In", "NotIn")
        if len(operand.text) > (MAX_LIST_CHARACTERS if lists else MAX_VALUE_CHARACTERS):
            raise _too_long(operand.property.name, operand.text)
        if "\0" in operand.text:
            raise operand.refused("the value holds a NUL")
        if lists:
            self._listed += len(listed(operand))
            if self._listed > MAX_LISTED:
                raise operand.refused(
                    f"the lists of a search have at most {MAX_LISTED} values", "outOfRange"
                )

    def order(self, sorts: list[SearchSort]) -> tuple[SortKey, ...]:
        """The sort keys. Those that are the same for all sessions order nothing and are left out."""
        if len(sorts) > MAX_SORTS:
            raise Invalid(
                f"A search is sorted by at most {MAX_SORTS} properties.",
                name="SortCriteriaItems",
                problem="outOfRange",
            )
        found: dict[str, SortKey] = {}
        for one in sorts:
            by = self.property(one.property)
            direction: SortDirection = _one_of(SortDirection, one.sort_direction, "SortDirection")
            if not by.fixed:
                found.setdefault(by.name, SortKey(self.sort_key(by), direction == "Descending"))
        return tuple(found.values())

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


def _of_machines(made: ColumnElement[Any]) -> bool:
    tables = {column.table for column in queries.columns_in(made)}
    return bool(tables) and tables <= _OF_MACHINES


def machines_tagged(met: Condition) -> Select[tuple[str]]:
    """Ids of the machines that have a tag for which it holds: looked for once, not for each session."""
    held = select(_on.c.object_id).join(_t, _on.c.tag_id == _t.c.id)
    return held.where(_on.c.object_kind == _MACHINE, met).correlate(None)


def together(expressions: Sequence[ColumnElement[Any]]) -> ColumnElement[str]:
    """All of them as one text: one look into that costs far less than one into each."""
    whole: ColumnElement[str] = literal("")
    for one in expressions:
        whole = whole + _BETWEEN + func.coalesce(one, "")
    return whole


def sortable(by: Property, expression: ColumnElement[Any]) -> ColumnElement[Any]:
    """Never null, what is not there being least; databases place nulls differently."""
    match by.kind:
        case Kind.STRING | Kind.LIST:
            return folded(func.coalesce(expression, ""))
        case Kind.ENUM:
            ranks = {member: rank for rank, member in enumerate(by.members)}
            return case(ranks, value=expression, else_=-1)
        case Kind.BOOL:
            return case((expression, 1), else_=0)
        case _:
            return func.coalesce(expression, -1)


def _joined_by(parts: list[Condition], kind: str | None, name: str) -> list[Condition]:
    joined: GroupType = _one_of(GroupType, kind or "And", name)
    if not parts:
        return []
    return [or_(*parts) if joined == "Or" else and_(*parts)]


def _one_of(kind: Any, text: str, name: str) -> Any:
    """The member of a Literal that the text names, in any case. Raises Invalid."""
    known = {member.lower(): member for member in get_args(kind)}
    if text.lower() not in known:
        raise Invalid(
            f"{name}: {text[:80]!r} is not one of {', '.join(known.values())}.",
            name=name,
            value=text[:256],
            problem="invalidEnum",
        )
    return known[text.lower()]


def _text(value: str | int | float | bool | None) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def _too_long(name: str, text: str) -> Invalid:
    return Invalid(
        f"{name}: the value is too long.", name=name, value=text[:256], problem="tooLong"
    )
