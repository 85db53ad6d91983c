"""A stage for recordings: a real X server with a window manager and terminals, an actor who types and
drags in it, and the recorder's own tape. For tests, golden files and benchmarks; Linux, Xvnc, openbox,
xterm."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import secrets
import socket
import struct
import subprocess
import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from numpy.typing import NDArray
from Xlib import XK, X
from Xlib.display import Display
from Xlib.ext import xtest

from footlight.agent.desk import Desk
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.sealing import Press
from footlight.agent.spool_room import SpoolBounds, SpoolRoom
from footlight.agent.tape import Tape
from footlight.clock import SystemClock
from footlight.recording import chain
from footlight.tasks import spawn
from footlight.wire.host import RecordingFacts, RecordingKey

START_S = 20.0
SITE_ID = "00000000-0000-4000-8000-000000000001"


class Stage:
    """A running X server with openbox; `close` ends all that was started."""

    def __init__(self, folder: Path, width: int, height: int) -> None:
        self.folder = folder
        self.rfb_path = str(folder / "rfb")
        self._processes: list[subprocess.Popen[bytes]] = []
        self.display_name = self._start_server(width, height)
        self.environment = {
            "PATH": os.environ["PATH"],
            "DISPLAY": self.display_name,
            "XAUTHORITY": str(folder / "Xauthority"),
            "HOME": str(folder),
        }
        self.display = self._connect()
        self.root = self.display.screen().root
        self.start("openbox", "--sm-disable")
        self._wait_for_window_manager()

    def _start_server(self, width: int, height: int) -> str:
        x_folder = Path("/tmp/.X11-unix")
        if not x_folder.exists():
            x_folder.mkdir()
            x_folder.chmod(0o1777)
        authority = self.folder / "Xauthority"
        cookie = secrets.token_bytes(16)
        authority.write_bytes(_authority(cookie, b""))
        reading, writing = os.pipe()
        server = subprocess.Popen(
            [
                *("Xvnc", "-displayfd", str(writing), "-geometry", f"{width}x{height}"),
                *("-depth", "24", "-SecurityTypes", "None", "-rfbunixpath", self.rfb_path),
                *("-rfbport", "-1", "-ZlibLevel", "0", "-AlwaysShared", "-AllowOverride="),
                *("-nolisten", "tcp", "-auth", str(authority), "-dpi", "96", "-s", "0", "-noreset"),
            ],
            pass_fds=[writing],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._processes.append(server)
        self.server_pid = server.pid
        os.close(writing)
        with open(reading, "rb") as pipe:
            number = pipe.readline().strip()
        if not number:
            raise RuntimeError("Xvnc did not start")
        authority.write_bytes(_authority(cookie, number))
        return f":{number.decode()}"

    def _connect(self) -> Display:
        # python-xlib takes the path of its cookies from the environment only.
        before = os.environ.get("XAUTHORITY")
        os.environ["XAUTHORITY"] = self.environment["XAUTHORITY"]
        try:
            return Display(self.display_name)
        finally:
            if before is None:
                del os.environ["XAUTHORITY"]
            else:
                os.environ["XAUTHORITY"] = before

    def _wait_for_window_manager(self) -> None:
        atom = self.display.intern_atom("_NET_SUPPORTING_WM_CHECK")
        end = time.monotonic() + START_S
        while self.root.get_full_property(atom, X.AnyPropertyType) is None:
            if time.monotonic() > end:
                raise RuntimeError("openbox did not start")
            time.sleep(0.05)

    def start(self, *command: str) -> None:
        """Start a program in the session."""
        self._processes.append(
            subprocess.Popen(
                command,
                env=self.environment,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        )

    def open_terminal(self, title: str, geometry: str, *command: str) -> Any:
        """An xterm's window, once it is mapped."""
        font = ("-fa", "DejaVu Sans Mono", "-fs", "9")
        then = command or ("cat",)
        return self.open_window(
            title, "xterm", *font, "-T", title, "-geometry", geometry, "-e", *then
        )

    def open_window(self, title: str, *command: str) -> Any:
        """The window of that title, which a program opens."""
        self.start(*command)
        end = time.monotonic() + START_S
        while time.monotonic() < end:
            for window in self._clients():
                if window.get_wm_name() == title:
                    time.sleep(0.2)
                    return window
            time.sleep(0.05)
        raise RuntimeError(f"{title} did not open")

    def _clients(self) -> list[Any]:
        atom = self.display.intern_atom("_NET_CLIENT_LIST")
        found = self.root.get_full_property(atom, X.AnyPropertyType)
        ids = found.value if found is not None else []
        return [self.display.create_resource_object("window", number) for number in ids]

    # --- the actor ------------------------------------------------------------------------------

    def type(self, text: str, pause_s: float = 0.02) -> None:
        """Type lower-case letters, digits, blanks and line ends."""
        for letter in text:
            name = {" ": "space", "\n": "Return"}.get(letter, letter)
            code = self.display.keysym_to_keycode(XK.string_to_keysym(name))
            xtest.fake_input(self.display, X.KeyPress, code)
            xtest.fake_input(self.display, X.KeyRelease, code)
            self.display.flush()
            time.sleep(pause_s)

    def point(self, x: int, y: int) -> None:
        """Move the pointer."""
        xtest.fake_input(self.display, X.MotionNotify, x=x, y=y)
        self.display.sync()

    def focus(self, window: Any) -> None:
        """Raise a window and give it the keys, by a click on its title."""
        x, y = self.title_of(window)
        self._drag(x, y, x, y, steps=0)

    def title_of(self, window: Any) -> tuple[int, int]:
        """A point on the window's title bar."""
        place = window.translate_coords(self.root, 0, 0)
        return -place.x + 40, max(1, -place.y - 8)

    def drag(self, window: Any, to_x: int, to_y: int, steps: int = 12) -> None:
        """Drag a window by its title until the pointer is there."""
        x, y = self.title_of(window)
        self._drag(x, y, to_x, to_y, steps)

    def _drag(self, x: int, y: int, to_x: int, to_y: int, steps: int) -> None:
        self.point(x, y)
        xtest.fake_input(self.display, X.ButtonPress, 1)
        self.display.sync()
        for step in range(1, steps + 1):
            self.point(x + (to_x - x) * step // steps, y + (to_y - y) * step // steps)
            time.sleep(0.02)
        xtest.fake_input(self.display, X.ButtonRelease, 1)
        self.display.sync()

    def resize_window(self, window: Any, width: int, height: int) -> None:
        """Ask the window manager for another size."""
        window.configure(width=width, height=height)
        self.display.sync()

    def resize_screen(self, width: int, height: int) -> None:
        """SetDesktopSize, as a viewer does it."""
        with socket.socket(socket.AF_UNIX) as viewer:
            viewer.settimeout(10)
            viewer.connect(self.rfb_path)
            stream = viewer.makefile("rb")
            stream.read(12)
            viewer.sendall(b"RFB 003.008\n")
            stream.read(stream.read(1)[0])
            viewer.sendall(b"\x01")
            stream.read(4)
            viewer.sendall(b"\x01")
            opening = stream.read(24)
            stream.read(struct.unpack(">I", opening[20:])[0])
            viewer.sendall(struct.pack(">BxHii", 2, 2, 0, -308))
            screen = struct.pack(">IHHHHI", 0, 0, 0, width, height, 0)
            viewer.sendall(struct.pack(">BxHHBx", 251, width, height, 1) + screen)
            end = time.monotonic() + 10
            while (geometry := self.root.get_geometry()).width != width or (
                geometry.height != height
            ):
                if time.monotonic() > end:
                    raise RuntimeError("the screen kept its size")
                time.sleep(0.02)

    # --- what is seen ---------------------------------------------------------------------------

    def picture(self) -> NDArray[np.uint32]:
        """The X server's screen now: (height, width) of 0x00RRGGBB."""
        size = self.root.get_geometry()
        image = self.root.get_image(0, 0, size.width, size.height, X.ZPixmap, 0xFFFFFFFF)
        pixels = np.frombuffer(image.data, dtype="<u4").reshape(size.height, size.width)
        return pixels & np.uint32(0x00FFFFFF)

    def quiet_picture(self, still_s: float = 0.5) -> tuple[int, NDArray[np.uint32]]:
        """(monotonic ns, picture) of an instant before which nothing changed for still_s."""
        end = time.monotonic() + START_S
        before = self.picture()
        while time.monotonic() < end:
            time.sleep(still_s)
            at_ns = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
            now = self.picture()
            if np.array_equal(before, now):
                return at_ns, now
            before = now
        raise RuntimeError("the screen never was still")

    def pointer_box(self, side: int = 32) -> tuple[int, int, int, int]:
        """left, top, right, bottom of the square around the pointer within which its shape is drawn."""
        at = self.root.query_pointer()
        return (
            max(0, at.root_x - side),
            max(0, at.root_y - side),
            at.root_x + side,
            at.root_y + side,
        )

    def close(self) -> None:
        """End everything, the X server last."""
        with contextlib.suppress(Exception):
            self.display.close()
        for process in reversed(self._processes):
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)


