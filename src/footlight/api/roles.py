"""Roles and what they can be made of. Source: rest-api.md section 7.5."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Request, Response
from litestar.params import FromPath, FromQuery
from sqlalchemy import select

from footlight.access import custom_roles
from footlight.access.permissions import DESCRIBED, GROUPS, Described
from footlight.api import render_rights
from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.json_body import json_body
from footlight.api.listing import page
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Permission
from footlight.errors import NotFound
from footlight.store import schema
from footlight.store.store import Tx
from footlight.wire.rest.admin import PermissionGroup, PredefinedPermission, Role, RoleRequest
from footlight.wire.rest.paging import Collection

routes = Routes(cvad=True)
Call = Request[Any, Any, Any]


@routes.add("GET", "/Admin/Roles", gives=Collection[Role], statuses=(200, 400, 401, 403))
async def list_roles(
    caller: GivenCaller,
    parts: GivenParts,
    limit: FromQuery[int | None] = None,
    continuationToken: FromQuery[str | None] = None,
) -> Collection[Any]:
    """All roles: they are the whole site's."""
    caller.require(Permission.ADMIN_READ)
    return await page(
        parts,
        "roles",
        select(schema.roles),
        schema.roles.c.uid,
        lambda c, rows: [
            render_rights.role(c, row, separate_duties=caller.separate_duties) for row in rows
        ],
        limit=limit,
        token=continuationToken,
    )


@routes.add(
    "POST",
    "/Admin/Roles",
    status=201,
    job="CreateAdminRole",
    takes=RoleRequest,
    gives=Role,
    statuses=(201, 400, 401, 403, 409),
)
async def create_role(request: Call, caller: GivenCaller, parts: GivenParts) -> Response[bytes]:
    """Make a role of permissions that the caller has everywhere."""
    caller.require(Permission.ADMIN_MANAGE)
    wanted = await json_body(request, RoleRequest)

    def write(tx: Tx) -> Role:
        role_id = custom_roles.create(
            tx, caller, wanted.name, wanted.description, wanted.permissions or []
        )
        row = custom_roles.get(tx.connection, role_id)
        return render_rights.role(tx.connection, row, separate_duties=caller.separate_duties)

    return created(request, "Roles", await parts.store.write(write))


@routes.add("GET", "/Admin/Roles/{nameOrId}", statuses=(200, 401, 403, 404))
async def get_role(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> Role:
    """A role, by name or id."""
    caller.require(Permission.ADMIN_READ)
    name, duties = decode_parameter(nameOrId), caller.separate_duties
    return await parts.store.read(
        lambda c: render_rights.role(c, custom_roles.get(c, name), separate_duties=duties)
    )


@routes.add("HEAD", "/Admin/Roles/{nameOrId}", status=204, statuses=(204, 401, 403, 404))
async def role_exists(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """Whether there is a role of that name."""
    caller.require(Permission.ADMIN_READ)
    name = decode_parameter(nameOrId)
    await parts.store.read(lambda c: custom_roles.get(c, name))


@routes.add(
    "PATCH",
    "/Admin/Roles/{nameOrId}",
    status=204,
    job="UpdateAdminRole",
    takes=RoleRequest,
    statuses=(204, 400, 401, 403, 404, 409),
)
async def change_role(
    request: Call, caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]
) -> None:
    """Change a role that the site has made."""
    caller.require(Permission.ADMIN_MANAGE)
    name = decode_parameter(nameOrId)
    wanted = await json_body(request, RoleRequest)
    await parts.store.write(
        lambda tx: custom_roles.change(
            tx,
            caller,
            custom_roles.get(tx.connection, name),
            name=wanted.name,
            description=wanted.description,
            permissions=wanted.permissions,
        )
    )


@routes.add(
    "DELETE",
    "/Admin/Roles/{nameOrId}",
    status=204,
    job="DeleteAdminRole",
    statuses=(204, 401, 403, 404, 409),
)
async def delete_role(caller: GivenCaller, parts: GivenParts, nameOrId: FromPath[str]) -> None:
    """Remove a role that no administrator has."""
    caller.require(Permission.ADMIN_MANAGE)
    name = decode_parameter(nameOrId)
    await parts.store.write(
        lambda tx: custom_roles.delete(tx, caller, custom_roles.get(tx.connection, name))
    )


@routes.add("GET", "/Admin/Permissions", statuses=(200, 401, 403))
async def list_permissions(caller: GivenCaller) -> Collection[PredefinedPermission]:
    """All permissions that there are."""
    caller.require(Permission.ADMIN_READ)
    return _permissions(list(DESCRIBED.values()))


@routes.add("GET", "/Admin/PermissionGroups", statuses=(200, 401, 403))
async def list_permission_groups(caller: GivenCaller) -> Collection[PermissionGroup]:
    """The groups of permissions."""
    caller.require(Permission.ADMIN_READ)
    items = [PermissionGroup(id=id, name=name) for id, name in GROUPS.items()]
    return Collection(items=items, total_items=len(items))


@routes.add("GET", "/Admin/PermissionGroups/{id}/Permissions", statuses=(200, 401, 403, 404))
async def list_permissions_of_group(
    caller: GivenCaller, id: FromPath[str]
) -> Collection[PredefinedPermission]:
    """The permissions of one group."""
    caller.require(Permission.ADMIN_READ)
    group = decode_parameter(id)
    found = [one for one in DESCRIBED.values() if one.group_id.lower() == group.lower()]
    if not found:
        raise NotFound(
            "There is no such permission group.", entityType="PermissionGroup", id=group[:256]
        )
    return _permissions(found)


def created(request: Call, collection: str, made: Any) -> Response[bytes]:
    """201 with the new object and its place."""
    location = f"{entry_of(request.scope).base_url}/Admin/{collection}/{made.id}"
    return Response(
        msgspec.json.encode(made),
        status_code=201,
        headers={"location": location},
        media_type="application/json",
    )


def _permissions(described: list[Described]) -> Collection[PredefinedPermission]:
    items = [
        PredefinedPermission(
            id=one.permission,
            name=one.name,
            group_id=one.group_id,
            group_name=one.group_name,
            is_read_only=one.is_read_only,
            operations=list(one.operations),
        )
        for one in described
    ]
    return Collection(items=items, total_items=len(items))
