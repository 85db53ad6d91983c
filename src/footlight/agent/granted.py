"""Files of recordings put into the site's store by a host that has no keys of it: each by leave of a server
(wire/uploads.py), over HTTP, to the store itself or to a server.

A file counts as stored once a server has seen it there, so an answer that is lost on the way costs a question.
"""

from __future__ import annotations

import asyncio
import hashlib
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import httpx

from footlight.bus import subjects
from footlight.bus.bus import Bus
from footlight.errors import Conflict, NotFound, Unavailable
from footlight.wire.host import decode, encode
from footlight.wire.uploads import Upload, UploadAnswer, UploadQuestion

ANSWER_S = 30.0  # of a server; it may have to read what the store holds
CONNECT_S = 10.0
STALL_S = 60.0  # between two pieces of a body, and for the answer after the last
PIECE_BYTES = 256 * 1024
_HELD = (409, 412)  # the object is there already: what it is, a server says
_MAX_REASON = 200


class GrantedObjects:
    """What agent/uploader.py needs of a store. `server`: the URL of a server or of what stands before several;
    `site_tls` and `store_tls`: whom to trust there and at the store, None: the system's authorities."""

    def __init__(
        self,
        bus: Bus,
        machine_id: str,
        server: str,
        site_tls: ssl.SSLContext | None = None,
        store_tls: ssl.SSLContext | None = None,
    ) -> None:
        self._bus = bus
        self._subject = subjects.of_host(machine_id, subjects.UPLOADS)
        self._server = server.rstrip("/")
        self._site = _client(site_tls)
        self._store = _client(store_tls)

    async def put_file(self, key: str, source: Path) -> None:
        """Store the file; on return a server has seen it there, whole. Raises Conflict when the store has other
        bytes of that name, NotFound when the site does not want it, Unavailable when it has to be tried again."""
        recording_id, _, name = key.partition("/")
        upload = await asyncio.to_thread(_upload_of, recording_id, name, source)
        grant = await self._ask("put", upload)
        reason = await self._put(grant, source)
        answer = await self._ask("kept", upload)
        if answer.kind == "differs":
            raise Conflict("the object exists with other content", key=key)
        if answer.kind != "kept":
            raise Unavailable(reason or "the store lost what was put")

    async def close(self) -> None:
        """Let go of the connections."""
        await self._site.aclose()
        await self._store.aclose()

    async def _ask(self, ask: Literal["put", "kept"], upload: Upload) -> UploadAnswer:
        question = UploadQuestion(ask=ask, upload=upload)
        try:
            given = await self._bus.request(self._subject, encode(question), ANSWER_S)
            answer = decode(UploadAnswer, given)
        except ValueError:
            raise Unavailable("the server's answer is not understood") from None
        if answer.kind == "refused":
            raise NotFound(f"the site does not take it: {answer.why}")
        return answer

    async def _put(self, grant: UploadAnswer, source: Path) -> str:
        """Send the bytes; why that may not have worked, or ""."""
        own = grant.url.startswith("/")
        client, url = (self._site, self._server + grant.url) if own else (self._store, grant.url)
        where = "the server" if own else "the object store"
        try:
            answer = await client.put(url, content=_pieces(source), headers=grant.headers)
        except httpx.HTTPError as error:
            # Who refuses early breaks off while the body is sent: the question after it tells.
            return f"{where} is not reached: {str(error) or type(error).__name__}"[:_MAX_REASON]
        if answer.is_success or answer.status_code in _HELD:
            return ""
        return f"{where} answers {answer.status_code} {answer.reason_phrase}"


def _client(tls: ssl.SSLContext | None) -> httpx.AsyncClient:
    times = httpx.Timeout(STALL_S, connect=CONNECT_S)
    limits = httpx.Limits(max_connections=4)
    # trust_env: a proxy of the environment is not meant for the site.
    return httpx.AsyncClient(
        verify=True if tls is None else tls,
        timeout=times,
        limits=limits,
        trust_env=False,
        follow_redirects=False,
    )


def _upload_of(recording_id: str, name: str, source: Path) -> Upload:
    sha256, md5, size = hashlib.sha256(), hashlib.md5(usedforsecurity=False), 0
    with source.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            sha256.update(piece)
            md5.update(piece)
            size += len(piece)
    return Upload(
        recording_id=recording_id,
        name=name,
        size_bytes=size,
        sha256=sha256.hexdigest(),
        md5=md5.hexdigest(),
    )


async def _pieces(source: Path) -> AsyncIterator[bytes]:
    with await asyncio.to_thread(source.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE_BYTES):
            yield piece
