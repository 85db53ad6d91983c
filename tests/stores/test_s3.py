"""What only an S3 store has: leave for hosts by signed URLs, a store that is away, keys that are refused."""

from __future__ import annotations

import asyncio
import hashlib
import os
import signal
import ssl
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from footlight.agent.granted import GrantedObjects
from footlight.agent.spool import SealedLine, SpoolFolder
from footlight.agent.uploader import Uploader
from footlight.archive.uploads import S3Entrance, Uploads
from footlight.bus.inprocess import InProcessBus
from footlight.clock import SystemClock
from footlight.errors import Conflict, Invalid, NotFound, Unavailable
from footlight.objects import s3
from footlight.objects.bucket import Credentials
from footlight.objects.s3 import S3Objects
from footlight.recording.chain import SegmentEntry
from footlight.wire.uploads import Upload
from swift_server import SwiftServer

KEY = "r/000000.flseg"
DATA = os.urandom(1_000_000)
MACHINE = "00000000-0000-0000-0000-00000000000a"


@pytest.fixture
def objects(swift: SwiftServer) -> S3Objects:
    return S3Objects(swift.bucket("site"))


@pytest.fixture
def entrance(objects: S3Objects) -> S3Entrance:
    return S3Entrance(objects, SystemClock())


def upload_of(data: bytes = DATA) -> Upload:
    return Upload(
        recording_id="r",
        name="000000.flseg",
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        md5=hashlib.md5(data).hexdigest(),
    )


async def test_leave_is_for_one_key_these_bytes_and_once(
    objects: S3Objects, entrance: S3Entrance
) -> None:
    grant = entrance.leave(KEY, upload_of())
    other = DATA[:-1] + bytes([DATA[-1] ^ 1])
    short = {**grant.headers, "content-length": "9"}
    free = {name: word for name, word in grant.headers.items() if name != "if-none-match"}
    async with httpx.AsyncClient() as client:
        for url, data, headers, status in (
            (grant.url, other, grant.headers, 400),
            (grant.url, DATA[:9], short, 403),
            (grant.url, DATA, free, 403),
            (grant.url.replace("000000", "000001"), DATA, grant.headers, 403),
        ):
            answer = await client.put(url, content=data, headers=headers)
            assert answer.status_code == status, answer.text
        assert [key async for key in objects.list("")] == []
        with pytest.raises(NotFound):
            await entrance.holds(KEY, upload_of())
        assert (await client.put(grant.url, content=DATA, headers=grant.headers)).is_success
        again = await client.put(grant.url, content=DATA, headers=grant.headers)
        assert again.status_code == 412
    assert await objects.get(KEY) == DATA
    assert await entrance.holds(KEY, upload_of())
    assert not await entrance.holds(KEY, upload_of(other))
    assert not await entrance.holds(KEY, upload_of(DATA[:-1]))


async def test_where_the_store_tells_no_md5_it_is_read(
    objects: S3Objects, entrance: S3Entrance, monkeypatch: pytest.MonkeyPatch
) -> None:
    await objects.put(KEY, DATA)

    async def mark(key: str) -> tuple[int, str]:
        return len(DATA), "encrypted-1"

    monkeypatch.setattr(objects, "mark", mark)
    assert await entrance.holds(KEY, upload_of())
    assert not await entrance.holds(KEY, upload_of(DATA[::-1]))


class Door:
    """The store behind a connection that can be cut in the midst of a request."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cut_after: int | None = None
        self.stall_after: int | None = None
        self.stalled = asyncio.Event()
        self.server: asyncio.Server | None = None
        self.address = 0
        self.passing: set[asyncio.Task[Any]] = set()

    async def close(self) -> None:
        assert self.server is not None
        self.server.close()
        for task in self.passing:
            task.cancel()
        await asyncio.gather(*self.passing, return_exceptions=True)
        await asyncio.sleep(0.05)  # aborted transports close in the next turns of the loop

    async def open(self) -> None:
        self.server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.address = self.server.sockets[0].getsockname()[1]

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.passing.add(task)
        there, back = await asyncio.open_connection("127.0.0.1", self.port)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            sent = 0
            while data := await source.read(65536):
                sent += len(data)
                if self.cut_after is not None and source is reader and sent > self.cut_after:
                    break
                if self.stall_after is not None and source is reader and sent > self.stall_after:
                    self.stalled.set()
                    await source.read(-1)  # until the other side is gone
                    break
                sink.write(data)
                await sink.drain()

        pumps = [
            asyncio.ensure_future(pump(reader, back)),
            asyncio.ensure_future(pump(there, writer)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in pumps:
                one.cancel()
            for end in (writer, back):
                end.transport.abort()


@pytest.fixture
async def door(swift: SwiftServer) -> AsyncIterator[Door]:
    made = Door(swift.port)
    await made.open()
    yield made
    await made.close()


class Rows:
    """A catalogue in which every recording is this machine's."""

    async def read(self, _: Any) -> Any:
        return type("Row", (), {"machine_id": MACHINE})()


