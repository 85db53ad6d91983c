"""The process that holds a transaction, over a real socket and a libpam of the test's own."""

from __future__ import annotations

import json
import os
import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fake_pam import FakePam
from footlight.agent import logon, pam
from footlight.agent.logon import Logon

WAIT_S = 60.0


class Talk:
    """The agent's end, and the process's work in a thread."""

    def __init__(self, library: FakePam) -> None:
        self.near, far = socket.socketpair()
        self.near.settimeout(WAIT_S)
        self.served: list[tuple[str, dict[str, Any]]] = []

        def serve(folder: str, plan: dict[str, Any], close: Any) -> None:
            self.served.append((folder, plan))
            close()

        self._thread = threading.Thread(target=Logon(far, library, serve).run)
        self._thread.start()
        self._far = far

    def say(self, message: dict[str, Any], behind: bytes = b"") -> None:
        body = json.dumps(message).encode()
        self.near.sendall(struct.pack(">I", len(body)) + body + behind)

    def hear(self) -> Any:
        (length,) = struct.unpack(">I", self.near.recv(4, socket.MSG_WAITALL))
        return json.loads(self.near.recv(length, socket.MSG_WAITALL))

    def ask(self, *, secret: bytes = b"secret", wait_s: float = 30, **more: Any) -> Any:
        request = {"service": "footlight", "user": "pia", "address": "", "authenticate": True}
        self.say({**request, **more, "wait_s": wait_s, "secret_bytes": len(secret)}, secret)
        return self.hear()

    def over(self) -> None:
        self._thread.join(WAIT_S)
        assert not self._thread.is_alive()

    def close(self) -> None:
        self.near.close()
        self.over()
        self._far.close()


@pytest.fixture
def talks() -> Iterator[list[Talk]]:
    made: list[Talk] = []
    yield made
    for talk in made:
        talk.close()


@pytest.mark.parametrize(
    ("library", "why"),
    [
        (FakePam(codes={"authenticate": 7}), "wrong"),
        (FakePam(codes={"authenticate": 10}), "wrong"),
        (FakePam(codes={"authenticate": 9}), "unavailable"),
        (FakePam(codes={"start": 26}), "unavailable"),
        (FakePam(codes={"acct_mgmt": pam.NEW_PASSWORD_REQUIRED}), "password-expired"),
        (FakePam(codes={"acct_mgmt": pam.ACCOUNT_EXPIRED}), "account-expired"),
        (FakePam(codes={"acct_mgmt": 6}), "not-allowed"),
        (FakePam(user=b"root"), "not-allowed"),
        (FakePam([(pam.PROMPT_HIDDEN, b"Password:"), (pam.PROMPT_HIDDEN, b"Code:")]), "prompt"),
    ],
)
def test_a_refusal_says_why_and_ends_the_transaction(
    talks: list[Talk], library: FakePam, why: str
) -> None:
    talks.append(Talk(library))
    answer = talks[0].ask()
    assert (answer["ok"], answer["why"]) == (False, why)
    talks[0].over()
    assert library.steps[-1] == ("end" if library.steps != ["start"] else "start")


def test_one_that_is_not_used_ends_with_its_socket(talks: list[Talk]) -> None:
    library = FakePam()
    talks.append(Talk(library))
    assert talks[0].ask() == {"ok": True}
    assert library.steps == ["start", "authenticate", "acct_mgmt"]
    talks[0].near.close()
    talks[0].over()
    assert library.steps[-1] == "end"
    assert talks[0].served == []


def test_its_time_ends_unless_it_is_kept(talks: list[Talk]) -> None:
    for kept in (False, True):
        library = FakePam()
        talk = Talk(library)
        talks.append(talk)
        # Without being kept it ends in a moment; with it, only with its socket.
        assert talk.ask(wait_s=0.3) == {"ok": True}
        if kept:
            talk.say({"do": "keep", "s": 60})
            talk.near.settimeout(1)
            with pytest.raises(TimeoutError):
                talk.near.recv(1)
        else:
            talk.over()
        assert (library.steps[-1] == "end") is not kept


def test_nonsense_ends_it(talks: list[Talk]) -> None:
    for sent in (b"\xff\xff\xff\xff", struct.pack(">I", 2) + b"[]", struct.pack(">I", 2) + b"{]"):
        library = FakePam()
        talk = Talk(library)
        talks.append(talk)
        talk.ask()
        talk.near.sendall(sent)
        talk.over()
        assert library.steps[-1] == "end"


def test_without_a_password_only_the_account_is_asked_for(talks: list[Talk]) -> None:
    library = FakePam()
    talks.append(Talk(library))
    assert talks[0].ask(secret=b"", authenticate=False) == {"ok": True}
    assert library.steps == ["start", "acct_mgmt"]


def _plan(folder: Path) -> dict[str, Any]:
    return {
        "user": {"name": "pia", "uid": os.getuid(), "gid": os.getgid()},
        "home": "/home/pia",
        "environment": {"HOME": "/home/pia", "PATH": "/bin", "EDITOR": "ours", "XDG_RUNTIME_DIR": "/r"},
        "yields": ["HOME", "PATH", "XDG_RUNTIME_DIR"],
        "umask": 0o022,
        "groups": None,
    }  # fmt: skip


def test_what_pam_gives_goes_before_what_the_plan_yields(tmp_path: Path) -> None:
    plan = _plan(tmp_path)
    given = {
        "HOME": "/afs/pia",
        "EDITOR": "theirs",
        "KRB5CCNAME": "FILE:/x",
        "XAUTHORITY": "/evil",
        "DISPLAY": ":9",
        "XDG_RUNTIME_DIR": str(tmp_path / "missing"),
    }
    joined = logon.joined(plan, given)
    assert joined == {
        "HOME": "/afs/pia", "PATH": "/bin", "EDITOR": "ours", "KRB5CCNAME": "FILE:/x", "XDG_RUNTIME_DIR": "/r",
    }  # fmt: skip
    assert logon.joined(plan, {"XDG_RUNTIME_DIR": str(tmp_path)})["XDG_RUNTIME_DIR"] == str(
        tmp_path
    )


def test_a_session_that_pam_opens_is_told_to_the_plan(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    groups: list[list[int]] = []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "initgroups", lambda name, gid: groups.append([gid, 4711]))
    monkeypatch.setattr(os, "getgroups", lambda: groups[-1] if groups else [0])
    monkeypatch.setattr(os, "setgroups", groups.append)
    monkeypatch.setattr(logon.processes, "become_subreaper", lambda: None)
    plan = _plan(tmp_path)
    transaction = pam.Transaction(FakePam(environment=[b"HOME=/afs/pia"]), "footlight", "pia")
    mask = os.umask(0o077)
    try:
        logon.opened(transaction, plan)
        assert os.umask(0o077) == 0o077
    finally:
        os.umask(mask)
    assert plan["groups"] == [os.getgid(), 4711]
    assert groups[-1] == [0], "the process has its own again"
    assert (plan["home"], plan["umask"]) == ("/afs/pia", 0o022)
