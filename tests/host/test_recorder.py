"""The recorder on real X servers: what is on the screen is on the disk, whatever happens between."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from numpy.typing import NDArray
from Xlib import X
from Xlib.display import Display

from footlight.agent import processes, reel_timers
from footlight.agent.desk import Desk
from footlight.agent.recorder import make_desk
from footlight.agent.recorder_link import BeginRecording, Recorders
from footlight.agent.recorder_messages import Begin, line
from footlight.agent.recorder_process import RecorderConfig
from footlight.agent.sealing import Press
from footlight.agent.spool_room import SpoolBounds, measure
from footlight.agent.tape import Tape
from footlight.agent.xvnc import make_x_folder
from footlight.playback.screen import Screen
from footlight.recording import chain
from footlight.recording.index import stored_index
from footlight.recording.reader import SegmentReader
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording
from footlight.wire.host import ReadSegment, RecordingFacts

WIDTH, HEIGHT = 640, 480
WAIT_S = 60.0
RED, GREEN, BLUE, WHITE = 0xFF0000, 0x00FF00, 0x0000FF, 0xFFFFFF


class XServer:
    """An Xvnc with nothing in it, and a brush."""

    def __init__(self, folder: Path) -> None:
        self.rfb_path = str(folder / "rfb")
        authority = folder / "authority"
        authority.touch()
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            [
                *("Xvnc", "-displayfd", str(writing), "-auth", str(authority)),
                *("-geometry", f"{WIDTH}x{HEIGHT}", "-depth", "24", "-nolisten", "tcp"),
                *("-rfbunixpath", self.rfb_path, "-rfbport", "-1", "-SecurityTypes", "None"),
                *("-ZlibLevel", "0", "-AlwaysShared", "-AllowOverride=", "-noreset"),
            ],
            pass_fds=[writing],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with open(reading, "rb") as told:
            self.display_name = ":" + told.readline().decode().strip()
        self.display = Display(self.display_name)
        self.root = self.display.screen().root
        self.brush = self.root.create_gc(subwindow_mode=X.IncludeInferiors)

    def paint(self, colour: int, x: int = 0, y: int = 0, width: int = 64, height: int = 64) -> None:
        self.brush.change(foreground=colour)
        self.root.fill_rectangle(self.brush, x, y, width, height)
        self.display.sync()

    def picture(self) -> NDArray[np.uint32]:
        size = self.root.get_geometry()
        image = self.root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF)
        pixels = np.frombuffer(image.data, dtype="<u4").reshape(size.height, size.width)
        return pixels & 0xFFFFFF

    def run(self, *argv: str) -> None:
        environment = {"PATH": "/usr/bin:/bin", "DISPLAY": self.display_name}
        subprocess.run(argv, env=environment, check=True, timeout=10, capture_output=True)

    def stop(self) -> None:
        with contextlib.suppress(Exception):  # the connection may be gone with the server
            self.display.close()
        self.process.terminate()
        self.process.wait(10)


@pytest.fixture
def x_server(tmp_path: Path) -> Iterator[XServer]:
    make_x_folder()
    folder = tmp_path / "x"
    folder.mkdir()
    server = XServer(folder)
    yield server
    server.stop()


@dataclass
class Host:
    """A spool, a key, and the recordings made with them."""

    folder: Path
    x: XServer
    changes: list[RecordingFacts] = field(default_factory=list)
    bounds: SpoolBounds = field(default_factory=lambda: SpoolBounds(1 << 40, 0))

    @property
    def spool(self) -> Path:
        return self.folder / "spool"

    def config(self) -> RecorderConfig:
        key, certificate = self.folder / "key.pem", self.folder / "certificate"
        return RecorderConfig(self.spool, key, certificate, self.bounds)

    def order(self) -> BeginRecording:
        return BeginRecording(
            recording_id=str(uuid.uuid4()),
            session_id=str(uuid.uuid4()),
            rfb_path=self.x.rfb_path,
            site_id=str(uuid.uuid4()),
            user_name="TEST\\ada",
            machine_name="TEST\\HOST",
            resource_name="Desktop",
            reason="on-demand",
            ordered_by="TEST\\root",
            notify=False,
        )

    def on_change(self, facts: RecordingFacts) -> None:
        self.changes.append(facts)

    async def until(self, recording_id: str, status: str, after: int = 0) -> RecordingFacts:
        """The first change to that status, `after` changes from the beginning."""

        def found() -> RecordingFacts | None:
            fitting = (f for f in self.changes[after:] if f.recording_id == recording_id)
            return next((f for f in fitting if f.status == status), None)

        await eventually(lambda: found() is not None)
        facts = found()
        assert facts is not None
        return facts

    def source(self, recording_id: str) -> FolderSource:
        return FolderSource(self.spool / recording_id)

    def manifest(self, recording_id: str) -> chain.Manifest:
        data = self.source(recording_id).manifest()
        assert data is not None
        return chain.read_manifest(data).manifest

    def verdict(self, recording_id: str) -> str:
        verdict = verify_recording(self.source(recording_id), every_record=True)
        assert verdict.findings == [] or verdict.status == "unchanged-unknown-signer", verdict
        return verdict.status

    def desk(self, pool: ThreadPoolExecutor, press: Press) -> Desk:
        config = self.config()
        return make_desk(
            config.spool,
            config.key_path,
            config.certificate_path,
            pool,
            press,
            self.on_change,
            config.bounds,
        )


@pytest.fixture
def host(tmp_path: Path, x_server: XServer) -> Host:
    (tmp_path / "key.pem").write_bytes(chain.private_pem(Ed25519PrivateKey.generate()))
    return Host(tmp_path, x_server)


@pytest.fixture
async def recorders(host: Host) -> AsyncIterator[Recorders]:
    link = Recorders(host.config(), host.on_change)
    await link.start()
    yield link
    await link.stop()


@contextlib.asynccontextmanager
async def taped(host: Host) -> AsyncIterator[tuple[Tape, Path]]:
    """A tape in this process, recording; and its folder in the spool."""
    with ThreadPoolExecutor(2) as pool, contextlib.closing(Press()) as press:
        order = host.order()
        tape = Tape(host.desk(pool, press), order)
        run = asyncio.get_running_loop().create_task(tape.run())
        await host.until(order.recording_id, "recording")
        try:
            yield tape, host.spool / order.recording_id
        finally:
            tape.end("over")
            await asyncio.wait_for(run, WAIT_S)


async def eventually(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not condition():  # noqa: ASYNC110 - files and processes tell nobody
            await asyncio.sleep(0.02)


def decoded(path: Path) -> tuple[Screen, list[str]]:
    """The last picture in a segment, and its events' types."""
    screen, events = Screen(), []
    with path.open("rb") as file:
        reader = SegmentReader(file)
        for record in reader.records():
            screen.feed(record)
            if record.kind == 3:
                events.append(record.payload.decode())
    assert reader.fault is None
    return screen, events


