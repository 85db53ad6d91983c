"""One session's X server as a source of events: connected to, listened to, connected to again."""

from __future__ import annotations

import contextlib
import selectors
import struct
from collections.abc import Callable, Iterator

from footlight.agent import xvnc
from footlight.agent.events.selections import Selections
from footlight.agent.events.windows import Note, Windows
from footlight.agent.events.x_client import XClient

AGAIN_S = 1.0
LONGEST_AGAIN_S = 30.0


class ScreenEvents:
    """Over a connection of its own, which `selector` tells of; `tick` at `due_s`."""

    def __init__(
        self,
        display: int,
        cookie: bytes,
        note: Note,
        now_s: Callable[[], float],
        selector: selectors.BaseSelector,
        *,
        text: bool,
    ) -> None:
        self._path = xvnc.socket_path(display)
        self._cookie = cookie
        self._note = note
        self._now_s = now_s
        self._selector = selector
        self._text = text
        self._client: XClient | None = None
        self._windows: Windows | None = None
        self._selections: Selections | None = None
        self._registered = 0
        self._again_s: float | None = now_s()
        self._wait_s = AGAIN_S
        self._failed = ""

    def due_s(self) -> float | None:
        """When `tick` has something to do; None: never, unless the X server tells something."""
        if self._client is None:
            return self._again_s
        times = [
            due_s
            for source in (self._windows, self._selections)
            if source is not None and (due_s := source.due_s()) is not None
        ]
        return min(times, default=None)

    def tick(self) -> None:
        """Do what is due."""
        if self._client is None:
            if self._again_s is not None and self._again_s <= self._now_s():
                self._connect()
            return
        with self._watched():
            if self._windows is not None and self._client.is_ready:
                self._windows.tick()
            if self._selections is not None and self._client.is_ready:
                self._selections.tick()

    def close(self) -> None:
        """Listen no more."""
        if self._client is not None:
            self._selector.unregister(self._client)
            self._client.close()
            self._client = self._windows = self._selections = None

    def _connect(self) -> None:
        try:
            client = XClient(self._path, self._cookie, self._ready, self._take)
        except (FileNotFoundError, ConnectionRefusedError):
            self._again_s = None  # the X server has ended, and with it the session
            return
        except OSError as error:
            self._lost(str(error))
            return
        self._client = client
        self._windows = Windows(client, self._note, self._now_s)
        self._selections = Selections(client, self._note, self._now_s, text=self._text)
        self._registered = selectors.EVENT_READ
        self._selector.register(client, self._registered, self._look)

    def _ready(self) -> None:
        assert self._windows is not None
        assert self._selections is not None
        if self._failed:
            self._note("source-failed", {"source": "screen", "reason": self._failed})
            self._note("source-back", {"source": "screen"})
            self._failed = ""
        self._wait_s = AGAIN_S
        self._windows.begin()
        self._selections.begin()

    def _take(self, event: bytes) -> None:
        assert self._windows is not None
        assert self._selections is not None
        self._windows.take(event)
        self._selections.take(event)

    def _look(self) -> None:
        with self._watched():
            assert self._client is not None
            self._client.look()
            self.tick()
            self._listen()

    def _listen(self) -> None:
        """For room to write, too, as long as something is to be written."""
        if self._client is not None:
            wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._client.unsent else 0)
            if wanted != self._registered:
                self._registered = wanted
                self._selector.modify(self._client, wanted, self._look)

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        try:
            yield
            self._listen()
        except (OSError, ValueError, KeyError, IndexError, struct.error) as error:
            # What an X server may say that is none, or a mad one, ends this connection and nothing else.
            self._lost(f"{type(error).__name__}: {error}")

    def _lost(self, reason: str) -> None:
        """Told once the X server is there again: at the end of a session it goes, and that is no failure."""
        self.close()
        self._failed = reason
        self._again_s = self._now_s() + self._wait_s
        self._wait_s = min(self._wait_s * 2, LONGEST_AGAIN_S)
