"""Files put by leave: the bus in process, server and store by a transport of httpx."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from footlight.agent.granted import GrantedObjects
from footlight.bus.inprocess import InProcessBus
from footlight.errors import Conflict, NotFound, Unavailable
from footlight.wire.host import decode, encode
from footlight.wire.uploads import Upload, UploadAnswer, UploadQuestion

MACHINE = "00000000-0000-0000-0000-00000000000a"
Respond = Callable[[httpx.Request], httpx.Response]


class Site:
    """Gives leave, and has what was put if `keeps`."""

    def __init__(self) -> None:
        self.url = "/up/ticket"
        self.keeps = True
        self.answer: UploadAnswer | None = None
        self.asked: list[str] = []
        self.kept: dict[str, bytes] = {}
        self.requests: list[httpx.Request] = []
        self.respond: Respond | None = None

    async def serve(self, machine_id: str, payload: bytes) -> bytes:
        assert machine_id == MACHINE
        question = decode(UploadQuestion, payload)
        self.asked.append(question.ask)
        if self.answer is not None:
            return encode(self.answer)
        if question.ask == "put":
            length = {"content-length": str(question.upload.size_bytes)}
            return encode(UploadAnswer(kind="put", url=self.url, headers=length))
        return encode(self._look(question.upload))

    def _look(self, upload: Upload) -> UploadAnswer:
        found = self.kept.get(self.url)
        if found is None:
            return UploadAnswer(kind="missing")
        return UploadAnswer(kind="kept" if len(found) == upload.size_bytes else "differs")

    async def take(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        body = await request.aread()
        if self.keeps:
            self.kept[self.url] = body
        return self.respond(request) if self.respond is not None else httpx.Response(204)


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
async def granted(site: Site) -> AsyncIterator[GrantedObjects]:
    bus = InProcessBus()
    await bus.serve_hosts("uploads", site.serve)
    made = GrantedObjects(bus, MACHINE, "https://site:1/")
    for name in ("_site", "_store"):
        await getattr(made, name).aclose()
        setattr(made, name, httpx.AsyncClient(transport=httpx.MockTransport(site.take)))
    yield made
    await made.close()
    await bus.close()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "000000.flseg"
    path.write_bytes(b"0123456789" * 100_000)
    return path


async def test_a_file_is_put_where_the_leave_says_and_seen_there(
    site: Site, granted: GrantedObjects, source: Path
) -> None:
    await granted.put_file("r/000000.flseg", source)
    assert site.kept == {site.url: source.read_bytes()}
    assert str(site.requests[0].url) == "https://site:1/up/ticket"
    assert site.requests[0].headers["content-length"] == "1000000"
    assert "transfer-encoding" not in site.requests[0].headers
    assert site.asked == ["put", "kept"]
    site.url = "https://store:2/bucket/key?signature"
    await granted.put_file("r/000000.flseg", source)
    assert str(site.requests[1].url) == site.url


async def test_an_answer_that_is_lost_is_made_good_by_the_question(
    site: Site, granted: GrantedObjects, source: Path
) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("reset")

    site.respond = broken
    await granted.put_file("r/000000.flseg", source)
    for status in (409, 412):
        site.respond = lambda request, status=status: httpx.Response(status)  # type: ignore[misc]
        await granted.put_file("r/000000.flseg", source)


async def test_a_put_that_failed_is_to_be_tried_again(
    site: Site, granted: GrantedObjects, source: Path
) -> None:
    site.keeps = False
    with pytest.raises(Unavailable, match="lost"):
        await granted.put_file("r/000000.flseg", source)
    site.respond = lambda request: httpx.Response(507)
    with pytest.raises(Unavailable, match="the server answers 507"):
        await granted.put_file("r/000000.flseg", source)
    site.url = "https://store:2/x"
    site.respond = lambda request: httpx.Response(503)
    with pytest.raises(Unavailable, match="the object store answers 503"):
        await granted.put_file("r/000000.flseg", source)


async def test_other_bytes_of_that_name_are_a_conflict(
    site: Site, granted: GrantedObjects, source: Path
) -> None:
    site.kept[site.url] = b"other"
    site.keeps = False
    site.respond = lambda request: httpx.Response(412)
    with pytest.raises(Conflict):
        await granted.put_file("r/000000.flseg", source)


async def test_what_the_site_refuses_is_not_put(
    site: Site, granted: GrantedObjects, source: Path
) -> None:
    site.answer = UploadAnswer(kind="refused", why="no such recording")
    with pytest.raises(NotFound, match="no such recording"):
        await granted.put_file("r/000000.flseg", source)
    assert site.requests == []


async def test_no_server_at_all(site: Site, source: Path) -> None:
    alone = GrantedObjects(InProcessBus(), MACHINE, "https://site:1")
    with pytest.raises(Unavailable):
        await alone.put_file("r/000000.flseg", source)
    await alone.close()
