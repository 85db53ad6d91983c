"""The event watcher: a process beside the recorder that listens to the kernel and to the X servers of recorded
sessions.

A child of the agent (`python -m footlight.agent.events.watcher`), spoken to over an inherited socket, with one thread
and no waiting on anybody: neither a slow X server nor a slow agent holds anything up. It runs only while something is
recorded, and ends with the socket.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import selectors
import signal
import socket
import time

from footlight.agent.events.programs import Programs
from footlight.agent.events.screen_events import ScreenEvents
from footlight.agent.events.watch_messages import (
    MAX_LINE_BYTES,
    Happened,
    Leave,
    Watch,
    line,
    read_order,
)

READ_BYTES = 64 * 1024
MOST_UNSENT_BYTES = (
    4 * 1024 * 1024
)  # that the agent has not read; what comes then is counted and told later


class Watcher:
    """The loop."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._selector = selectors.DefaultSelector()
        self._in = bytearray()
        self._out = bytearray()
        self._dropped: dict[str, int] = {}
        self._screens: dict[str, ScreenEvents] = {}
        self._programs = Programs(self._tell)
        self._listened: int | None = None  # descriptor of the kernel's events
        self._over = False
        control.setblocking(False)
        self._selector.register(control, selectors.EVENT_READ, self._look_at_control)

    def run(self) -> None:
        """Until the agent hangs up."""
        while not self._over:
            for key, _ in self._selector.select(self._wait_s()):
                key.data()
            now_s = time.monotonic()
            self._programs.look(now_s)
            for screen in list(self._screens.values()):
                due_s = screen.due_s()
                if due_s is not None and due_s <= now_s:
                    screen.tick()
            self._listen_to_kernel()
            self._send()
            self._selector.modify(
                self._control,
                selectors.EVENT_READ | (selectors.EVENT_WRITE if self._out else 0),
                self._look_at_control,
            )

    def _wait_s(self) -> float | None:
        now_s = time.monotonic()
        times = [
            max(0.0, d - now_s) for s in self._screens.values() if (d := s.due_s()) is not None
        ]
        if (due_s := self._programs.due_s(now_s)) is not None:
            times.append(due_s)
        return min(times, default=None)

    def _listen_to_kernel(self) -> None:
        events = self._programs.events
        descriptor = None if events is None else events.fileno()
        if descriptor != self._listened:
            if self._listened is not None:
                with contextlib.suppress(KeyError, ValueError):
                    self._selector.unregister(self._listened)
            if descriptor is not None:
                self._selector.register(descriptor, selectors.EVENT_READ, lambda: None)
            self._listened = descriptor

    # --- the agent ---

    def _look_at_control(self) -> None:
        try:
            data = self._control.recv(READ_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data or len(self._in) > MAX_LINE_BYTES:
            self._over = True
            return
        self._in += data
        while (end := self._in.find(b"\n")) >= 0:
            order = bytes(self._in[:end])
            del self._in[: end + 1]
            match read_order(order):
                case Watch() as watch:
                    self._watch(watch)
                case Leave(session_id):
                    self._leave(session_id)

    def _watch(self, watch: Watch) -> None:
        session_id = watch.session_id
        self._leave(session_id)
        self._programs.add(watch, time.monotonic())
        if watch.display is not None:
            self._screens[session_id] = ScreenEvents(
                watch.display,
                watch.cookie,
                lambda kind, members: self._tell(session_id, kind, members),
                time.monotonic,
                self._selector,
                text=watch.clipboard_text,
            )

    def _leave(self, session_id: str) -> None:
        self._programs.remove(session_id)
        self._dropped.pop(session_id, None)
        if (screen := self._screens.pop(session_id, None)) is not None:
            screen.close()

    def _tell(self, session_id: str, kind: str, members: dict[str, object]) -> None:
        if len(self._out) > MOST_UNSENT_BYTES:
            self._dropped[session_id] = self._dropped.get(session_id, 0) + 1
            return
        self._out += line(Happened(session_id, kind, members))

    def _send(self) -> None:
        if self._dropped and len(self._out) < MOST_UNSENT_BYTES // 2:
            for session_id, count in self._dropped.items():
                members = {"source": "watcher", "count": count, "reason": "the agent was slow"}
                self._out += line(Happened(session_id, "events-skipped", members))
            self._dropped.clear()
        if self._out:
            try:
                del self._out[: self._control.send(self._out)]
            except BlockingIOError:
                return
            except OSError:
                self._over = True


def main() -> None:
    """Entry point; the argument names the inherited socket."""
    parser = argparse.ArgumentParser(prog="footlight-event-watcher")
    parser.add_argument("--control", type=int, required=True, help="inherited socket's descriptor")
    given = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # A program may be over within a millisecond, and then tells nobody what it was. What this costs is bounded by
    # programs.LOOKS_PER_S.
    with contextlib.suppress(OSError):  # not root: as everybody else
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    Watcher(socket.socket(fileno=given.control)).run()


if __name__ == "__main__":
    main()
