"""The chain's head outside of the database: a small file that the site signs, so that a chain which was cut,
or written anew as a whole, no longer fits it.

The file is rewritten about a second after each append. Before, the entry to which it pointed must still be there:
if it is not, the file stays as it is, as evidence.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from dataclasses import dataclass
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlalchemy import Connection, select

from footlight.clock import Clock
from footlight.errors import Invalid, Unavailable
from footlight.log import get_logger
from footlight.store import schema
from footlight.store.store import Store
from footlight.tasks import cancel, spawn

_a = schema.audit
_log = get_logger(__name__)

MAX_FILE_BYTES = 4096
WRITE_AFTER_S = 1.0
LOOK_EACH_S = 60.0
_CONTEXT = b"footlight audit head 1\n"


class Head(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The newest entry at a moment. `seq` 0: the chain was empty."""

    site_id: str
    seq: int
    hash: str
    at_ms: int


class _Signed(msgspec.Struct, frozen=True, kw_only=True):
    head: msgspec.Raw
    signature: str  # hex Ed25519, of the bytes of `head`


@dataclass(frozen=True)
class HeadFile:
    """Where the signed head is kept, and by whose key."""

    path: Path
    site_id: str
    public_key: bytes  # Ed25519, raw

    def read(self) -> Head | None:
        """The head; None when there is no file. Raises Invalid when it is damaged or not the site's."""
        try:
            with self.path.open("rb") as source:
                raw = source.read(MAX_FILE_BYTES + 1)
        except FileNotFoundError:
            return None
        try:
            signed = msgspec.json.decode(raw, type=_Signed)
            key = Ed25519PublicKey.from_public_bytes(self.public_key)
            key.verify(bytes.fromhex(signed.signature), _CONTEXT + bytes(signed.head))
            head = msgspec.json.decode(signed.head, type=Head)
        except (msgspec.DecodeError, InvalidSignature, ValueError, UnicodeDecodeError):
            raise Invalid(f"{self.path} is damaged or was not signed by this site.") from None
        if head.site_id != self.site_id:
            raise Invalid(f"{self.path} is of another site.")
        return head

    def write(self, head: Head, key: Ed25519PrivateKey) -> None:
        """Replace the file, durably."""
        raw = msgspec.json.encode(head)
        signature = key.sign(_CONTEXT + raw).hex()
        body = msgspec.json.encode(_Signed(head=msgspec.Raw(raw), signature=signature))
        fresh = self.path.with_suffix(".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as sink:
            sink.write(body)
            sink.flush()
            os.fsync(sink.fileno())
        fresh.replace(self.path)


def newest(connection: Connection, site_id: str, now_ms: int) -> Head:
    """The head as it is now."""
    row = connection.execute(select(_a.c.seq, _a.c.hash).order_by(_a.c.seq.desc()).limit(1)).first()
    seq, digest = (0, "") if row is None else (row.seq, row.hash)
    return Head(site_id=site_id, seq=seq, hash=digest, at_ms=now_ms)


def is_held(connection: Connection, head: Head) -> bool:
    """Whether the chain still has the entry to which the head points."""
    if head.seq == 0:
        return True
    found = connection.execute(select(_a.c.hash).where(_a.c.seq == head.seq)).scalar()
    return found == head.hash


class HeadKeeper:
    """Keeps the file up to date while the site runs."""

    def __init__(self, store: Store, file: HeadFile, key: Ed25519PrivateKey, clock: Clock) -> None:
        self._store = store
        self._file = file
        self._key = key
        self._clock = clock
        self._kept: Head | None = None
        self._broken = False
        self._appended = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        # A write that is cancelled goes on in its thread: the next one waits for it.
        self._writing = threading.Lock()
        store.on_commit(self._on_commit)

    async def start(self) -> None:
        """Read what is kept, and go on from there."""
        try:
            self._kept = await asyncio.to_thread(self._file.read)
        except Invalid as damage:
            self._give_up(damage.message)
        await self.keep()
        self._loop = spawn("audit head", self._run())

    async def stop(self) -> None:
        """Write the head a last time. Safe to call twice."""
        await cancel(self._loop)
        with contextlib.suppress(Unavailable):
            await self.keep()

    async def keep(self) -> None:
        """Write the head if it has moved and the chain goes on from the kept one."""
        if self._broken:
            return
        kept, now_ms = self._kept, self._clock.now_ms()

        def look(connection: Connection) -> Head | None:
            if kept is not None and not is_held(connection, kept):
                return None
            return newest(connection, self._file.site_id, now_ms)

        head = await self._store.read(look)
        if head is None:
            self._give_up("the audit chain lacks the entry that was its head")
        elif kept is None or head.seq != kept.seq:
            await asyncio.to_thread(self._write, head)
            self._kept = head

    def _write(self, head: Head) -> None:
        with self._writing:
            self._file.write(head, self._key)

    def _on_commit(self, kinds: frozenset[str]) -> None:
        if "audit" in kinds:
            self._appended.set()

    def _give_up(self, reason: str) -> None:
        # The old file is the evidence: it is not replaced until somebody has looked (footlight audit accept).
        self._broken = True
        _log.error("audit head is not renewed", reason=reason, file=str(self._file.path))

    async def _run(self) -> None:
        while True:
            try:
                async with asyncio.timeout(LOOK_EACH_S):
                    await self._appended.wait()
            except TimeoutError:
                pass  # another server may have appended
            await asyncio.sleep(WRITE_AFTER_S)
            self._appended.clear()
            try:
                await self.keep()
            except (Unavailable, OSError) as trouble:
                _log.warning("audit head is not written", reason=str(trouble))
