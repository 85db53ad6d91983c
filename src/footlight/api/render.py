"""Rows to the wire: the one place where our words become CVAD's.

What is null here, and why, is in docs/compat.md under "Lasting nulls".
"""

from __future__ import annotations

from typing import Any

from footlight.ids import ZERO_GUID
from footlight.sessions.session import Session as State
from footlight.wire.rest.dates import both
from footlight.wire.rest.machine import Machine
from footlight.wire.rest.reference import Ref
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


def session(row: Any) -> Session:
    """The session object from a joined row (sessions/queries.py)."""
    state = State(row)
    app_changed, app_changed_formatted = both(row.app_state_changed_at_ms)
    established, established_formatted = both(row.established_at_ms)
    started, started_formatted = both(row.started_at_ms)
    changed, changed_formatted = both(row.state_changed_at_ms)
    return Session(
        id=row.id,
        uid=row.uid,
        applications_in_use=applications_in_use(row),
        app_state=row.app_state,
        app_state_last_change_time=app_changed,
        formatted_app_state_last_change_time=app_changed_formatted,
        brokering=_brokering(row),
        client=_client(row),
        connection=_connection(row),
        establishment_duration_milliseconds=_establishment_ms(row),
        establishment_time=established,
        formatted_establishment_time=established_formatted,
        is_hidden=row.is_hidden,
        logoff_in_progress=state.logging_off,
        logon_in_progress=state.logging_on,
        machine=_machine(row),
        session_type=row.session_type,
        start_time=started,
        formatted_start_time=started_formatted,
        state=row.state,
        state_change_time=changed,
        formatted_state_change_time=changed_formatted,
        untrusted_user_name=_untrusted_name(row),
        user=user(row),
    )


def applications_in_use(row: Any) -> list[Ref]:
    """The published applications that run in the session of a joined row."""
    if row.session_type != "Application" or row.established_at_ms is None:
        return []
    return [Ref(id=row.resource_id or ZERO_GUID, name=row.resource_name)]


def user(row: Any) -> IdentityUser:
    """Whose session it is."""
    return IdentityUser(
        display_name=row.user_display_name, sid=_sid(row.linux_uid), name=row.user_name
    )


def _brokering(row: Any) -> SessionBrokering:
    time, formatted = both(row.brokered_at_ms)
    return SessionBrokering(
        duration_milliseconds=row.brokering_ms,
        time=time,
        formatted_time=formatted,
        user_name=row.brokered_by,
        user_sid=_sid(row.linux_uid),
    )


def _client(row: Any) -> SessionClient:
    return SessionClient(
        ip_address=row.client_address,
        name=row.client_name,
        platform=row.client_platform,
        product_id=_PRODUCT_IDS.get(row.client_platform, _UNKNOWN_PRODUCT),
        receiver_ip_address=row.launch_client_ip,
        version=row.client_version,
    )


def _connection(row: Any) -> SessionConnection:
    return SessionConnection(
        connected_via_ip=row.connected_via_ip,
        launched_via_host_name=row.launched_via_host,
        launched_via_ip=row.launched_via_ip,
        launched_via_published_name=row.resource_name,
    )


def _machine(row: Any) -> Machine:
    """The reduced machine inside a session: its Id is null there (contract, section 10 no. 23)."""
    return Machine(
        uid=row.m_uid,
        agent_version=row.m_agent_version,
        delivery_group=Ref(id=row.g_id, uid=row.g_uid, name=row.g_name),
        dns_name=row.m_dns_name,
        in_maintenance_mode=row.m_in_maintenance,
        ip_address=row.m_ip_address,
        machine_type="Physical",  # in CVAD's sense: not power-managed
        os_type=row.m_os_type,
        summary_state="InUse" if row.m_registered else "Unregistered",
        zone=Ref(id=row.z_id, name=row.z_name),
        machine_catalog=Ref(id=row.c_id, uid=row.c_uid, name=row.c_name),
        name=row.m_name,
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
