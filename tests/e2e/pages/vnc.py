"""A small VNC client through the display's WebSocket, and the session's own side of its clipboard and screen."""

from __future__ import annotations

import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from footlight.agent.run_folder import run_folder
from footlight.agent.xvnc import FAMILY_LOCAL, authority_file

TOOL = Path(__file__).parents[2] / "session_inside.py"
EXTENDED = -1063131698
TEXT, CAPS, REQUEST, NOTIFY, PROVIDE = 1, 1 << 24, 1 << 25, 1 << 27, 1 << 28
PATIENCE_S = 10.0
OPEN_S = 60.0


class Vnc:
    """A VNC client that knows clipboards, the plain and the extended one, and raw pixels."""

    def __init__(
        self,
        site: Any,
        session_id: str,
        *,
        extended: bool = True,
        mode: str = "interactive",
        client: Any = None,
    ):
        path = f"/footlight/v1/sessions/{session_id}"
        made = (client or site.client).post(f"{path}/tickets", json={"mode": mode}).json()
        self.told = made["clipboard"]
        self._stack = ExitStack()
        self._socket = self._stack.enter_context(
            connect(
                f"{site.url.replace('http', 'ws', 1)}{path}/display?ticket={made['ticket']}",
                ssl=ssl.create_default_context(cafile=site.facts["ca_file"]),
                compression=None,
                proxy=None,
                max_size=None,
                open_timeout=OPEN_S,
            )
        )
        self._held = b""
        self._exactly(12)
        self._socket.send(b"RFB 003.008\n")
        self._exactly(2)
        self._socket.send(b"\x01")
        self._exactly(4)
        self._socket.send(b"\x01")
        head = self._exactly(24)
        self.size = struct.unpack(">HH", head[:4])
        self._exactly(struct.unpack(">I", head[20:])[0])
        wanted = (0, EXTENDED) if extended else (0,)
        self._socket.send(struct.pack(f">BxH{len(wanted)}i", 2, len(wanted), *wanted))

    def _exactly(self, count: int) -> bytes:
        while len(self._held) < count:
            data = self._socket.recv(timeout=PATIENCE_S)
            assert isinstance(data, bytes)
            self._held += data
        data, self._held = self._held[:count], self._held[count:]
        return data

    def close_code(self) -> int | None:
        """Read until the site has closed."""
        try:
            while True:
                self._socket.recv(timeout=PATIENCE_S)
        except ConnectionClosed:
            return self._socket.close_code

    def close(self) -> None:
        self._stack.close()

    def send(self, message: bytes) -> None:
        self._socket.send(message)

    def send_plain(self, text: bytes) -> None:
        self._socket.send(struct.pack(">BxxxI", 6, len(text)) + text)

    def send_extended(self, flags: int, body: bytes = b"") -> None:
        self._socket.send(struct.pack(">BxxxiI", 6, -4 - len(body), flags) + body)

    def picture(self) -> list[tuple[int, bytes]]:
        """Ask for all of the screen; the clipboard messages that came before its end: (flags, 0 for plain, body)."""
        self._socket.send(struct.pack(">BBHHHH", 3, 0, 0, 0, *self.size))
        texts = []
        while (message := self._message()) is not None:
            texts.append(message)
        return texts

    def _message(self) -> tuple[int, bytes] | None:
        kind = self._exactly(1)[0]
        if kind == 3:
            (length,) = struct.unpack(">xxxi", self._exactly(7))
            if length >= 0:
                return 0, self._exactly(length)
            body = self._exactly(-length)
            return struct.unpack(">I", body[:4])[0], body[4:]
        assert kind == 0
        for _ in range(struct.unpack(">xH", self._exactly(3))[0]):
            _, _, width, height, encoding = struct.unpack(">HHHHi", self._exactly(12))
            assert encoding == 0
            self._exactly(width * height * 4)
        return None

    def hears(self, text: str, until: Callable[..., Any]) -> None:
        """The session's text comes, by request where the clipboard is the extended one."""

        def heard() -> bool:
            for flags, body in self.picture():
                if flags & CAPS == 0 and flags & NOTIFY:
                    self.send_extended(REQUEST | TEXT)
                if flags & CAPS == 0 and flags & PROVIDE:
                    return zlib.decompressobj().decompress(body)[4:].rstrip(b"\0").decode() == text
                if flags == 0:
                    return body.decode("latin-1") == text
            return False

        until(heard, "the session's text")

    def hears_nothing(self) -> None:
        """No text came, and none after asking."""
        self.send_extended(REQUEST | TEXT)
        for _ in range(3):
            told = self.picture()
            assert [flags for flags, _ in told if not flags & CAPS] == []

    def offers(self) -> None:
        self.send_extended(CAPS | NOTIFY | PROVIDE | REQUEST | TEXT, struct.pack(">I", 1 << 20))
        self.send_extended(NOTIFY | TEXT)

    def provides_while(self, process: subprocess.Popen[str], text: str) -> str:
        """Give the text, asked or not, until the program in the session is done; what that printed."""
        data = text.encode() + b"\0"
        packed = zlib.compress(struct.pack(">I", len(data)) + data)
        while process.poll() is None:
            self.picture()
            self.send_extended(PROVIDE | TEXT, packed)
            time.sleep(0.1)
        return process.communicate(timeout=10)[0]


class Inside:
    """The session's own side of its clipboard."""

    def __init__(self, site: Any, session_id: str, own_folder: Path) -> None:
        folder = run_folder(site.facts["site_id"]) / session_id[:8]
        state = json.loads((folder / "state.json").read_text())
        self._environment = {
            **os.environ,
            "DISPLAY": state["display"],
            "XAUTHORITY": str(own_folder / "authority"),
        }
        cookie = (folder / "cookie").read_bytes()
        entry = authority_file(cookie, FAMILY_LOCAL, socket.gethostname().encode())
        (own_folder / "authority").write_bytes(entry)

    def press(self, button: int) -> None:
        """Click a button of the question on the screen, from the left."""
        subprocess.run(
            [sys.executable, str(TOOL), "press", str(button)],
            env=self._environment,
            timeout=30,
            check=True,
        )

    def getting(self) -> subprocess.Popen[str]:
        """A program that asks for the text."""
        argv = [sys.executable, str(TOOL), "get"]
        return subprocess.Popen(argv, env=self._environment, stdout=subprocess.PIPE, text=True)

    def get(self) -> str:
        with self.getting() as process:
            return process.communicate(timeout=30)[0]

    @contextmanager
    def owns(self, text: str) -> Iterator[None]:
        with subprocess.Popen(
            [sys.executable, str(TOOL), "own", text],
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            yield
            process.stdin.close()
            process.wait(10)
