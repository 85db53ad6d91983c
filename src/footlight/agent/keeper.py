"""One small process per session: parent of all that runs in it, and what outlives the agent.

Standard library only and one thread, so that it is small, starts fast and may fork. It is told what to run by a JSON
object on its standard input (session_plan.py makes it), writes `state.json` at each change, and obeys the agent over
`keeper.sock`: JSON lines `{"id": N, "do": "status" | "end" | "kill" | "linger" | "run" | "outputs" |
"go-on" | "restart-manager", ...}`, each answered by `{"id": N, "ok": true | false, ...}`; `{"state": {...}}` comes
unasked at each change. It goes when the session is over.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import socket
import sys
import time

from footlight.agent import processes
from footlight.agent.keeper_children import Children
from footlight.agent.keeper_door import KeeperDoor
from footlight.agent.keeper_log import KeeperLog
from footlight.agent.keeper_screen import Screen
from footlight.agent.keeper_state import StateFile, now_ms
from footlight.agent.keeper_watch import KeeperWatch
from footlight.agent.last_window import LastWindow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LONGEST_PLAN_BYTES = 1024 * 1024
BUS_START_S = 1.0
WINDOW_MANAGER_START_S = 3.0
TERM_S = 2.0
KILL_S = 5.0
WINDOW_MANAGER_RESTARTS = 3
WINDOWS_GONE_S = 1.0  # what a program may take to end after its last window
LONGEST_LINGER_S = 10.0


class SessionOver(Exception):
    """The session can't start or go on: why, and the exit code if it is the program's."""

    def __init__(self, reason: str, code: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class Keeper:
    """The loop and everything that it knows."""

    def __init__(
        self, folder: str, plan: dict[str, Any], close_logon: Callable[[], None] = lambda: None
    ) -> None:
        """`close_logon` ends the PAM session once nothing of the session runs any more."""
        self.folder = folder
        self._close_logon = close_logon
        self.plan = plan
        self.main = "program" if plan["program"] else "wm"  # whose end is the session's
        self.end_order: tuple[str, float] | None = None  # reason, deadline of the polite time
        self.linger_s = 0.0  # how long the X server outlives the programs, for a recorder's sake
        self.manager_restarts = 0
        self.may_go_on = False
        self.last_window = LastWindow()
        self.selector = selectors.DefaultSelector()
        self.log = KeeperLog(f"{folder}/log", self.selector)
        self.children = Children(plan, self.log)
        self.screen = Screen(folder, plan, self.children, self.log)
        self.watch = KeeperWatch(self.screen.watch, self.selector)
        self.state = StateFile(folder, plan, self.children, self._tell)
        self.door = KeeperDoor(f"{folder}/keeper.sock", self.selector, self._obey, self._greeting)
        self._hear_signals()

    # --- the session's life ---

    def run(self) -> None:
        """From start to the last process's end."""
        self._say("keeper started")
        self.state.tell()
        code: int | None = None
        try:
            self.children.make_cgroup(self.plan["cgroup"])
            self.state.facts["cgroup"] = self.children.cgroup
            self.children.limit(self.plan["resource_group"], self.plan["resources"])
            self._start()
            reason, code = self._watch()
        except SessionOver as over:
            reason, code = over.reason, over.code
        self._finish(reason, code)

    def _start(self) -> None:
        try:
            self.screen.start(self._until)
        except processes.StartFailed as failed:
            raise SessionOver(f"X server could not start: {failed}") from None
        display = f":{self.screen.display}"
        self.state.passed("x_server")
        self.state.tell(
            display=display,
            own_network=self.screen.own_network,
            own_account=self.screen.own_account,
            started_at_ms=now_ms(),
        )
        if self.plan["hold_s"]:
            self._until(lambda: self.may_go_on, self.plan["hold_s"])
            self.state.passed("held")
        self.children.environment = {**self.plan["environment"], "DISPLAY": display}
        if self.plan["bus"]:
            with contextlib.suppress(processes.StartFailed):
                self.children.start("bus", self.plan["bus"])
                self._until(lambda: os.path.exists(self.plan["bus_path"]), BUS_START_S)
        self.state.passed("bus")
        self._start_window_manager()
        self.state.passed("window_manager")
        for number, argv in enumerate(self.plan["extras"]):
            with contextlib.suppress(processes.StartFailed):
                self.children.start(f"extra{number}", argv)
        if self.plan["program"]:
            try:
                self.children.start(
                    "program", self.plan["program"], folder=self.plan["working_dir"]
                )
            except processes.StartFailed as failed:
                raise SessionOver(f"program could not start: {failed}", 127) from None
        self.state.passed("program")
        self.state.tell(phase="running", established_at_ms=now_ms())
        self._say("session is up")

    def _say(self, event: str, **fields: str | int | None) -> None:
        """Into the session's log, with the request that launched it."""
        session_id, transaction = self.plan["session_id"], self.plan.get("transaction")
        self.log.say(event, session=session_id, transaction=transaction, **fields)

    def _start_window_manager(self) -> None:
        try:
            pid = self.children.start("wm", self.plan["window_manager"])
        except processes.StartFailed as failed:
            raise SessionOver(f"window manager could not start: {failed}") from None
        with contextlib.suppress(OSError):
            self._until(
                lambda: pid in self.children.exits or self.screen.window_manager_runs(),
                WINDOW_MANAGER_START_S,
            )
        self.screen.let_go()

    def _watch(self) -> tuple[str, int | None]:
        """Until something ends the session: reason and the program's exit code."""
        children = self.children
        while True:
            due_s = self._look()
            if children.has_exited("x"):
                return "X server ended", None
            if self._is_over():
                ended = children.has_exited(self.main)
                reason = self.plan["end_reason"] if ended else "last window closed"
                return reason, children.exit_of(self.main)
            if children.has_exited("wm") and self.manager_restarts < WINDOW_MANAGER_RESTARTS:
                self.manager_restarts += 1
                with contextlib.suppress(processes.StartFailed):
                    children.start("wm", self.plan["window_manager"])
                    self.state.tell()
            self._turn(1.0 if self.last_window.counting else due_s)
            if self.end_order is not None:
                return self._be_polite()

    def _look(self) -> float | None:
        """Note what the X server has told of windows and idleness; seconds until there may be more to note without
        anything happening, None for never: a session in which nothing happens wakes nobody."""
        due_s = self.watch.look()
        known = self.watch.application_open, self.watch.idle_since_ms
        facts = self.state.facts
        if known != (facts["application_open"], facts["idle_since_ms"]):
            self.state.tell(application_open=known[0], idle_since_ms=known[1])
        return due_s

    def _is_over(self) -> bool:
        """Whether what the session is for has come to its end."""
        ended = self.children.has_exited(self.main)
        windows = self.watch.has_windows
        failed = ended and self.children.exit_of(self.main)
        # Without a window manager nobody tells what windows there are.
        if windows is None or self.children.has_exited("wm"):
            return ended
        if failed or not self.plan["one_application"]:
            return ended
        return self.last_window.is_over(
            windows=windows,
            ended=ended,
            others=ended and bool(self.children.programs()),
            now_s=time.monotonic(),
        )

    def _be_polite(self) -> tuple[str, int | None]:
        """An ordered end: programs may close by themselves until the deadline (which a later order may move)."""
        self.state.tell(phase="ending")
        assert self.end_order is not None
        empty_since: float | None = None
        asked: set[int] = set()
        children = self.children
        while time.monotonic() < self.end_order[1]:
            if children.has_exited(self.main) or children.has_exited("x"):
                break
            if not children.programs():
                break
            self._ask_manager()
            if self.screen.ask_to_close(asked) or self.plan["log_off"]:
                empty_since = None  # a session manager goes by itself
            else:
                empty_since = empty_since or time.monotonic()
                if time.monotonic() - empty_since >= WINDOWS_GONE_S:
                    break
            self._turn(0.1)
        return self.end_order[0], children.exit_of(self.main)

    def _ask_manager(self) -> None:
        """Have the desktop's session manager end the session. One that still starts it refuses, and is asked again."""
        refused = self.children.exit_of("log-off")
        if self.plan["log_off"] and ("log-off" not in self.children.roles or refused):
            with contextlib.suppress(processes.StartFailed):
                self.children.start("log-off", self.plan["log_off"])

    def _finish(self, reason: str, code: int | None) -> None:
        """End every process that is left, remove what the X server leaves, say why, and be done."""
        self.state.tell(phase="ending", end_reason=reason)
        self.screen.let_go()
        self.watch.stop()
        self._clear(self.children.but_screen)
        self._linger()
        self._clear(self.children.members)
        self.screen.remove_leftovers()
        self.children.reap()
        code = self.children.exit_of(self.main) if code is None else code
        self.log.drain()
        self._close_logon()
        if code and self.end_order is None:
            self.state.facts["exit_detail"] = self.log.last_line_of("program") or None
        with contextlib.suppress(OSError):  # a full disk must not keep a session from ending
            self._write_outputs()
        self._say("session ended", reason=reason, exit_code=code)
        self.state.tell(phase="ended", exit_code=code, ended_at_ms=now_ms())
        self.children.remove_cgroup()

    def _linger(self) -> None:
        """Only the X server is left: give the agent the time it asked for, so that a recording has the last picture."""
        self.state.tell(programs_gone=True)
        if self.door.connections and "x" in self.children.roles:
            limit = time.monotonic() + self.linger_s
            while self.door.connections and not self.children.has_exited("x"):
                left = min(limit, time.monotonic() + self.linger_s) - time.monotonic()
                if left <= 0:
                    return
                self._turn(left)

    def _clear(self, members: Callable[[], set[int]]) -> None:
        """TERM, and KILL what is still there TERM_S later."""
        processes.send(signal.SIGTERM, members())
        self._until(lambda: not members(), TERM_S)
        limit = time.monotonic() + KILL_S
        while (left := members()) and time.monotonic() < limit:
            self.children.kill(left)
            self._turn(0.05)

    # --- the loop ---

    def _until(self, done: Callable[[], bool], limit_s: float) -> bool:
        """Turn the loop until `done`, for at most limit_s; an ordered end stops a start."""
        limit = time.monotonic() + limit_s
        while not done():
            left = limit - time.monotonic()
            if left <= 0:
                return False
            self._turn(min(left, 0.01 if self.state.phase == "starting" else 0.05))
            if self.end_order is not None and self.state.phase == "starting":
                raise SessionOver(self.end_order[0])
        return True

    def _turn(self, timeout_s: float | None) -> None:
        for key, _ in self.selector.select(timeout_s):
            key.data()
        self.children.reap()

    def _hear_signals(self) -> None:
        """A signal wakes the loop."""
        wake_read, wake_write = socket.socketpair()
        wake_read.setblocking(False)
        wake_write.setblocking(False)
        self._wake = wake_write
        signal.set_wakeup_fd(wake_write.fileno(), warn_on_full_buffer=False)
        self.selector.register(wake_read, selectors.EVENT_READ, lambda: wake_read.recv(4096))

    def _obey(self, line: bytes) -> dict[str, Any]:
        number: Any = None
        try:
            order = json.loads(line)
            number = order.get("id")
            match order.get("do"):
                case "status":
                    return {"id": number, "ok": True, "state": self.state.facts}
                case "end":
                    polite_s = min(max(float(order["polite_s"]), 0.0), 60.0)
                    self._order_end(str(order["reason"]), polite_s)
                case "kill":
                    self._order_end(str(order["reason"]), 0.0)
                    self.children.kill(self.children.members())
                case "go-on":
                    self.may_go_on = True
                case "linger":
                    self.linger_s = min(max(float(order["s"]), 0.0), LONGEST_LINGER_S)
                case "restart-manager":
                    self._restart_manager(int(order["number"]))
                case "run":
                    argv = [str(word) for word in order["argv"]]
                    pid = self.children.start("run", argv)
                    return {"id": number, "ok": True, "pid": pid}
                case "outputs":
                    self._write_outputs()
                case _:
                    return {"id": number, "ok": False, "error": "unknown order"}
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            return {"id": number, "ok": False, "error": f"bad order: {error!r}"}
        except (processes.StartFailed, OSError) as failed:
            return {"id": number, "ok": False, "error": str(failed)}
        return {"id": number, "ok": True}

    def _restart_manager(self, number: int) -> None:
        """One that hangs hears nothing, so it is killed; its windows stay. The new one has the role before the
        session's end is looked at. Raises StartFailed."""
        if self.state.phase != "running" or number <= self.state.facts["manager_restarts"]:
            return
        inner = self.plan["inner_manager"]
        old = self.children.named(inner[0]) if inner else {self.children.roles["wm"]}
        processes.send(signal.SIGKILL, old)
        limit = time.monotonic() + TERM_S
        while old & self.children.members() and time.monotonic() < limit:
            self.children.reap()
            time.sleep(0.01)
        # A session manager would start it anew, too, but may be slower than its user's patience.
        if inner:
            self.children.start("inner", inner)
        else:
            self.children.start("wm", self.plan["window_manager"])
        self.state.tell(manager_restarts=number)

    def _write_outputs(self) -> None:
        """`outputs.json`: what the programs have printed until now."""
        self.log.drain()
        self.children.reap()
        self.children.outputs.write(f"{self.folder}/outputs.json")

    def _order_end(self, reason: str, polite_s: float) -> None:
        """The first order's reason stands; the nearest deadline counts."""
        deadline = time.monotonic() + polite_s
        if self.end_order is not None:
            reason, deadline = self.end_order[0], min(deadline, self.end_order[1])
        self.end_order = (reason, deadline)

    def _tell(self) -> None:
        self.door.tell(self._greeting())

    def _greeting(self) -> dict[str, Any]:
        return {"state": self.state.facts}


def main() -> None:
    """Entry point: the session's folder is the argument, the plan is on standard input."""
    os.umask(0o077)
    os.chdir("/")
    os.closerange(3, 65_536)
    serve(sys.argv[1], json.loads(sys.stdin.buffer.read(LONGEST_PLAN_BYTES)))


def serve(folder: str, plan: dict[str, Any], close_logon: Callable[[], None] | None = None) -> None:
    """Be the keeper of that session until it is over."""
    processes.become_subreaper()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)

    def close() -> None:
        # Modules wait for children of their own.
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        if close_logon is not None:
            close_logon()

    keeper = Keeper(folder, plan, close)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: keeper._order_end("keeper was told to stop", 0.0))
    keeper.run()


if __name__ == "__main__":
    main()
