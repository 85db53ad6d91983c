"""Objects in a bucket of an S3 store.

A put asks the store to create only (`If-None-Match: *`). Not every store does so, and some look before they take
the bytes: what is there is looked at first, too. Of two writers of one key at the same moment both may then be
told that they have won; a key has one writer, the host of its recording or the server of its job.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from footlight.errors import Conflict, Invalid, NotFound, Unavailable
from footlight.objects.bucket import Bucket
from footlight.objects.keys import check_range, missing, names_of
from footlight.objects.presigning import presigned

CONNECT_TIMEOUT_S = 10
REQUEST_TIMEOUT_S = 120  # of one HTTP request, body included
CALL_TIMEOUT_S = 20.0  # of a call that moves little, with its repetitions
PUT_TIMEOUT_S = 300.0
LARGE_PUT_TIMEOUT_S = 3600.0
RETRIES = 2
WHOLE_AT_MOST_BYTES = 256 * 1024 * 1024  # more is read in ranges
PARTS_ABOVE_BYTES = 128 * 1024 * 1024  # larger files are put in parts
PART_BYTES = 16 * 1024 * 1024
PARTS_AT_ONCE = 2
PIECE_BYTES = 4 * 1024 * 1024
REST_S = 0.1
_MAX_REASON = 300
_CALL = re.compile(
    r"^Generic S3 error: Error performing \S+ \S+ in \S+?,? ?(after \d+ retries.*?)? - "
)

T = TypeVar("T")


class S3Objects:
    """objects.Objects over a bucket, which must be there."""

    def __init__(self, bucket: Bucket) -> None:
        keys = bucket.credentials
        token: dict[str, Any] = {} if keys.session_token is None else {"token": keys.session_token}
        self._bucket = bucket
        self._store = S3Store(
            bucket.name,
            prefix=bucket.prefix or None,
            endpoint=bucket.endpoint,
            region=bucket.region,
            access_key_id=keys.key_id,
            secret_access_key=keys.secret,
            virtual_hosted_style_request=False,
            **token,
            client_options={
                "allow_http": bucket.endpoint.startswith("http://"),
                "connect_timeout": timedelta(seconds=CONNECT_TIMEOUT_S),
                "timeout": timedelta(seconds=REQUEST_TIMEOUT_S),
                **({} if bucket.ca is None else {"root_certificate": bucket.ca}),
            },
            retry_config={
                "max_retries": RETRIES,
                "retry_timeout": timedelta(seconds=REQUEST_TIMEOUT_S),
            },
        )

    async def put_file(self, key: str, source: Path) -> None:
        """Store the file's bytes. Raises Conflict when the key has other bytes, Unavailable."""
        names_of(key)
        size = (await asyncio.to_thread(source.stat)).st_size
        if not await self._is_there(key):
            if size > PARTS_ABOVE_BYTES:
                await self._put_in_parts(key, source)
                return
            if await self._create(key, await asyncio.to_thread(source.read_bytes)):
                return
        digest = await asyncio.to_thread(_digest_of, source)
        await self._must_be(key, size, digest)

    async def put(self, key: str, data: bytes) -> None:
        """Store the bytes. Raises Conflict when the key has other bytes, Unavailable."""
        names_of(key)
        if await self._is_there(key) or not await self._create(key, data):
            await self._must_be(key, len(data), hashlib.sha256(data).digest())

    async def size(self, key: str) -> int:
        """Bytes. Raises NotFound, Unavailable."""
        return (await self.mark(key))[0]

    async def get(self, key: str, offset: int = 0, length: int | None = None) -> bytes:
        """The range, shortened at the object's end. Raises NotFound, Invalid for a negative one or a whole of
        more than WHOLE_AT_MOST_BYTES, Unavailable."""
        names_of(key)
        check_range(offset, length)
        size = await self.size(key)
        end = size if length is None else min(offset + length, size)
        if offset >= end:
            return b""
        if end - offset > WHOLE_AT_MOST_BYTES:
            raise Invalid("the object is too large to be read at once", key=key)
        wanted = obstore.get_range_async(self._store, key, start=offset, end=end)
        return bytes(await self._call(key, wanted, REQUEST_TIMEOUT_S))

    async def list(self, prefix: str) -> AsyncIterator[str]:
        """Keys under the prefix, in order. Raises Invalid unless it is empty or ends in `/`, Unavailable."""
        if prefix and not prefix.endswith("/"):
            raise Invalid("a prefix ends in /")
        names_of(prefix[:-1] or "all")
        pages = obstore.list(self._store, prefix or None)
        while True:
            try:
                page = await self._call(prefix, anext(pages))
            except StopAsyncIteration:
                return
            for one in page:
                yield one["path"]

    def names_in(self, folder: str) -> set[str]:
        """Names of the objects below that key. Blocks. Raises Unavailable."""
        try:
            found = obstore.list(self._store, folder + "/").collect()
        except (BaseError, OSError) as error:
            raise Unavailable(f"the object store fails: {_reason(error)}") from None
        return {one["path"].rpartition("/")[2] for one in found}

    async def delete(self, key: str) -> None:
        """Remove the object; a missing one is fine. Raises Unavailable."""
        names_of(key)
        with contextlib.suppress(NotFound):
            await self._call(key, obstore.delete_async(self._store, key))

    async def mark(self, key: str) -> tuple[int, str]:
        """Size, and the store's ETag without quotes: MD5 of an object put whole, in most stores. Raises NotFound,
        Unavailable."""
        names_of(key)
        found = await self._call(key, obstore.head_async(self._store, key))
        return int(found["size"]), (found["e_tag"] or "").strip('"')

    def signed_put(self, key: str, headers: Mapping[str, str], now_ms: int, lasts_s: int) -> str:
        """A URL that lets who has it put the object for some time, with these headers (names in lower case)."""
        names_of(key)
        return presigned(self._bucket, "PUT", key, headers, now_ms, lasts_s)

    async def digest(self, key: str) -> bytes:
        """SHA-256 of the object, read for it. Raises NotFound, Unavailable."""
        size, found = await self.size(key), hashlib.sha256()
        for offset in range(0, size, PIECE_BYTES):
            found.update(await self.get(key, offset, PIECE_BYTES))
        return found.digest()

    async def close(self) -> None:
        """Let what runs below come to rest: a call that ends while the interpreter does aborts the process
        (PyO3/pyo3-async-runtimes issue 40)."""
        await asyncio.sleep(REST_S)

    async def _create(self, key: str, data: bytes) -> bool:
        """False: the key is there."""
        try:
            await self._call(
                key,
                obstore.put_async(self._store, key, data, mode="create", use_multipart=False),
                PUT_TIMEOUT_S,
            )
        except Conflict:
            return False
        return True

    async def _put_in_parts(self, key: str, source: Path) -> None:
        """Which S3 completes without a look at what is there."""
        work = obstore.put_async(
            self._store,
            key,
            source,
            use_multipart=True,
            chunk_size=PART_BYTES,
            max_concurrency=PARTS_AT_ONCE,
        )
        await self._call(key, work, LARGE_PUT_TIMEOUT_S)

    async def _is_there(self, key: str) -> bool:
        try:
            await self.size(key)
        except NotFound:
            return False
        return True

    async def _must_be(self, key: str, size: int, digest: bytes) -> None:
        if await self.size(key) != size or await self.digest(key) != digest:
            raise Conflict("the object exists with other content", key=key)

    async def _call(self, key: str, work: Awaitable[T], timeout_s: float | None = None) -> T:
        """The store's answer, its errors as ours; within CALL_TIMEOUT_S unless said."""
        try:
            async with asyncio.timeout(timeout_s or CALL_TIMEOUT_S):
                return await work
        except FileNotFoundError as error:
            if "NoSuchBucket" in str(error):
                name = self._bucket.name
                raise Unavailable(f"the object store has no bucket {name}") from None
            raise missing(key) from None
        except (AlreadyExistsError, PreconditionError):
            raise Conflict("the object exists", key=key) from None
        except (PermissionDeniedError, UnauthenticatedError):
            raise Unavailable("the object store refuses the site's keys") from None
        except TimeoutError:
            raise Unavailable("the object store does not answer in time") from None
        except BaseError as error:
            raise Unavailable(f"the object store fails: {_reason(error)}") from None


def _reason(error: Exception) -> str:
    text = str(error).partition("\n\nDebug source")[0]
    return " ".join(_CALL.sub("", text).split())[:_MAX_REASON]


def _digest_of(source: Path) -> bytes:
    with source.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
