"""Bytes by key: whole, create-only puts and ranged gets. Stores: folder.py, s3.py; one suite tests each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol


class Objects(Protocol):
    """Keys are relative paths of `[a-z0-9.-]` names joined by `/`. A store that does not answer, or
    refuses, is errors.Unavailable."""

    async def put_file(self, key: str, source: Path) -> None:
        """Store the file's bytes, durable on return. An object of that key with the same bytes counts
        as done; with other bytes raises errors.Conflict."""
        ...

    async def put(self, key: str, data: bytes) -> None:
        """As put_file, from memory."""
        ...

    async def size(self, key: str) -> int:
        """Bytes. Raises errors.NotFound."""
        ...

    async def get(self, key: str, offset: int = 0, length: int | None = None) -> bytes:
        """The range, shortened at the object's end. Raises errors.NotFound."""
        ...

    def list(self, prefix: str) -> AsyncIterator[str]:
        """Keys under a prefix that ends in `/`, in order."""
        ...

    async def delete(self, key: str) -> None:
        """Remove it; a missing one is fine."""
        ...
