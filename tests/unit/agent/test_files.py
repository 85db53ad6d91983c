"""The files' door between a stream and a scripted process; with a real one: tests/host/test_files.py."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from footlight.agent import files
from footlight.bus.inprocess import InProcessBus
from footlight.wire.files import FileEnd, FileHead, FileOrder, FileSpan
from footlight.wire.frames import DATA, END, FROM, HEADER, Frames, frame
from footlight.wire.host import decode, encode


class Session:
    def __init__(self) -> None:
        self.transfers: set[asyncio.Event] = set()
        self.user: tuple[str, int] | None = ("ada", 1000)
        self.events: list[tuple[str, dict[str, object]]] = []

    def linux_user(self) -> tuple[str, int] | None:
        return self.user

    def file_event(self, kind: str, members: dict[str, object]) -> None:
        self.events.append((kind, members))


class Process:
    """Stands for the folder's process: `answer` gets each frame that it is told, and says frames by `say`."""

    def __init__(self, answer: Callable[[Process, bytes, bytes], None]) -> None:
        self.stdout = asyncio.StreamReader()
        self.stdin = self
        self.killed = False
        self._answer = answer
        self._told = asyncio.Event()

    def say(self, kind: bytes, message: Any = None, data: bytes = b"") -> None:
        self.stdout.feed_data(frame(kind, data or json.dumps(message or {}).encode()))

    def write(self, data: bytes) -> None:
        self._answer(self, data[:1], data[5:])

    async def drain(self) -> None: ...

    def close(self) -> None: ...

    def kill(self) -> None:
        self.killed = True

    async def wait(self) -> int:
        return 0


class Scene:
    """A door whose session's folder is played by `answer`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bus = InProcessBus()
        self.session = Session()
        self.processes: list[Process] = []
        self.answer: Callable[[Process, bytes, bytes], None] = lambda *_: None
        self.first: Callable[[Process], None] = lambda p: p.say(HEADER)
        self.door = files.FileDoor(lambda i: self.session if i == "s" else None)

        async def start(order: FileOrder, user: tuple[str, int]) -> Process:
            self.processes.append(Process(self.answer))
            self.first(self.processes[-1])
            return self.processes[-1]

        monkeypatch.setattr(files, "_start", start)

    async def dial(self, do: Any, **members: Any) -> tuple[Any, Frames]:
        await self.bus.listen("files", self.door.serve)
        given: dict[str, Any] = {"session_id": "s", "allowed": "both", "name": "f"}
        given |= {"user_name": "D\\ada", "address": "127.0.0.1", "limit_bytes": 1000}
        order = FileOrder(do=do, **{**given, **members})
        stream = await self.bus.dial("files", encode(order), 5)
        return stream, Frames(stream.read)

    async def refusal(self, do: Any, **members: Any) -> str | None:
        _, answers = await self.dial(do, **members)
        head = await answers.next()
        assert head is not None
        return decode(FileHead, head[1]).refused

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.session.events]


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(monkeypatch)


@pytest.mark.parametrize(
    ("allowed", "may"),
    [
        ("off", ()),
        ("in", ("list", "put", "delete")),
        ("out", ("list", "get")),
        ("both", ("list", "get", "put", "delete")),
    ],
)
async def test_the_policy_holds_here_too(scene: Scene, allowed: str, may: tuple[str, ...]) -> None:
    for do in ("list", "get", "put", "delete"):
        before = len(scene.processes)
        refused = await scene.refusal(do, allowed=allowed)
        assert refused == (None if do in may else "policy")
        assert (len(scene.processes) > before) is (do in may)


async def test_what_is_not_even_tried(scene: Scene) -> None:
    assert await scene.refusal("get", session_id="other") == "not-running"
    for name in ("", "..", "a/b", "a\nb"):
        assert await scene.refusal("get", name=name) == "missing"
    assert scene.session.events[-1][1]["reason"] == "missing"
    scene.session.user = None
    assert await scene.refusal("list") == "not-running"
    assert scene.processes == []


async def test_too_many_at_once_are_refused(scene: Scene) -> None:
    waiting = [await scene.dial("put") for _ in range(files.MOST_AT_ONCE)]
    for _, answers in waiting:
        await answers.next()
    assert await scene.refusal("list") == "busy"
    for stream, _ in waiting:
        await stream.close()


async def test_a_download_is_counted_and_hashed_here(scene: Scene) -> None:
    def answer(process: Process, kind: bytes, payload: bytes) -> None:
        assert (kind, decode(FileSpan, payload)) == (FROM, FileSpan(first=2, length=5))
        process.say(DATA, data=b"abc")
        process.say(DATA, data=b"de")
        process.say(END, {"sha256": "what it says", "size_bytes": 99})

    scene.answer = answer
    stream, answers = await scene.dial("get")
    await answers.next()
    await stream.write(frame(FROM, encode(FileSpan(first=2, length=5))))
    assert [await answers.next(), await answers.next()] == [(DATA, b"abc"), (DATA, b"de")]
    end = await answers.next()
    assert end is not None
    sha256 = hashlib.sha256(b"abcde").hexdigest()
    assert decode(FileEnd, end[1]) == FileEnd(size_bytes=5, sha256=sha256)
    assert await answers.next() is None
    assert scene.kinds == ["file-transfer-began", "file-transferred"]
    assert scene.session.events[-1][1] == {
        "name": "f", "direction": "out", "userName": "D\\ada", "address": "127.0.0.1",
        "bytes": 5, "sha256": sha256,
    }  # fmt: skip


async def test_an_upload_over_the_limit_is_cut(scene: Scene) -> None:
    stream, answers = await scene.dial("put", limit_bytes=10)
    await answers.next()
    await stream.write(frame(DATA, bytes(11)))
    end = await answers.next()
    assert end is not None
    assert (end[0], decode(FileEnd, end[1]).refused) == (END, "too-large")
    assert scene.session.events[-1] == (
        "file-transfer-failed",
        {"name": "f", "direction": "in", "userName": "D\\ada", "address": "127.0.0.1",
         "bytes": 11, "reason": "too-large"},
    )  # fmt: skip


async def test_an_upload_that_its_sender_leaves_is_no_file(scene: Scene) -> None:
    said: list[bytes] = []
    scene.answer = lambda process, kind, payload: said.append(kind)
    stream, answers = await scene.dial("put")
    await answers.next()
    await stream.write(frame(DATA, b"abc"))
    await stream.close()
    async with asyncio.timeout(5):
        while scene.session.transfers:  # noqa: ASYNC110
            await asyncio.sleep(0)
    assert END not in said
    assert scene.kinds == ["file-transfer-began", "file-transfer-failed"]


async def test_what_the_folder_refuses_is_told(scene: Scene) -> None:
    scene.first = lambda process: process.say(HEADER, {"refused": "no-space"})
    assert await scene.refusal("put") == "no-space"
    scene.first = lambda process: process.stdout.feed_eof()
    assert await scene.refusal("put") == "failed"
    scene.first = lambda process: process.stdout.feed_data(b"rubbish that is no frame")
    assert await scene.refusal("list") == "failed"
    assert scene.kinds == ["file-refused", "file-refused"]


async def test_a_folder_that_says_nothing_is_given_up(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "ANSWER_S", 0.01)
    scene.first = lambda process: None
    assert await scene.refusal("get") == "stalled"
    assert scene.processes[0].killed


async def test_transfers_end_with_the_session(scene: Scene) -> None:
    _, answers = await scene.dial("put")
    await answers.next()
    for stop in scene.session.transfers:
        stop.set()
    assert await answers.next() is None
    assert scene.session.events[-1][1]["reason"] == "session-ended"
