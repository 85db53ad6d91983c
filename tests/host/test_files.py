"""Files of a real session's drop folder: in, out, and no further than that."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import pwd
import time
from pathlib import Path
from typing import Any

import pytest

from footlight.bus import subjects
from footlight.playback.timeline import read_timeline
from footlight.recording.source import FolderSource
from footlight.wire.file_names import FOLDER
from footlight.wire.files import FileEnd, FileHead, FileOrder, FileSpan
from footlight.wire.frames import DATA, END, FROM, HEADER, Frames, frame
from footlight.wire.host import decode, encode

LIMIT = 8 * 1024 * 1024


class Folder:
    """A session's drop folder as the server reaches it."""

    def __init__(self, stage: Any, session_id: str) -> None:
        self._stage = stage
        self._session_id = session_id
        user = pwd.getpwnam(stage.sessions[session_id].linux_user)
        self.user = user
        self.path = Path(user.pw_dir) / FOLDER

    async def open(self, do: Any, name: str = "", **members: Any) -> tuple[Any, Frames, FileHead]:
        order = FileOrder(
            session_id=self._session_id, do=do, name=name,
            **{"allowed": "both", "user_name": "TEST\\ada", "address": "127.0.0.1",
               "limit_bytes": LIMIT, "count": 100, **members},
        )  # fmt: skip
        subject = subjects.files(self._stage.machine_id)
        stream = await self._stage.bus.dial(subject, encode(order), 5)
        frames = Frames(stream.read)
        async with asyncio.timeout(20):
            found = await frames.next()
        assert found is not None
        assert found[0] == HEADER
        return stream, frames, decode(FileHead, found[1])

    async def put(self, name: str, *pieces: bytes, **members: Any) -> FileEnd:
        stream, frames, head = await self.open("put", name, **members)
        if head.refused is not None:
            return FileEnd(refused=head.refused)
        for piece in pieces:
            await stream.write(frame(DATA, piece))
        await stream.write(frame(END))
        async with asyncio.timeout(20):
            found = await frames.next()
        assert found is not None
        return decode(FileEnd, found[1])

    async def get(self, name: str) -> bytes | str:
        """The contents, or why not."""
        stream, frames, head = await self.open("get", name)
        if head.refused is not None:
            return head.refused
        assert head.file is not None
        await stream.write(frame(FROM, encode(FileSpan(first=0, length=head.file.size_bytes))))
        data = b""
        async with asyncio.timeout(20):
            while (found := await frames.next()) is not None and found[0] == DATA:
                data += found[1]
        assert found is not None
        end = decode(FileEnd, found[1])
        if end.refused is not None:
            return end.refused
        assert end.sha256 == hashlib.sha256(data).hexdigest()
        return data

    async def names(self) -> list[str]:
        return [one.name for one in (await self.open("list"))[2].entries]


@pytest.fixture
async def folder(stage: Any) -> Folder:
    session = await stage.launch(["xterm"])
    return Folder(stage, session)


async def test_files_go_in_and_out_as_the_user(folder: Folder, stage: Any) -> None:
    await stage.eventually(folder.path.is_dir)  # made with the session
    assert await folder.names() == []
    data = os.urandom(700_000)
    sha256 = hashlib.sha256(data).hexdigest()
    end = await folder.put("Report (1).bin", data[:300_000], data[300_000:])
    assert end == FileEnd(size_bytes=700_000, sha256=sha256)
    facts = (folder.path / "Report (1).bin").stat()
    assert (facts.st_uid, facts.st_gid, facts.st_mode & 0o777, facts.st_nlink) == (
        folder.user.pw_uid, folder.user.pw_gid, 0o600, 1,
    )  # fmt: skip
    assert folder.path.stat().st_uid == folder.user.pw_uid
    assert await folder.names() == ["Report (1).bin"]
    assert await folder.get("Report (1).bin") == data
    assert (await folder.put("Report (1).bin", b"x")).refused == "exists"
    assert (await folder.put("Report (1).bin", b"x", overwrite=True)).refused is None
    assert await folder.get("Report (1).bin") == b"x"
    assert (await folder.put("big", *[bytes(1024**2)] * 9)).refused == "too-large"
    assert (await folder.open("delete", "Report (1).bin"))[2].refused is None
    assert os.listdir(folder.path) == []