async def test_a_put_that_is_cut_leaves_nothing_and_the_next_one_passes(
    swift: SwiftServer, door: Door, tmp_path: Path
) -> None:
    bucket = swift.bucket()
    near = S3Objects(bucket)
    far = replace(bucket, endpoint=f"http://127.0.0.1:{door.address}")
    bus = InProcessBus()
    rows: Any = Rows()
    uploads = Uploads(rows, S3Entrance(S3Objects(far), SystemClock()))
    await bus.serve_hosts("uploads", uploads.answer)
    granted = GrantedObjects(bus, MACHINE, "https://127.0.0.1:1", ssl.create_default_context())
    source = tmp_path / "000000.flseg"
    source.write_bytes(DATA)
    door.cut_after = 400_000
    with pytest.raises(Unavailable, match="not reached"):
        await granted.put_file(KEY, source)
    assert [key async for key in near.list("")] == []
    door.cut_after = None
    await granted.put_file(KEY, source)
    assert await near.get(KEY) == DATA
    await granted.put_file(KEY, source)
    source.write_bytes(DATA[::-1])
    with pytest.raises(Conflict):
        await granted.put_file(KEY, source)
    assert await near.get(KEY) == DATA
    await granted.close()
    await bus.close()


UPLOADER = """
import asyncio, sys
from pathlib import Path
from footlight.agent.uploader import Uploader
from footlight.objects.bucket import Bucket, Credentials
from footlight.objects.s3 import S3Objects

async def main(spool, name, endpoint, region, key_id, secret):
    bucket = Bucket(name, "", endpoint, region, Credentials(key_id, secret))
    uploader = Uploader(Path(spool), S3Objects(bucket))
    await uploader.start()
    await uploader.drain()

asyncio.run(main(*sys.argv[1:]))
"""


async def test_an_uploader_that_is_killed_in_a_put_goes_on_when_it_is_back(
    swift: SwiftServer, door: Door, tmp_path: Path
) -> None:
    recording_id = str(uuid.uuid4())
    folder = SpoolFolder(tmp_path / "spool" / recording_id)
    folder.path.mkdir(parents=True)
    segment = folder.path / "000000.flseg"
    segment.write_bytes(DATA)
    entry = SegmentEntry(
        number=0,
        name=segment.name,
        size_bytes=len(DATA),
        sha256="aa",
        head="bb",
        start_ns=0,
        end_ns=1,
        width=8,
        height=8,
    )
    folder.append_journal(SealedLine(entry, 0, []))
    bucket = swift.bucket()
    door.stall_after = 300_000
    keys = bucket.credentials
    words = [bucket.name, f"http://127.0.0.1:{door.address}", bucket.region]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", UPLOADER, str(tmp_path / "spool")),
        *(*words, keys.key_id, keys.secret),
    )
    async with asyncio.timeout(30):
        await door.stalled.wait()
    process.kill()
    await process.wait()
    objects = S3Objects(bucket)
    assert [key async for key in objects.list("")] == []
    assert segment.read_bytes() == DATA
    uploader = Uploader(tmp_path / "spool", objects)
    await uploader.start()
    await asyncio.wait_for(uploader.drain(), 30)
    assert await objects.get(f"{recording_id}/{segment.name}") == DATA
    assert not segment.exists()


async def test_a_store_that_is_away_is_unavailable_and_comes_back(
    new_swift: Callable[[], SwiftServer], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "CALL_TIMEOUT_S", 2.0)
    server = new_swift()
    objects = S3Objects(server.bucket())
    await objects.put(KEY, DATA)
    assert server.process is not None
    server.process.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    for call in (objects.get(KEY), objects.put("other", b""), objects.delete("x")):
        with pytest.raises(Unavailable, match="does not answer in time"):
            await call
    with pytest.raises(Unavailable):
        assert [key async for key in objects.list("")]
    assert time.monotonic() - began < 30
    server.process.send_signal(signal.SIGCONT)
    assert await objects.get(KEY) == DATA
    server.stop()
    with pytest.raises(Unavailable, match="the object store"):
        await objects.size(KEY)
    server.start()
    assert await objects.get(KEY) == DATA


async def test_what_is_refused_is_said_without_secrets(swift: SwiftServer) -> None:
    bucket = swift.bucket()
    wrong = replace(bucket, credentials=Credentials(bucket.credentials.key_id, "wrong-secret"))
    with pytest.raises(Unavailable, match="refuses the site's keys") as refused:
        await S3Objects(wrong).put(KEY, DATA)
    assert "wrong-secret" not in str(refused.value)
    with pytest.raises(Unavailable, match="has no bucket nowhere"):
        await S3Objects(replace(bucket, name="nowhere")).put(KEY, DATA)


async def test_large_objects_are_read_in_ranges_and_put_in_parts(
    objects: S3Objects, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(s3, "WHOLE_AT_MOST_BYTES", 1000)
    monkeypatch.setattr(s3, "PARTS_ABOVE_BYTES", 6 * 2**20)
    monkeypatch.setattr(s3, "PART_BYTES", 5 * 2**20)
    source = tmp_path / "film"
    source.write_bytes(os.urandom(12 * 2**20))
    await objects.put_file("jobs/j/recording.mp4", source)
    with pytest.raises(Invalid):
        await objects.get("jobs/j/recording.mp4")
    assert await objects.get("jobs/j/recording.mp4", 7, 1000) == source.read_bytes()[7:1007]
    monkeypatch.undo()
    assert (
        await objects.digest("jobs/j/recording.mp4") == hashlib.sha256(source.read_bytes()).digest()
    )
    await objects.put_file("jobs/j/recording.mp4", source)
    assert objects.names_in("jobs/j") == {"recording.mp4"}
    assert objects.names_in("jobs/other") == set()