def _authority(cookie: bytes, number: bytes) -> bytes:
    host = socket.gethostname().encode()
    parts = (host, number, b"MIT-MAGIC-COOKIE-1", cookie)
    body = b"".join(struct.pack(">H", len(part)) + part for part in parts)
    return struct.pack(">H", 256) + body  # family 256: this host's own sockets


class Take:
    """A recording being made of a stage, by the recorder's tape in a thread of its own."""

    def __init__(self, stage: Stage, spool: Path, key: RecordingKey | None = None) -> None:
        self._key = key
        self.recording_id = str(uuid.uuid4())
        self.folder = spool / self.recording_id
        self.agent_key = Ed25519PrivateKey.generate()
        self.site_key = Ed25519PrivateKey.generate()
        self.failure: BaseException | None = None
        self._stage = stage
        self._spool = spool
        self._tape: Tape | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._recording = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tape", daemon=True)
        self._thread.start()
        if not self._recording.wait(START_S) or self.failure is not None:
            raise RuntimeError(f"recording did not start: {self.failure}")

    def _run(self) -> None:
        try:
            asyncio.run(self._record())
        except BaseException as error:
            self.failure = error
            self._recording.set()

    async def _record(self) -> None:
        self._loop = asyncio.get_running_loop()
        with ThreadPoolExecutor(2) as pool, closing(Press()) as press:
            desk = Desk(
                spool=self._spool,
                key=self.agent_key,
                certificate=self._certificate(),
                boot_id=secrets.token_bytes(8),
                machine_boot="stage",
                pool=pool,
                press=press,
                clock=SystemClock(),
                report=self._report,
                room=SpoolRoom(self._spool, SpoolBounds(1 << 40, 0)),
            )
            self._tape = Tape(desk, self._order())
            await spawn("tape", self._tape.run())

    def _order(self) -> BeginRecording:
        return BeginRecording(
            recording_id=self.recording_id,
            key=self._key,
            session_id=str(uuid.uuid4()),
            rfb_path=self._stage.rfb_path,
            site_id=SITE_ID,
            user_name="FOOTLIGHT\\actor",
            machine_name="FOOTLIGHT\\STAGE",
            resource_name="Desktop",
            reason="on-demand",
            ordered_by="FOOTLIGHT\\admin",
            notify=False,
        )

    def _certificate(self) -> chain.Certificate:
        return chain.issue_certificate(
            self.site_key,
            chain.CertificateBody(
                site_id=SITE_ID,
                machine_id=SITE_ID,
                machine_name="FOOTLIGHT\\STAGE",
                agent_key=chain.public_bytes(self.agent_key).hex(),
                issued_at="2026-11-22T00:00:00Z",
            ),
        )

    def _report(self, facts: RecordingFacts) -> None:
        if facts.status == "recording":
            self._recording.set()

    def end(self) -> None:
        """Finish the recording; its manifest is there on return."""
        assert self._loop is not None
        assert self._tape is not None
        self._loop.call_soon_threadsafe(self._tape.end, "order")
        self._thread.join(START_S)
        if self._thread.is_alive() or self.failure is not None:
            raise RuntimeError(f"recording did not end: {self.failure}")


@contextlib.contextmanager
def recorded_stage(
    folder: Path, width: int, height: int, key: RecordingKey | None = None
) -> Iterator[tuple[Stage, Take]]:
    """A stage and its take, encrypted when there is a key; both end with the block, the take (if not before) first."""
    stage = Stage(folder, width, height)
    try:
        yield stage, Take(stage, folder / "spool", key)
    finally:
        stage.close()


def sentence(rng: random.Random, words: int = 6) -> str:
    """Random words that can be typed."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return " ".join("".join(rng.choices(letters, k=rng.randint(2, 8))) for _ in range(words))
