from __future__ import annotations

import io
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from footlight.archive import ranges
from footlight.archive.ranges import TooFar, read_parts
from footlight.errors import NotFound, Unavailable
from footlight.objects.folder import FolderObjects

BYTES = bytes(range(256)) * 4096  # 1 MiB


class Counted(FolderObjects):
    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.fetched = 0

    async def get(self, key: str, offset: int = 0, length: int | None = None) -> bytes:
        data = await super().get(key, offset, length)
        self.fetched += len(data)
        return data


@pytest.fixture
async def objects(tmp_path: Path) -> Counted:
    made = Counted(tmp_path / "objects")
    await made.put("a/b", BYTES)
    return made


def ends(file: BinaryIO) -> tuple[bytes, bytes, bytes, int]:
    first = file.read(10)
    file.seek(-10, io.SEEK_END)
    last = file.read()
    file.seek(65_530)
    across = file.read(20)
    file.seek(2, io.SEEK_CUR)
    return first, last, across, file.tell()


async def test_only_what_is_read_is_fetched(objects: Counted) -> None:
    first, last, across, at = await read_parts(objects, "a/b", ends)
    assert (first, last, across) == (BYTES[:10], BYTES[-10:], BYTES[65_530:65_550])
    assert at == 65_552
    assert objects.fetched == 3 * ranges.PIECE_BYTES


async def test_all_of_it_if_need_be_but_not_more_than_is_worth_it(
    objects: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def whole(file: BinaryIO) -> bytes:
        assert file.read(0) == b""
        return file.read()

    assert await read_parts(objects, "a/b", whole) == BYTES
    monkeypatch.setattr(ranges, "MAX_FETCHED_BYTES", 100_000)
    with pytest.raises(TooFar):
        await read_parts(objects, "a/b", whole)


async def test_what_is_not_there_is_said(objects: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFound):
        await read_parts(objects, "a/c", ends)

    async def nothing(*_: Any) -> bytes:
        return b""

    monkeypatch.setattr(objects, "get", nothing)
    with pytest.raises(Unavailable):
        await read_parts(objects, "a/b", ends)
