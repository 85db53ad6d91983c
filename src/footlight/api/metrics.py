"""`/metrics`: what the server and its site tell Prometheus."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from litestar import Request, Response
from sqlalchemy import Connection

from footlight.access.access import Access
from footlight.api.authorization import Token
from footlight.api.door import entry_of
from footlight.api.given import GivenParts
from footlight.api.parts import Parts
from footlight.api.routing import Routes
from footlight.audit.head import Head, is_held
from footlight.caller import Permission
from footlight.config import is_loopback
from footlight.errors import Invalid, Unauthenticated
from footlight.site import figures
from footlight.site.figures import SiteFigures
from footlight.telemetry.meters import CONTENT_TYPE, Meters
from footlight.wire.host import HostFigures

routes = Routes(cvad=False)

HEALTH_STATES = ("starting", "recording", "delayed", "failed", "refused")
_MOST_CERTIFICATE_BYTES = 64 * 1024
_S = 1000


@routes.add(
    "GET",
    "/metrics",
    open=True,
    answer="any",
    gives="text/plain",
    statuses=(200, 401, 403, 503),
)
async def metrics(request: Request[Any, Any, Any], parts: GivenParts) -> Response[bytes]:
    """Figures of the server and of the site, as Prometheus reads them. Needs the permission to view the site, unless
    the site is configured to show them without a token."""
    entry = entry_of(request.scope)
    if not _is_open(parts.config.metrics_open, entry.address):
        await _admit(parts.access, entry.authorization, entry.address, entry.user_agent)
    began = time.perf_counter()
    head, damaged = await asyncio.to_thread(_head, parts)

    def look(connection: Connection) -> tuple[SiteFigures, bool]:
        held = not damaged and (head is None or is_held(connection, head))
        return figures.read(connection, parts.clock.now_ms()), held

    found, held = await parts.store.read(look)
    fill(parts.meters, found)
    parts.meters.audit_verified.set(held)
    parts.meters.launches_waiting.set(parts.launcher.waiting)
    parts.meters.duties.replace({(name,): held for name, held in parts.duties().items()})
    connected = parts.bus_connected()
    parts.meters.bus_connected.replace({} if connected is None else {(): connected})
    await asyncio.to_thread(_certificate, parts.meters, parts.certificate)
    parts.meters.scrape.set(time.perf_counter() - began)
    # Not in the event loop: thousands of lines take milliseconds.
    text = await asyncio.to_thread(parts.meters.text)
    return Response(text.encode(), media_type=CONTENT_TYPE, headers={"cache-control": "no-store"})


def _is_open(to: str, address: str) -> bool:
    return to == "any" or (to == "loopback" and is_loopback(address))


async def _admit(access: Access, authorization: Any, address: str, user_agent: str) -> None:
    """Raises Unauthenticated or Forbidden."""
    if not isinstance(authorization, Token):
        raise Unauthenticated("A bearer token is missing.", reason="missing")
    caller = await access.caller(authorization.text, address, user_agent)
    caller.require_everywhere(Permission.SITE_READ)


def fill(meters: Meters, found: SiteFigures) -> None:
    """Put what was read into the site's metrics."""
    meters.sessions.replace({states: n for states, n in found.sessions.items()})
    groups: dict[tuple[str, ...], float] = {}
    for row in found.hosts:
        if row.delivery_group is not None:
            key = (row.delivery_group,)
            groups[key] = groups.get(key, 0) + row.live_sessions
    meters.group_sessions.replace(groups)
    meters.recordings.replace({(status,): n for status, n in found.recordings.items()})
    meters.recordings_late.set(found.recordings_late)
    health = {state: found.recording_health.get(state, 0) for state in HEALTH_STATES}
    meters.recording_health.replace({(state,): n for state, n in health.items()})
    meters.jobs.replace({(state,): n for state, n in found.jobs.items()})
    meters.webhooks.replace({(state,): n for state, n in found.webhooks.items()})
    meters.outbox_position.set(found.outbox)
    meters.outbox_lag.set(0 if found.told is None else max(0, found.outbox - found.told))
    meters.audit_entries.set(found.audit)
    _fill_hosts(meters, found)


def _fill_hosts(meters: Meters, found: SiteFigures) -> None:
    machines: dict[tuple[str, ...], float] = {}
    told = []
    for row in found.hosts:
        label = (str(bool(row.registered)).lower(), str(bool(row.in_maintenance)).lower())
        machines[label] = machines.get(label, 0) + 1
        if row.figures is not None and row.registered:
            told.append((row.name, msgspec.json.decode(row.figures, type=HostFigures)))
    meters.machines.replace(machines)
    hosts = found.hosts
    meters.host_registered.replace({(row.name,): int(row.registered) for row in hosts})
    meters.host_maintenance.replace({(row.name,): int(row.in_maintenance) for row in hosts})
    meters.host_seen.replace({(row.name,): row.last_seen_ms / _S for row in hosts})
    meters.host_sessions.replace({(row.name,): row.live_sessions for row in hosts})
    told_load = [row for row in hosts if row.load_index is not None]
    meters.host_load.replace({(row.name,): row.load_index / 10_000 for row in told_load})
    meters.host.replace(told)


def _head(parts: Parts) -> tuple[Head | None, bool]:
    """The signed head of the audit chain, and whether its file is damaged."""
    try:
        return parts.audit_head.read(), False
    except Invalid:
        return None, True


def _certificate(meters: Meters, path: Path | None) -> None:
    """When the certificate that we serve with ends; looked at anew, since others may replace the file."""
    if path is None:
        return
    try:
        with path.open("rb") as source:
            found = x509.load_pem_x509_certificate(source.read(_MOST_CERTIFICATE_BYTES))
    except (OSError, ValueError):
        return
    meters.certificate_expiry.set(found.not_valid_after_utc.timestamp(), "https")
