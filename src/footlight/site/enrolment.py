"""How a host becomes the site's and stays so: a code is used, credentials are renewed, a host is revoked."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select

from footlight.access.attempts import Attempts
from footlight.audit.log import Act, append
from footlight.bus.bus import HostHandler
from footlight.caller import Caller
from footlight.clock import Clock
from footlight.errors import Conflict, Invalid, Unauthenticated, Unavailable
from footlight.ids import new_guid
from footlight.log import get_logger
from footlight.recording.chain import signature_holds
from footlight.site import enrolled_hosts, enrolment_codes, machines
from footlight.site.credentials import Issuer, check_keys
from footlight.store import schema
from footlight.store.store import Store, Tx
from footlight.store.text import folded
from footlight.wire.enrolment import (
    EnrolHost,
    HostCredentials,
    HostKeys,
    Renewal,
    RenewalRequest,
    Standing,
    StandingQuestion,
    proof_message,
    read_code,
    standing_message,
)

_log = get_logger(__name__)

ThrowOut = Callable[[str], Awaitable[None]]  # a public key from the bus

SKEW_MS = 5 * 60_000
MAX_RENEWAL_BYTES = 64 * 1024
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


class Desk:
    """Where hosts enrol. `throw_out` takes a key from the bus at once; it may raise Unavailable."""

    def __init__(
        self, store: Store, clock: Clock, issuer: Issuer, attempts: Attempts, throw_out: ThrowOut
    ) -> None:
        self._store = store
        self._clock = clock
        self._issuer = issuer
        self._attempts = attempts
        self._throw_out = throw_out

    async def enrol(
        self, request: EnrolHost, address: str, transaction: str = ""
    ) -> HostCredentials:
        """The host's credentials; the same ones to who asks again with the same code and keys. Raises Unauthenticated
        for a wrong code, Conflict for one that is spent or a name that is taken, Invalid, LimitReached."""
        try:
            code = read_code(request.code)
        except ValueError as error:
            raise Invalid(f"{error}.".capitalize(), name="code") from None
        check_keys(request.keys)
        name = _host_name(request.host_name)
        _check_proof(request.keys.signing_key, request.proof, proof_message(code.id, request.keys))

        async def check(is_open: bool) -> Row[Any] | None:
            row = await self._store.read(lambda c: enrolment_codes.find(c, code.id))
            known = row.secret_hash if row is not None and is_open else ""
            return row if hmac.compare_digest(known, code.secret_hash) else None

        if await self._attempts.run(f"enrol:{code.id}", address, check) is None:
            _log.warning("wrong enrolment code", client=address)
            raise Unauthenticated("The enrolment code is not right.", reason="invalid")
        credentials, before = await self._store.write(
            lambda tx: self._use(tx, code.id, name, request.keys, address, transaction)
        )
        if before is not None:
            await self._expel(before)
        _log.info("host enrolled", machine=credentials.machine_name, client=address)
        return credentials

    def _use(
        self, tx: Tx, code_id: str, name: str, keys: HostKeys, address: str, transaction: str
    ) -> tuple[HostCredentials, str | None]:
        """(credentials, the key of the bus that they take the place of)."""
        code = enrolment_codes.find(tx.connection, code_id)
        if code is None:
            raise Unauthenticated("The enrolment code is not right.", reason="invalid")
        told = _told_before(tx, code, keys)
        if told is not None:
            return told, None
        machine_id, before = code.machine_id or new_guid(), None
        if code.machine_id is not None:
            machine = machines.get(tx.connection, machine_id)
            if machine is None:
                raise Conflict("The machine that the code is for has been deleted.", id=machine_id)
            name = machine.name.rpartition("\\")[2]
            known = enrolled_hosts.find(tx.connection, machine_id)
            before = None if known is None else known.bus_key
        else:
            _check_free(tx.connection, self._issuer.site.name, name)
            machines.expect(
                tx,
                machine_id,
                f"{self._issuer.site.name}\\{name}",
                zone_id=code.zone_id,
                catalog_id=code.catalog_id,
                delivery_group_id=code.delivery_group_id,
            )
        machine_name = f"{self._issuer.site.name}\\{name}"
        credentials = self._issuer.issue(machine_id, machine_name, keys, tx.now_ms)
        enrolled_hosts.put(
            tx,
            machine_id,
            host_name=name,
            code_id=code.id,
            enrolled_at_ms=tx.now_ms,
            enrolled_by=code.user_name,
            address=address[:64],
            **_columns(keys, credentials),
        )
        answer = msgspec.json.encode(credentials).decode()
        enrolment_codes.use(tx, code, machine_id, keys.print(), answer)
        act = Act(
            text=f"Enrol host '{machine_name}'",
            target_type="Machine",
            object_id=machine_id,
            object_name=machine_name,
            changes={"SigningKey": (None, keys.signing_key)},
        )
        append(tx, code.account_id, code.user_name, address, act, transaction)
        return credentials, None if before == keys.bus_key else before

    async def standing(self, question: StandingQuestion) -> Standing:
        """How a host stands, told to who has its signing key."""
        now_ms = self._clock.now_ms()
        row = await self._store.read(lambda c: enrolled_hosts.find(c, question.machine_id))
        message = standing_message(question.machine_id, question.at_ms)
        if row is None or not _is_its(row, question.signature, message):
            return Standing(standing="unknown", now_ms=now_ms, server_version=self._issuer.version)
        return Standing(
            standing="enrolled" if row.revoked_at_ms is None else "revoked",
            now_ms=now_ms,
            server_version=self._issuer.version,
            expires_at_ms=row.expires_at_ms,
            bus_servers=self._issuer.servers(),
        )

    async def renew(self, machine_id: str, payload: bytes) -> bytes:
        """Answer a RenewalRequest of a machine, for whose id the bus vouches. Raises ValueError when it is none."""
        if len(payload) > MAX_RENEWAL_BYTES:
            raise ValueError("the request for renewal is too long")
        request = msgspec.json.decode(payload, type=RenewalRequest)
        answer, before = await self._store.write(lambda tx: self._renew(tx, machine_id, request))
        if before is not None:
            await self._expel(before)
        if answer.refused:
            _log.warning("renewal refused", machine=machine_id, reason=answer.refused)
        return msgspec.json.encode(answer)

    def _renew(
        self, tx: Tx, machine_id: str, request: RenewalRequest
    ) -> tuple[Renewal, str | None]:
        row = enrolled_hosts.find(tx.connection, machine_id)
        if row is None or row.revoked_at_ms is not None:
            return Renewal(refused="the host is revoked: enrol it again"), None
        keys = request.keys
        if keys is None:
            if abs(request.at_ms - tx.now_ms) > SKEW_MS:
                return Renewal(refused="the clocks of host and server differ"), None
            message = standing_message(machine_id, request.at_ms)
            settled = _holds(row.signing_key, request.proof, message)
            before = row.previous_bus_key if settled else None
            if before is not None:
                enrolled_hosts.change(tx, machine_id, previous_bus_key=None)
            return Renewal(rotate=row.rotate), before
        if not _is_its(row, request.proof, proof_message(machine_id, keys)):
            return Renewal(refused="the request is not signed by the host's key"), None
        machine_name = f"{self._issuer.site.name}\\{row.host_name}"
        credentials = self._issuer.issue(machine_id, machine_name, keys, tx.now_ms)
        previous = row.signing_key
        if keys.signing_key == previous:
            previous = row.previous_signing_key
        changed_bus = keys.bus_key != row.bus_key
        enrolled_hosts.change(
            tx,
            machine_id,
            previous_signing_key=previous,
            previous_bus_key=row.bus_key if changed_bus else row.previous_bus_key,
            rotate=row.rotate and keys.signing_key == row.signing_key,
            **_columns(keys, credentials),
        )
        return Renewal(credentials=credentials), None

    async def revoke(self, caller: Caller, name_or_id: str) -> None:
        """The host is the site's no more, at once. Raises Forbidden, NotFound."""

        def write(tx: Tx) -> Row[Any]:
            row = enrolled_hosts.get(tx.connection, caller, name_or_id)
            enrolled_hosts.revoke(tx, caller, row)
            return row

        row = await self._store.write(write)
        _log.warning("host revoked", machine=row.machine_name, by=caller.user_name)
        for key in filter(None, (row.bus_key, row.previous_bus_key)):
            await self._expel(key)

    def guarded(self, handler: HostHandler) -> HostHandler:
        """The handler, for hosts that are not revoked: the bus may not have been told yet."""

        async def answer(machine_id: str, payload: bytes) -> bytes:
            row = await self._store.read(lambda c: enrolled_hosts.find(c, machine_id))
            if row is not None and row.revoked_at_ms is not None:
                raise Unavailable("the host is revoked")
            return await handler(machine_id, payload)

        return answer

    async def expel_revoked(self) -> None:
        """Throw all revoked hosts from the bus, those that a server revoked that did not reach it, too."""
        h = schema.enrolled_hosts
        query = select(h.c.bus_key).where(h.c.revoked_at_ms.is_not(None))
        for key in await self._store.read(lambda c: list(c.execute(query).scalars())):
            await self._expel(key)

    async def _expel(self, bus_key: str) -> None:
        try:
            await self._throw_out(bus_key)
        except Unavailable as silence:
            # Its reports are refused already; the next start of a server does it again.
            _log.warning("a key is not thrown from the bus yet", reason=silence.message)


