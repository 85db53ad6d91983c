"""The agent's side of a keeper: starting one, and talking to one that runs."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import footlight.agent
from footlight.errors import Unavailable
from footlight.log import get_logger
from footlight.tasks import cancel, spawn

_log = get_logger(__name__)

ANSWER_S = 5.0
SOCKET_START_S = 10.0
LONGEST_LINE_BYTES = 256 * 1024
LONGEST_STATE_BYTES = 256 * 1024

KeeperState = dict[str, Any]


def start_keeper(folder: Path, plan: dict[str, Any]) -> int:
    """Start a keeper in a process session of its own, so that no signal meant for the agent reaches it.
    Returns its pid; the caller reaps it. Blocking, short. Raises OSError."""
    source = Path(footlight.agent.__file__).parents[2]
    argv = [sys.executable, "-sSP", "-m", "footlight.agent.keeper", str(folder)]
    environment = {
        "PYTHONPATH": str(source),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    }
    body = json.dumps(plan).encode()
    read, write = os.pipe()
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        pid = os.posix_spawn(
            sys.executable,
            argv,
            environment,
            file_actions=[
                (os.POSIX_SPAWN_DUP2, read, 0),
                (os.POSIX_SPAWN_DUP2, log, 1),
                (os.POSIX_SPAWN_DUP2, log, 2),
            ],
            setsid=True,
            setsigmask=[],
        )
        os.close(read)
        read = -1
        with os.fdopen(write, "wb", closefd=False) as pipe:
            pipe.write(body)
        return pid
    finally:
        for descriptor in (read, write, log):
            if descriptor >= 0:
                os.close(descriptor)


def read_state(folder: Path) -> KeeperState | None:
    """What the keeper last wrote, None when there is nothing readable."""
    try:
        with (folder / "state.json").open("rb") as file:
            state = json.loads(file.read(LONGEST_STATE_BYTES))
    except (OSError, ValueError):
        return None
    return state if isinstance(state, dict) else None


class KeeperLink:
    """A connection to a keeper. `on_state` gets each new state, `on_gone` is called once when the keeper is
    gone (its last state is in state.json)."""

    def __init__(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        on_state: Callable[[KeeperState], None],
        on_gone: Callable[[], None],
    ) -> None:
        self._writer = writer
        self._on_state = on_state
        self._on_gone = on_gone
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._last = 0
        self._task = spawn("keeper link", self._read(reader))

    @classmethod
    async def connect(
        cls,
        folder: Path,
        on_state: Callable[[KeeperState], None],
        on_gone: Callable[[], None],
        *,
        limit_s: float = SOCKET_START_S,
        still_starting: Callable[[], bool] = lambda: True,
    ) -> KeeperLink:
        """Connect to the folder's keeper, which may still be starting. Raises Unavailable."""
        deadline = asyncio.get_running_loop().time() + limit_s
        while True:
            try:
                async with asyncio.timeout(ANSWER_S):
                    reader, writer = await asyncio.open_unix_connection(
                        str(folder / "keeper.sock"), limit=LONGEST_LINE_BYTES
                    )
                return cls(reader, writer, on_state, on_gone)
            except OSError as error:
                if asyncio.get_running_loop().time() >= deadline or not still_starting():
                    raise Unavailable(f"no keeper answers in {folder}: {error}") from None
            await asyncio.sleep(0.01)

    async def end(self, reason: str, polite_s: float) -> None:
        """End the session: programs have polite_s to go by themselves. Raises Unavailable."""
        await self._ask({"do": "end", "reason": reason, "polite_s": polite_s})

    async def kill(self, reason: str) -> None:
        """End the session now. Raises Unavailable."""
        await self._ask({"do": "kill", "reason": reason})

    async def restart_manager(self, number: int) -> None:
        """Replace the window manager, unless that was done under this number or a higher one. Raises Unavailable."""
        await self._ask({"do": "restart-manager", "number": number})

    async def go_on(self) -> None:
        """Let it dress the screen, for which it waits when its plan says so. Raises Unavailable."""
        await self._ask({"do": "go-on"})

    async def linger(self, seconds: float) -> None:
        """Let the X server outlive the programs by so long at the end (0: no longer). Raises Unavailable."""
        await self._ask({"do": "linger", "s": seconds})

    async def run(self, argv: list[str]) -> int:
        """Start one more process in the session, as its user; the pid. Raises Unavailable."""
        return int((await self._ask({"do": "run", "argv": argv}))["pid"])

    async def outputs(self) -> None:
        """Let the keeper write `outputs.json`, what its programs have printed. Raises Unavailable."""
        await self._ask({"do": "outputs"})

    async def status(self) -> KeeperState:
        """The keeper's facts now. Raises Unavailable."""
        state: KeeperState = (await self._ask({"do": "status"}))["state"]
        return state

    async def close(self) -> None:
        """Let go of the keeper, which goes on; on_gone is not called."""
        self._on_gone = lambda: None
        await cancel(self._task)

    async def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        self._last += 1
        number = self._last
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(ANSWER_S):
                self._writer.write(json.dumps({"id": number, **order}).encode() + b"\n")
                await self._writer.drain()
                reply: dict[str, Any] = await answer
        except (TimeoutError, OSError) as error:
            raise Unavailable(f"the keeper does not answer: {error!r}") from None
        finally:
            self._waiting.pop(number, None)
            if answer.done() and not answer.cancelled():
                answer.exception()  # seen, also when the write failed first
        if not reply.get("ok"):
            raise Unavailable(f"the keeper refused: {reply.get('error')}")
        return reply

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._take(json.loads(line))
        except (OSError, ValueError) as error:
            _log.info("keeper link broke", error=str(error))
        finally:
            self._writer.close()
            for future in self._waiting.values():
                if not future.done():
                    future.set_exception(ConnectionResetError("the keeper is gone"))
        self._on_gone()

    def _take(self, message: dict[str, Any]) -> None:
        waiting = self._waiting.get(message.get("id", 0))
        if waiting is not None and not waiting.done():
            waiting.set_result(message)
        elif "state" in message:
            self._on_state(message["state"])
