"""Grants: who gets leave to put what, and what a ticket of the folder is good for."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footlight.archive import catalogue
from footlight.archive.catalogue import NewRecording
from footlight.archive.terms import Terms
from footlight.archive.uploads import TICKET_S, TICKETS_PATH, FolderEntrance, Uploads, problem_of
from footlight.clock import FakeClock
from footlight.errors import Conflict, Invalid, NotFound
from footlight.objects.folder import FolderObjects
from footlight.wire.host import decode, encode
from footlight.wire.uploads import Upload, UploadAnswer, UploadQuestion

BYTES = b"bytes of a segment"


def upload_of(recording_id: str, data: bytes = BYTES, **changes: Any) -> Upload:
    upload = Upload(
        recording_id=recording_id,
        name="000000.flseg",
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        md5=hashlib.md5(data).hexdigest(),
    )
    return msgspec.structs.replace(upload, **changes)


async def pieces(*data: bytes) -> AsyncIterator[bytes]:
    for piece in data:
        yield piece


@pytest.fixture
def objects(tmp_path: Path) -> FolderObjects:
    return FolderObjects(tmp_path / "objects")


@pytest.fixture
def entrance(objects: FolderObjects, rooms: Any) -> FolderEntrance:
    return FolderEntrance(objects, b"k" * 32, rooms.clock)


@pytest.fixture
def uploads(rooms: Any, entrance: FolderEntrance) -> Uploads:
    return Uploads(rooms.store, entrance)


@pytest.fixture
async def recording(rooms: Any) -> str:
    """One of machine "m"."""
    new = NewRecording(
        session_id="s",
        account_id=rooms.admin.account_id,
        user_name="FOOTLIGHT\\admin",
        machine_id="m",
        machine_name="FOOTLIGHT\\DESK1",
        resource_name="Desktop",
        reason="on-demand",
        ordered_by="FOOTLIGHT\\admin",
        terms=Terms(notify=True),
    )
    return str(await rooms.store.write(lambda tx: catalogue.open_recording(tx, new)))


async def ask(
    uploads: Uploads, upload: Upload, what: str = "put", machine: str = "m"
) -> UploadAnswer:
    payload = msgspec.json.encode({"ask": what, "upload": upload})
    return decode(UploadAnswer, await uploads.answer(machine, payload))


def ticket_of(answer: UploadAnswer) -> str:
    assert (answer.kind, answer.url.startswith(TICKETS_PATH + "/")) == ("put", True)
    return answer.url.removeprefix(TICKETS_PATH + "/")


async def test_from_leave_to_kept(
    uploads: Uploads, entrance: FolderEntrance, objects: FolderObjects, recording: str
) -> None:
    upload = upload_of(recording)
    assert (await ask(uploads, upload, "kept")).kind == "missing"
    ticket = ticket_of(await ask(uploads, upload))
    await entrance.take(ticket, pieces(BYTES[:5], BYTES[5:]))
    assert await objects.get(f"{recording}/000000.flseg") == BYTES
    assert (await ask(uploads, upload, "kept")).kind == "kept"
    other = upload_of(recording, BYTES[::-1])
    assert (await ask(uploads, other, "kept")).kind == "differs"
    assert (await ask(uploads, upload_of(recording, b"short"), "kept")).kind == "differs"


async def test_a_used_ticket_is_refused(
    uploads: Uploads, entrance: FolderEntrance, objects: FolderObjects, recording: str
) -> None:
    ticket = ticket_of(await ask(uploads, upload_of(recording)))
    await entrance.take(ticket, pieces(BYTES))
    with pytest.raises(Conflict):
        await entrance.take(ticket, pieces(BYTES))
    assert await objects.get(f"{recording}/000000.flseg") == BYTES


@pytest.mark.parametrize("sent", [BYTES[:-1], BYTES + b"x", BYTES[::-1], b""])
async def test_other_bytes_than_announced_are_refused_and_leave_nothing(
    uploads: Uploads, entrance: FolderEntrance, tmp_path: Path, recording: str, sent: bytes
) -> None:
    ticket = ticket_of(await ask(uploads, upload_of(recording)))
    with pytest.raises(Invalid):
        await entrance.take(ticket, pieces(sent))
    assert [path for path in (tmp_path / "objects").rglob("*") if path.is_file()] == []
    await entrance.take(ticket, pieces(BYTES))


async def test_a_ticket_ends_and_cannot_be_changed(
    rooms: Any,
    uploads: Uploads,
    entrance: FolderEntrance,
    objects: FolderObjects,
    recording: str,
) -> None:
    ticket = ticket_of(await ask(uploads, upload_of(recording)))
    middle = len(ticket) // 2
    broken = ticket[:middle] + ("A" if ticket[middle] != "A" else "B") + ticket[middle + 1 :]
    for bad in (broken, ticket[:-4], "", "é", "x" * 2000):
        with pytest.raises(NotFound):
            await entrance.take(bad, pieces(BYTES))
    with pytest.raises(NotFound):
        await FolderEntrance(objects, b"x" * 32, rooms.clock).take(ticket, pieces(BYTES))
    later = FakeClock(rooms.clock.now_ms() + TICKET_S * 1000 + 60_000)
    with pytest.raises(NotFound):
        await FolderEntrance(objects, b"k" * 32, later).take(ticket, pieces(BYTES))
    await entrance.take(ticket, pieces(BYTES))


async def test_another_machine_s_recording_is_refused(uploads: Uploads, recording: str) -> None:
    for what in ("put", "kept"):
        assert (await ask(uploads, upload_of(recording), what, machine="n")).kind == "refused"
        unknown = upload_of("00000000-0000-0000-0000-000000000001")
        assert (await ask(uploads, unknown, what)).kind == "refused"


async def test_what_is_no_question_is_refused(uploads: Uploads) -> None:
    for payload in (b"", b"[]", b'{"ask":"all"}', encode(UploadAnswer(kind="kept"))):
        assert decode(UploadAnswer, await uploads.answer("m", payload)).kind == "refused"


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "../manifest.json"},
        {"name": "000000.open"},
        {"name": "1.flseg"},
        {"name": "000000.flseg\n"},
        {"name": ""},
        {"size_bytes": -1},
        {"size_bytes": 1 << 40},
        {"sha256": "A" * 64},
        {"md5": ""},
    ],
)
async def test_only_files_of_recordings_are_taken(
    uploads: Uploads, recording: str, changes: dict[str, Any]
) -> None:
    upload = upload_of(recording, **changes)
    assert problem_of(upload)
    assert (await ask(uploads, upload)).kind == "refused"


def test_manifests_are_files_of_recordings() -> None:
    assert problem_of(upload_of("r", name="manifest.json")) == ""
    assert UploadQuestion(ask="put", upload=upload_of("r")).ask == "put"
