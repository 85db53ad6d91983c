"""What jobs have made: a folder for each on the server that did it, and where several servers share an object store,
a copy there that the others fetch."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Collection
from pathlib import Path

from footlight.ids import new_guid
from footlight.objects.objects import Objects

PIECE_BYTES = 1024 * 1024
PREFIX = "jobs"


class Results:
    """Folders below `folder`, by job. `shared` None: this server is alone."""

    def __init__(self, folder: Path, shared: Objects | None = None) -> None:
        self._folder = folder
        self._shared = shared

    def place(self, job_id: str) -> Path:
        """The folder into which the job writes here."""
        return self._folder / job_id

    async def share(self, job_id: str) -> None:
        """Give the other servers what the job has made. Raises what the object store does."""
        if self._shared is None:
            return
        for file in await asyncio.to_thread(lambda: sorted(self.place(job_id).iterdir())):
            await self._shared.put_file(f"{PREFIX}/{job_id}/{file.name}", file)

    async def bring(self, job_id: str) -> Path:
        """The folder with what the job has made, fetched if another server did it; an empty or missing one where
        there is nothing. Raises what the object store does."""
        place = self.place(job_id)
        if self._shared is None or await asyncio.to_thread(place.exists):
            return place
        part = self._folder / f".{job_id}.{new_guid()}"
        await asyncio.to_thread(part.mkdir, mode=0o700, parents=True)
        try:
            found = False
            async for key in self._shared.list(f"{PREFIX}/{job_id}/"):
                await self._fetch(key, part / key.rpartition("/")[2])
                found = True
            if found:
                await asyncio.to_thread(_settle, part, place)
        finally:
            await asyncio.to_thread(shutil.rmtree, part, ignore_errors=True)
        return place

    async def remove(self, job_ids: Collection[str]) -> None:
        """These are gone for all servers; what others have fetched they sweep."""
        for job_id in job_ids:
            await asyncio.to_thread(shutil.rmtree, self.place(job_id), ignore_errors=True)
            if self._shared is not None:
                keys = [key async for key in self._shared.list(f"{PREFIX}/{job_id}/")]
                for key in keys:
                    await self._shared.delete(key)

    async def here(self) -> list[str]:
        """The ids of jobs that have a folder here."""
        return await asyncio.to_thread(_names, self._folder)

    async def sweep(self, job_ids: Collection[str]) -> None:
        """Remove the folders here of these, of which there is no job any more."""
        for job_id in job_ids:
            await asyncio.to_thread(shutil.rmtree, self.place(job_id), ignore_errors=True)

    async def _fetch(self, key: str, file: Path) -> None:
        assert self._shared is not None
        size = await self._shared.size(key)
        await asyncio.to_thread(file.touch, mode=0o600)
        for offset in range(0, size, PIECE_BYTES):
            piece = await self._shared.get(key, offset, PIECE_BYTES)
            await asyncio.to_thread(_append, file, piece)


def _settle(part: Path, place: Path) -> None:
    if not place.exists():  # else another request has been faster
        part.rename(place)


def _names(folder: Path) -> list[str]:
    found = folder.iterdir() if folder.exists() else ()
    return sorted(
        one.name for one in found if not one.name.startswith(".")
    )  # those are being fetched


def _append(file: Path, data: bytes) -> None:
    with file.open("ab") as out:
        out.write(data)
