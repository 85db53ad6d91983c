"""The processes of a session as its keeper knows them: started, counted, reaped. Standard library only."""

from __future__ import annotations

import contextlib
import os
import signal

from footlight.agent import processes, resource_groups
from footlight.agent.keeper_outputs import Outputs

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from footlight.agent.keeper_log import KeeperLog


class Children:
    """What the keeper has started, by role, and all that came of it. `environment` is what the next one gets."""

    def __init__(self, plan: dict[str, Any], log: KeeperLog) -> None:
        user = plan["user"]
        self.user = processes.RunAs(user["name"], user["uid"], user["gid"], plan["groups"])
        self.roles: dict[str, int] = {}  # role -> pid
        self.exits: dict[int, int] = {}  # pid -> exit code, of those that are gone
        self.environment: dict[str, str] = plan["environment"]
        self.outputs = Outputs()
        self.cgroup: str | None = None  # of the programs
        self._screen_cgroup: str | None = None  # of the X server, which outlives them
        self._limited: dict[str, list[str]] = {}  # groups of version 1, by part
        self._home: str = plan["home"]
        self._umask: int = plan["umask"]
        # What PAM modules have started before the session's own: agents of keys and the like.
        self._before = processes.descendants(os.getpid())
        self._as_root = os.geteuid() == 0
        self._log = log

    def make_cgroup(self, base: str | None) -> None:
        """Three groups: the programs', the X server's, and the keeper's, so that it is no longer in that of the
        agent's service."""
        if base is None or not processes.make_cgroup(f"{base}/session"):
            return
        self.cgroup = f"{base}/session"
        if processes.make_cgroup(f"{base}/screen"):
            self._screen_cgroup = f"{base}/screen"
        with contextlib.suppress(OSError):
            if processes.make_cgroup(f"{base}/keeper"):
                processes.join_cgroup(f"{base}/keeper")

    def limit(self, name: str | None, limits: dict[str, int]) -> None:
        """What the programs, and what the X server on their behalf, may take; `name`: see resource_groups.py."""
        if name is not None:
            of_screen = {what: value for what, value in limits.items() if what != "processes"}
            self._limited["session"] = resource_groups.limit(f"{name}/session", limits)
            self._limited["screen"] = resource_groups.limit(f"{name}/screen", of_screen)

    def _groups_of(self, role: str) -> list[str]:
        part = "screen" if role == "x" else "session"
        found = (self._screen_cgroup if role == "x" else None) or self.cgroup
        return [*self._limited.get(part, ()), *([] if found is None else [found])]

    def remove_cgroup(self) -> None:
        """Remove the session's groups once nothing is in them."""
        for path in (self.cgroup, self._screen_cgroup):
            if path is not None:
                processes.remove_cgroup(path)

    def start(
        self,
        role: str,
        argv: list[str],
        *,
        folder: str | None = None,
        own_network: bool = False,
        run_as: processes.RunAs | None = None,
    ) -> int:
        """Start a process of the session; its pid. Raises StartFailed; a missing home is not a reason.
        `run_as`: under another account than the session's user's."""
        kept = self.outputs.begin(role, argv)
        output = self._log.writer(role, lambda piece: kept.take("stdout", piece))
        errors = self._log.writer(role, lambda piece: kept.take("stderr", piece))
        try:
            pid = processes.start(
                argv,
                environment=self.environment,
                folder=folder or (self._home if os.path.isdir(self._home) else "/"),
                output=output,
                errors=errors,
                run_as=(run_as or self.user) if self._as_root else None,
                cgroups=self._groups_of(role),
                own_network=own_network and self._as_root,
                umask=self._umask,
            )
        except processes.StartFailed as failed:
            kept.take("stderr", f"{failed}\n".encode())
            kept.end(failed.code)
            raise
        finally:
            os.close(output)
            os.close(errors)
        self.roles[role] = kept.pid = pid
        return pid

    def has_exited(self, role: str) -> bool:
        """Whether the process of that role was started and is gone."""
        return self.roles.get(role) in self.exits

    def exit_of(self, role: str) -> int | None:
        """The exit code of that role's process, negative for a signal; None while there is none."""
        return self.exits.get(self.roles.get(role, 0))

    def named(self, name: str) -> set[int]:
        """The session's processes of that name."""
        return {pid for pid in self.members() if processes.name_of(pid) == name}

    def members(self) -> set[int]:
        """Every live process of the session."""
        found = processes.descendants(os.getpid())
        for path in (self.cgroup, self._screen_cgroup):
            if path is not None:
                found |= processes.cgroup_members(path)
        return found

    def but_screen(self) -> set[int]:
        """Every live process of the session but the X server."""
        return self.members() - {self.roles.get("x", 0)}

    def kill(self, pids: set[int]) -> None:
        """KILL these, and what forks faster than it can be counted."""
        if self.cgroup is not None and self._screen_cgroup is not None:
            processes.kill_cgroup(self.cgroup)
            if self.roles.get("x") in pids or self.has_exited("x"):
                processes.kill_cgroup(self._screen_cgroup)
        processes.send(signal.SIGKILL, pids)

    def programs(self) -> set[int]:
        """What a person started: members without the session's own furniture and what the bus activated."""
        furniture = {pid for role, pid in self.roles.items() if role not in ("program", "run")}
        if "bus" in self.roles:
            furniture |= processes.descendants(self.roles["bus"])
        return self.members() - furniture - self._before

    def reap(self) -> None:
        """Take the exit codes of those that have gone."""
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                code = os.waitstatus_to_exitcode(status)
                self.outputs.ended(pid, code)
                if pid in self.roles.values():
                    self.exits[pid] = code
