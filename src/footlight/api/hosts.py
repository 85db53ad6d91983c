"""Hosts of the site: codes by which they enrol, and those that have."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from typing import Any

from litestar import Request
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody
from sqlalchemy import Row

from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.host_reach import url_for_hosts, warning_of
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.authority import fingerprint_of
from footlight.bus.host_bus import HostBus
from footlight.caller import Caller, Permission
from footlight.errors import Unavailable
from footlight.site import enrolled_hosts, enrolment_codes
from footlight.store.store import Tx
from footlight.wire.enrolment import (
    EnrolHost,
    HostCredentials,
    Standing,
    StandingQuestion,
    TrustView,
)
from footlight.wire.own import (
    EnrolmentList,
    EnrolmentMade,
    EnrolmentView,
    HostList,
    HostView,
    NewEnrolment,
)
from footlight.wire.rest.dates import rfc3339, rfc3339_of

routes = Routes(cvad=False)
CODES = "/footlight/v1/enrolments"
HOSTS = "/footlight/v1/hosts"
ONE = HOSTS + "/{id}"
ENROLL = "/footlight/v1/enroll"

Call = Request[object, object, State]


@routes.add("GET", CODES, statuses=(200, 401, 403))
async def list_enrolments(caller: GivenCaller, parts: GivenParts) -> EnrolmentList:
    """The enrolment codes that the caller has made; all of them for who may change all machines."""
    rows = await parts.store.read(lambda c: enrolment_codes.every(c, caller))
    now_ms = parts.clock.now_ms()
    return EnrolmentList(items=[EnrolmentView(**_code(row, now_ms)) for row in rows])


@routes.add("POST", CODES, status=201, statuses=(201, 400, 401, 403, 404, 409, 503))
async def create_enrolment(
    request: Call, caller: GivenCaller, parts: GivenParts, data: JSONBody[NewEnrolment]
) -> EnrolmentMade:
    """A code for one host, shown once, with the command to run there. The first one starts the bus that hosts come
    to, where nobody else runs it."""
    caller.require(Permission.MACHINE_EDIT)
    await _open_bus(parts.host_bus)
    trust = fingerprint_of(parts.trust) if parts.trust else ""
    row, code = await parts.store.write(lambda tx: enrolment_codes.create(tx, caller, data, trust))
    url = url_for_hosts(parts.secure, request.headers.get("host", ""), parts.outside_url)
    return EnrolmentMade(
        code=code.text(),
        command=f"footlight agent --server {shlex.quote(url)} --enroll {code.text()}",
        warning=warning_of(url, parts.host_bus.told()),
        **_code(row, parts.clock.now_ms()),
    )


@routes.add("DELETE", CODES + "/{id}", status=204, statuses=(204, 401, 403, 404, 409))
async def revoke_enrolment(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> None:
    """A code is good for nothing any more."""
    code_id = decode_parameter(id)
    await parts.store.write(lambda tx: enrolment_codes.revoke(tx, caller, code_id))


@routes.add("GET", ENROLL, open=True, statuses=(200,))
async def get_trust(parts: GivenParts) -> TrustView:
    """The certificate that this server is trusted by, which a code names by its fingerprint."""
    return TrustView(certificate=parts.trust.decode())


@routes.add("POST", ENROLL, open=True, statuses=(200, 400, 401, 409, 429))
async def enroll(request: Call, parts: GivenParts, data: JSONBody[EnrolHost]) -> HostCredentials:
    """A host becomes the site's by a code; asked again with the same keys it gets the same answer."""
    entry = entry_of(request.scope)
    return await parts.desk.enrol(data, entry.address, entry.transaction)


@routes.add("POST", ENROLL + "/standing", open=True, statuses=(200, 400, 429))
async def ask_standing(parts: GivenParts, data: JSONBody[StandingQuestion]) -> Standing:
    """How a host stands, told to who has its key."""
    return await parts.desk.standing(data)


@routes.add("GET", HOSTS, statuses=(200, 401, 403))
async def list_hosts(caller: GivenCaller, parts: GivenParts) -> HostList:
    """The enrolled hosts whose machines the caller sees."""
    rows = await parts.store.read(lambda c: enrolled_hosts.every(c, caller))
    return HostList(items=[_host(row) for row in rows])


@routes.add("GET", ONE, statuses=(200, 401, 403, 404))
async def get_host(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> HostView:
    """One enrolled host, by its machine's id or name."""
    return await _shown(caller, parts, decode_parameter(id))


@routes.add("POST", ONE + "/revoke", statuses=(200, 401, 403, 404))
async def revoke_host(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> HostView:
    """The host is the site's no more, at once. Its sessions go on there; nobody reaches them."""
    name = decode_parameter(id)
    await parts.desk.revoke(caller, name)
    return await _shown(caller, parts, name)


@routes.add("POST", ONE + "/rotate", statuses=(200, 401, 403, 404, 409))
async def rotate_host(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> HostView:
    """The host makes all its keys anew, as soon as it can."""
    name = decode_parameter(id)
    row = await _changed(caller, parts, name, enrolled_hosts.ask_to_rotate)
    return await _shown(caller, parts, row.machine_id)


@routes.add("DELETE", ONE, status=204, statuses=(204, 401, 403, 404, 409))
async def forget_host(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> None:
    """Forget a host that is revoked; its machine stays until it is deleted."""
    await _changed(caller, parts, decode_parameter(id), enrolled_hosts.forget)


async def _open_bus(bus: HostBus) -> None:
    try:
        await bus.open()
    except Unavailable as failure:
        raise Unavailable(
            f"No code is made, since the site's bus for hosts on other machines does not start: {failure.message}."
        ) from None


async def _changed(
    caller: Caller, parts: Parts, name: str, act: Callable[[Tx, Caller, Row[Any]], None]
) -> Row[Any]:
    def write(tx: Tx) -> Row[Any]:
        row = enrolled_hosts.get(tx.connection, caller, name)
        act(tx, caller, row)
        return row

    return await parts.store.write(write)


async def _shown(caller: Caller, parts: Parts, name: str) -> HostView:
    return _host(await parts.store.read(lambda c: enrolled_hosts.get(c, caller, name)))


def _code(row: Row[Any], now_ms: int) -> dict[str, Any]:
    return {
        "id": row.id,
        "description": row.description,
        "status": enrolment_codes.status(row, now_ms),
        "created_at": rfc3339_of(row.created_at_ms),
        "created_by": row.user_name,
        "expires_at": rfc3339_of(row.expires_at_ms),
        "zone_id": row.zone_id,
        "catalog_id": row.catalog_id,
        "delivery_group_id": row.delivery_group_id,
        "machine_id": row.machine_id,
        "used_at": rfc3339(row.used_at_ms),
        "used_machine_id": row.used_machine_id,
    }


def _host(row: Row[Any]) -> HostView:
    return HostView(
        id=row.machine_id,
        name=row.machine_name,
        status="enrolled" if row.revoked_at_ms is None else "revoked",
        registered=row.registered,
        # before its first report the agent's version is not known
        last_seen_at=rfc3339_of(row.last_seen_ms) if row.agent_version else None,
        agent_version=row.agent_version,
        as_root=row.as_root,
        address=row.address,
        signing_key=row.signing_key,
        enrolled_at=rfc3339_of(row.enrolled_at_ms),
        enrolled_by=row.enrolled_by,
        issued_at=rfc3339_of(row.issued_at_ms),
        expires_at=rfc3339_of(row.expires_at_ms),
        rotating=row.rotate,
        revoked_at=rfc3339(row.revoked_at_ms),
        revoked_by=row.revoked_by,
    )
