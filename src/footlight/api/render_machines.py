"""Machines to the wire, as they stand by themselves (inside a session: render.py).

What is null here, and why, is in docs/compat.md under "Lasting nulls".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from footlight.api.render import applications_in_use, user
from footlight.broker.load import NAMES
from footlight.site import metadata
from footlight.site.machine_facts import Facts
from footlight.wire.rest.dates import both
from footlight.wire.rest.machine import Machine, MachineDetail
from footlight.wire.rest.reference import Ref
from footlight.wire.rest.scope import ALL_SCOPE, ContainerScope, Scope
from footlight.wire.rest.user import IdentityUser


def machine(row: Any, facts: Facts) -> Machine:
    """A machine of a list, of its joined row (site/machine_rows.py)."""
    return Machine(**_members(row, facts))


def detail(row: Any, facts: Facts) -> MachineDetail:
    """One machine by itself."""
    settings: dict[str, str] = msgspec.json.decode(row.settings)
    return MachineDetail(
        **_members(row, facts),
        assigned_client_name=settings.get("AssignedClientName"),
        assigned_ip_address=settings.get("AssignedIPAddress"),
        sessions_established=facts.session_count - facts.pending,
        sessions_pending=facts.pending,
    )


def scopes(rows: Iterable[Any]) -> list[Scope]:
    """The scopes of an object: All, which holds everything, and these."""
    return [ALL_SCOPE, *(_scope(row) for row in rows)]


def principal(name: str) -> IdentityUser:
    """A user or group that a rule names; no directory says more of it."""
    if name.upper().startswith("S-1-"):
        return IdentityUser(sid=name)
    return IdentityUser(display_name=name.rpartition("\\")[2], name=name)


def named_principal(name: str, site_name: str) -> IdentityUser:
    """As principal, with the site's own domain where the name has none."""
    bare = "\\" not in name and "@" not in name and not name.upper().startswith("S-1-")
    return principal(f"{site_name}\\{name}" if bare else name)


def _scope(row: Any) -> Scope:
    return Scope(
        id=row.id,
        uid=row.uid,
        name=row.name,
        description=row.description,
        is_built_in=False,
        is_all_scope=False,
    )


def _members(row: Any, facts: Facts) -> dict[str, Any]:
    """The members that machines of lists and single ones have in common."""
    gone, gone_formatted = both(row.last_deregistered_ms)
    settings: dict[str, str] = msgspec.json.decode(row.settings)
    domain = row.name.rpartition("\\")[0]
    assigned = [named_principal(name, domain) for name in facts.assigned]
    users = {one.user_name: user(one) for one in facts.sessions}
    applications = {ref.id: ref for one in facts.sessions for ref in applications_in_use(one)}
    private = row.c_allocation_type == "Static"
    load_indexes = _load_indexes(row)
    return {
        "id": row.id,
        "uid": row.uid,
        "name": row.name,
        "agent_version": row.agent_version,
        "allocation_type": row.c_allocation_type,
        "applications_in_use": list(applications.values()),
        "assigned_users": assigned,
        "associated_users": assigned if private else list(users.values()),
        "container_scopes": _container_scopes(row, facts),
        "delivery_group": Ref(id=row.g_id, uid=row.g_uid, name=row.g_name),
        "delivery_type": row.g_delivery_type,
        "description": row.description,
        "desktop_conditions": [],
        "dns_name": row.dns_name,
        "fault_state": "None" if row.registered else "Unregistered",
        "in_maintenance_mode": row.in_maintenance,
        "maintenance_mode_reason": "Administrator" if row.in_maintenance else "None",
        "ip_address": row.ip_address,
        "is_assigned": bool(assigned),
        "last_deregistration_reason": row.last_deregistration_reason,
        "last_deregistration_time": gone,
        "formatted_last_deregistration_time": gone_formatted,
        "load_index": row.load_index if row.registered else None,
        "load_indexes": load_indexes,
        "load_index_names": list(NAMES[: len(load_indexes)]),
        "machine_catalog": Ref(id=row.c_id, uid=row.c_uid, name=row.c_name),
        "machine_type": "Physical",  # in CVAD's sense: not power-managed
        "metadata": metadata.pairs(row.metadata),
        "os_type": row.os_type,
        "os_version": row.os_version,
        "persist_user_changes": row.c_persist_changes,
        "power_action_pending": False,
        "published_applications": list(facts.applications),
        "published_name": row.published_name,
        "registration_state": "Registered" if row.registered else "Unregistered",
        "session_count": facts.session_count,
        "session_support": row.c_session_support,
        "summary_state": summary_state(row, facts.session_count),
        "supported_power_actions": [],
        "tags": list(facts.tags),
        "zone": Ref(id=row.z_id, name=row.z_name),
        "icon_id": settings.get("IconId", ""),
    }


def _load_indexes(row: Any) -> list[int]:
    """Those of the parts, as their names; none of a host that says nothing."""
    if row.load_index is None or not row.registered:
        return []
    return [row.load_cpu, row.load_memory, row.load_sessions]


def summary_state(row: Any, session_count: int) -> str:
    """SummaryState of a machine with so many sessions. Source: rest-api.md section 8.5."""
    if not row.registered:
        return "Unregistered"
    return "InUse" if session_count else "Available"


def _container_scopes(row: Any, facts: Facts) -> list[ContainerScope]:
    """Catalog, then delivery group, of those that the machine is in."""
    containers: Sequence[tuple[Any, Sequence[Any], Any]] = (
        (row.c_id, facts.catalog_scopes, "MachineCatalog"),
        (row.g_id, facts.group_scopes, "DeliveryGroup"),
    )
    return [
        ContainerScope(scopes=scopes(rows), scope_type=kind)
        for container, rows, kind in containers
        if container is not None
    ]
