"""Folders, one tree for applications, catalogs and delivery groups. Names within a folder differ in any case.

Folders belong to the whole site: renaming, moving and deleting one needs the permission everywhere, since that
changes what is shown of objects in every scope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Table, func, or_, select

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.ids import ZERO_GUID, new_guid
from footlight.site.names import FOLDER_BREAK, checked_name
from footlight.store import schema, sight
from footlight.store.store import Tx
from footlight.store.text import folded
from footlight.wire.rest.folder import FolderRequest, FolderUpdate
from footlight.wire.rest.reference import NameValue

MAX_DEPTH = 16
MAX_METADATA = 64
NOT_IN_NAMES = "|\\/"

_f = schema.folders


@dataclass(frozen=True)
class Folder:
    """`path` is A|B|Name, "" for the root, which is no row."""

    id: str
    uid: int
    name: str
    path: str
    parent_id: str | None
    metadata: Mapping[str, str]


ROOT = Folder(ZERO_GUID, 0, "", "", None, {})


@dataclass(frozen=True)
class Held:
    """How many objects lie in a folder itself, of those that the caller sees."""

    applications: int = 0
    catalogs: int = 0
    groups: int = 0


def find(connection: Connection, path_or_id: str) -> Folder | None:
    """The folder of that id, uid or path in any case; parts of a path are parted by `|` or a backslash."""
    text = path_or_id.strip().lower()
    path = FOLDER_BREAK.join(_parts(text))
    if not path or text == ZERO_GUID:
        return ROOT
    chosen = or_(_f.c.id == text, folded(_f.c.path) == path)
    if text.isascii() and text.isdecimal() and len(text) < 16:
        chosen = or_(chosen, _f.c.uid == int(text))
    rows = list(connection.execute(select(_f).where(chosen).limit(3)))
    rows.sort(key=lambda row: (row.id != text, row.path.lower() != path))
    return _folder(rows[0]) if rows else None


def get(connection: Connection, path_or_id: str) -> Folder:
    """As find. Raises NotFound."""
    found = find(connection, path_or_id)
    if found is None:
        raise NotFound("There is no such folder.", entityType="Folder", id=path_or_id)
    return found


def reach(tx: Tx, caller: Caller, path_or_id: str | None) -> Folder:
    """The folder; those of the path that are not there are made. Raises Forbidden where one must be made and the
    caller may not, Invalid for a path that cannot be."""
    found = find(tx.connection, path_or_id or "")
    if found is not None:
        return found
    inner = ROOT
    parts = _parts(path_or_id or "")
    for depth, name in enumerate(parts, 1):
        path = FOLDER_BREAK.join(parts[:depth])
        inner = find(tx.connection, path) or _make(tx, caller, inner, name, {})
    return inner


def create(tx: Tx, caller: Caller, request: FolderRequest) -> Folder:
    """A new folder, with those above it. Raises Forbidden, Invalid, Conflict when it is there, NotFound for an
    unknown parent."""
    caller.require(Permission.FOLDER_MANAGE)
    if request.path and request.parent_id:
        raise Invalid("Path and ParentId exclude each other.", name="ParentId")
    names = _parts(request.path or "")
    if request.name is not None or not names:
        names.append(checked_name(request.name, no=NOT_IN_NAMES))
    above = get(tx.connection, request.parent_id) if request.parent_id else ROOT
    if not request.parent_id:
        above = reach(tx, caller, FOLDER_BREAK.join(names[:-1]))
    metadata = {str(name): "true" for name in request.object_identifiers or ()}
    return _make(tx, caller, above, names[-1], metadata)


def change(tx: Tx, caller: Caller, folder: Folder, update: FolderUpdate) -> None:
    """Rename, move or mark a folder; what lies in it goes with it. Raises Forbidden, Invalid, Conflict."""
    _require_everywhere(caller)
    _refuse_root(folder)
    name = folder.name if update.name is None else checked_name(update.name, no=NOT_IN_NAMES)
    above = (
        _above(tx, caller, folder) if update.parent is None else reach(tx, caller, update.parent)
    )
    if _is_within(above.path, folder.path):
        raise Conflict("A folder cannot lie in itself.", id=folder.id)
    path = _joined(above, name)
    if path != folder.path:
        _free(tx.connection, path, but=folder.id)
        _move(tx, folder, path)
    metadata = _merged(folder.metadata, update.metadata)
    values = {
        "name": name,
        "path": path,
        "parent_id": None if above is ROOT else above.id,
        "metadata": msgspec.json.encode(metadata).decode(),
    }
    tx.connection.execute(_f.update().where(_f.c.id == folder.id).values(**values))
    _tell(tx, caller, "Edit", folder, {"Path": (folder.path, path)} if path != folder.path else {})


def delete(tx: Tx, caller: Caller, folder: Folder) -> None:
    """Take an empty folder away. Raises Forbidden; Conflict when something lies in it."""
    _require_everywhere(caller)
    _refuse_root(folder)
    inner = (
        (_f, _f.c.parent_id),
        *((table, table.c.folder_id) for table in _TABLES.values()),
    )
    for table, column in inner:
        if tx.connection.execute(select(table.c.id).where(column == folder.id)).first() is not None:
            raise Conflict(f"The folder {folder.name!r} is not empty.", id=folder.id)
    tx.connection.execute(_f.delete().where(_f.c.id == folder.id))
    _tell(tx, caller, "Delete", folder, {})


def children(connection: Connection, folder_ids: Iterable[str]) -> dict[str, list[Folder]]:
    """The folders that lie in each of these; ZERO_GUID is the root."""
    found: dict[str, list[Folder]] = {}
    above = func.coalesce(_f.c.parent_id, ZERO_GUID)
    query = select(_f).where(above.in_(list(folder_ids))).order_by(_f.c.uid)
    for folder in of_rows(connection.execute(query)):
        found.setdefault(folder.parent_id or ZERO_GUID, []).append(folder)
    return found


def of_rows(rows: Iterable[Row[Any]]) -> list[Folder]:
    """Folders of rows of their table."""
    return [_folder(row) for row in rows]


def holdings(connection: Connection, caller: Caller, folder_ids: Iterable[str]) -> dict[str, Held]:
    """What lies in each of these folders; ZERO_GUID is the root."""
    counted: dict[str, dict[str, int]] = {}
    for kind, table in _TABLES.items():
        place = func.coalesce(table.c.folder_id, ZERO_GUID)
        query = select(place, func.count()).where(_seen(kind, caller)).group_by(place)
        for folder_id, count in connection.execute(query.where(place.in_(list(folder_ids)))):
            counted.setdefault(folder_id, {})[kind] = count
    return {folder_id: Held(**counts) for folder_id, counts in counted.items()}


def in_folder(table: Table, folder: Folder, *, below: bool = False) -> ColumnElement[bool]:
    """Rows of the table that lie in the folder, or in one below it too."""
    own: ColumnElement[bool] = (
        table.c.folder_id.is_(None) if folder is ROOT else table.c.folder_id == folder.id
    )
    if not below:
        return own
    inner = select(_f.c.id)
    if folder is not ROOT:
        prefix = folder.path + FOLDER_BREAK
        inner = inner.where(func.substr(_f.c.path, 1, len(prefix)) == prefix)
    return or_(own, table.c.folder_id.in_(inner))


def paths(connection: Connection, folder_ids: Iterable[str | None]) -> dict[str, Folder]:
    """The folders of these ids."""
    ids = {one for one in folder_ids if one is not None}
    rows = connection.execute(select(_f).where(_f.c.id.in_(ids))) if ids else ()
    return {row.id: _folder(row) for row in rows}


_TABLES = {
    "applications": schema.resources,
    "catalogs": schema.catalogs,
    "groups": schema.delivery_groups,
}


def _seen(kind: str, caller: Caller) -> ColumnElement[bool]:
    match kind:
        case "applications":
            return sight.applications(caller) & (schema.resources.c.kind == "Application")
        case "catalogs":
            return sight.catalogs(caller)
        case _:
            return sight.groups(caller)


def _make(tx: Tx, caller: Caller, above: Folder, name: str, metadata: Mapping[str, str]) -> Folder:
    caller.require(Permission.FOLDER_MANAGE)
    name = checked_name(name, "Name", no=NOT_IN_NAMES)
    path = _joined(above, name)
    if path.count(FOLDER_BREAK) >= MAX_DEPTH:
        raise Invalid(f"Folders are at most {MAX_DEPTH} deep.", name="Path", problem="outOfRange")
    _free(tx.connection, path)
    folder_id = new_guid()
    tx.connection.execute(
        _f.insert().values(
            id=folder_id,
            parent_id=None if above is ROOT else above.id,
            name=name,
            path=path,
            metadata=msgspec.json.encode(metadata).decode(),
        )
    )
    made = get(tx.connection, folder_id)
    _tell(tx, caller, "Create", made, {})
    return made


def _move(tx: Tx, folder: Folder, path: str) -> None:
    """All paths below get the new beginning."""
    prefix = folder.path + FOLDER_BREAK
    below = _f.update().where(func.substr(_f.c.path, 1, len(prefix)) == prefix)
    rest = func.substr(_f.c.path, len(folder.path) + 1)
    tx.connection.execute(below.values(path=path + rest))
    deepest = select(_f.c.path).where(
        func.substr(_f.c.path, 1, len(path) + 1) == path + FOLDER_BREAK
    )
    for one in tx.connection.execute(deepest).scalars():
        if one.count(FOLDER_BREAK) >= MAX_DEPTH:
            raise Invalid(
                f"Folders are at most {MAX_DEPTH} deep.", name="Parent", problem="outOfRange"
            )


def _above(tx: Tx, caller: Caller, folder: Folder) -> Folder:
    return ROOT if folder.parent_id is None else get(tx.connection, folder.parent_id)


def _free(connection: Connection, path: str, *, but: str = "") -> None:
    taken = select(_f.c.id).where(folded(_f.c.path) == path.lower(), _f.c.id != but)
    if connection.execute(taken).first() is not None:
        raise Conflict(f"There is a folder {path!r} already.", code="DuplicateObject", path=path)


def _merged(before: Mapping[str, str], update: list[NameValue] | None) -> dict[str, str]:
    metadata = dict(before)
    for one in update or ():
        if one.name and one.value:
            metadata[one.name[:256]] = one.value[:1024]
        elif one.name and one.value == "":
            metadata.pop(one.name, None)
    if len(metadata) > MAX_METADATA:
        raise Invalid(
            f"There are at most {MAX_METADATA} metadata.", name="Metadata", problem="outOfRange"
        )
    return metadata


def _joined(above: Folder, name: str) -> str:
    return name if above is ROOT else f"{above.path}{FOLDER_BREAK}{name}"


def _is_within(path: str, outer: str) -> bool:
    return f"{path}{FOLDER_BREAK}".lower().startswith(f"{outer}{FOLDER_BREAK}".lower())


def _parts(path: str) -> list[str]:
    return [
        part.strip()
        for part in path.replace("\\", FOLDER_BREAK).split(FOLDER_BREAK)
        if part.strip()
    ]


def _refuse_root(folder: Folder) -> None:
    if folder is ROOT:
        raise Conflict("The root folder stays as it is.", id=ROOT.id)


def _require_everywhere(caller: Caller) -> None:
    caller.require(Permission.FOLDER_MANAGE)
    if not caller.everywhere(Permission.FOLDER_MANAGE):
        raise Forbidden(f"This needs the permission {Permission.FOLDER_MANAGE} in the scope All.")


def _tell(
    tx: Tx, caller: Caller, what: str, folder: Folder, changes: Mapping[str, tuple[Any, Any]]
) -> None:
    tx.emit("folder", folder.id)
    act = Act(
        text=f"{what} folder '{folder.path}'",
        target_type="AdminFolder",
        object_id=folder.id,
        object_name=folder.path,
        changes=changes,
    )
    record(tx, caller, act)


def _folder(row: Row[Any]) -> Folder:
    metadata = msgspec.json.decode(row.metadata, type=dict[str, str])
    return Folder(row.id, row.uid, row.name, row.path, row.parent_id, metadata)
