"""A process that holds one PAM transaction: it checks a password, waits until a session is launched with it, opens
the session and is its keeper from then on. So it is one process, and one transaction, from the password to the end.

Standard library only, as keepers are. It is spoken to over its standard input, a socket: each message is four bytes
of length (big-endian) and a JSON object. First comes `{"service", "user", "address", "authenticate", "wait_s",
"secret_bytes"}` and behind it the password's bytes; answered by `{"ok": true}` or `{"ok": false, "why", "words"}`,
after which it goes. Then `{"do": "keep", "s"}`, which moves the end of its waiting, or `{"do": "launch", "folder",
"plan"}`, answered likewise once the session is open. At the socket's end it goes, unless it is a keeper by then.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import socket
import struct
import sys
import time

from footlight.agent import keeper, pam, processes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

LONGEST_MESSAGE_BYTES = 1024 * 1024
LONGEST_SECRET_BYTES = 1024
REQUEST_S = 10.0
LONGEST_WAIT_S = 7 * 86_400.0
# PAM's numbers when it could not find out: it says nothing of the password.
_UNSURE = frozenset((1, 2, 3, 4, 5, 9, 26))
OWN = frozenset(("DISPLAY", "XAUTHORITY", "DBUS_SESSION_BUS_ADDRESS", "USER", "LOGNAME"))

Words = dict[str, "Any"]


class Gone(Exception):
    """Nobody speaks at the other end any more, or nothing that is understood."""


class Logon:
    """The transaction of one process. `serve` is what becomes of it with a session."""

    def __init__(
        self,
        link: socket.socket,
        library: Any,
        serve: Callable[[str, Words, Callable[[], None]], None] = keeper.serve,
    ) -> None:
        self._link = link
        self._library = library
        self._serve = serve

    def run(self) -> None:
        """From the request to the end of the session, or of the waiting."""
        try:
            transaction = self._begin()
            if transaction is not None:
                try:
                    self._wait(transaction)
                finally:
                    transaction.end()
        except (Gone, OSError, ValueError, KeyError, TypeError):
            return

    def _begin(self) -> pam.Transaction | None:
        """The transaction once all has succeeded; else the reason is told."""
        self._link.settimeout(REQUEST_S)
        request = self._hear()
        secret = bytearray(min(int(request["secret_bytes"]), LONGEST_SECRET_BYTES))
        self._fill(secret)
        self._until = time.monotonic() + min(float(request["wait_s"]), LONGEST_WAIT_S)
        asked = bool(request["authenticate"])
        try:
            transaction = pam.Transaction(
                self._library,
                str(request["service"]),
                str(request["user"]),
                secret if asked else None,
                str(request["address"]),
            )
        except pam.PamFailed as failed:
            self._refuse("unavailable", failed.words)
            return None
        try:
            _pass(transaction, str(request["user"]), asked=asked)
        except pam.PamFailed as failed:
            self._refuse(*why(failed, transaction.refusal))
            transaction.end()
            return None
        self._say({"ok": True})
        return transaction

    def _wait(self, transaction: pam.Transaction) -> None:
        while (left_s := self._until - time.monotonic()) > 0:
            self._link.settimeout(left_s)
            try:
                order = self._hear()
            except TimeoutError:
                return
            if order["do"] == "keep":
                self._until = time.monotonic() + min(float(order["s"]), LONGEST_WAIT_S)
            elif order["do"] == "launch":
                self._launch(transaction, str(order["folder"]), order["plan"])
                return

    def _launch(self, transaction: pam.Transaction, folder: str, plan: Words) -> None:
        self._link.settimeout(REQUEST_S)
        log = os.open(f"{folder}/log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        os.close(log)
        try:
            opened(transaction, plan)
        except (pam.PamFailed, OSError) as failed:
            self._refuse("session", str(failed))
            return
        # An agent that has gone meanwhile finds the session when it is back.
        with contextlib.suppress(OSError):
            self._say({"ok": True})
        self._link.close()
        null = os.open("/dev/null", os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        self._serve(folder, plan, transaction.end)

    # --- the socket ---

    def _refuse(self, reason: str, words: str) -> None:
        self._say({"ok": False, "why": reason, "words": words})

    def _say(self, message: Words) -> None:
        body = json.dumps(message).encode()
        self._link.sendall(struct.pack(">I", len(body)) + body)

    def _hear(self) -> Words:
        head = bytearray(4)
        self._fill(head)
        (length,) = struct.unpack(">I", head)
        if length > LONGEST_MESSAGE_BYTES:
            raise Gone
        body = bytearray(length)
        self._fill(body)
        found = json.loads(body)
        if not isinstance(found, dict):
            raise Gone
        return found

    def _fill(self, buffer: bytearray) -> None:
        view = memoryview(buffer)
        while view:
            taken = self._link.recv_into(view)
            if taken == 0:
                raise Gone
            view = view[taken:]


def _pass(transaction: pam.Transaction, user: str, *, asked: bool) -> None:
    """All that lies before the session. Raises PamFailed."""
    if asked:
        transaction.authenticate()
    transaction.check_account()
    if transaction.user() != user:
        raise pam.PamFailed("acct_mgmt", pam.SUCCESS, "PAM has made another account of it")


def why(failed: pam.PamFailed, refusal: str) -> tuple[str, str]:
    """A refusal's word for machines and its words for people. What stands after "acct_mgmt" is told to somebody whose
    password was right."""
    if refusal:
        return "prompt", refusal
    if failed.code in _UNSURE:
        return "unavailable", failed.words
    if failed.step == "authenticate":
        return "wrong", failed.words
    if failed.code == pam.NEW_PASSWORD_REQUIRED:
        return "password-expired", failed.words
    if failed.code == pam.ACCOUNT_EXPIRED:
        return "account-expired", failed.words
    return "not-allowed", failed.words


def opened(transaction: pam.Transaction, plan: Words) -> None:
    """Open the session, and write into the plan what modules have made: environment, groups, umask. The groups of
    the account are those of the process meanwhile, so that modules can add to them. Raises PamFailed, OSError."""
    processes.become_subreaper()
    user = plan["user"]
    before = os.getgroups()
    os.umask(plan["umask"])
    if os.geteuid() == 0:
        os.initgroups(user["name"], user["gid"])
    try:
        transaction.open()
        plan["groups"] = os.getgroups()
    finally:
        plan["umask"] = os.umask(0o077)
        if os.geteuid() == 0:
            os.setgroups(before)
    plan["environment"] = joined(plan, transaction.environment())
    plan["home"] = plan["environment"]["HOME"]


def joined(plan: Words, given: Mapping[str, str]) -> dict[str, str]:
    """The session's environment: what PAM gives goes before what the plan yields, the plan's before the rest. A
    runtime folder has to be there and the user's."""
    environment: dict[str, str] = plan["environment"]
    for name, value in given.items():
        if name in OWN or (name in environment and name not in plan["yields"]):
            continue
        if name == "XDG_RUNTIME_DIR" and not _is_folder_of(value, plan["user"]["uid"]):
            continue
        environment = {**environment, name: value}
    return environment


def _is_folder_of(path: str, uid: int) -> bool:
    try:
        return os.path.isabs(path) and os.path.isdir(path) and os.lstat(path).st_uid == uid
    except (OSError, ValueError):
        return False


def main() -> None:
    """Entry point."""
    os.umask(0o077)
    os.chdir("/")
    os.closerange(3, processes.MOST_DESCRIPTORS)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    # What is in this memory is nobody's to read: no core, no tracing by others than root.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    processes.set_undumpable()
    try:
        library = pam.load_library()
    except OSError as error:
        sys.exit(f"no libpam: {error}")
    Logon(socket.socket(fileno=os.dup(0)), library).run()


if __name__ == "__main__":
    main()
