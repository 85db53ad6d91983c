"""The routes of files, over a host that keeps them in a dictionary; with a real one: tests/host/test_files.py."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update

from footlight.access import roles
from footlight.api import session_files
from footlight.api.protocol import HANG_UP
from footlight.bus import subjects
from footlight.site import access_rules, groups
from footlight.store import schema
from footlight.wire.files import FileEnd, FileEntry, FileHead, FileOrder, FileSpan
from footlight.wire.frames import DATA, END, HEADER, Frames, frame
from footlight.wire.host import decode, encode
from footlight.wire.own import AccessRulesChange

V1 = "/footlight/v1"


class Host:
    """Keeps files and orders in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.orders: list[FileOrder] = []
        self.cut_after: int | None = None

    async def serve(self, hello: bytes, stream: Any) -> None:
        order = decode(FileOrder, hello)
        self.orders.append(order)
        frames = Frames(stream.read)
        await getattr(self, f"_{order.do}")(order, stream, frames)
        await stream.close()

    async def _list(self, order: FileOrder, stream: Any, frames: Frames) -> None:
        names = sorted(name for name in self.files if name > order.after)
        entries = [self._entry(name) for name in names[: order.count]]
        more = len(names) > order.count
        await stream.write(frame(HEADER, encode(FileHead(entries=entries, more=more))))

    def _entry(self, name: str) -> FileEntry:
        return FileEntry(name=name, size_bytes=len(self.files[name]), modified_at_ms=1000)

    async def _get(self, order: FileOrder, stream: Any, frames: Frames) -> None:
        if order.name not in self.files:
            await stream.write(frame(HEADER, encode(FileHead(refused="missing"))))
            return
        head = FileHead(file=self._entry(order.name), mark="m1")
        await stream.write(frame(HEADER, encode(head)))
        asked = await frames.next()
        if asked is None:
            return
        span = decode(FileSpan, asked[1])
        data = self.files[order.name][span.first :][: span.length]
        await stream.write(frame(DATA, data[: self.cut_after]))
        if self.cut_after is None:
            await stream.write(frame(END, encode(end_of(data))))

    async def _put(self, order: FileOrder, stream: Any, frames: Frames) -> None:
        if order.name in self.files and not order.overwrite:
            await stream.write(frame(HEADER, encode(FileHead(refused="exists"))))
            return
        await stream.write(frame(HEADER, encode(FileHead())))
        data = b""
        while (found := await frames.next()) is not None and found[0] == DATA:
            data += found[1]
        if found is not None:
            self.files[order.name] = data
            await stream.write(frame(END, encode(end_of(data))))

    async def _delete(self, order: FileOrder, stream: Any, frames: Frames) -> None:
        gone = self.files.pop(order.name, None)
        head = FileHead(refused="missing" if gone is None else None)
        await stream.write(frame(HEADER, encode(head)))


