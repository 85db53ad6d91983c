"""Leave for hosts to put the files of their recordings, and the proof that they are there.

Hosts hold no keys of the store. With S3 they get a URL signed for one PUT: of that key, create only, of that length
and those hashes, which the store itself checks. With a folder they get a path of the server with a sealed ticket
that says the same, good on every server of the site; where the object is there already, it is used.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from typing import Protocol

import msgspec

from footlight.archive import catalogue
from footlight.clock import Clock
from footlight.errors import Invalid, NotFound
from footlight.objects.folder import FolderObjects
from footlight.objects.s3 import S3Objects
from footlight.recording.format import MANIFEST_NAME, MAX_MANIFEST_BYTES
from footlight.store.store import Store
from footlight.wire.host import decode, encode
from footlight.wire.uploads import MAX_UPLOAD_BYTES, Upload, UploadAnswer, UploadQuestion

TICKET_S = 900  # within which a PUT must begin
TICKETS_PATH = "/footlight/v1/uploads"
_SEGMENT = re.compile(r"[0-9]{6}\.flseg")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_MD5 = re.compile(r"[0-9a-f]{32}")
_SEAL_BYTES = 32


class Entrance(Protocol):
    """The way of a host's file into one kind of store."""

    def leave(self, key: str, upload: Upload) -> UploadAnswer:
        """How it is put."""
        ...

    async def holds(self, key: str, upload: Upload) -> bool:
        """Whether the store's object is the upload. Raises NotFound when there is none, Unavailable."""
        ...


class Uploads:
    """The topic "uploads" of the bus."""

    def __init__(self, store: Store, entrance: Entrance) -> None:
        self._store = store
        self._entrance = entrance

    async def answer(self, machine_id: str, payload: bytes) -> bytes:
        """An UploadQuestion of that machine's host, answered (bus.HostHandler). Raises Unavailable."""
        try:
            question = decode(UploadQuestion, payload)
        except ValueError:
            return encode(UploadAnswer(kind="refused", why="the question is not understood"))
        return encode(await self._answer(machine_id, question))

    async def _answer(self, machine_id: str, question: UploadQuestion) -> UploadAnswer:
        upload = question.upload
        why = problem_of(upload) or await self._stranger(machine_id, upload)
        if why:
            return UploadAnswer(kind="refused", why=why)
        key = f"{upload.recording_id}/{upload.name}"
        if question.ask == "put":
            return self._entrance.leave(key, upload)
        try:
            same = await self._entrance.holds(key, upload)
        except NotFound:
            return UploadAnswer(kind="missing")
        return UploadAnswer(kind="kept" if same else "differs")

    async def _stranger(self, machine_id: str, upload: Upload) -> str:
        row = await self._store.read(lambda c: catalogue.row(c, upload.recording_id))
        if row is None or row.machine_id != machine_id:
            return "the site has no such recording of this machine"
        return ""


def problem_of(upload: Upload) -> str:
    """Why a recording has no such file; "" for one that it may have."""
    if upload.name == MANIFEST_NAME:
        most = MAX_MANIFEST_BYTES
    elif _SEGMENT.fullmatch(upload.name):
        most = MAX_UPLOAD_BYTES
    else:
        return "it is neither a segment nor a manifest"
    if not 0 <= upload.size_bytes <= most:
        return "it is too large"
    if not _SHA256.fullmatch(upload.sha256) or not _MD5.fullmatch(upload.md5):
        return "its hashes are none"
    return ""


class S3Entrance:
    """Hosts put to the store itself. To see that an object is there costs one HEAD, where the store answers with
    its SHA-256 or, as for whole puts without encryption of its own, with its MD5; else one read of the object."""

    def __init__(self, objects: S3Objects, clock: Clock) -> None:
        self._objects = objects
        self._clock = clock

    def leave(self, key: str, upload: Upload) -> UploadAnswer:
        """A signed URL."""
        headers = {
            "content-length": str(upload.size_bytes),
            "content-md5": base64.b64encode(bytes.fromhex(upload.md5)).decode(),
            "if-none-match": "*",
            "x-amz-checksum-sha256": base64.b64encode(bytes.fromhex(upload.sha256)).decode(),
        }
        url = self._objects.signed_put(key, headers, self._clock.now_ms(), TICKET_S)
        return UploadAnswer(kind="put", url=url, headers=headers)

    async def holds(self, key: str, upload: Upload) -> bool:
        """Whether the store's object is the upload. Raises NotFound, Unavailable."""
        size, mark = await self._objects.mark(key)
        if size != upload.size_bytes:
            return False
        if mark == upload.md5:
            return True
        return await self._objects.digest(key) == bytes.fromhex(upload.sha256)


class _Ticket(msgspec.Struct, frozen=True, array_like=True):
    key: str
    size_bytes: int
    sha256: str
    until_ms: int


class FolderEntrance:
    """Hosts put to the server, which writes into its folder. To see that an object is there costs one read of it."""

    def __init__(self, objects: FolderObjects, key: bytes, clock: Clock) -> None:
        self._objects = objects
        self._key = key
        self._clock = clock

    def leave(self, key: str, upload: Upload) -> UploadAnswer:
        """A path of the server."""
        until_ms = self._clock.now_ms() + TICKET_S * 1000
        body = msgspec.msgpack.encode(_Ticket(key, upload.size_bytes, upload.sha256, until_ms))
        text = base64.urlsafe_b64encode(body + self._seal(body)).rstrip(b"=").decode()
        headers = {"content-length": str(upload.size_bytes)}
        return UploadAnswer(kind="put", url=f"{TICKETS_PATH}/{text}", headers=headers)

    async def take(self, text: str, pieces: AsyncIterator[bytes]) -> None:
        """Put what comes with a ticket. Raises NotFound for one that is not good (any more), Conflict for one that
        was used with other bytes, Invalid for bytes that are not those that it names."""
        ticket = self._read(text)
        digest = bytes.fromhex(ticket.sha256)
        await self._objects.receive(ticket.key, pieces, ticket.size_bytes, digest)

    async def holds(self, key: str, upload: Upload) -> bool:
        """Whether the object is the upload. Raises NotFound."""
        if await self._objects.size(key) != upload.size_bytes:
            return False
        return await self._objects.digest(key) == bytes.fromhex(upload.sha256)

    def _read(self, text: str) -> _Ticket:
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            body, seal = raw[:-_SEAL_BYTES], raw[-_SEAL_BYTES:]
            if not hmac.compare_digest(seal, self._seal(body)):
                raise Invalid("the seal is another")
            ticket = msgspec.msgpack.decode(body, type=_Ticket)
        except (ValueError, Invalid):
            raise NotFound("There is no such ticket.") from None
        if ticket.until_ms < self._clock.now_ms():
            raise NotFound("The ticket has expired.")
        return ticket

    def _seal(self, body: bytes) -> bytes:
        return hmac.digest(self._key, b"upload\0" + body, hashlib.sha256)
