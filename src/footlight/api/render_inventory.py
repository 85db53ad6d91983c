"""Machines and applications to the wire, as they stand by themselves (inside a session: render.py)."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

from footlight.api.render import applications_in_use, user
from footlight.ids import ZERO_GUID
from footlight.site.resources import Application as Published
from footlight.wire.rest.application import Application, InstalledAppProperties
from footlight.wire.rest.machine import MachineDetail
from footlight.wire.rest.reference import Ref
from footlight.wire.rest.scope import ALL_SCOPE, ContainerScope, all_scopes
from footlight.wire.rest.user import IdentityUser


def machine_of(row: Any, beside: Sequence[Any]) -> MachineDetail:
    """The machine of a joined session row. `beside`: the rows of its live sessions that the caller sees,
    that one among them; counts and users are of those."""
    pending = sum(one.established_at_ms is None for one in beside)
    applications = {ref.id: ref for one in beside for ref in applications_in_use(one)}
    users: dict[str, IdentityUser] = {one.account_id: user(one) for one in beside}
    return MachineDetail(
        id=row.m_id,
        uid=row.m_uid,
        name=row.m_name,
        agent_version=row.m_agent_version,
        applications_in_use=list(applications.values()),
        assigned_users=[],
        associated_users=list(users.values()),
        container_scopes=all_scopes(),
        delivery_group=Ref(id=row.g_id, uid=row.g_uid, name=row.g_name),
        delivery_type="DesktopsAndApps",
        desktop_conditions=[],
        dns_name=row.m_dns_name,
        fault_state="None" if row.m_registered else "Unregistered",
        in_maintenance_mode=row.m_in_maintenance,
        maintenance_mode_reason="Administrator" if row.m_in_maintenance else "None",
        ip_address=row.m_ip_address,
        is_assigned=False,
        load_indexes=[],
        machine_catalog=Ref(id=row.c_id, uid=row.c_uid, name=row.c_name),
        machine_type="Physical",  # in CVAD's sense: not power-managed
        os_type=row.m_os_type,
        os_version=row.m_os_version,
        power_action_pending=False,
        registration_state="Registered" if row.m_registered else "Unregistered",
        session_count=len(beside),
        sessions_established=len(beside) - pending,
        sessions_pending=pending,
        summary_state="InUse" if row.m_registered else "Unregistered",
        supported_power_actions=[],
        tags=[],
        zone=Ref(id=row.z_id, name=row.z_name),
        icon_id="",
    )


def application(published: Published) -> Application:
    """A published application."""
    resource = published.resource
    executable, *arguments = resource.command or [""]
    return Application(
        id=resource.id,
        uid=resource.uid,
        application_folder=Ref(id=ZERO_GUID, name=""),  # the root; there are no others yet
        container_scopes=[ContainerScope(scopes=[ALL_SCOPE], scope_type="DeliveryGroup")],
        enabled=published.enabled,
        installed_app_properties=InstalledAppProperties(
            command_line_executable=executable,
            command_line_arguments=shlex.join(arguments),
            working_directory=resource.working_dir or "",
        ),
        name=resource.name,
        published_name=resource.name,
        tags=[],
        num_associated_delivery_groups=len(resource.delivery_group_ids),
        associated_delivery_group_uuids=list(resource.delivery_group_ids),
        associated_application_group_uuids=[],
    )
