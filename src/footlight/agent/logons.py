"""Who has signed in with an account of this host and may launch: processes that hold PAM transactions (logon.py),
bounded in number and time. Each is used for one session at most."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import footlight.agent
from footlight.agent import accounts
from footlight.agent.surroundings import await_exit, reap
from footlight.errors import Invalid, Unavailable
from footlight.ids import new_guid
from footlight.log import get_logger
from footlight.tasks import cancel, spawn
from footlight.wire.host import decode, encode
from footlight.wire.logon import (
    CheckPassword,
    Hold,
    HostAccount,
    LetGo,
    LogonAnswer,
    LogonOrder,
    LookUp,
)

_log = get_logger(__name__)

SERVICE, FALLBACK_SERVICE = "footlight", "login"
PAM_FOLDERS = ("/etc/pam.d", "/usr/lib/pam.d")
CHECK_S = 30.0
OPEN_S = 30.0
AT_ONCE = 8
MOST_HELD = 64
MOST_HELD_OF_ONE = 4
LONGEST_SECRET_BYTES = 1024
LONGEST_ANSWER_BYTES = 64 * 1024
# A name that is no account's: PAM takes as long over it as over a wrong password.
NOBODYS_NAME = "footlight-no-such-account"


def service_of(wished: str = "") -> str:
    """The PAM service that sign-ins go through: the one wished for, else ours, else `login` where ours is missing."""
    if wished:
        return wished
    there = any(Path(folder, SERVICE).exists() for folder in PAM_FOLDERS)
    return SERVICE if there else FALLBACK_SERVICE


class Refused(Exception):
    """PAM said no: why, in a word for machines (wire/logon.py Refusal), and in words for people."""

    def __init__(self, why: str, words: str) -> None:
        super().__init__(f"{why}: {words}")
        self.why = why
        self.words = words


@dataclass
class Held:
    """One process and the transaction in it. `with_password`: it was authenticated, so that tickets are there."""

    name: str  # of the account
    with_password: bool
    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def launch(self, folder: Path, plan: dict[str, Any]) -> int:
        """The process opens the session and becomes its keeper: its pid. Raises Unavailable, and then it has gone."""
        plan = {**plan, "logon": "password" if self.with_password else "none"}
        try:
            answer = await self._ask({"do": "launch", "folder": str(folder), "plan": plan}, OPEN_S)
        except Unavailable:
            await self.end()
            raise
        self.writer.close()
        if not answer.get("ok"):
            await asyncio.to_thread(await_exit, self.pid)
            raise Unavailable(f"PAM does not open a session: {answer.get('words')}")
        return self.pid

    async def hold(self, seconds: float) -> None:
        """Go on for so long from now."""
        with contextlib.suppress(OSError):
            self._send({"do": "keep", "s": seconds})
            await self.writer.drain()

    async def check(self, request: dict[str, Any], secret: bytes) -> dict[str, Any]:
        """Its first answer. Raises Unavailable."""
        asked = {**request, "secret_bytes": len(secret)}
        answer: dict[str, Any] = await self._ask(asked, CHECK_S, secret)
        return answer

    async def end(self) -> None:
        """It ends its transaction and goes; killed if it does not."""
        self.writer.close()
        await asyncio.to_thread(await_exit, self.pid)
        if not reap(self.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            await asyncio.to_thread(await_exit, self.pid)

    def _send(self, message: dict[str, Any], behind: bytes = b"") -> None:
        body = json.dumps(message).encode()
        self.writer.write(len(body).to_bytes(4, "big") + body + behind)

    async def _ask(self, order: dict[str, Any], limit_s: float, behind: bytes = b"") -> Any:
        try:
            async with asyncio.timeout(limit_s):
                self._send(order, behind)
                await self.writer.drain()
                length = int.from_bytes(await self.reader.readexactly(4), "big")
                if length > LONGEST_ANSWER_BYTES:
                    raise ValueError(length)
                return json.loads(await self.reader.readexactly(length))
        except (OSError, EOFError, ValueError, TimeoutError) as error:
            raise Unavailable(f"the log-on process does not answer: {error!r}") from None


class Logons:
    """Those of one host. `service`: see service_of."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._held: dict[str, Held] = {}  # by logon id, the oldest first
        self._watching: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def serve(self, payload: bytes) -> bytes:
        """A bus request of wire/logon.py."""
        match decode(LogonOrder, payload):  # type: ignore[arg-type]
            case CheckPassword() as order:
                return encode(await self.check(order))
            case Hold(logon_id=logon_id, hold_s=seconds):
                held = self._held.get(logon_id)
                if held is not None:
                    await held.hold(seconds)
            case LetGo(logon_id=logon_id):
                await self._let_go(logon_id)
            case LookUp(name=name):
                return encode(await asyncio.to_thread(_look_up, name))
        return encode(LogonAnswer())

    async def check(self, order: CheckPassword) -> LogonAnswer:
        """Sign-in with a password."""
        if self._waiting >= AT_ONCE * 4:
            return LogonAnswer(refusal="busy")
        self._waiting += 1
        try:
            async with self._slots:
                return await self._check(order)
        finally:
            self._waiting -= 1

    async def _check(self, order: CheckPassword) -> LogonAnswer:
        account = await asyncio.to_thread(_allowed, order)
        name = NOBODYS_NAME if account is None else order.name
        secret = order.password if account is not None else b"x" * 16
        if not 0 < len(secret) <= LONGEST_SECRET_BYTES or b"\0" in secret:
            return LogonAnswer(refusal="wrong")
        try:
            held = await self._start(name, order.address, order.hold_s, secret)
        except Refused as refused:
            if (
                account is None
            ):  # without a word of the name: people type passwords where names belong
                return LogonAnswer(refusal="wrong")
            _log.info("PAM refused", account=account.name, why=refused.why, words=refused.words)
            return LogonAnswer(refusal=refused.why, words=refused.words)  # type: ignore[arg-type]
        if account is None:  # a stack that takes everybody
            await held.end()
            return LogonAnswer(refusal="wrong")
        if order.group and order.group not in account.groups:
            await held.end()
            return LogonAnswer(refusal="not-allowed", words=f"not a member of {order.group}")
        return LogonAnswer(account=account, logon_id=await self._hold(held))

    async def take(self, logon_id: str | None, name: str) -> Held | None:
        """What is held under that id for that account, for one session; None when it has gone or is used."""
        held = self._held.get(logon_id or "")
        if held is None or held.name != name:
            return None
        return await self._drop(logon_id or "")

    async def without_password(self, name: str) -> Held:
        """A transaction for a session without one. Raises Invalid where that account may have none, Unavailable."""
        await asyncio.to_thread(accounts.os_account, name)
        try:
            return await self._start(name, "", CHECK_S, None)
        except Refused as refused:
            raise Unavailable(f"PAM refuses {name}: {refused.words}", reason=refused.why) from None

    async def stop(self) -> None:
        """Give all up."""
        await asyncio.gather(*(self._let_go(logon_id) for logon_id in list(self._held)))

    async def _start(self, name: str, address: str, wait_s: float, secret: bytes | None) -> Held:
        """A process whose transaction has passed. Raises Refused, Unavailable."""
        near, far = socket.socketpair()
        try:
            pid = await asyncio.to_thread(_spawn, far)
        except OSError as error:
            near.close()
            raise Unavailable(f"no log-on process: {error}") from None
        finally:
            far.close()
        near.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=near, limit=LONGEST_ANSWER_BYTES)
        held = Held(name, secret is not None, pid, reader, writer)
        request = {
            "service": self._service,
            "user": name,
            "address": address,
            "authenticate": secret is not None,
            "wait_s": wait_s,
        }
        try:
            answer = await held.check(request, secret or b"")
        except BaseException:
            await asyncio.shield(held.end())
            raise
        if not answer.get("ok"):
            await held.end()
            raise Refused(str(answer.get("why")), str(answer.get("words"))[:200])
        return held

    async def _hold(self, held: Held) -> str:
        """Keep it under a new id; of too many the oldest go."""
        of_one = [key for key, one in self._held.items() if one.name == held.name]
        old = of_one[: max(0, len(of_one) + 1 - MOST_HELD_OF_ONE)]
        if len(self._held) - len(old) >= MOST_HELD:
            old.append(next(key for key in self._held if key not in old))
        await asyncio.gather(*(self._let_go(key) for key in old))
        logon_id = new_guid()
        self._held[logon_id] = held
        self._watching[logon_id] = spawn("logon", self._watch(logon_id, held))
        return logon_id

    async def _watch(self, logon_id: str, held: Held) -> None:
        """Forget one that ends by itself: its time is over, or it was killed."""
        await held.reader.read(1)
        self._held.pop(logon_id, None)
        self._watching.pop(logon_id, None)
        await held.end()

    async def _drop(self, logon_id: str) -> Held | None:
        held = self._held.pop(logon_id, None)
        await cancel(self._watching.pop(logon_id, None))
        return held

    async def _let_go(self, logon_id: str) -> None:
        held = await self._drop(logon_id)
        if held is not None:
            await held.end()


def _allowed(order: CheckPassword) -> HostAccount | None:
    """The account if it may sign in at all. Blocking."""
    if order.blind:
        return None
    return _look_up(order.name).account


def _look_up(name: str) -> LogonAnswer:
    try:
        return LogonAnswer(account=accounts.host_account(name))
    except Invalid as refused:
        return LogonAnswer(refusal="not-allowed", words=refused.message)


def _spawn(link: socket.socket) -> int:
    """A process of logon.py with that socket as standard input: its pid. Raises OSError."""
    source = Path(footlight.agent.__file__).parents[2]
    null = os.open("/dev/null", os.O_WRONLY)
    try:
        return os.posix_spawn(
            sys.executable,
            [sys.executable, "-sSP", "-m", "footlight.agent.logon"],
            {
                "PYTHONPATH": str(source),
                "PYTHONDONTWRITEBYTECODE": "1",
                "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            },
            file_actions=[
                (os.POSIX_SPAWN_DUP2, link.fileno(), 0),
                (os.POSIX_SPAWN_DUP2, null, 1),
                (os.POSIX_SPAWN_DUP2, null, 2),
            ],
            setsid=True,
            setsigmask=[],
        )
    finally:
        os.close(null)
