"""One suite for every store of objects."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from footlight.errors import Conflict, Invalid, NotFound
from footlight.objects.folder import FolderObjects
from footlight.objects.objects import Objects
from footlight.objects.s3 import S3Objects
from swift_server import SwiftServer


@pytest.fixture(params=["folder", "s3", "s3 below a prefix"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    """Each implementation in turn, empty."""
    if request.param == "folder":
        return FolderObjects(tmp_path / "store" / "objects")
    swift: SwiftServer = request.getfixturevalue("swift")
    return S3Objects(swift.bucket("a/site" if "prefix" in request.param else ""))


async def keys(found: AsyncIterator[str]) -> list[str]:
    return [key async for key in found]


async def test_what_is_put_is_there_in_whole_and_in_ranges(objects: Objects) -> None:
    await objects.put("a/b.flseg", b"0123456789")
    assert await objects.size("a/b.flseg") == 10
    assert await objects.get("a/b.flseg") == b"0123456789"
    assert await objects.get("a/b.flseg", 3, 4) == b"3456"
    assert await objects.get("a/b.flseg", 8, 100) == b"89"
    assert await objects.get("a/b.flseg", 10) == b""
    assert await objects.get("a/b.flseg", 99, 1) == b""
    assert await objects.get("a/b.flseg", 2, 0) == b""


async def test_files_are_copied(objects: Objects, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(bytes(3_000_000))
    await objects.put_file("x/000000.flseg", source)
    assert await objects.size("x/000000.flseg") == 3_000_000
    assert source.exists()
    await objects.put_file("x/000000.flseg", source)


async def test_an_object_is_never_replaced(objects: Objects, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"other")
    await objects.put("a", b"first")
    await objects.put("a", b"first")
    for again in (objects.put("a", b"firsT"), objects.put_file("a", source), objects.put("a", b"")):
        with pytest.raises(Conflict):
            await again
    assert await objects.get("a") == b"first"


async def test_of_twenty_at_once_one_wins(objects: Objects) -> None:
    puts = [objects.put("a/b", str(n).encode()) for n in range(20)]
    results = await asyncio.gather(*puts, return_exceptions=True)
    winners = [n for n, result in enumerate(results) if result is None]
    assert all(r is None or isinstance(r, Conflict) for r in results)
    # Swift looks for the key before it takes the bytes: of puts at the same moment several are told that they won.
    assert len(winners) == 1 or isinstance(objects, S3Objects)
    assert int(await objects.get("a/b")) in winners
    with pytest.raises(Conflict):
        await objects.put("a/b", b"later")
    assert await keys(objects.list("")) == ["a/b"]


async def test_what_is_missing_is_said(objects: Objects) -> None:
    for call in (objects.get("no"), objects.size("no"), objects.get("a/b/c")):
        with pytest.raises(NotFound):
            await call
    await objects.delete("no")
    assert await keys(objects.list("no/")) == []


async def test_lists_are_in_order_and_below_their_prefix(objects: Objects) -> None:
    for key in ("r1/000001.flseg", "r1/000000.flseg", "r1/manifest.json", "r10/x", "a"):
        await objects.put(key, b"")
    assert await keys(objects.list("r1/")) == [
        "r1/000000.flseg",
        "r1/000001.flseg",
        "r1/manifest.json",
    ]
    assert await keys(objects.list("")) == sorted(await keys(objects.list("")))
    with pytest.raises(Invalid):
        await keys(objects.list("r1"))


async def test_deleting_removes_one_object(objects: Objects) -> None:
    await objects.put("a/b", b"1")
    await objects.put("a/c", b"2")
    await objects.delete("a/b")
    assert await keys(objects.list("")) == ["a/c"]
    await objects.delete("a/c")
    assert await keys(objects.list("")) == []
    await objects.put("a/b", b"3")
    assert await objects.get("a/b") == b"3"


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/", "A", ".hidden", "a/.put-1", "a\0b", "é"],
)
async def test_keys_stay_inside(objects: Objects, key: str) -> None:
    calls = (objects.put(key, b""), objects.get(key), objects.size(key), objects.delete(key))
    for call in calls:
        with pytest.raises(Invalid):
            await call


async def test_negative_ranges_are_refused(objects: Objects) -> None:
    await objects.put("a", b"1")
    for call in (objects.get("a", -1), objects.get("a", 0, -1)):
        with pytest.raises(Invalid):
            await call
