"""Who may do what on the site's bus: the keys of the folder `keys/bus/` and what they sign.

A server holds the folder: `BusKeys.open(folder)` makes what is missing. A host makes its own key
(`KeyPair.generate("user")`) and sends `public`; `issue_agent` answers with what lets that key in; the seed never leaves the
host. Agents then use `NatsBus.connect(servers, jwt, seed, ca_pem, machine_id)`, servers
`NatsBus.connect_server(servers, keys, ca_pem)`. `bus/revocation.py` throws keys out.

JWTs of NATS, version 2, signed with Ed25519 ("ed25519-nkey"). Source: github.com/nats-io/jwt.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from footlight.bus.nkey import KeyPair, Role, check_public, is_signed
from footlight.errors import Invalid

_MACHINE = re.compile(r"[0-9A-Za-z-]{1,64}")
_NO_LIMIT = -1
# An answer goes to the inbox of who asked, which its permissions do not name; so long after the question.
ANSWER_WITHIN_NS = 120 * 1_000_000_000
_SEEDS: dict[str, Role] = {"operator": "operator", "account": "account", "system": "account"}
ACCOUNT_FILE = "account.jwt"
SERVER_DAYS = 3650


def inbox_of(machine_id: str) -> str:
    """Where answers to that machine go; no other machine hears them."""
    return f"_INBOX_{machine_id}"


@dataclass(frozen=True)
class BusKeys:
    """The site's keys of the bus. `account` signs who may use it, `system` who may tell it whom to throw out."""

    folder: Path
    operator: KeyPair
    account: KeyPair
    system: KeyPair

    @classmethod
    def open(cls, folder: Path) -> BusKeys:
        """The keys in the folder; made when there are none. Raises Invalid when some are missing or broken."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files = {name: folder / f"{name}.seed" for name in _SEEDS}
        missing = [file.name for file in files.values() if not file.exists()]
        if missing and len(missing) < len(files):
            raise Invalid(f"{folder}: the keys of the bus are not whole: no {', '.join(missing)}")
        if missing:
            for name, role in _SEEDS.items():
                write_private(files[name], KeyPair.generate(role).seed + "\n")
        pairs = {name: _read(file, _SEEDS[name]) for name, file in files.items()}
        return cls(folder, pairs["operator"], pairs["account"], pairs["system"])

    def operator_jwt(self) -> str:
        """Whose site the server is."""
        claims = {"type": "operator", "version": 2, "system_account": self.system.public}
        return sign(self.operator, self.operator.public, "footlight", claims)

    def system_jwt(self) -> str:
        """The account through which the server itself is spoken to."""
        return sign(self.operator, self.system.public, "system", _account({}))

    def account_jwt(self) -> str:
        """The account of servers and hosts, with whom it throws out."""
        return sign(self.operator, self.account.public, "site", _account(self.revoked()))

    def revoked(self) -> dict[str, int]:
        """Public keys that are thrown out, each with the second up to which what was issued to it is void."""
        file = self.folder / ACCOUNT_FILE
        return revoked_of(file.read_text()) if file.exists() else {}

    def keep_account(self, jwt: str) -> None:
        """Remember the account as the bus was told it last."""
        write_private(self.folder / ACCOUNT_FILE, jwt)

    def issue_agent(self, public_key: str, machine_id: str, expires_at: int) -> str:
        """What lets a host's key in until then (seconds since 1970): it may say what that machine says, hear what
        is for it, and answer what it is asked. Raises Invalid."""
        if not _MACHINE.fullmatch(machine_id):
            raise Invalid("not a machine's id", name="machineId")
        claims = {
            "type": "user",
            "version": 2,
            "pub": {"allow": [f"host.{machine_id}.>"]},
            "sub": {"allow": [f"agent.{machine_id}.>", f"{inbox_of(machine_id)}.>"]},
            "resp": {"max": 1, "ttl": ANSWER_WITHIN_NS},
            "subs": 1000,
            "data": _NO_LIMIT,
            "payload": _NO_LIMIT,
            "allowed_connection_types": ["STANDARD"],
        }
        check_public(public_key, "user")
        return sign(self.account, public_key, machine_id, claims, expires_at)

    def server_user(self) -> tuple[str, str]:
        """(JWT, seed) of a server: everything in the site's account."""
        return self._user(self.account, "server")

    def system_user(self) -> tuple[str, str]:
        """(JWT, seed) of who speaks to the server of the bus itself."""
        return self._user(self.system, "system")

    def _user(self, account: KeyPair, name: str) -> tuple[str, str]:
        pair = KeyPair.generate("user")
        limits = {"subs": _NO_LIMIT, "data": _NO_LIMIT, "payload": _NO_LIMIT}
        claims = {"type": "user", "version": 2, "pub": {}, "sub": {}, **limits}
        until = int(time.time()) + SERVER_DAYS * 86_400
        return sign(account, pair.public, name, claims, until), pair.seed


def sign(
    issuer: KeyPair, subject: str, name: str, nats: dict[str, Any], expires_at: int | None = None
) -> str:
    """A JWT about `subject`."""
    claims: dict[str, Any] = {
        "iat": int(time.time()),
        "iss": issuer.public,
        "name": name,
        "sub": subject,
        "nats": nats,
    }
    if expires_at is not None:
        claims["exp"] = expires_at
    claims["jti"] = base64.b32encode(
        hashlib.sha256(json.dumps(claims, sort_keys=True).encode()).digest()
    ).decode()[:52]
    signed = f"{_part({'typ': 'JWT', 'alg': 'ed25519-nkey'})}.{_part(claims)}"
    return f"{signed}.{_encode(issuer.sign(signed.encode()))}"


class Claims(msgspec.Struct, frozen=True):
    """What a JWT says."""

    iss: str
    sub: str
    name: str
    iat: int
    nats: dict[str, Any]
    exp: int | None = None


def claims_of(jwt: str) -> Claims:
    """What it says, if its issuer has signed it; who that is, is for the caller to judge. Raises Invalid."""
    signed, _, signature = jwt.strip().rpartition(".")
    try:
        claims = msgspec.json.decode(_decode(signed.partition(".")[2]), type=Claims)
        whole = is_signed(claims.iss, signed.encode(), _decode(signature))
    except ValueError as error:
        raise Invalid(f"not a credential of the bus: {error}") from None
    if not whole:
        raise Invalid("a credential of the bus is not signed by who it says")
    return claims


def revoked_of(account_jwt: str) -> dict[str, int]:
    """Whom an account throws out. Raises Invalid."""
    return dict(claims_of(account_jwt).nats.get("revocations", {}))


def _account(revoked: dict[str, int]) -> dict[str, Any]:
    unlimited = ("subs", "data", "payload", "imports", "exports", "conn", "leaf")
    stored = ("mem_storage", "disk_storage", "streams", "consumer")
    limits = {name: _NO_LIMIT for name in (*unlimited, *stored)}
    return {
        "type": "account",
        "version": 2,
        "limits": {**limits, "wildcards": True},
        "default_permissions": {"pub": {}, "sub": {}},
        "revocations": revoked,
    }


def _part(members: dict[str, Any]) -> str:
    return _encode(json.dumps(members, separators=(",", ":")).encode())


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _read(file: Path, role: Role) -> KeyPair:
    try:
        pair = KeyPair.from_seed(file.read_text().strip())
    except (Invalid, OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{file}: {error}") from None
    if pair.role != role:
        raise Invalid(f"{file}: the key is of another role")
    return pair


def write_private(path: Path, text: str) -> None:
    """Replace the file at once; it is never readable by others."""
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    part.replace(path)