async def test_an_arrival_that_breaks_off_leaves_nothing(folder: Folder, stage: Any) -> None:
    stream, _, head = await folder.open("put", "part")
    assert head.refused is None
    await stream.write(frame(DATA, bytes(500_000)))
    assert await folder.names() == []
    await stream.close()
    await stage.eventually(lambda: _processes_of(folder) == 0)
    assert os.listdir(folder.path) == []


def _processes_of(folder: Folder) -> int:
    count = 0
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"folder_process" in path.read_bytes():
                count += path.parent.stat().st_uid is not None
        except OSError:
            continue
    return count


async def test_no_trick_leads_out_of_the_folder(folder: Folder, tmp_path: Path) -> None:
    await folder.names()
    secret = Path(folder.user.pw_dir).parent / "secret-of-root"
    secret.write_text("of root")
    secret.chmod(0o600)
    try:
        place = folder.path
        (place / "link").symlink_to(secret)
        (place / "passwd").symlink_to("/etc/passwd")
        os.link(secret, place / "hard")  # as if the system's protection of links were off
        os.mkfifo(place / "fifo")
        os.mknod(place / "zero", 0o666 | 0o020000, os.makedev(1, 5))
        os.mknod(place / "disk", 0o666 | 0o060000, os.makedev(7, 0))
        (place / "folder").mkdir()
        (place / "of-root").write_text("of root")
        (place / "of-root").chmod(0o600)
        wanted = {
            "link": "not-a-file", "passwd": "not-a-file", "fifo": "not-a-file",
            "folder": "not-a-file", "of-root": "denied", "hard": "denied",
            "..": "missing", "../secret-of-root": "missing", "/etc/passwd": "missing",
            "link/x": "missing", "a\0b": "missing",
        }  # fmt: skip
        for name, reason in wanted.items():
            assert await folder.get(name) == reason, name
        for device in ("zero", "disk"):
            assert await folder.get(device) in ("not-a-file", "denied"), device
        assert await folder.names() == ["of-root"]
        for name in ("link", "passwd", "fifo", "zero", "folder"):
            assert (await folder.put(name, b"x", overwrite=True)).refused == "not-a-file", name
            assert (await folder.open("delete", name))[2].refused == "not-a-file", name
        assert secret.read_text() == "of root"
        assert Path("/etc/passwd").read_bytes().startswith(b"root:")
    finally:
        secret.unlink()


async def test_a_folder_that_is_a_link_is_none(folder: Folder) -> None:
    await folder.names()
    folder.path.rmdir()
    folder.path.symlink_to("/etc")
    assert await folder.get("passwd") == "no-folder"
    assert (await folder.put("new", b"x")).refused == "no-folder"
    assert (await folder.open("list"))[2].refused == "no-folder"
    folder.path.unlink()
    folder.path.mkdir()  # of root
    assert (await folder.open("list"))[2].refused == "no-folder"


# Swaps the folder with a link to another place, and a file in it with links, as fast as it can. The site makes the
# folder anew where it finds none: then the first one is put back.
_SWAPPER = """
import os, shutil, sys
home, target = sys.argv[1:3]
folder = home + "/Footlight Files"
aside, link = home + "/aside", home + "/link"
os.symlink(target, link)

def act(call, *paths):
    try:
        call(*paths)
    except OSError:
        if os.path.isdir(aside) and os.path.isdir(folder) and not os.path.islink(folder):
            shutil.rmtree(folder, ignore_errors=True)

while True:
    for old, new in ((folder, aside), (link, folder), (folder, link), (aside, folder)):
        act(os.rename, old, new)
    if not os.path.lexists(link):
        os.symlink(target, link)
    for points in (target + "/word", "word.real"):
        act(os.symlink, points, folder + "/swap")
        act(os.replace, folder + "/swap", folder + "/word")
    act(os.link, folder + "/word.real", folder + "/swap")
    act(os.replace, folder + "/swap", folder + "/word")
"""


