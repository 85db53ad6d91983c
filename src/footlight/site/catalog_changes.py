"""Making, changing and deleting machine catalogs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select, update

from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Invalid
from footlight.ids import new_guid
from footlight.site import catalogs, folders, held, membership, metadata, scoping, tags, zones
from footlight.site.names import checked_member, checked_name, checked_text
from footlight.site.tags import Tagged
from footlight.store import schema
from footlight.store.sight import CATALOG
from footlight.store.store import Tx
from footlight.store.text import folded
from footlight.wire.rest import machine as wire
from footlight.wire.rest.catalog import CreateCatalogRequest, UpdateCatalogRequest

_c = schema.catalogs
_m = schema.machines

NOT_IN_NAMES = "|\\/"


def create(tx: Tx, caller: Caller, wanted: CreateCatalogRequest, site_name: str) -> Row[Any]:
    """The joined row of a new catalog, with the machines that the request names in it. Raises Invalid, Forbidden,
    NotFound, Conflict."""
    caller.require(Permission.CATALOG_CREATE)
    scope_ids = scoping.for_new(tx.connection, caller, Permission.CATALOG_CREATE, wanted.scopes)
    catalog_id = new_guid()
    values = {
        "id": catalog_id,
        "name": _free_name(tx.connection, wanted.name),
        "zone_id": _zone_id(tx.connection, wanted.zone),
        "description": checked_text(wanted.description),
        "folder_id": _folder_id(tx, caller, wanted.admin_folder),
        "metadata": metadata.merged("{}", wanted.metadata or ()),
        **_kinds(wanted),
    }
    tx.connection.execute(_c.insert().values(**values))
    scoping.add(tx, CATALOG, catalog_id, scope_ids)
    tx.emit("catalog", catalog_id)
    made = _row(tx.connection, catalog_id)
    _note(tx, caller, f"Create machine catalog '{made.name}'", made, {})
    for machine in (wanted.machines or ())[: membership.MAX_AT_ONCE]:
        membership.join_catalog(tx, caller, made, machine, site_name)
    return made


def _kinds(wanted: CreateCatalogRequest) -> dict[str, Any]:
    provisioning = checked_member(
        wire.ProvisioningType, wanted.provisioning_type, "ProvisioningType"
    )
    machine_type = checked_member(
        wire.MachineType, wanted.machine_type or "Physical", "MachineType"
    )
    for member, value, only in (
        ("ProvisioningType", provisioning, "Manual"),
        ("MachineType", machine_type, "Physical"),
    ):
        if value != only:
            raise Invalid(
                f"{member}: only {only} is supported; no hypervisor is managed here.",
                name=member,
                value=value,
            )
    _refuse_hypervisor(wanted.hypervisor_connection)
    support = _known(
        checked_member(wire.SessionSupport, wanted.session_support, "SessionSupport"),
        "SessionSupport",
    )
    allocation = _known(
        checked_member(wire.AllocationType, wanted.allocation_type or "Random", "AllocationType"),
        "AllocationType",
    )
    persist = checked_member(
        wire.PersistChanges, wanted.persist_user_changes or "OnLocal", "PersistUserChanges"
    )
    # Elsewhere the contract knows no choice: what is given has no effect.
    private = (support, allocation) == ("SingleSession", "Static")
    return {
        "session_support": support,
        "allocation_type": allocation,
        "machine_type": machine_type,
        "persist_changes": persist if private else "OnLocal",
        "minimum_functional_level": _level(wanted.minimum_functional_level or "L7_20"),
        "is_remote_pc": bool(wanted.is_remote_pc),
    }


def change(tx: Tx, caller: Caller, catalog: Row[Any], wanted: UpdateCatalogRequest) -> None:
    """Make the catalog as asked. Raises Invalid, Forbidden, NotFound, Conflict."""
    held.catalog(tx.connection, caller, Permission.CATALOG_EDIT, catalog.id)
    _refuse_hypervisor(wanted.hypervisor_connection)
    values: dict[str, Any] = {}
    if wanted.name is not None:
        values["name"] = _free_name(tx.connection, wanted.name, but=catalog.id)
    if wanted.description is not None:
        values["description"] = checked_text(wanted.description)
    if wanted.minimum_functional_level is not None:
        values["minimum_functional_level"] = _level(wanted.minimum_functional_level)
    if wanted.zone is not None:
        values["zone_id"] = _zone_id(tx.connection, wanted.zone)
    if wanted.admin_folder is not None:
        values["folder_id"] = _folder_id(tx, caller, wanted.admin_folder)
    if wanted.metadata is not None:
        values["metadata"] = metadata.merged(catalog.metadata, wanted.metadata)
    changes = {
        name: (getattr(catalog, name), value)
        for name, value in values.items()
        if getattr(catalog, name) != value
    }
    if changes:
        tx.connection.execute(update(_c).where(_c.c.id == catalog.id).values(**values))
    if "zone_id" in changes:
        zones.move(tx, catalog.id, values["zone_id"])
    if wanted.scopes is not None:
        changes |= put_in_scopes(tx, caller, CATALOG, catalog.id, wanted.scopes)
    if changes:
        tx.emit("catalog", catalog.id)
        _note(tx, caller, f"Edit machine catalog '{catalog.name}'", catalog, changes)


def put_in_scopes(
    tx: Tx, caller: Caller, kind: str, object_id: str, names: list[str]
) -> dict[str, tuple[Any, Any]]:
    """The object is in exactly these scopes; what that changes, for the log."""
    permission = Permission.CATALOG_EDIT if kind == CATALOG else Permission.GROUP_EDIT

    def held_by() -> list[str]:
        found = scoping.of_objects(tx.connection, caller, permission, [object_id])
        return scoping.names_of(found, object_id)

    before = held_by()
    scoping.put(tx, caller, permission, kind, object_id, names)
    after = held_by()
    return {"scopes": (before, after)} if before != after else {}


def delete(tx: Tx, caller: Caller, catalog: Row[Any]) -> None:
    """Forget the catalog; its machines are not configured any more. Raises Forbidden, and Conflict while one of
    them is in a delivery group that somebody made."""
    held.catalog(tx.connection, caller, Permission.CATALOG_DELETE, catalog.id)
    g = schema.delivery_groups
    made = select(g.c.id).where(g.c.is_sample.is_(False))
    of_catalog = _m.c.catalog_id == catalog.id
    used = select(_m.c.id).where(of_catalog, _m.c.delivery_group_id.in_(made))
    if tx.connection.execute(used.limit(1)).first() is not None:
        raise Conflict(
            "Machines of the catalog are in a delivery group.", code="CatalogInUse", id=catalog.id
        )
    membership.release(tx, of_catalog, catalog_id=None, delivery_group_id=None)
    scoping.forget_object(tx, CATALOG, catalog.id)
    tags.forget_object(tx, Tagged.CATALOG, catalog.id)
    tx.connection.execute(_c.delete().where(_c.c.id == catalog.id))
    tx.emit("catalog", catalog.id)
    _note(tx, caller, f"Delete machine catalog '{catalog.name}'", catalog, {})


def _known(value: str, member: str) -> str:
    if value == "Unknown":
        raise Invalid(f"{member} is Unknown.", name=member, value=value, problem="invalidEnum")
    return value


def _level(text: str) -> str:
    return checked_member(wire.FunctionalLevel, text, "MinimumFunctionalLevel")


def _refuse_hypervisor(connection_name: str | None) -> None:
    if connection_name:
        raise Invalid(
            "HypervisorConnection: no hypervisor is managed here.",
            name="HypervisorConnection",
            value=connection_name[:256],
        )


def _zone_id(connection: Connection, name_or_id: str | None) -> str:
    """The primary zone when none is named."""
    if name_or_id:
        return str(zones.get(connection, name_or_id).id)
    primary = select(schema.zones.c.id).where(schema.zones.c.is_primary)
    return str(connection.execute(primary).scalar_one())


def _folder_id(tx: Tx, caller: Caller, path: str | None) -> str | None:
    found = folders.reach(tx, caller, path)
    return None if found is folders.ROOT else found.id


def _free_name(connection: Connection, text: str | None, *, but: str = "") -> str:
    name = checked_name(text, no=NOT_IN_NAMES)
    taken = select(_c.c.id).where(folded(_c.c.name) == name.lower(), _c.c.id != but)
    if connection.execute(taken).first() is not None:
        raise Conflict(
            f"There is a machine catalog {name!r} already.", code="DuplicateObject", name=name
        )
    return name


def _row(connection: Connection, catalog_id: str) -> Row[Any]:
    return connection.execute(catalogs.joined().where(_c.c.id == catalog_id)).one()


def _note(
    tx: Tx, caller: Caller, text: str, catalog: Row[Any], changes: dict[str, tuple[Any, Any]]
) -> None:
    act = Act(
        text=text,
        target_type="Catalog",
        object_id=catalog.id,
        object_name=catalog.name,
        changes=changes,
    )
    record(tx, caller, act)
