"""Publishing, changing, copying and withdrawing applications."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, or_, select

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Forbidden, Invalid, NotFound
from footlight.ids import new_guid
from footlight.site import (
    application_rows,
    command_line,
    entitlement,
    folders,
    icons,
    metadata,
    tags,
)
from footlight.site.application_rows import Kept
from footlight.site.names import checked_name, checked_text
from footlight.site.tags import Tagged
from footlight.store import schema, sight
from footlight.store.store import Tx
from footlight.store.text import folded
from footlight.wire.rest.application_request import (
    AddApplicationsRequest,
    ApplicationRequest,
    DuplicateApplicationRequest,
    InstalledAppRequest,
    PriorityRef,
)

MAX_APPLICATIONS_OF_REQUEST = 100
MAX_GROUPS_OF_APPLICATION = 100
MAX_INSTANCES = 1_000_000
NOT_IN_NAMES = "\\/;:#*?=<>|[]\"'`"
MAX_COPIES = 1000

_r = schema.resources
_in = schema.resource_groups
# Members of a request that are kept as they are given, and their names in Kept.
_KEPT_FLAGS = (
    "do_not_enumerate", "icon_from_client", "shortcut_added_to_desktop",
    "shortcut_added_to_start_menu", "wait_for_printer_creation", "cpu_priority_level", "home_zone_mode",
)  # fmt: skip


def publish(
    tx: Tx, caller: Caller, request: AddApplicationsRequest, site_name: str
) -> list[Row[Any]]:
    """Make the new applications and give them, and those that are there, to the groups; the rows of the new ones.
    Raises Invalid, NotFound, Forbidden, Conflict."""
    caller.require(Permission.APPLICATION_CREATE)
    new, old = request.new_applications or [], request.existing_applications or []
    if not new and not old:
        raise Invalid(
            "NewApplications or ExistingApplications is needed.",
            name="NewApplications",
            problem="missing",
        )
    if len(new) + len(old) > MAX_APPLICATIONS_OF_REQUEST:
        raise Invalid(
            f"A request has at most {MAX_APPLICATIONS_OF_REQUEST} applications.",
            name="NewApplications",
            problem="outOfRange",
        )
    groups = _groups(tx.connection, caller, request.delivery_groups)
    made = [_create(tx, caller, one, groups, site_name) for one in new]
    for name in old:
        row = application_rows.changeable(tx, caller, Permission.APPLICATION_EDIT, name)
        for group, priority in groups:
            _give(tx, row.id, group.id, priority)
        names = ", ".join(f"'{group.name}'" for group, _ in groups)
        _tell(tx, caller, f"Add application '{row.name}' to {names}", row.id, row.name, {})
    return made


def change(
    tx: Tx, caller: Caller, row: Row[Any], request: ApplicationRequest, site_name: str
) -> None:
    """Change what the request names. Raises Invalid, NotFound, Forbidden, Conflict."""
    values = _values(tx, caller, request, row)
    changed = {
        name: (getattr(row, name), value)
        for name, value in values.items()
        if getattr(row, name) != value
    }
    if changed:
        tx.connection.execute(_r.update().where(_r.c.id == row.id).values(**values))
    if request.delivery_groups is not None:
        _regroup(tx, caller, row, request.delivery_groups)
    _include(tx, row.id, request, site_name)
    _tell(tx, caller, f"Edit application '{row.name}'", row.id, row.name, changed)


def delete(tx: Tx, caller: Caller, row: Row[Any]) -> None:
    """Withdraw an application; sessions that run it go on."""
    tags.forget_object(tx, Tagged.APPLICATION, row.id)
    entitlement.forget_object(tx, row.id)
    tx.connection.execute(_in.delete().where(_in.c.resource_id == row.id))
    tx.connection.execute(_r.delete().where(_r.c.id == row.id))
    _tell(tx, caller, f"Delete application '{row.name}'", row.id, row.name, {})


def duplicate(
    tx: Tx, caller: Caller, row: Row[Any], request: DuplicateApplicationRequest
) -> Row[Any]:
    """A copy under another name, in the same groups, with the same rule and tags. Raises Invalid, Conflict."""
    caller.require(Permission.APPLICATION_CREATE)
    application_rows.require(tx.connection, caller, Permission.APPLICATION_CREATE, row.id)
    name = request.new_name
    name = recommended_name(tx.connection, row.name) if name is None else _free_name(tx, name)
    values = {column.name: getattr(row, column.name) for column in _r.c if column.name != "uid"}
    values |= {"id": new_guid(), "name": name, "browser_name": None}
    if request.new_folder is not None:
        values["folder_id"] = _folder_id(tx, caller, request.new_folder)
    if request.create_disabled:
        values |= {"enabled": False, "visible": False}
    tx.connection.execute(_r.insert().values(**values))
    for given in tx.connection.execute(select(_in).where(_in.c.resource_id == row.id)).all():
        _give(tx, values["id"], given.delivery_group_id, given.priority)
    rule = entitlement.rules(tx.connection, [row.id]).get(row.id)
    if rule is not None:
        entitlement.put(tx, values["id"], rule)
    _tell(tx, caller, f"Duplicate application '{row.name}'", values["id"], name, {})
    return application_rows.get(tx.connection, caller, values["id"])


def recommended_name(connection: Connection, name: str) -> str:
    """A free name that looks like this one."""
    for number in range(1, MAX_COPIES):
        ending = f"_{number}"
        wanted = name[: 64 - len(ending)] + ending
        if not _taken(connection, wanted, ""):
            return wanted
    raise Conflict(f"There are {MAX_COPIES} copies of {name!r}.", name=name)


def _create(
    tx: Tx,
    caller: Caller,
    request: ApplicationRequest,
    shared: Sequence[tuple[Row[Any], int]],
    site_name: str,
) -> Row[Any]:
    groups = [*shared, *_groups(tx.connection, caller, request.delivery_groups)]
    if not groups and not caller.everywhere(Permission.APPLICATION_CREATE):
        raise Forbidden("An application of yours is in a delivery group.", entityType="Application")
    name = _free_name(tx, request.name)
    values: dict[str, Any] = {
        "published_name": name,
        "enabled": True,
        "icon_uid": icons.default_uid(tx.connection),
    }
    values |= {"id": new_guid(), "kind": "Application"} | _values(tx, caller, request, None)
    tx.connection.execute(_r.insert().values({**values, "name": name}))
    for group, priority in groups:
        _give(tx, values["id"], group.id, priority)
    _include(tx, values["id"], request, site_name)
    _tell(tx, caller, f"Create application '{name}'", values["id"], name, {})
    return application_rows.get(tx.connection, caller, values["id"])


def _values(
    tx: Tx, caller: Caller, request: ApplicationRequest, row: Row[Any] | None
) -> dict[str, Any]:
    """The columns that the request sets, of a new application or of one that is there."""
    if request.application_type not in (None, "HostedOnDesktop"):
        raise Invalid(
            "Only applications HostedOnDesktop can be published here.",
            name="ApplicationType",
            value=str(request.application_type),
            problem="invalidEnum",
        )
    values: dict[str, Any] = {}
    if request.name is not None and row is not None:
        values["name"] = _free_name(tx, request.name, but=row.id)
    if request.published_name:
        values["published_name"] = checked_name(request.published_name, "PublishedName")
    if request.browser_name:
        values["browser_name"] = _browser_name(tx, request.browser_name, row)
    if request.description is not None:
        values["description"] = checked_text(request.description)
    if request.application_folder is not None:
        values["folder_id"] = _folder_id(tx, caller, request.application_folder)
    if request.icon:
        values["icon_uid"] = _icon_uid(tx.connection, request.icon)
    for member in ("enabled", "visible"):
        if getattr(request, member) is not None:
            values[member] = getattr(request, member)
    for member in ("max_total_instances", "max_per_user_instances"):
        if getattr(request, member) is not None:
            values[member] = _bounded(getattr(request, member), member)
    kept = Kept() if row is None else msgspec.json.decode(row.settings, type=Kept)
    kept = _kept(tx.connection, request, kept)
    properties = request.installed_app_properties
    if properties is not None or row is None:
        kept, command = _command(properties or InstalledAppRequest(), kept, row)
        values["command"] = msgspec.json.encode(command).decode()
        if (properties and properties.working_directory is not None) or row is None:
            values["working_dir"] = command_line.checked_folder(
                properties.working_directory if properties else None
            )
    values["settings"] = msgspec.json.encode(kept).decode()
    return values


def _command(
    given: InstalledAppRequest, kept: Kept, row: Row[Any] | None
) -> tuple[Kept, list[str]]:
    """The command line, what is not given taken from the one before."""
    before = ("", "")
    if row is not None:
        before = command_line.shown(msgspec.json.decode(row.command, type=list[str]))
    executable = given.command_line_executable
    if executable is None:
        executable = kept.executable or before[0]
    arguments = given.command_line_arguments
    if arguments is None:
        arguments = before[1] if kept.arguments is None else kept.arguments
    command = command_line.command_of(executable, arguments)
    return msgspec.structs.replace(kept, executable=executable, arguments=arguments), command


def _kept(connection: Connection, request: ApplicationRequest, kept: Kept) -> Kept:
    changes: dict[str, Any] = {
        name: getattr(request, name) for name in _KEPT_FLAGS if getattr(request, name) is not None
    }
    for name, member in (
        ("client_folder", "ClientFolder"),
        ("start_menu_folder", "StartMenuFolder"),
    ):
        if getattr(request, name) is not None:
            changes[name] = checked_text(getattr(request, name), member, longest=256)
    if request.categories is not None:
        found = [checked_name(one, "Categories", longest=256) for one in request.categories[:100]]
        changes["categories"] = tuple(found)
    if request.home_zone is not None:
        changes["home_zone_id"] = _zone_id(connection, request.home_zone)
    if request.metadata is not None:
        changes["metadata"] = metadata.merged(kept.metadata, request.metadata)
    return msgspec.structs.replace(kept, **changes)


def _include(tx: Tx, application_id: str, request: ApplicationRequest, site_name: str) -> None:
    """Who may use it, as far as the request says so."""
    if request.included_users is None and request.included_user_filter_enabled is None:
        return
    rule = entitlement.rules(tx.connection, [application_id]).get(application_id, entitlement.OPEN)
    included = rule.included
    if request.included_users is not None:
        included = entitlement.principals(
            tx.connection, request.included_users, site_name, "IncludedUsers"
        )
    only = request.included_user_filter_enabled
    entitlement.put(
        tx,
        application_id,
        entitlement.Rule(
            included_only=rule.included_only if only is None else only, included=included
        ),
    )


def _groups(
    connection: Connection, caller: Caller, given: Sequence[PriorityRef] | None
) -> list[tuple[Row[Any], int]]:
    """The groups, into which the caller may put applications. Raises NotFound, Forbidden."""
    if len(given or ()) > MAX_GROUPS_OF_APPLICATION:
        raise Invalid(
            f"An application is in at most {MAX_GROUPS_OF_APPLICATION} groups.",
            name="DeliveryGroups",
            problem="outOfRange",
        )
    found: list[tuple[Row[Any], int]] = []
    for one in given or ():
        row = application_rows.group(connection, caller, one.item)
        _require_group(connection, caller, Permission.GROUP_ADD_APPLICATIONS, row)
        found.append((row, _bounded(one.priority or 0, "priority")))
    return found


def _regroup(tx: Tx, caller: Caller, row: Row[Any], given: Sequence[PriorityRef]) -> None:
    """Exactly these groups, of those that the caller sees, give the application. Who does not have the right
    everywhere leaves it in one."""
    groups = _groups(tx.connection, caller, given)
    if not groups and not caller.everywhere(Permission.APPLICATION_EDIT):
        raise Forbidden("An application of yours is in a delivery group.", entityType="Application")
    wanted = {group.id for group, _ in groups}
    facts = application_rows.facts(tx.connection, caller, [row.id])[row.id]
    for group in facts.groups:
        if group.id not in wanted:
            _require_group(tx.connection, caller, Permission.GROUP_REMOVE_APPLICATIONS, group)
            chosen = (_in.c.resource_id == row.id, _in.c.delivery_group_id == group.id)
            tx.connection.execute(_in.delete().where(*chosen))
    for group, priority in groups:
        _give(tx, row.id, group.id, priority)


def _require_group(
    connection: Connection, caller: Caller, permission: Permission, group: Row[Any]
) -> None:
    g = schema.delivery_groups
    one = select(g.c.id).where(g.c.id == group.id, sight.groups(caller, permission))
    if connection.execute(one).first() is None:
        raise Forbidden(f"This needs the permission {permission}.", id=group.id)


def _give(tx: Tx, application_id: str, group_id: str, priority: int) -> None:
    chosen = (_in.c.resource_id == application_id, _in.c.delivery_group_id == group_id)
    if tx.connection.execute(_in.update().where(*chosen).values(priority=priority)).rowcount:
        return
    values = {"resource_id": application_id, "delivery_group_id": group_id, "priority": priority}
    tx.connection.execute(_in.insert().values(**values))


def _free_name(tx: Tx, text: str | None, *, but: str = "") -> str:
    name = checked_name(text, no=NOT_IN_NAMES)
    if _taken(tx.connection, name, but):
        raise Conflict(
            f"There is an application {name!r} already.", code="DuplicateObject", name=name
        )
    return name


def _taken(connection: Connection, name: str, but: str) -> bool:
    same = select(_r.c.id).where(folded(_r.c.name) == name.lower(), _r.c.id != but)
    return connection.execute(same).first() is not None


def _browser_name(tx: Tx, text: str, row: Row[Any] | None) -> str:
    name = checked_name(text, "BrowserName", longest=38)
    same = select(_r.c.id).where(
        folded(_r.c.browser_name) == name.lower(), _r.c.id != (row.id if row is not None else "")
    )
    if tx.connection.execute(same).first() is not None:
        raise Conflict(
            f"There is a browser name {name!r} already.", code="DuplicateObject", name=name
        )
    return name


def _folder_id(tx: Tx, caller: Caller, path_or_id: str) -> str | None:
    folder = folders.reach(tx, caller, path_or_id)
    return None if folder is folders.ROOT else folder.id


def _icon_uid(connection: Connection, icon_id: str) -> int:
    try:
        return icons.get(connection, icon_id).uid
    except NotFound:
        raise Invalid("There is no such icon.", name="Icon", value=icon_id[:64]) from None


def _zone_id(connection: Connection, name_or_id: str) -> str | None:
    text = name_or_id.strip().lower()
    if not text:
        return None
    z = schema.zones
    query = select(z.c.id).where(or_(z.c.id == text, folded(z.c.name) == text))
    zone_id: str | None = connection.execute(query).scalar()
    if zone_id is None:
        raise Invalid("There is no such zone.", name="HomeZone", value=name_or_id[:64])
    return zone_id


def _bounded(number: int, member: str) -> int:
    if not 0 <= number <= MAX_INSTANCES:
        name = "".join(part.title() for part in member.split("_"))
        raise Invalid(
            f"{name} is 0 to {MAX_INSTANCES}.", name=name, value=str(number), problem="outOfRange"
        )
    return number


def _tell(
    tx: Tx,
    caller: Caller,
    text: str,
    application_id: str,
    name: str,
    changes: Mapping[str, tuple[Any, Any]],
) -> None:
    tx.emit("application", application_id)
    act = Act(
        text=text,
        target_type="Application",
        object_id=application_id,
        object_name=name,
        changes=changes,
    )
    record(tx, caller, act)
