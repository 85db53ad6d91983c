"""The data folder: its lock, its keys, and the files that tell others about a running site."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.archive.keys import SITE_KEY_BYTES, RecordingKeys
from footlight.authority import Authority, open_authority
from footlight.config import SiteConfig
from footlight.errors import Conflict, Invalid
from footlight.ids import ZERO_GUID, new_guid
from footlight.recording.chain import (
    CertificateBody,
    issue_certificate,
    load_private_key,
    private_pem,
)
from footlight.store.address import Database, read_address
from footlight.wire.rest.dates import rfc3339_of

if TYPE_CHECKING:  # processes without a database have a data folder, too
    from footlight.site.site_keys import Marks


class DataDir:
    """Paths below one data folder. `lock` must be held by who changes anything."""

    def __init__(self, root: Path, keys: Path | None = None) -> None:
        """`keys`: where the site's keys are; None: below the folder."""
        self.root = root.expanduser().absolute()
        self.keys = self.root / "keys" if keys is None else keys.expanduser().absolute()
        self.database = self.root / "footlight.db"
        self.tls = self.root / "tls"
        self.site_key_file = self.keys / "site-key.pem"
        self.recording_key_file = self.keys / "recording-key"
        self.agent_key_file = self.root / "agent" / "agent-key.pem"
        self.certificate_file = self.root / "agent" / "certificate.json"
        self.audit_head = self.root / "audit-head.json"
        self.audit_streams = self.root / "audit-streams"
        self.fleet = self.root / "simulation"  # key, certificate and spool of simulated hosts
        self.copies = self.root / "copies"
        self.jobs = self.root / "jobs"
        self.site_file = self.root / "run" / "site.json"
        self._lock: int | None = None

    def lock(self) -> None:
        """Make the folder (0700) and hold it. Raises Conflict when another site runs on it, Invalid when it
        cannot be used."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._lock = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Invalid(f"cannot use data folder {self.root}: {error.strerror}") from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._lock, 32, 0).decode("ascii", "replace").strip()
            self.unlock()
            raise Conflict(
                f"a site is running on {self.root} already (process {holder or 'unknown'})"
            ) from None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, f"{os.getpid()}\n".encode(), 0)

    def unlock(self) -> None:
        """Let the folder go. Safe to call twice."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Locked meanwhile."""
        self.lock()
        try:
            yield
        finally:
            self.unlock()

    def site_key(self) -> Ed25519PrivateKey:
        """The site's signing key, made at the first start."""
        return _key(self.site_key_file)

    def recording_keys(self) -> RecordingKeys:
        """What recordings are encrypted under, made at the first start. Raises Invalid for a file that holds no key."""
        if not self.recording_key_file.exists():
            write_private(
                self.recording_key_file, secrets.token_hex(SITE_KEY_BYTES).encode() + b"\n"
            )
        return read_recording_keys(self.recording_key_file)

    def key_marks(self) -> Marks:
        """What tells these keys from another site's."""
        from footlight.site.site_keys import Marks

        return Marks(
            self.site_key().public_key().public_bytes_raw().hex(),
            self.authority().fingerprint,
            self.recording_keys().key_id,
        )

    def authority(self) -> Authority:
        """The site's X.509 authority, made at first need. Raises Invalid when its files can't be used."""
        return open_authority(self.keys, older=self.tls)

    def machine_id(self) -> str:
        """The id of this machine in the site, made at the first start with an agent."""
        file = self.root / "agent" / "machine-id"
        if not file.exists():
            write_private(file, new_guid().encode())
        return file.read_text().strip()

    def server_id(self) -> str:
        """The id of the server on this folder among those of its site, made at its first start."""
        file = self.root / "server-id"
        if not file.exists():
            write_private(file, new_guid().encode())
        return file.read_text().strip()

    def certify_agent(self, site_id: str, machine_id: str, machine_name: str, now_ms: int) -> None:
        """The agent's key with the site's certificate over it, both in their files."""
        place = (self.agent_key_file, self.certificate_file)
        self._certify(place, site_id, machine_id, machine_name, now_ms)

    def certify_fleet(self, site_id: str, site_name: str, now_ms: int) -> str:
        """The same for the one key of all simulated hosts; its public half in hex."""
        place = (self.fleet / "agent-key.pem", self.fleet / "certificate.json")
        return self._certify(place, site_id, ZERO_GUID, f"{site_name}\\SIMULATED", now_ms)

    def _certify(
        self,
        place: tuple[Path, Path],
        site_id: str,
        machine_id: str,
        machine_name: str,
        now_ms: int,
    ) -> str:
        public = _key(place[0]).public_key().public_bytes_raw().hex()
        body = CertificateBody(
            site_id=site_id,
            machine_id=machine_id,
            machine_name=machine_name,
            agent_key=public,
            issued_at=rfc3339_of(now_ms),
        )
        certificate = issue_certificate(self.site_key(), body)
        write_private(place[1], msgspec.json.encode(certificate))
        return public


def data_of(config: SiteConfig) -> DataDir:
    """The site's data folder."""
    return DataDir(config.data_dir, config.keys_dir)


def database_of(config: SiteConfig) -> Database:
    """The site's database: the one that is configured, else the file in its data folder. Raises Invalid."""
    if config.database:
        return read_address(config.database, config.database_password_file)
    return DataDir(config.data_dir).database


def write_private(file: Path, data: bytes) -> None:
    """Write the file atomically, readable by its owner only."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


def write_json(file: Path, facts: dict[str, Any]) -> None:
    """As write_private, for a JSON object."""
    write_private(file, json.dumps(facts, indent=2).encode() + b"\n")


def read_recording_keys(file: Path) -> RecordingKeys:
    """The key of recordings in a file: 64 hex digits. Raises Invalid, OSError."""
    with file.open("rb") as opened:
        text = opened.read(4 * SITE_KEY_BYTES)
    try:
        return RecordingKeys(bytes.fromhex(text.decode("ascii")))
    except ValueError:
        raise Invalid(f"{file} holds no key of recordings: 64 hex digits") from None


def _key(file: Path) -> Ed25519PrivateKey:
    if not file.exists():
        write_private(file, private_pem(Ed25519PrivateKey.generate()))
    return load_private_key(file.read_bytes())