def end_of(data: bytes) -> FileEnd:
    return FileEnd(size_bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


@pytest.fixture
async def host(door: Any) -> Host:
    made = Host()
    machines = await door.rooms.store.read(
        lambda c: list(c.execute(select(schema.machines.c.id)).scalars())
    )
    for machine_id in machines:
        await door.rooms.bus.listen(subjects.files(machine_id), made.serve)
    return made


@pytest.fixture
async def ada(door: Any) -> dict[str, str]:
    """Headers of a user who is no administrator."""
    headers: dict[str, str] = await door.sign_in_as("ada")
    return headers


@pytest.fixture
async def files(door: Any, ada: dict[str, str], host: Host) -> str:
    """The path of the files of a session of ada's."""
    body = {"resource": "Desktop", "new": True}
    answer = await door.client.post(f"{V1}/launches", headers=ada, json=body)
    return f"{V1}/sessions/{answer.json()['sessionId']}/files"


async def rule(door: Any, **members: Any) -> None:
    query = select(schema.delivery_groups.c.id).where(schema.delivery_groups.c.is_sample)

    def write(tx: Any) -> None:
        group = groups.by_id(tx.connection, tx.connection.execute(query).scalar_one())
        access_rules.change(tx, door.rooms.admin, group, AccessRulesChange(**members))

    await door.rooms.store.write(write)


async def noted(door: Any) -> list[dict[str, Any]]:
    """What the audit log says of files, oldest first."""
    async with asyncio.timeout(5):
        while any(one.get_name() == "transfer noted" for one in asyncio.all_tasks()):  # noqa: ASYNC110
            await asyncio.sleep(0)
    found = await door.rooms.store.read(
        lambda c: list(
            c.execute(select(schema.audit.c.entry).order_by(schema.audit.c.seq)).scalars()
        )
    )
    entries = [json.loads(one) for one in found]
    return [one for one in entries if one["kind"] == "FileTransferred" or "files" in one["text"]]


async def test_a_file_goes_in_is_listed_comes_out_and_goes(
    door: Any, host: Host, files: str, ada: dict[str, str]
) -> None:
    client = door.client
    stored = await client.put(f"{files}/a%20%C3%A4.txt", headers=ada, content=b"hello")
    assert stored.status_code == 201
    sha256 = hashlib.sha256(b"hello").hexdigest()
    assert stored.json() == {"name": "a ä.txt", "sizeBytes": 5, "sha256": sha256}
    order = host.orders[-1]
    assert (order.allowed, order.user_name) == ("both", "FOOTLIGHT\\ada")
    assert order.limit_bytes == door.parts.config.file_limit_mib * 1024**2
    listed = (await client.get(files, headers=ada)).json()
    one = {"name": "a ä.txt", "sizeBytes": 5, "modifiedAt": "1970-01-01T00:00:01Z"}
    assert (listed["items"], listed["continuationToken"], listed["allowed"]) == (
        [one],
        None,
        "both",
    )
    got = await client.get(f"{files}/a%20%C3%A4.txt", headers=ada)
    assert (got.status_code, got.content) == (200, b"hello")
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''a%20%C3%A4.txt"
    assert got.headers["x-content-type-options"] == "nosniff"
    again = await client.put(f"{files}/a%20%C3%A4.txt", headers=ada, content=b"other")
    assert (again.status_code, again.json()["SdkErrorId"]) == (409, "FileExists")
    over = f"{files}/a%20%C3%A4.txt?overwrite=true"
    assert (await client.put(over, headers=ada, content=b"other")).status_code == 201
    assert host.files == {"a ä.txt": b"other"}
    gone = [await client.delete(f"{files}/a%20%C3%A4.txt", headers=ada) for _ in range(2)]
    assert [one.status_code for one in gone] == [204, 404]
    assert (await client.get(f"{files}/a%20%C3%A4.txt", headers=ada)).status_code == 404
    log = await noted(door)
    assert {one["userName"] for one in log} == {"FOOTLIGHT\\ada"}
    assert [(one["text"].split(" 'a ä.txt'")[0], one["succeeded"]) for one in log] == [
        ("Begin to upload", True),
        ("Upload", True),
        ("Begin to download", True),
        ("Download", True),
        (
            "PUT /footlight/v1/sessions/{id}/files/{name} was refused: There is a file of that name.",
            False,
        ),
        ("Begin to upload", True),
        ("Upload", True),
        ("Delete", True),
    ]
    assert log[1]["parameters"] == {
        "Name": "a ä.txt", "Direction": "in", "Bytes": "5", "Sha256": sha256,
    }  # fmt: skip
    assert log[3]["parameters"]["Sha256"] == sha256


async def test_pages(door: Any, host: Host, files: str, ada: dict[str, str]) -> None:
    host.files = {name: b"" for name in "abc"}
    first = (await door.client.get(f"{files}?limit=2", headers=ada)).json()
    assert [one["name"] for one in first["items"]] == ["a", "b"]
    token = first["continuationToken"]
    rest = (await door.client.get(f"{files}?limit=2&continuationToken={token}", headers=ada)).json()
    assert ([one["name"] for one in rest["items"]], rest["continuationToken"]) == (["c"], None)
    damaged = await door.client.get(f"{files}?continuationToken=x{token}", headers=ada)
    assert damaged.status_code == 400


@pytest.mark.parametrize(
    ("header", "status", "body", "said"),
    [
        ({"Range": "bytes=1-2"}, 206, b"el", "bytes 1-2/5"),
        ({"Range": "bytes=-2"}, 206, b"lo", "bytes 3-4/5"),
        ({"Range": "bytes=1-", "If-Range": '"m1"'}, 206, b"ello", "bytes 1-4/5"),
        ({"Range": "bytes=1-", "If-Range": '"m0"'}, 200, b"hello", None),
        ({"Range": "bytes=5-"}, 416, None, "bytes */5"),
        ({"Range": "bytes=2-1"}, 400, None, None),
    ],
)
async def test_ranges(
    door: Any, host: Host, files: str, ada: dict[str, str],
    header: dict[str, str], status: int, body: bytes | None, said: str | None,
) -> None:  # fmt: skip
    host.files = {"f": b"hello"}
    got = await door.client.get(f"{files}/f", headers={**ada, **header})
    assert (got.status_code, got.headers.get("content-range")) == (status, said)
    if body is not None:
        assert (got.content, got.headers["etag"]) == (body, '"m1"')


@pytest.mark.parametrize("name", ["%2E%2E", "a%2Fb", ".footlight-part-1", "a" * 256])
async def test_what_is_no_name(door: Any, files: str, ada: dict[str, str], name: str) -> None:
    for method in ("GET", "PUT", "DELETE"):
        answer = await door.client.request(method, f"{files}/{name}", headers=ada)
        assert answer.status_code == 400


@pytest.mark.parametrize(
    ("allowed", "may"),
    [("off", ""), ("in", "LIST PUT DELETE"), ("out", "LIST GET"), ("both", "LIST GET PUT DELETE")],
)
async def test_the_policy(
    door: Any, host: Host, files: str, ada: dict[str, str], allowed: str, may: str
) -> None:
    host.files = {"f": b"x"}
    await rule(door, files=allowed)
    found = {
        "LIST": await door.client.get(files, headers=ada),
        "GET": await door.client.get(f"{files}/f", headers=ada),
        "PUT": await door.client.put(f"{files}/g", headers=ada, content=b"x"),
        "DELETE": await door.client.delete(f"{files}/f", headers=ada),
    }
    assert {name for name, one in found.items() if one.is_success} == set(may.split())
    refused = [one for one in found.values() if not one.is_success]
    assert {(one.status_code, one.json()["SdkErrorId"]) for one in refused} <= {
        (403, "FilesNotAllowed")
    }
    written = [one for one in await noted(door) if not one["succeeded"]]
    assert len(written) == len({"GET", "PUT", "DELETE"} - set(may.split()))


async def test_they_are_the_users_own_and_of_who_has_the_permission(
    door: Any, host: Host, files: str, ada: dict[str, str]
) -> None:
    host.files = {"f": b"x"}
    bob = await door.sign_in_as("bob")
    assert (await door.client.get(f"{files}/f", headers=bob)).status_code == 404
    shadow = schema.administrator_rights
    account = select(schema.accounts.c.id).where(schema.accounts.c.name_key == "bob")
    await door.rooms.store.write(
        lambda tx: roles.make_full(tx, tx.connection.execute(account).scalar_one())
    )
    assert (await door.client.get(f"{files}/f", headers=bob)).status_code == 200
    help_desk = update(shadow).where(shadow.c.account_id == account.scalar_subquery())
    lower = help_desk.values(role_id=roles.HELP_DESK.id)
    await door.rooms.store.write(lambda tx: tx.connection.execute(lower) and None)
    for method in ("GET", "PUT", "DELETE"):
        answer = await door.client.request(method, f"{files}/f", headers=bob)
        assert (answer.status_code, "Session_TransferFiles" in answer.text) == (403, True)
    assert (await door.client.get(files, headers=bob)).status_code == 403
    assert (await door.client.get(files)).status_code == 401


async def test_a_file_over_the_limit(
    door: Any, host: Host, files: str, ada: dict[str, str]
) -> None:
    object.__setattr__(door.parts.config, "file_limit_mib", 1)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield bytes(512 * 1024)

    for content in (bytes(1024**2 + 1), pieces()):
        answer = await door.client.put(f"{files}/big", headers=ada, content=content)
        assert answer.status_code == 413
    assert host.files == {}


async def test_a_download_that_breaks_off_is_no_success(
    door: Any, host: Host, files: str, ada: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    host.files, host.cut_after = {"f": b"hello"}, 2
    hung_up: list[bool] = []
    application = door.client._transport.app
    monkeypatch.setattr(session_files, "HUNG_UP_WITHIN_S", 0)

    async def served(scope: Any, receive: Any, send: Any) -> None:
        extensions = {HANG_UP: lambda: hung_up.append(True)}
        await application({**scope, "extensions": extensions}, receive, send)

    transport = httpx.ASGITransport(served)
    async with httpx.AsyncClient(transport=transport, base_url="https://site.test") as client:
        got = await client.get(f"{files}/f", headers=ada)
    assert (hung_up, got.content) == ([True], b"he")
    last = (await noted(door))[-1]
    assert (last["succeeded"], last["parameters"]["Bytes"]) == (False, "2")


async def test_a_session_that_does_not_run_and_a_host_that_is_away(
    door: Any, files: str, ada: dict[str, str]
) -> None:
    session_id = files.split("/")[-2]
    machines = select(schema.machines.c.id)
    (machine_id,) = await door.rooms.store.read(lambda c: list(c.execute(machines).scalars()))

    async def leave(hello: bytes, stream: Any) -> None:
        await stream.close()

    await door.rooms.bus.listen(subjects.files(machine_id), leave)
    assert (await door.client.get(files, headers=ada)).status_code == 503
    await door.rooms.host.change(session_id, phase="ending")
    answer = await door.client.get(files, headers=ada)
    assert (answer.status_code, answer.json()["SdkErrorId"]) == (409, "SessionNotRunning")
    missing = f"{V1}/sessions/{machine_id}/files"
    assert (await door.client.get(missing, headers=ada)).status_code == 404