async def test_a_user_who_swaps_folders_and_links_gets_nowhere(stage: Any, tmp_path: Path) -> None:
    session = await stage.launch(["xterm"])
    folder = Folder(stage, session)
    await folder.put("word.real", b"inside")
    # Everybody may read and write there: only the way through the folder is closed.
    outside = Path("/var/tmp") / f"footlight-outside-{os.getpid()}"
    outside.mkdir()
    outside.chmod(0o777)
    (outside / "word").write_text("outside")
    (outside / "word").chmod(0o666)
    home = str(folder.path.parent)
    swapper = await asyncio.create_subprocess_exec(
        *("/usr/bin/python3", "-c", _SWAPPER, home, str(outside)),
        user=folder.user.pw_uid, group=folder.user.pw_gid, extra_groups=[],
    )  # fmt: skip
    try:
        seen = set()
        until = time.monotonic() + 6
        while time.monotonic() < until:
            got = await asyncio.gather(*(folder.get(n) for n in ("word", "word.real", "word")))
            seen |= set(got)
            stored = await folder.put("mine", b"inside", overwrite=True)
            seen.add(str(stored.refused))
        assert swapper.returncode is None
    finally:
        if swapper.returncode is None:
            swapper.kill()
        await swapper.wait()
        written = {one.name: one.read_text() for one in outside.iterdir()}
        for one in outside.iterdir():
            one.unlink()
        outside.rmdir()
    assert written == {"word": "outside"}
    assert {one for one in seen if isinstance(one, bytes)} == {b"inside"}
    assert "no-folder" in seen  # it was met while it was a link


async def test_the_folders_process_is_the_users_and_closed_to_him(
    folder: Folder, stage: Any
) -> None:
    stream, _, _ = await folder.open("put", "part")
    (pid,) = [
        int(path.parent.name)
        for path in Path("/proc").glob("[0-9]*/cmdline")
        if b"folder_process" in _read(path)
    ]
    status = dict(
        line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line
    )  # fmt: skip
    assert set(status["Uid"].split()) == {str(folder.user.pw_uid)}
    assert set(status["Gid"].split()) == {str(folder.user.pw_gid)}
    assert "0" not in status["Groups"].split()
    assert (int(status["CapEff"], 16), int(status["CapPrm"], 16)) == (0, 0)
    assert status["NoNewPrivs"] == "1"
    probe = await asyncio.create_subprocess_exec(
        *("/usr/bin/python3", "-c", _PEEK, str(pid)),
        user=folder.user.pw_uid, group=folder.user.pw_gid, extra_groups=[],
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, _ = await asyncio.wait_for(probe.communicate(), 60)
    assert json.loads(out) == ["PermissionError"] * 3
    await stream.close()


_PEEK = """
import ctypes, json, os, sys
pid = int(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
def trace():
    if libc.ptrace(16, pid, None, None) == -1:
        raise OSError(ctypes.get_errno(), "ptrace")
found = []
for act in (lambda: open(f"/proc/{pid}/mem", "rb"), lambda: os.listdir(f"/proc/{pid}/fd"), trace):
    try:
        act()
        found.append("done")
    except OSError as error:
        found.append(type(error).__name__)
print(json.dumps(found))
"""


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


async def test_transfers_are_events_of_the_recording_and_end_with_the_session(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    folder = Folder(stage, session)
    recording = await stage.record(session)
    await folder.put("f", b"abc")
    await folder.get("f")
    await folder.get("nothing")
    stream, frames, _ = await folder.open("put", "late")
    await stream.write(frame(DATA, b"abc"))
    await stage.log_off(session)
    async with asyncio.timeout(20):
        while await frames.next() is not None:
            pass
    assert (await folder.open("list"))[2].refused == "not-running"
    await stage.until_recording(recording, lambda f: f.status == "completed")
    source = FolderSource(stage.data_dir / "recordings" / recording)
    await stage.eventually(lambda: source.manifest() is not None)
    events = read_timeline(source).events
    kinds = [event["type"] for event in events if str(event["type"]).startswith("file-")]
    assert kinds[:5] == [
        "file-transfer-began", "file-transferred", "file-transfer-began", "file-transferred",
        "file-refused",
    ]  # fmt: skip
