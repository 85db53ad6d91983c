"""Folders: `AdminFolders`, and the same tree as `ApplicationFolders`. Source: rest-api.md sections 7.4 and 11."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request
from litestar.params import FromPath, FromQuery
from sqlalchemy import Connection, select

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.listing import page
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.errors import Forbidden
from footlight.site import folders
from footlight.site.folders import Held
from footlight.site.names import FOLDER_BREAK
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.folder import Folder, FolderRequest, FolderUpdate
from footlight.wire.rest.paging import Collection
from footlight.wire.rest.reference import NameValue, Ref

routes = Routes(cvad=True)

Call = Request[Any, Any, Any]
_f = schema.folders
_READ = (Permission.APPLICATION_READ, Permission.CATALOG_READ, Permission.GROUP_READ)


@routes.add(
    "GET",
    "/AdminFolders",
    job="GetAdminFolders",
    gives=Collection[Folder],
    statuses=(200, 400, 401, 403),
)
async def list_admin_folders(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """All folders but the root."""
    return await _page(caller, parts, limit, continuationToken, fields)


@routes.add(
    "POST",
    "/AdminFolders",
    job="CreateAdminFolder",
    takes=FolderRequest,
    statuses=(200, 400, 401, 403, 404, 409),
)
async def create_admin_folder(request: Call, caller: GivenCaller, parts: GivenParts) -> Folder:
    """Make a folder, and those above it that are not there yet."""
    return await _create(request, caller, parts)


@routes.add("GET", "/AdminFolders/{pathOrId}", statuses=(200, 401, 403, 404))
async def get_admin_folder(
    caller: GivenCaller, parts: GivenParts, pathOrId: FromPath[str]
) -> Folder:
    """A folder, by id or path."""
    return await _get(caller, parts, pathOrId)


@routes.add(
    "PATCH",
    "/AdminFolders/{pathOrId}",
    job="UpdateAdminFolder",
    takes=FolderUpdate,
    statuses=(200, 400, 401, 403, 404, 409),
)
async def change_admin_folder(
    request: Call, caller: GivenCaller, parts: GivenParts, pathOrId: FromPath[str]
) -> Folder:
    """Rename or move a folder with all that lies in it."""
    return await _change(request, caller, parts, pathOrId)


@routes.add(
    "DELETE",
    "/AdminFolders/{pathOrId}",
    job="DeleteAdminFolder",
    status=204,
    statuses=(204, 401, 403, 404, 409),
)
async def delete_admin_folder(
    caller: GivenCaller, parts: GivenParts, pathOrId: FromPath[str]
) -> None:
    """Take an empty folder away."""
    await _delete(caller, parts, pathOrId)


@routes.add(
    "GET",
    "/ApplicationFolders",
    job="GetApplicationFolders",
    gives=Collection[Folder],
    statuses=(200, 400, 401, 403),
)
async def list_application_folders(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
    fields: FromQuery[str | None] = None,
) -> Collection[Any]:
    """All folders but the root."""
    return await _page(caller, parts, limit, continuationToken, fields)


@routes.add(
    "POST",
    "/ApplicationFolders",
    job="CreateApplicationFolder",
    takes=FolderRequest,
    statuses=(200, 400, 401, 403, 404, 409),
)
async def create_application_folder(
    request: Call, caller: GivenCaller, parts: GivenParts
) -> Folder:
    """Make a folder, and those above it that are not there yet."""
    return await _create(request, caller, parts)


@routes.add("GET", "/ApplicationFolders/{pathOrId}", statuses=(200, 401, 403, 404))
async def get_application_folder(
    caller: GivenCaller, parts: GivenParts, pathOrId: FromPath[str]
) -> Folder:
    """A folder, by id or path."""
    return await _get(caller, parts, pathOrId)


@routes.add("HEAD", "/ApplicationFolders/{pathOrId}", status=204, statuses=(204, 401, 403, 404))
async def application_folder_exists(
    caller: GivenCaller, parts: GivenParts, pathOrId: FromPath[str]
) -> None:
    """Whether there is a folder of that path."""
    await _get(caller, parts, pathOrId)


@routes.add(
    "PATCH",
    "/ApplicationFolders/{pathOrId}",
    job="UpdateApplicationFolder",
    takes=FolderUpdate,
    statuses=(200, 400, 401, 403, 404, 409),
)
async def change_application_folder(
    request: Call, caller: GivenCaller, parts: GivenParts, pathOrId: FromPath[str]
) -> Folder:
    """Rename or move a folder with all that lies in it."""
    return await _change(request, caller, parts, pathOrId)


@routes.add(
    "DELETE",
    "/ApplicationFolders/{pathOrId}",
    job="DeleteApplicationFolder",
    status=204,
    statuses=(204, 401, 403, 404, 409),
)
async def delete_application_folder(
    caller: GivenCaller, parts: GivenParts, pathOrId: FromPath[str]
) -> None:
    """Take an empty folder away."""
    await _delete(caller, parts, pathOrId)


def may_read(caller: Caller) -> None:
    """Raises Forbidden for a caller who may read nothing that lies in folders."""
    if not any(caller.may(permission) for permission in _READ):
        raise Forbidden(f"This needs the permission {Permission.APPLICATION_READ}.")


def wire_path(path: str) -> str:
    """A\\B\\ of A|B."""
    return path.replace(FOLDER_BREAK, "\\") + "\\" if path else ""


async def _page(
    caller: Caller, parts: Parts, limit: int | None, token: str | None, fields: str | None
) -> Collection[Any]:
    may_read(caller)
    return await page(
        parts,
        "folders",
        select(_f),
        _f.c.uid,
        lambda c, rows: _wire(c, caller, folders.of_rows(rows)),
        limit=limit,
        token=token,
        fields=fields,
    )


async def _create(request: Call, caller: Caller, parts: Parts) -> Folder:
    caller.require(Permission.FOLDER_MANAGE)
    wanted = await json_body(request, FolderRequest)

    def write(tx: Tx) -> Folder:
        return _wire(tx.connection, caller, [folders.create(tx, caller, wanted)])[0]

    return await parts.store.write(write)


async def _get(caller: Caller, parts: Parts, path_or_id: str) -> Folder:
    may_read(caller)
    name = decode_parameter(path_or_id)
    return await parts.store.read(lambda c: _wire(c, caller, [folders.get(c, name)])[0])


async def _change(request: Call, caller: Caller, parts: Parts, path_or_id: str) -> Folder:
    caller.require(Permission.FOLDER_MANAGE)
    name = decode_parameter(path_or_id)
    wanted = await json_body(request, FolderUpdate)

    def write(tx: Tx) -> Folder:
        folder = folders.get(tx.connection, name)
        folders.change(tx, caller, folder, wanted)
        return _wire(tx.connection, caller, [folders.get(tx.connection, folder.id)])[0]

    return await parts.store.write(write)


async def _delete(caller: Caller, parts: Parts, path_or_id: str) -> None:
    caller.require(Permission.FOLDER_MANAGE)
    name = decode_parameter(path_or_id)
    await parts.store.write(lambda tx: folders.delete(tx, caller, folders.get(tx.connection, name)))


def _wire(connection: Connection, caller: Caller, found: Sequence[folders.Folder]) -> list[Folder]:
    ids = [folder.id for folder in found]
    held = folders.holdings(connection, caller, ids)
    inner = folders.children(connection, ids)
    above = folders.paths(connection, (folder.parent_id for folder in found))

    def ref(folder: folders.Folder) -> Ref:
        return Ref(id=folder.id, uid=folder.uid, name=wire_path(folder.path))

    def parent(folder: folders.Folder) -> Ref | None:
        if folder is folders.ROOT:
            return None
        return ref(above.get(folder.parent_id or "", folders.ROOT))

    return [
        Folder(
            id=folder.id,
            uid=folder.uid,
            children=[ref(one) for one in inner.get(folder.id, ())],
            name=folder.name,
            parent=parent(folder),
            path=wire_path(folder.path),
            total_applications=held.get(folder.id, Held()).applications,
            total_machine_catalogs=held.get(folder.id, Held()).catalogs,
            total_application_groups=0,
            total_desktop_groups=held.get(folder.id, Held()).groups,
            metadata=[NameValue(name=n, value=v) for n, v in sorted(folder.metadata.items())],
        )
        for folder in found
    ]