def last_picture(folder: Path) -> NDArray[np.uint32]:
    screen, _ = decoded(sorted(folder.glob("*.flseg"))[-1])
    assert screen.picture is not None
    return screen.picture.pixels


def same_outside_pointer(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> bool:
    """The pointer of an untouched server stands in the middle."""
    assert one.shape == other.shape
    mask = np.ones(one.shape, dtype=bool)
    height, width = one.shape
    mask[height // 2 - 32 : height // 2 + 32, width // 2 - 32 : width // 2 + 32] = False
    return bool((one[mask] == other[mask]).all())


# --- the plain course -----------------------------------------------------------------------------


async def test_what_was_painted_is_recorded_and_holds(host: Host, recorders: Recorders) -> None:
    order = host.order()
    host.x.paint(RED)
    await recorders.begin(order)
    started = await host.until(order.recording_id, "recording")
    assert started.started_at_ms is not None
    assert started.size_bytes > 0
    host.x.paint(GREEN, 100, 100)
    await recorders.event(order.recording_id, "notice-shown", {"text": "recorded"})
    host.x.paint(BLUE, 500, 400)  # within the pause between requests: the last look must find it
    shown = host.x.picture()
    await recorders.end(order.recording_id, "on-demand")

    folder = host.spool / order.recording_id
    assert same_outside_pointer(last_picture(folder), shown)
    assert host.verdict(order.recording_id) == "unchanged-unknown-signer"
    manifest = host.manifest(order.recording_id)
    assert (manifest.state, manifest.end_reason) == ("completed", "on-demand")
    assert manifest.user_name == "TEST\\ada"
    finished = host.changes[-1]
    assert finished.status == "completed"
    assert finished.head == manifest.head
    assert finished.notified
    assert finished.size_bytes == sum(s.size_bytes for s in manifest.segments)
    with (folder / "000000.flseg").open("rb") as file:
        index = stored_index(file)
    assert [event["type"] for event in index.events] == [
        "recording-started",
        "notice-shown",
        "recording-stopped",
    ]


async def test_twenty_begins_at_once_make_one_recording(host: Host, recorders: Recorders) -> None:
    order = host.order()
    await asyncio.gather(*(recorders.begin(order) for _ in range(20)))
    await host.until(order.recording_id, "recording")
    await recorders.begin(order)
    await recorders.end(order.recording_id, "on-demand")
    assert len(host.manifest(order.recording_id).segments) == 1
    assert host.manifest(order.recording_id).event_count == 2
    await recorders.begin(order)  # it is over: nothing begins anew
    assert [f.status for f in recorders.facts()] == ["completed"]


async def test_two_recordings_of_one_session_are_two(host: Host, recorders: Recorders) -> None:
    orders = [host.order(), host.order()]
    for order in orders:
        await recorders.begin(order)
        await host.until(order.recording_id, "recording")
        await recorders.end(order.recording_id, "on-demand")
        assert host.verdict(order.recording_id) == "unchanged-unknown-signer"


async def test_the_open_segment_can_be_read_from_the_spool(
    host: Host, recorders: Recorders
) -> None:
    order = host.order()
    await recorders.begin(order)
    await host.until(order.recording_id, "recording")
    wanted = ReadSegment(recording_id=order.recording_id, number=0, offset=0, length=1 << 20)
    piece = await recorders.read(wanted)
    assert piece.found
    assert piece.open
    assert piece.size == len(piece.data) > 152
    await recorders.end(order.recording_id, "on-demand")
    sealed = await recorders.read(wanted)
    assert sealed.found
    assert not sealed.open
    assert sealed.data[:100] == piece.data[:100]


async def test_a_resize_begins_a_segment_of_the_new_size(host: Host, recorders: Recorders) -> None:
    order = host.order()
    await recorders.begin(order)
    await host.until(order.recording_id, "recording")
    host.x.run("xrandr", "-s", "800x600")
    await eventually(
        lambda: (
            any(f.sealed_count == 1 and f.segment_count == 2 for f in recorders.facts())
            or host.x.paint(WHITE)
        )
    )
    host.x.paint(GREEN, 700, 500)
    shown = host.x.picture()
    assert shown.shape == (600, 800)
    await recorders.end(order.recording_id, "on-demand")
    sizes = [(s.width, s.height) for s in host.manifest(order.recording_id).segments]
    assert sizes == [(WIDTH, HEIGHT), (800, 600)]
    assert same_outside_pointer(last_picture(host.spool / order.recording_id), shown)
    assert host.verdict(order.recording_id) == "unchanged-unknown-signer"


# --- the promise of one second --------------------------------------------------------------------


async def test_what_is_painted_is_synced_by_itself(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is painted stands before long in the file as it was at the last fdatasync, though nothing else is painted
    and nothing asks for it. (How long that takes depends on the machine; the reel's own second is not measured here.)
    """
    synced: list[bytes] = []
    real = os.fdatasync

    def counting(descriptor: int) -> None:
        real(descriptor)
        synced.append(Path(f"/proc/self/fd/{descriptor}").read_bytes())

    monkeypatch.setattr(os, "fdatasync", counting)
    async with taped(host) as (_, folder):
        snapshot = folder.parent / "snapshot"

        def shown(x: int) -> int:
            snapshot.write_bytes(synced[-1])
            screen, _ = decoded(snapshot)
            assert screen.picture is not None
            return int(screen.picture.pixels[20, x])

        for number, colour in enumerate((RED, GREEN, BLUE, WHITE)):
            before = len(synced)
            host.x.paint(colour, 70 * number, 10)
            await eventually(lambda known=before: len(synced) > known)
            await eventually(lambda at=70 * number + 10, wanted=colour: shown(at) == wanted)
        await asyncio.sleep(1.5)
        calm = len(synced)
        await asyncio.sleep(1.5)
        assert len(synced) <= calm + 1  # a still screen costs the disk nothing


async def test_quiet_closes_the_segment_and_a_change_opens_the_next(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reel_timers, "SEGMENT_QUIET_NS", 300_000_000)
    async with taped(host) as (tape, folder):
        await eventually((folder / "000000.flseg").exists)
        await eventually(lambda: not list(folder.glob("*.open")))
        host.x.paint(GREEN, 10, 10)
        await eventually((folder / "000001.flseg").exists)
        tape.event("notice-shown", {"text": "x"})  # an event in quiet needs a key frame, too
        await eventually((folder / "000002.flseg").exists)
        screen, _ = decoded(folder / "000001.flseg")
        assert screen.picture is not None
        assert screen.picture.pixels[20, 20] == GREEN
        screen, events = decoded(folder / "000002.flseg")
        assert screen.picture is not None
        assert screen.picture.pixels[20, 20] == GREEN
        assert "notice-shown" in events[0]
    assert host.verdict(folder.name) == "unchanged-unknown-signer"


async def test_a_full_segment_is_followed_by_the_next_without_a_hole(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footlight.recording.writer.SEGMENT_MAX_NS", 400_000_000)
    async with taped(host) as (_, folder):
        for number in range(12):
            host.x.paint((RED, GREEN)[number % 2], 8 * number, 8)
            await asyncio.sleep(0.12)
    manifest = host.manifest(folder.name)
    assert len(manifest.segments) >= 3
    assert manifest.gaps == []
    assert host.verdict(folder.name) == "unchanged-unknown-signer"
    assert same_outside_pointer(last_picture(folder), host.x.picture())


# --- accidents ------------------------------------------------------------------------------------


@pytest.mark.expects_errors
async def test_a_killed_recorder_comes_back_and_says_what_it_missed(
    host: Host, recorders: Recorders
) -> None:
    order = host.order()
    await recorders.begin(order)
    await host.until(order.recording_id, "recording")
    host.x.paint(GREEN, 30, 30)
    await asyncio.sleep(1.0)
    before = len(host.changes)
    assert recorders.pid is not None
    os.kill(recorders.pid, signal.SIGKILL)
    lost = await host.until(order.recording_id, "starting", before)
    assert lost.error is not None
    await host.until(order.recording_id, "recording", before)
    host.x.paint(RED, 300, 30)
    await recorders.end(order.recording_id, "on-demand")

    manifest = host.manifest(order.recording_id)
    assert [gap.cause for gap in manifest.gaps] == ["recorder-lost"]
    assert manifest.gaps[0].from_ns == manifest.segments[0].end_ns
    assert manifest.gaps[0].to_ns == manifest.segments[1].start_ns
    folder = host.spool / order.recording_id
    screen, events = decoded(folder / "000000.flseg")
    assert screen.picture is not None
    assert screen.picture.pixels[40, 40] == GREEN
    assert "recording-started" in events[0]
    assert "recording-resumed" in decoded(folder / "000001.flseg")[1][0]
    assert host.verdict(order.recording_id) == "unchanged-unknown-signer"


@pytest.mark.parametrize("how", [signal.SIGSTOP, signal.SIGKILL])
async def test_without_its_sealer_the_recorder_records_and_answers(
    host: Host, recorders: Recorders, how: signal.Signals
) -> None:
    order = host.order()
    await recorders.begin(order)
    await host.until(order.recording_id, "recording")
    folder = host.spool / order.recording_id

    async def segment(number: int) -> None:
        """Another size closes the open one."""
        wide = number % 2 == 0
        host.x.run("xrandr", "-s", "800x600" if wide else f"{WIDTH}x{HEIGHT}")
        begun = folder / f"{number + 1:06d}.open"
        await eventually(lambda: begun.exists() or host.x.paint(WHITE, number, number))

    await segment(0)
    await eventually((folder / "000000.flseg").exists)
    (sealer,) = processes.descendants(recorders.pid or 0)
    os.kill(sealer, how)
    for number in (1, 2, 3):
        await segment(number)
    await eventually(lambda: not processes.is_alive(sealer))  # a stopped one is killed
    await eventually((folder / "000003.flseg").exists)
    host.x.paint(GREEN, 100, 100)
    shown = host.x.picture()
    await recorders.end(order.recording_id, "on-demand")
    assert same_outside_pointer(last_picture(folder), shown)
    manifest = host.manifest(order.recording_id)
    assert (len(manifest.segments), manifest.gaps) == (5, [])
    assert {facts.gap for facts in host.changes} == {None}, "its watchdog was always answered"
    assert host.verdict(order.recording_id) == "unchanged-unknown-signer"


@pytest.mark.expects_errors
async def test_the_sealer_dies_with_its_recorder(host: Host, recorders: Recorders) -> None:
    order = host.order()
    await recorders.begin(order)
    await host.until(order.recording_id, "recording")
    host.x.run("xrandr", "-s", "800x600")
    folder = host.spool / order.recording_id
    await eventually(lambda: (folder / "000000.flseg").exists() or host.x.paint(WHITE))
    killed = recorders.pid
    assert killed is not None
    (sealer,) = processes.descendants(killed)
    os.kill(sealer, signal.SIGSTOP)  # it reads no end of its socket
    os.kill(killed, signal.SIGKILL)
    await eventually(lambda: not processes.is_alive(sealer))


async def test_thrown_out_it_is_back_at_once_with_a_gap(host: Host, recorders: Recorders) -> None:
    order = host.order()
    await recorders.begin(order)
    await host.until(order.recording_id, "recording")
    host.x.run("vncconfig", "-disconnect")
    await eventually(lambda: recorders.facts()[0].sealed_count == 1)
    host.x.paint(GREEN, 30, 30)
    shown = host.x.picture()
    await recorders.end(order.recording_id, "on-demand")
    manifest = host.manifest(order.recording_id)
    assert [gap.cause for gap in manifest.gaps] == ["disconnected"]
    folder = host.spool / order.recording_id
    assert any("recorder-disconnected" in event for event in decoded(folder / "000000.flseg")[1])
    assert same_outside_pointer(last_picture(folder), shown)
    assert host.verdict(order.recording_id) == "unchanged-unknown-signer"


async def test_with_the_session_the_recording_ends(host: Host, recorders: Recorders) -> None:
    order = host.order()
    await recorders.begin(order)
    await host.until(order.recording_id, "recording")
    host.x.paint(GREEN, 30, 30)
    host.x.process.kill()
    await host.until(order.recording_id, "completed")
    manifest = host.manifest(order.recording_id)
    assert (manifest.end_reason, manifest.gaps) == ("session-ended", [])
    assert host.verdict(order.recording_id) == "unchanged-unknown-signer"


async def test_suspended_it_is_resumed_with_a_gap_of_that_cause(
    host: Host, recorders: Recorders
) -> None:
    order = host.order()
    await recorders.begin(order)
    await host.until(order.recording_id, "recording")
    await recorders.suspend(order.recording_id, "site-restart")
    assert recorders.facts()[0].status == "starting"
    assert not list((host.spool / order.recording_id).glob("*.open"))
    before = len(host.changes)
    await recorders.begin(order)
    await host.until(order.recording_id, "recording", before)
    await recorders.end(order.recording_id, "on-demand")
    assert [gap.cause for gap in host.manifest(order.recording_id).gaps] == ["site-restart"]
    assert host.verdict(order.recording_id) == "unchanged-unknown-signer"


def start_child(host: Host) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """The recorder process as an agent starts it, and the agent's end of its socket."""
    ours, theirs = socket.socketpair()
    config = host.config()
    with theirs:
        child = subprocess.Popen(
            [
                *(sys.executable, "-m", "footlight.agent.recorder"),
                *(f"--control={theirs.fileno()}", f"--spool={config.spool}"),
                *(f"--key={config.key_path}", f"--certificate={config.certificate_path}"),
            ],
            pass_fds=[theirs.fileno()],
        )
    return child, ours


async def record_with_child(host: Host, order: BeginRecording, finish: Callable[..., Any]) -> None:
    """Record until the first picture is on the disk, then let `finish` end that recorder."""
    child, control = start_child(host)
    control.sendall(line(Begin(order)))
    control.settimeout(WAIT_S)
    heard = b""
    while b'"status":"recording"' not in heard:
        heard += await asyncio.to_thread(control.recv, 65536)
    finish(child, control)
    await asyncio.to_thread(child.wait, 10)
    control.close()


async def test_without_its_agent_it_seals_and_goes(host: Host) -> None:
    order = host.order()
    await record_with_child(host, order, lambda _, control: control.close())
    folder = host.spool / order.recording_id
    assert (folder / "000000.flseg").exists()
    assert host.verdict(order.recording_id) == "unfinished"
    again = Recorders(host.config(), host.on_change)
    await again.start()
    assert [f.status for f in again.facts()] == ["starting"]
    await again.begin(order)
    await host.until(order.recording_id, "recording")
    await again.end(order.recording_id, "on-demand")
    await again.stop()
    assert [gap.cause for gap in host.manifest(order.recording_id).gaps] == ["agent-lost"]
    assert host.verdict(order.recording_id) == "unchanged-unknown-signer"


async def test_what_lost_agent_recorder_and_session_is_finished_at_the_next_start(
    host: Host,
) -> None:
    order = host.order()
    await record_with_child(host, order, lambda child, _: child.kill())
    assert list((host.spool / order.recording_id).glob("*.open"))
    host.x.process.kill()
    host.x.process.wait(10)
    again = Recorders(host.config(), host.on_change)
    await again.start()
    (facts,) = again.facts()
    await again.stop()
    assert facts.status == "completed"
    manifest = host.manifest(order.recording_id)
    assert manifest.end_reason == "session-ended"
    assert [gap.cause for gap in manifest.gaps] == ["recorder-lost"]
    assert host.verdict(order.recording_id) == "unchanged-unknown-signer"
    shutil.rmtree(host.spool)


# --- no room ----------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(host: Host) -> Iterator[Path]:
    """The spool on a file system of 16 MiB."""
    host.spool.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m,mode=700", "tmpfs", str(host.spool)],
        check=True,
        timeout=10,
    )
    yield host.spool
    subprocess.run(["umount", "--lazy", str(host.spool)], check=True, timeout=10)


async def paints(host: Host, condition: Callable[[], Any]) -> None:
    """Noise on the screen until the condition holds."""
    number = 0

    def look() -> bool:
        nonlocal number
        number += 1
        for row in range(0, HEIGHT, 16):
            host.x.paint(hash((number, row)) & 0xFFFFFF, 0, row, WIDTH, 16)
        return bool(condition())

    await eventually(look)


@pytest.mark.expects_errors
async def test_on_a_full_disk_the_recording_waits_and_goes_on(host: Host, small_disk: Path) -> None:
    recorders = Recorders(host.config(), host.on_change)
    await recorders.start()
    order = host.order()
    await recorders.begin(order)
    await host.until(order.recording_id, "recording")
    filler = small_disk / "filler"
    with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(4096))
    marked = len(host.changes)
    await paints(host, lambda: host.changes[-1].error is not None)
    paused = host.changes[-1]
    assert (paused.status, paused.error) == ("starting", "the disk is full")
    await eventually(lambda: recorders.full == "the disk is full")
    filler.unlink()
    marked = len(host.changes)
    await host.until(order.recording_id, "recording", after=marked)
    assert recorders.full == ""
    host.x.paint(GREEN)
    await recorders.end(order.recording_id, "over")
    manifest = host.manifest(order.recording_id)
    assert (manifest.state, [gap.cause for gap in manifest.gaps]) == ("completed", ["spool-full"])
    assert host.verdict(order.recording_id) == "unchanged-unknown-signer"
    await recorders.stop()


@pytest.mark.expects_errors
async def test_at_its_bound_the_spool_grows_no_more(host: Host) -> None:
    host.bounds = SpoolBounds(limit_bytes=200_000, free_bytes=0)
    waiting = host.spool / str(uuid.uuid4()) / "000000.flseg"  # for the store
    waiting.parent.mkdir(parents=True)
    waiting.write_bytes(bytes(195_000))
    recorders = Recorders(host.config(), host.on_change)
    await recorders.start()
    order = host.order()
    await recorders.begin(order)
    await host.until(order.recording_id, "recording")
    await paints(host, lambda: recorders.full)
    assert "spool is full" in recorders.full
    await eventually(lambda: host.changes[-1].error)
    await eventually(lambda: host.changes[-1].sealed_count == host.changes[-1].segment_count)
    size = measure(host.spool).size_bytes
    assert size < 200_000 + 100_000
    host.x.paint(RED)
    await asyncio.sleep(1.5)
    assert measure(host.spool).size_bytes == size
    waiting.unlink()
    marked = len(host.changes)
    await host.until(order.recording_id, "recording", after=marked)
    await recorders.end(order.recording_id, "over")
    (gap,) = host.manifest(order.recording_id).gaps
    assert (gap.cause, gap.to_ns - gap.from_ns > 1_500_000_000) == ("spool-full", True)
    assert host.verdict(order.recording_id) == "unchanged-unknown-signer"
    await recorders.stop()
