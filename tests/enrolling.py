"""A desk and hosts with keys of their own, for the tests of enrolment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.access.attempts import Attempts
from footlight.access.lockout import Lockout
from footlight.authority import open_authority
from footlight.bus.credentials import BusKeys
from footlight.bus.nkey import KeyPair
from footlight.errors import Unavailable
from footlight.site import enrolment_codes
from footlight.site.credentials import Issuer
from footlight.site.enrolment import Desk
from footlight.wire.enrolment import EnrolHost, HostKeys, proof_message, read_code
from footlight.wire.own import NewEnrolment

SERVERS = ["bus.example.test:4222"]


class Expelled:
    """Who was thrown from the bus."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.away = False

    async def __call__(self, key: str) -> None:
        if self.away:
            raise Unavailable("the bus is away")
        self.keys.append(key)


async def _no_pause(seconds: float) -> None:
    pass


def make_issuer(rooms: Any, keys: Path) -> Issuer:
    return Issuer(
        site=rooms.site,
        site_key=Ed25519PrivateKey.generate(),
        authority=open_authority(keys),
        bus=BusKeys.open(keys / "bus"),
        servers=lambda: SERVERS,
        version="1.2.3",
    )


def make_desk(rooms: Any, keys: Path, expelled: Expelled | None = None) -> Desk:
    attempts = Attempts(rooms.store, rooms.clock, Lockout(name_attempts=3), sleep=_no_pause)
    return Desk(
        rooms.store, rooms.clock, make_issuer(rooms, keys), attempts, expelled or Expelled()
    )


class NewHost:
    """A host that has made its keys."""

    def __init__(self, name: str = "desk7") -> None:
        self.name = name
        self.signing = Ed25519PrivateKey.generate()
        self.bus = KeyPair.generate("user")
        tls = ec.generate_private_key(ec.SECP256R1()).public_key()
        self.keys = HostKeys(
            signing_key=self.signing.public_key().public_bytes_raw().hex(),
            bus_key=self.bus.public,
            tls_key=tls.public_bytes(
                serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ).decode(),
        )

    def sign(self, message: bytes) -> str:
        return self.signing.sign(message).hex()

    def asks(self, code: str, **other: Any) -> EnrolHost:
        proof = self.sign(proof_message(read_code(code).id, self.keys))
        members = {"code": code, "host_name": self.name, "keys": self.keys, "proof": proof}
        return EnrolHost(**{**members, **other})


async def make_code(rooms: Any, fingerprint: str = "", **wanted: Any) -> str:
    """The text of a new code."""
    _, code = await rooms.store.write(
        lambda tx: enrolment_codes.create(tx, rooms.admin, NewEnrolment(**wanted), fingerprint)
    )
    return str(code.text())
