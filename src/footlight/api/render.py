"""Rows to the wire: the one place where our words become CVAD's.

A session is shown by two values, its own and its machine's; halves.py makes JSON of them. What is null here,
and why, is in docs/compat.md under "Lasting nulls".
"""

from __future__ import annotations

from typing import Any, NamedTuple

from footlight.api.container_scopes import Scopes, container_scopes
from footlight.ids import ZERO_GUID
from footlight.sessions.session import Session as State
from footlight.wire.rest.dates import both
from footlight.wire.rest.machine import Machine
from footlight.wire.rest.reference import Ref
from footlight.wire.rest.scope import ContainerScope
from footlight.wire.rest.session import (
    Session,
    SessionBrokering,
    SessionClient,
    SessionConnection,
)
from footlight.wire.rest.user import IdentityUser

# ICA client product numbers: 1 and 9 are in the contract's samples, the others are the protocol's known ones.
_PRODUCT_IDS = {"Windows": 1, "Linux": 81, "macOS": 82}
_UNKNOWN_PRODUCT = 9


class Own(NamedTuple):
    """What a session's object shows of the session itself, as it stands on the wire."""

    id: str
    uid: int
    applications_in_use: list[Ref]
    app_state: Any
    app_state_changed: str | None
    app_state_changed_formatted: str | None
    brokering_ms: int | None
    brokered: str | None
    brokered_formatted: str | None
    brokered_by: str
    client_address: str | None
    client_name: str
    client_platform: str
    client_product: int
    client_version: str | None
    launch_client_ip: str | None
    connected_via_ip: str | None
    launched_via_host: str | None
    launched_via_ip: str | None
    published_name: str
    establishment_ms: int | None
    established: str | None
    established_formatted: str | None
    is_anonymous: bool
    is_hidden: bool
    logging_off: bool
    logging_on: bool
    session_type: Any
    started: str | None
    started_formatted: str | None
    state: Any
    state_changed: str | None
    state_changed_formatted: str | None
    untrusted_name: str | None
    display_name: str
    sid: str | None
    user_name: str


class OfMachine(NamedTuple):
    """What a session's object shows of its machine."""

    container_scopes: list[ContainerScope]
    uid: int
    agent_version: str | None
    group: Ref
    dns_name: str | None
    in_maintenance: bool
    ip_address: str | None
    os_type: str | None
    summary_state: Any
    zone: Ref
    catalog: Ref
    name: str


def own(row: Any) -> Own:
    """From the session's row with its machine's name as `m_name`."""
    state = State(row)
    return Own(
        row.id,
        row.uid,
        applications_in_use(row),
        row.app_state,
        *both(row.app_state_changed_at_ms),
        row.brokering_ms,
        *both(row.brokered_at_ms),
        row.brokered_by,
        row.client_address,
        row.client_name,
        row.client_platform,
        _PRODUCT_IDS.get(row.client_platform, _UNKNOWN_PRODUCT),
        row.client_version,
        row.launch_client_ip,
        row.connected_via_ip,
        row.launched_via_host,
        row.launched_via_ip,
        row.resource_name,
        _establishment_ms(row),
        *both(row.established_at_ms),
        bool(row.is_anonymous),
        row.is_hidden,
        state.logging_off,
        state.logging_on,
        row.session_type,
        *both(row.started_at_ms),
        row.state,
        *both(row.state_changed_at_ms),
        _untrusted_name(row),
        row.user_display_name,
        _sid(row.linux_uid),
        row.user_name,
    )


