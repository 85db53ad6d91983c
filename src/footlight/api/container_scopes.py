"""The scopes of a session's catalog and delivery group, as far as the caller may know of them.
Source: rest-api.md section 4.6."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection

from footlight.api.render_rights import scope
from footlight.caller import Caller, Permission
from footlight.site import scoping
from footlight.wire.rest.scope import ALL_SCOPE, ContainerScope, Scope

Scopes = tuple[Scope, ...]


@dataclass(frozen=True)
class Held:
    """By catalog and delivery group the scopes that hold it, besides All. Nothing is in no other scope."""

    by_object: Mapping[str, Scopes] = field(default_factory=dict)

    def of(self, object_id: str | None) -> Scopes | None:
        """Of that one; None when there is none."""
        return None if object_id is None else self.by_object.get(object_id, ())


NOTHING = Held()


def held(connection: Connection, caller: Caller, rows: Iterable[Any]) -> Held:
    """Of the catalogs (`c_id`) and groups (`g_id`) of these rows."""
    ids = {one for row in rows for one in (row.c_id, row.g_id) if one is not None}
    if not ids:
        return NOTHING
    found = scoping.of_objects(connection, caller, Permission.SESSION_READ, ids)
    return Held({one: tuple(scope(row) for row in rows) for one, rows in found.items()})


def container_scopes(of_catalog: Scopes | None, of_group: Scopes | None) -> list[ContainerScope]:
    """Catalog, then delivery group, of those that there are; All is the first scope of each."""
    found: list[ContainerScope] = []
    if of_catalog is not None:
        found.append(ContainerScope(scopes=[ALL_SCOPE, *of_catalog], scope_type="MachineCatalog"))
    if of_group is not None:
        found.append(ContainerScope(scopes=[ALL_SCOPE, *of_group], scope_type="DeliveryGroup"))
    return found
