"""Published applications to the wire. What is kept without effect here is said in docs/compat.md."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from footlight.api.folders import wire_path
from footlight.api.render_machines import named_principal, scopes
from footlight.caller import Caller
from footlight.ids import ZERO_GUID
from footlight.site import application_rows, command_line, metadata
from footlight.site.application_rows import Facts, Kept
from footlight.store import schema
from footlight.wire.rest.application import (
    Application,
    ApplicationDetail,
    InstalledAppProperties,
)
from footlight.wire.rest.reference import Ref
from footlight.wire.rest.scope import ContainerScope


def applications(
    connection: Connection, caller: Caller, rows: Sequence[Row[Any]]
) -> list[Application]:
    """Rows of application_rows.py as items of lists."""
    facts = application_rows.facts(connection, caller, [row.id for row in rows])
    return [Application(**_members(row, facts[row.id])) for row in rows]


def detail(
    connection: Connection, caller: Caller, row: Row[Any], site_name: str
) -> ApplicationDetail:
    """One application by itself."""
    facts = application_rows.facts(connection, caller, [row.id])[row.id]
    kept = msgspec.json.decode(row.settings, type=Kept)
    return ApplicationDetail(
        **_members(row, facts),
        browser_name=row.browser_name or row.name,
        categories=list(kept.categories),
        configured_ftas=[],
        cpu_priority_level=kept.cpu_priority_level,
        home_zone=_zone(connection, kept.home_zone_id),
        home_zone_mode=kept.home_zone_mode,
        included_user_filter_enabled=facts.rule.included_only,
        icon_from_client=kept.icon_from_client,
        included_users=[named_principal(name, site_name) for name in facts.rule.included],
        max_per_user_instances=row.max_per_user_instances,
        max_total_instances=row.max_total_instances,
        shortcut_added_to_desktop=kept.shortcut_added_to_desktop,
        shortcut_added_to_start_menu=kept.shortcut_added_to_start_menu,
        start_menu_folder=kept.start_menu_folder,
        wait_for_printer_creation=kept.wait_for_printer_creation,
    )


def _members(row: Row[Any], facts: Facts) -> dict[str, Any]:
    kept = msgspec.json.decode(row.settings, type=Kept)
    executable, arguments = command_line.shown(msgspec.json.decode(row.command, type=list[str]))
    return {
        "id": row.id,
        "uid": row.uid,
        "application_folder": Ref(
            id=row.folder_id or ZERO_GUID,
            uid=row.folder_uid or 0,
            name=wire_path(row.folder_path or ""),
        ),
        "client_folder": kept.client_folder,
        "container_scopes": [
            ContainerScope(scopes=scopes(facts.scopes), scope_type="DeliveryGroup")
        ],
        "description": row.description,
        "do_not_enumerate": kept.do_not_enumerate,
        "enabled": row.enabled,
        "icon_id": "" if row.icon_uid is None else str(row.icon_uid),
        "installed_app_properties": InstalledAppProperties(
            command_line_executable=kept.executable or executable,
            command_line_arguments=arguments if kept.arguments is None else kept.arguments,
            working_directory=row.working_dir or "",
        ),
        "name": row.name,
        "published_name": row.published_name,
        "metadata": metadata.pairs(kept.metadata),
        "visible": row.visible,
        "tags": list(facts.tags),
        "num_associated_delivery_groups": len(facts.groups),
        "associated_delivery_group_uuids": [group.id for group in facts.groups],
        "associated_application_group_uuids": [],
    }


def _zone(connection: Connection, zone_id: str | None) -> Ref | None:
    z = schema.zones
    row = connection.execute(select(z).where(z.c.id == zone_id)).first() if zone_id else None
    return None if row is None else Ref(id=row.id, name=row.name)