def _told_before(tx: Tx, code: Row[Any], keys: HostKeys) -> HostCredentials | None:
    """The answer to a code that was used with these keys before; None: it may be used now. Raises Conflict."""
    expired = code.expires_at_ms <= tx.now_ms
    if code.used_at_ms is not None:
        known = enrolled_hosts.find(tx.connection, code.used_machine_id)
        revoked = known is None or known.revoked_at_ms is not None
        if expired or revoked or code.used_keys != keys.print():
            raise Conflict("The enrolment code has been used.", code="EnrolmentCodeUsed")
        return msgspec.json.decode(code.answer, type=HostCredentials)
    if code.revoked_at_ms is not None:
        raise Conflict("The enrolment code has been revoked.", code="EnrolmentCodeRevoked")
    if expired:
        raise Conflict("The enrolment code has expired.", code="EnrolmentCodeExpired")
    return None


def _columns(keys: HostKeys, credentials: HostCredentials) -> dict[str, Any]:
    return {
        "signing_key": keys.signing_key,
        "bus_key": keys.bus_key,
        "tls_key": hashlib.sha256(keys.tls_key.encode()).hexdigest(),
        "issued_at_ms": credentials.issued_at_ms,
        "expires_at_ms": credentials.expires_at_ms,
    }


def _host_name(text: str) -> str:
    name = text.partition(".")[0].upper()
    if not _HOST_NAME.fullmatch(name):
        raise Invalid(
            "A host's name is 1 to 63 letters, digits and hyphens.",
            name="hostName",
            value=text[:64],
        )
    return name


def _check_free(connection: Connection, site_name: str, name: str) -> None:
    wanted = f"{site_name}\\{name}".lower()
    query = select(schema.machines.c.id).where(folded(schema.machines.c.name) == wanted)
    taken = connection.execute(query).scalar()
    if taken is not None:
        raise Conflict(
            f"The site has a machine {name} already. Give this host another name (--name), or make a code for that "
            "machine if this is the same one.",
            code="MachineNameTaken",
            id=taken,
        )


def _check_proof(signing_key: str, proof: str, message: bytes) -> None:
    if not _holds(signing_key, proof, message):
        raise Invalid("proof is not the signature of signingKey.", name="proof")


def _is_its(row: Row[Any], signature: str, message: bytes) -> bool:
    """Whether the host has signed the message, with its key of now or the one before: it may not have got an answer."""
    keys = filter(None, (row.signing_key, row.previous_signing_key))
    return any(_holds(key, signature, message) for key in keys)


def _holds(signing_key: str, signature: str, message: bytes) -> bool:
    try:
        return signature_holds(bytes.fromhex(signing_key), bytes.fromhex(signature), message)
    except ValueError:
        return False
