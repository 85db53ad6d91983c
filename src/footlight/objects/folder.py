"""Objects in a folder on this machine: a key is a file below it.

A put writes beside its target, syncs, and links the name into place, which the kernel refuses when
the name is taken: no object is ever seen in part or replaced.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import BinaryIO

from footlight.errors import Conflict, Invalid
from footlight.objects.keys import check_range, missing, names_of

_PIECE_BYTES = 1024 * 1024
_TEMPORARY = ".put-"  # no key part begins with a dot


class FolderObjects:
    """objects.Objects over a folder, which is made when missing."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put_file(self, key: str, source: Path) -> None:
        """Copy the file in, durable on return. Raises Conflict when the key has other bytes."""

        def fill(sink: BinaryIO) -> None:
            with source.open("rb") as file:
                shutil.copyfileobj(file, sink, _PIECE_BYTES)

        await asyncio.to_thread(self._put, self._path(key), fill)

    async def put(self, key: str, data: bytes) -> None:
        """Store the bytes, durable on return. Raises Conflict when the key has other bytes."""

        def fill(sink: BinaryIO) -> None:
            sink.write(data)

        await asyncio.to_thread(self._put, self._path(key), fill)

    async def receive(
        self, key: str, pieces: AsyncIterator[bytes], size_bytes: int, sha256: bytes
    ) -> None:
        """Store what comes in pieces, durable on return. Raises Invalid, and stores nothing, when it is not of that
        size and hash; Conflict when the key is taken, by whatever bytes."""
        target = self._path(key)
        if await asyncio.to_thread(target.exists):
            raise _taken(key)
        await asyncio.to_thread(self._make_folder, target.parent)
        temporary = target.parent / f"{_TEMPORARY}{secrets.token_hex(8)}"
        try:
            with await asyncio.to_thread(temporary.open, "xb") as sink:
                found, size = hashlib.sha256(), 0
                async for piece in pieces:
                    size += len(piece)
                    if size > size_bytes:
                        break
                    found.update(piece)
                    await asyncio.to_thread(sink.write, piece)
                if size != size_bytes or found.digest() != sha256:
                    raise Invalid("the bytes are not those that were announced", key=key)
                await asyncio.to_thread(_sync_file, sink)
            await asyncio.to_thread(_link_new, temporary, target, key)
        finally:
            await asyncio.to_thread(temporary.unlink, missing_ok=True)
        await asyncio.to_thread(_sync_folder, target.parent)

    async def digest(self, key: str) -> bytes:
        """SHA-256 of the object, read for it. Raises NotFound."""
        path = self._path(key)

        def read() -> bytes:
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").digest()

        try:
            return await asyncio.to_thread(read)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise missing(key) from None

    async def size(self, key: str) -> int:
        """Bytes. Raises NotFound."""
        path = self._path(key)
        try:
            return (await asyncio.to_thread(path.stat)).st_size
        except (FileNotFoundError, NotADirectoryError):
            raise missing(key) from None

    async def get(self, key: str, offset: int = 0, length: int | None = None) -> bytes:
        """The range, shortened at the object's end. Raises NotFound, Invalid for a negative one."""
        check_range(offset, length)
        path = self._path(key)

        def read() -> bytes:
            with path.open("rb") as file:
                file.seek(offset)
                return file.read(-1 if length is None else length)

        try:
            return await asyncio.to_thread(read)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise missing(key) from None

    async def list(self, prefix: str) -> AsyncIterator[str]:
        """Keys under the prefix, in order. Raises Invalid unless it is empty or ends in `/`."""
        if prefix and not prefix.endswith("/"):
            raise Invalid("a prefix ends in /")
        start = self._path(prefix[:-1]) if prefix else self._root
        for key in await asyncio.to_thread(_walk, self._root, start):
            yield key

    async def delete(self, key: str) -> None:
        """Remove the object and folders that it leaves empty; a missing one is fine."""
        await asyncio.to_thread(self._delete, self._path(key))

    def _path(self, key: str) -> Path:
        return self._root.joinpath(*names_of(key))

    def _put(self, target: Path, fill: Callable[[BinaryIO], None]) -> None:
        self._make_folder(target.parent)
        temporary = target.parent / f"{_TEMPORARY}{secrets.token_hex(8)}"
        try:
            with temporary.open("xb") as sink:
                fill(sink)
                _sync_file(sink)
            try:
                os.link(temporary, target)
            except FileExistsError:
                if not _same_bytes(temporary, target):
                    raise Conflict(
                        "the object exists with other content",
                        key=str(target.relative_to(self._root)),
                    ) from None
        finally:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
        _sync_folder(target.parent)

    def _make_folder(self, folder: Path) -> None:
        """Make the folder and those above it, each durable in its parent."""
        missing: list[Path] = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for path in reversed(missing):
            path.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(path.parent)

    def _delete(self, target: Path) -> None:
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            target.unlink()
            folder = target.parent
            with contextlib.suppress(OSError):  # not empty: the rest stays
                while folder != self._root:
                    folder.rmdir()
                    folder = folder.parent
            _sync_folder(folder)


def _link_new(temporary: Path, target: Path, key: str) -> None:
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise _taken(key) from None


def _taken(key: str) -> Conflict:
    return Conflict("the object exists", key=key)


def _sync_file(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _walk(root: Path, start: Path) -> list[str]:
    keys: list[str] = []
    for folder, _, names in os.walk(start):
        base = Path(folder).relative_to(root)
        keys += [str(base / name) for name in names if not name.startswith(_TEMPORARY)]
    return sorted(keys)


def _same_bytes(one: Path, other: Path) -> bool:
    with one.open("rb") as a, other.open("rb") as b:
        while True:
            piece = a.read(_PIECE_BYTES)
            if piece != b.read(_PIECE_BYTES):
                return False
            if not piece:
                return True


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
