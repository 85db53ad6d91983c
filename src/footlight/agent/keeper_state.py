"""What a keeper tells of its session: on disk, then to whoever listens. Standard library only."""

from __future__ import annotations

import json
import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from footlight.agent.keeper_children import Children


class StateFile:
    """`state.json` of a session's folder. `facts`: its members as they are now; the next `tell` writes them."""

    def __init__(
        self, folder: str, plan: dict[str, Any], children: Children, told: Callable[[], None]
    ) -> None:
        """`told` hands the facts on, when they are on disk."""
        self._path = f"{folder}/state.json"
        self._told = told
        self.facts: dict[str, Any] = {
            "session_id": plan["session_id"],
            "phase": "starting",
            "keeper_pid": os.getpid(),
            "pids": children.roles,
            "programs_gone": False,
            "display": None,
            "linux_user": children.user.name,
            "linux_uid": children.user.uid,
            "logon": plan["logon"],
            "own_network": False,
            "own_account": False,
            "cgroup": None,
            "started_at_ms": None,
            "established_at_ms": None,
            "manager_restarts": 0,  # by order
            "application_open": True,
            "idle_since_ms": None,
            "ended_at_ms": None,
            "end_reason": None,
            "exit_code": None,
            "exit_detail": None,
            "moments": {**plan["moments"], "keeper": now_ms()},
        }

    @property
    def phase(self) -> str:
        """As in SessionFacts."""
        return str(self.facts["phase"])

    def passed(self, step: str) -> None:
        """The start has got so far."""
        self.facts["moments"][step] = now_ms()

    def tell(self, **changed: object) -> None:
        """These have changed; on disk atomically. Raises OSError."""
        self.facts.update(changed)
        with open(f"{self._path}.new", "w", encoding="utf-8") as file:
            json.dump(self.facts, file)
        os.replace(f"{self._path}.new", self._path)
        self._told()


def now_ms() -> int:
    """Since the epoch, by the host's clock."""
    return time.time_ns() // 1_000_000
