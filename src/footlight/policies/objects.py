"""The objects that conditions name: from what people write to ids, and back to what people read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

from sqlalchemy import Connection, Select, Table, or_, select

from footlight.errors import Invalid
from footlight.store import schema
from footlight.store.text import after_backslash, folded

IDS_AT_ONCE = 500


class Kind(Enum):
    """A kind of object; the value: its attribute in wire PolicyConditions, the member's name, its table."""

    DELIVERY_GROUPS = ("delivery_groups", "deliveryGroups", schema.delivery_groups)
    RESOURCES = ("resources", "resources", schema.resources)
    MACHINES = ("machines", "machines", schema.machines)
    TAGS = ("tags", "tags", schema.tags)

    @property
    def attribute(self) -> str:
        """In the model."""
        return self.value[0]

    @property
    def member(self) -> str:
        """On the wire."""
        return f"conditions.{self.value[1]}"

    @property
    def table(self) -> Table:
        """Where they are."""
        return self.value[2]


def resolve(
    connection: Connection, kind: Kind, given: Iterable[str], gone: Sequence[str] = ()
) -> list[str]:
    """The ids that the texts mean. An id of `gone` needs no object. Raises Invalid."""
    found: dict[str, None] = {}
    for text in given:
        found[_id(connection, kind, text.strip(), gone)] = None
    return list(found)


def _id(connection: Connection, kind: Kind, text: str, gone: Sequence[str]) -> str:
    table, name = kind.table, text.lower()
    if name in gone:
        return name
    spelled = folded(table.c.name) == name
    if kind is Kind.MACHINES:
        spelled = or_(spelled, folded(after_backslash(table.c.name)) == name)
    query = select(table.c.id).where(or_(table.c.id == name, spelled)).limit(2)
    ids = list(connection.execute(query).scalars())
    if len(ids) != 1:
        what = "There are several of that name: give the id" if ids else "There is none"
        raise Invalid(f"{what}: {text[:80]!r}.", name=kind.member, value=text[:256])
    return str(ids[0])


def shown(connection: Connection, kind: Kind, ids: Iterable[str]) -> dict[str, str]:
    """For each id the name, or the id itself where the object is gone or another has the same name."""
    wanted, names = list(dict.fromkeys(ids)), {}
    table = kind.table
    for start in range(0, len(wanted), IDS_AT_ONCE):
        some = wanted[start : start + IDS_AT_ONCE]
        query = select(table.c.id, table.c.name).where(table.c.id.in_(some))
        names.update({str(row.id): str(row.name) for row in connection.execute(query)})
    texts = {one: names.get(one, one) for one in wanted}
    if kind is not Kind.RESOURCES or not names:
        return texts
    shared = {
        str(row.name).lower()
        for start in range(0, len(wanted), IDS_AT_ONCE)
        for row in connection.execute(_twins(wanted[start : start + IDS_AT_ONCE]))
    }
    return {one: one if text.lower() in shared else text for one, text in texts.items()}


def _twins(ids: Sequence[str]) -> Select[Any]:
    mine, other = schema.resources, schema.resources.alias("other")
    on = (folded(mine.c.name) == folded(other.c.name)) & (mine.c.id != other.c.id)
    return select(mine.c.name).join(other, on).where(mine.c.id.in_(ids))