def of_machine(row: Any, of_catalog: Scopes | None, of_group: Scopes | None) -> OfMachine:
    """From the columns of machine, catalog, group and zone of a joined row (sessions/queries.py), and the scopes
    of catalog and group (None: there is none)."""
    return OfMachine(
        container_scopes=container_scopes(of_catalog, of_group),
        uid=row.m_uid,
        agent_version=row.m_agent_version,
        group=Ref(id=row.g_id, uid=row.g_uid, name=row.g_name),
        dns_name=row.m_dns_name,
        in_maintenance=row.m_in_maintenance,
        ip_address=row.m_ip_address,
        os_type=row.m_os_type,
        summary_state="InUse" if row.m_registered else "Unregistered",
        zone=Ref(id=row.z_id, name=row.z_name),
        catalog=Ref(id=row.c_id, uid=row.c_uid, name=row.c_name),
        name=row.m_name,
    )


def session(own: Own, machine: OfMachine) -> Session:
    """The session's object: the one place that says what of it stands where."""
    return Session(
        id=own.id,
        uid=own.uid,
        applications_in_use=own.applications_in_use,
        app_state=own.app_state,
        app_state_last_change_time=own.app_state_changed,
        formatted_app_state_last_change_time=own.app_state_changed_formatted,
        brokering=SessionBrokering(
            duration_milliseconds=own.brokering_ms,
            time=own.brokered,
            formatted_time=own.brokered_formatted,
            user_name=own.brokered_by,
            user_sid=own.sid,
        ),
        client=SessionClient(
            ip_address=own.client_address,
            name=own.client_name,
            platform=own.client_platform,
            product_id=own.client_product,
            receiver_ip_address=own.launch_client_ip,
            version=own.client_version,
        ),
        connection=SessionConnection(
            connected_via_ip=own.connected_via_ip,
            launched_via_host_name=own.launched_via_host,
            launched_via_ip=own.launched_via_ip,
            launched_via_published_name=own.published_name,
        ),
        establishment_duration_milliseconds=own.establishment_ms,
        establishment_time=own.established,
        formatted_establishment_time=own.established_formatted,
        is_anonymous_user=own.is_anonymous,
        is_hidden=own.is_hidden,
        logoff_in_progress=own.logging_off,
        logon_in_progress=own.logging_on,
        session_type=own.session_type,
        start_time=own.started,
        formatted_start_time=own.started_formatted,
        state=own.state,
        state_change_time=own.state_changed,
        formatted_state_change_time=own.state_changed_formatted,
        untrusted_user_name=own.untrusted_name,
        user=IdentityUser(display_name=own.display_name, sid=own.sid, name=own.user_name),
        container_scopes=machine.container_scopes,
        machine=_machine(machine),
    )


def applications_in_use(row: Any) -> list[Ref]:
    """The published applications that run in the session of a joined row."""
    if row.app_state != "Active":
        return []
    return [Ref(id=row.resource_id or ZERO_GUID, name=row.resource_name)]


def user(row: Any) -> IdentityUser:
    """Whose session it is."""
    return IdentityUser(
        display_name=row.user_display_name, sid=_sid(row.linux_uid), name=row.user_name
    )


def _machine(shown: OfMachine) -> Machine:
    """The reduced machine inside a session: its Id is null there (contract, section 10 no. 23)."""
    return Machine(
        uid=shown.uid,
        agent_version=shown.agent_version,
        delivery_group=shown.group,
        dns_name=shown.dns_name,
        in_maintenance_mode=shown.in_maintenance,
        ip_address=shown.ip_address,
        machine_type="Physical",  # in CVAD's sense: not power-managed
        os_type=shown.os_type,
        summary_state=shown.summary_state,
        zone=shown.zone,
        machine_catalog=shown.catalog,
        name=shown.name,
    )


def _establishment_ms(row: Any) -> int | None:
    if row.established_at_ms is None:
        return None
    return max(0, int(row.established_at_ms - row.brokered_at_ms))


def _untrusted_name(row: Any) -> str | None:
    """As the machine itself reports it: HOST\\account."""
    if row.linux_user is None:
        return None
    return f"{row.m_name.rpartition(chr(92))[2].lower()}\\{row.linux_user}"


def _sid(uid: int | None) -> str | None:
    """A Linux account's SID by Samba's Unix convention."""
    return None if uid is None else f"S-1-22-1-{uid}"
