"""One small process per session: parent of all that runs in it, and what outlives the agent.

Standard library only and one thread, so that it is small, starts fast and may fork. It is told what to run by a JSON
object on its standard input (session_plan.py makes it), writes `state.json` at each change, and obeys the agent over
`keeper.sock`: JSON lines `{"id": N, "do": "status" | "end" | "kill" | "linger" | "run", ...}`, each answered by
`{"id": N, "ok": true | false, ...}`; `{"state": {...}}` comes unasked at each change. It goes when the session is over.
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

from footlight.agent import processes, xvnc
from footlight.agent.keeper_door import KeeperDoor
from footlight.agent.keeper_log import KeeperLog
from footlight.agent.xprobe import XProbe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

LONGEST_PLAN_BYTES = 1024 * 1024
X_START_S = 10.0
X_ATTEMPTS = 5
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

    def __init__(self, folder: str, plan: dict[str, Any]) -> None:
        self.folder = folder
        self.plan = plan
        user = plan["user"]
        self.run_as = processes.RunAs(user["name"], user["uid"], user["gid"])
        self.as_root = os.geteuid() == 0
        self.roles: dict[str, int] = {}  # role -> pid, of what runs
        self.exits: dict[int, int] = {}  # pid -> exit code, of children that are gone
        self.probe: XProbe | None = None
        self.display: int | None = None
        self.held: socket.socket | None = None
        self.environment: dict[str, str] = {}
        self.cgroup: str | None = None
        self.end_order: tuple[str, float] | None = None  # reason, deadline of the polite time
        self.linger_s = 0.0  # how long the X server outlives the programs, for a recorder's sake
        self.manager_restarts = 0
        self.state: dict[str, Any] = {
            "session_id": plan["session_id"],
            "phase": "starting",
            "keeper_pid": os.getpid(),
            "pids": self.roles,
            "programs_gone": False,
            "display": None,
            "linux_user": self.run_as.name,
            "linux_uid": self.run_as.uid,
            "own_network": False,
            "cgroup": None,
            "started_at_ms": None,
            "established_at_ms": None,
            "ended_at_ms": None,
            "end_reason": None,
            "exit_code": None,
            "exit_detail": None,
        }
        self.selector = selectors.DefaultSelector()
        self.log = KeeperLog(f"{folder}/log", self.selector)
        self.door = KeeperDoor(f"{folder}/keeper.sock", self.selector, self._obey, self._greeting)
        self._hear_signals()

    # --- the session's life ---

    def run(self) -> None:
        """From start to the last process's end."""
        self._write_state()
        code: int | None = None
        try:
            self._make_cgroup()
            self._start()
            reason, code = self._watch()
        except SessionOver as over:
            reason, code = over.reason, over.code
        self._finish(reason, code)

    def _start(self) -> None:
        self._start_x_server()
        assert self.display is not None
        self.state["started_at_ms"] = _now_ms()
        self._write_state()
        self.environment = {
            **self.plan["environment"],
            "DISPLAY": f":{self.display}",
        }
        if self.plan["bus"]:
            with contextlib.suppress(processes.StartFailed):
                self._child("bus", self.plan["bus"])
                self._until(lambda: os.path.exists(self.plan["bus_path"]), BUS_START_S)
        self._start_window_manager()
        for number, argv in enumerate(self.plan["extras"]):
            with contextlib.suppress(processes.StartFailed):
                self._child(f"extra{number}", argv)
        if self.plan["program"]:
            try:
                self._child("program", self.plan["program"], folder=self.plan["working_dir"])
            except processes.StartFailed as failed:
                raise SessionOver(f"program could not start: {failed}", 127) from None
        self.state["established_at_ms"] = _now_ms()
        self.state["phase"] = "running"
        self._write_state()

    def _start_x_server(self) -> None:
        self.environment = self.plan["environment"]
        limit = time.monotonic() + X_START_S
        for _, (display, held) in zip(range(X_ATTEMPTS), xvnc.free_displays(), strict=False):
            self.display, self.held = display, held
            argv = xvnc.command(
                display=display,
                rfb_path=f"{self.folder}/x/rfb",
                authority=f"{self.folder}/x/Xauthority",
                width=self.plan["width"],
                height=self.plan["height"],
                title=self.plan["title"],
            )
            try:
                pid = self._child("x", argv, own_network=self.as_root)
            except processes.StartFailed as failed:
                raise SessionOver(f"X server could not start: {failed}") from None
            self._until(lambda pid=pid: pid in self.exits or self._x_answers(), limit)  # type: ignore[misc]
            if self.probe is not None:
                self.state["display"] = f":{display}"
                network = processes.network_of(pid)
                self.state["own_network"] = network not in ("", processes.network_of(os.getpid()))
                return
            if pid not in self.exits:
                raise SessionOver("X server could not start: no answer in time")
            held.close()
            # Another X server was faster: the number is gone, the next one may do.
            if "already active" not in self.log.text_of("x"):
                break
        raise SessionOver(f"X server could not start: {self.log.last_line_of('x')}")

    def _x_answers(self) -> bool:
        try:
            self.probe = self._connect_x()
        except OSError:
            return False
        return True

    def _connect_x(self) -> XProbe:
        assert self.display is not None
        return XProbe(xvnc.socket_path(self.display), bytes.fromhex(self.plan["cookie"]))

    def _start_window_manager(self) -> None:
        probe = self.probe
        assert probe is not None
        try:
            pid = self._child("wm", self.plan["window_manager"])
        except processes.StartFailed as failed:
            raise SessionOver(f"window manager could not start: {failed}") from None
        with contextlib.suppress(OSError):
            self._until(
                lambda: pid in self.exits or probe.window_manager_runs(), WINDOW_MANAGER_START_S
            )
        self.probe = None
        probe.close()

    def _watch(self) -> tuple[str, int | None]:
        """Until something ends the session: reason and the program's exit code."""
        main = self.roles["program" if self.plan["program"] else "wm"]
        while True:
            if main in self.exits:
                return self.plan["end_reason"], self.exits[main]
            if self.roles["x"] in self.exits:
                return "X server ended", None
            manager = self.roles["wm"]
            if manager in self.exits and self.manager_restarts < WINDOW_MANAGER_RESTARTS:
                self.manager_restarts += 1
                with contextlib.suppress(processes.StartFailed):
                    self._child("wm", self.plan["window_manager"])
                    self._write_state()
            self._turn(1.0)
            if self.end_order is not None:
                return self._be_polite(main)

    def _be_polite(self, main: int) -> tuple[str, int | None]:
        """An ordered end: programs may close by themselves until the deadline (which a later order may move)."""
        self.state["phase"] = "ending"
        self._write_state()
        assert self.end_order is not None
        empty_since: float | None = None
        asked: set[int] = set()
        while time.monotonic() < self.end_order[1]:
            if main in self.exits or self.roles["x"] in self.exits or not self._programs():
                break
            if self._ask_to_close(asked):
                empty_since = None
            else:
                empty_since = empty_since or time.monotonic()
                if time.monotonic() - empty_since >= WINDOWS_GONE_S:
                    break
            self._turn(0.1)
        return self.end_order[0], self.exits.get(main)

    def _ask_to_close(self, asked: set[int]) -> bool:
        """Ask each window not yet in `asked` to close, as its title bar's button does. Whether there are windows;
        yes, when the X server does not say."""
        try:
            with contextlib.closing(self._connect_x()) as probe:
                windows = set(probe.windows())
                for window in windows - asked:
                    probe.close_window(window)
        except OSError:
            return True
        asked |= windows
        return bool(windows)

    def _finish(self, reason: str, code: int | None) -> None:
        """End every process that is left, remove what the X server leaves, say why, and be done."""
        self.state["phase"] = "ending"
        self.state["end_reason"] = reason
        self._write_state()
        if self.probe is not None:
            self.probe.close()
        server = {self.roles["x"]} if "x" in self.roles else set()
        self._clear(lambda: self._members() - server)
        self._linger()
        self._clear(self._members)
        if self.display is not None:
            xvnc.remove_leftovers(self.display)
        if self.held is not None:
            self.held.close()
        self._reap()
        main = self.roles.get("program" if self.plan["program"] else "wm")
        code = code if code is not None or main is None else self.exits.get(main)
        self.log.drain()
        if code and self.end_order is None:
            self.state["exit_detail"] = self.log.last_line_of("program") or None
        self.state.update(phase="ended", exit_code=code, ended_at_ms=_now_ms())
        self._write_state()
        if self.cgroup is not None:
            processes.remove_cgroup(self.cgroup)

    def _linger(self) -> None:
        """Only the X server is left: give the agent the time it asked for, so that a recording has the last picture."""
        self.state["programs_gone"] = True
        self._write_state()
        if self.door.connections and "x" in self.roles:
            limit = time.monotonic() + self.linger_s
            while self.door.connections and self.roles["x"] not in self.exits:
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
            processes.send(signal.SIGKILL, left)
            self._turn(0.05)

    # --- processes ---

    def _make_cgroup(self) -> None:
        """Two groups: the keeper's, so that it is no longer in that of the agent's service, and the session's."""
        base = self.plan["cgroup"]
        if base is None or not processes.make_cgroup(f"{base}/session"):
            return
        self.cgroup = self.state["cgroup"] = f"{base}/session"
        with contextlib.suppress(OSError):
            if processes.make_cgroup(f"{base}/keeper"):
                processes.join_cgroup(f"{base}/keeper")

    def _child(
        self, role: str, argv: list[str], *, folder: str | None = None, own_network: bool = False
    ) -> int:
        """Start a process of the session. Raises StartFailed; a missing home is not a reason."""
        home = self.plan["home"]
        output = self.log.writer(role)
        try:
            pid = processes.start(
                argv,
                environment=self.environment,
                folder=folder or (home if os.path.isdir(home) else "/"),
                output=output,
                run_as=self.run_as if self.as_root else None,
                cgroup=self.cgroup,
                own_network=own_network,
            )
        finally:
            os.close(output)
        self.roles[role] = pid
        return pid

    def _members(self) -> set[int]:
        found = processes.descendants(os.getpid())
        if self.cgroup is not None:
            found |= processes.cgroup_members(self.cgroup)
        return found

    def _programs(self) -> set[int]:
        """What a person started: members without the session's own furniture and what the bus activated."""
        furniture = {pid for role, pid in self.roles.items() if role not in ("program", "run")}
        if "bus" in self.roles:
            furniture |= processes.descendants(self.roles["bus"])
        return self._members() - furniture

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid in self.roles.values():
                    self.exits[pid] = os.waitstatus_to_exitcode(status)

    # --- the loop ---

    def _until(self, done: Callable[[], bool], limit_s: float) -> bool:
        """Turn the loop until `done`, for at most limit_s; an ordered end stops a start."""
        limit = time.monotonic() + limit_s
        while not done():
            left = limit - time.monotonic()
            if left <= 0:
                return False
            self._turn(min(left, 0.01 if self.state["phase"] == "starting" else 0.05))
            if self.end_order is not None and self.state["phase"] == "starting":
                raise SessionOver(self.end_order[0])
        return True

    def _turn(self, timeout_s: float) -> None:
        for key, _ in self.selector.select(timeout_s):
            key.data()
        self._reap()

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
                    return {"id": number, "ok": True, "state": self.state}
                case "end":
                    polite_s = min(max(float(order["polite_s"]), 0.0), 60.0)
                    self._order_end(str(order["reason"]), polite_s)
                case "kill":
                    self._order_end(str(order["reason"]), 0.0)
                    processes.send(signal.SIGKILL, self._members())
                case "linger":
                    self.linger_s = min(max(float(order["s"]), 0.0), LONGEST_LINGER_S)
                case "run":
                    argv = [str(word) for word in order["argv"]]
                    pid = self._child("run", argv)
                    return {"id": number, "ok": True, "pid": pid}
                case _:
                    return {"id": number, "ok": False, "error": "unknown order"}
        except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
            return {"id": number, "ok": False, "error": f"bad order: {error!r}"}
        except processes.StartFailed as failed:
            return {"id": number, "ok": False, "error": str(failed)}
        return {"id": number, "ok": True}

    def _order_end(self, reason: str, polite_s: float) -> None:
        """The first order's reason stands; the nearest deadline counts."""
        deadline = time.monotonic() + polite_s
        if self.end_order is not None:
            reason, deadline = self.end_order[0], min(deadline, self.end_order[1])
        self.end_order = (reason, deadline)

    def _write_state(self) -> None:
        """On disk first (atomically), then to whoever listens."""
        path = f"{self.folder}/state.json"
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            json.dump(self.state, file)
        os.replace(f"{path}.new", path)
        self.door.tell(self._greeting())

    def _greeting(self) -> dict[str, Any]:
        return {"state": self.state}


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def main() -> None:
    """Entry point: the session's folder is the argument, the plan is on standard input."""
    os.umask(0o077)
    os.chdir("/")
    os.closerange(3, 65_536)
    plan = json.loads(sys.stdin.buffer.read(LONGEST_PLAN_BYTES))
    processes.become_subreaper()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    keeper = Keeper(sys.argv[1], plan)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.signal(signal.SIGTERM, lambda *_: keeper._order_end("keeper was told to stop", 0.0))
    keeper.run()


if __name__ == "__main__":
    main()
