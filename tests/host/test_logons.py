"""Accounts of the host: one PAM transaction from the password to the session's end, with real accounts and modules."""

from __future__ import annotations

import asyncio
import os
import pwd
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import accounts, processes
from footlight.bus import subjects
from footlight.wire.host import decode, encode
from footlight.wire.logon import CheckPassword, Hold, LetGo, LogonAnswer, LogonOrder, LookUp
from host_accounts import Person, Service, person, run, service


@pytest.fixture
def someone() -> Iterator[Person]:
    with person() as made:
        yield made


@pytest.fixture
def stack() -> Iterator[Service]:
    with service() as made:
        yield made


@pytest.fixture
async def host(stage: Any, stack: Service) -> Any:
    """The stage with an agent that signs in through the stack."""
    await stage.agent.stop(keep_sessions=False)
    stage.pam_service = stack.name
    await stage.start_agent()
    return stage


async def _ask(host: Any, order: LogonOrder) -> LogonAnswer:
    answer = await host.bus.request(subjects.logons(host.machine_id), encode(order), 60)
    return decode(LogonAnswer, answer)


async def _sign_in(host: Any, person: Person, **more: Any) -> LogonAnswer:
    members = {"name": person.name, "password": person.password.encode(), "hold_s": 60, **more}
    return await _ask(host, CheckPassword(address="192.0.2.9", **members))


_TELL = (
    'cd; { env; echo "IN $(pwd)"; id -Gn; umask; cat "$TICKET" welcome; } > $HOME/told.new 2>&1;'
    " mv $HOME/told.new $HOME/told; exec sleep 60"
)


async def test_one_transaction_from_the_password_to_the_end_of_the_session(
    host: Any, someone: Person, stack: Service
) -> None:
    answer = await _sign_in(host, someone)
    assert answer.account is not None
    assert (answer.account.name, answer.account.uid) == (someone.name, someone.uid)
    assert answer.account.display_name == "Pia Person"
    assert answer.account.groups == [someone.name]
    assert not someone.home.exists()

    session = await host.launch(
        ["sh", "-c", _TELL], user=someone.name, kind="os", logon_id=answer.logon_id
    )
    facts = host.sessions[session]
    assert (facts.linux_user, facts.linux_uid) == (someone.name, someone.uid)
    assert facts.logon == "password"
    await host.eventually((someone.home / "told").exists)
    told = (someone.home / "told").read_text()
    assert f"IN {someone.home}\n" in told
    assert f"HOME={someone.home}\n" in told
    assert "LANG=de_DE.UTF-8\n" in told
    assert "0027\n" in told
    assert told.endswith(f"ticket of {someone.password}made by PAM")
    assert f"XDG_RUNTIME_DIR={host.folder(session)}/run\n" in told

    await host.log_off(session)
    await host.eventually(lambda: len(stack.steps) == 3)
    steps = stack.steps
    assert [step[0] for step in steps] == ["auth", "open_session", "close_session"]
    assert len({step[1] for step in steps}) == 1, "not one process"
    assert steps[1][2:] == [someone.name, "192.0.2.9"]
    assert someone.home.is_dir(), "homes are never removed"
    await host.eventually(lambda: not processes.is_alive(int(steps[0][1])))


async def test_the_keeper_is_the_process_that_knew_the_password(
    host: Any, someone: Person, stack: Service
) -> None:
    answer = await _sign_in(host, someone)
    session = await host.launch(
        ["sleep", "60"], user=someone.name, kind="os", logon_id=answer.logon_id
    )
    holder = int(stack.steps[0][1])
    program = next(
        pid for pid in host.pids(session) if Path(f"/proc/{pid}/comm").read_text() == "sleep\n"
    )
    assert holder in _ancestors(program)
    for pid in {holder, *host.pids(session)}:
        for name in ("cmdline", "environ"):
            assert someone.password.encode() not in Path(f"/proc/{pid}/{name}").read_bytes()
    for file in host.folder(session).rglob("*"):
        if file.is_file() and not file.is_symlink():
            assert someone.password.encode() not in file.read_bytes(), file


async def test_a_second_session_is_opened_without_the_password(
    host: Any, someone: Person, stack: Service
) -> None:
    answer = await _sign_in(host, someone)
    how = {"user": someone.name, "kind": "os", "logon_id": answer.logon_id}
    first = await host.launch(["sleep", "60"], **how)
    second = await host.launch(["sleep", "61"], **how)
    assert host.sessions[first].logon == "password"
    assert host.sessions[second].logon == "none"
    opened = [step[1] for step in stack.steps if step[0] == "open_session"]
    assert len(set(opened)) == 2

    await host.log_off(first)
    assert host.sessions[second].phase == "running"
    assert host.pids(second)


async def test_log_off_ends_what_is_the_sessions_and_nothing_else_of_that_user(
    host: Any, someone: Person
) -> None:
    answer = await _sign_in(host, someone)
    outside = await asyncio.create_subprocess_exec("sleep", "120", user=someone.name)
    try:
        session = await host.launch(
            ["sh", "-c", "setsid sleep 300 & exec sleep 300"],
            user=someone.name,
            kind="os",
            logon_id=answer.logon_id,
        )
        await host.log_off(session)
        await host.eventually(lambda: not host.pids(session))
        assert outside.returncode is None
        assert processes.is_alive(outside.pid)
    finally:
        outside.kill()
        await asyncio.wait_for(outside.wait(), 60)


async def test_who_may_not(host: Any, someone: Person, stack: Service) -> None:
    async def refusal(name: str, password: str) -> str | None:
        order = CheckPassword(name=name, password=password.encode(), address="", hold_s=9)
        answer = await _ask(host, order)
        assert answer.account is None
        return answer.refusal

    assert await refusal(someone.name, "wrong") == "wrong"
    assert await refusal(someone.name, "") == "wrong"
    assert await refusal(someone.name, someone.password + "\0x") == "wrong"
    assert await refusal("root", someone.password) == "wrong"
    assert await refusal("no-such-person", "x") == "wrong"
    assert await refusal("x" * 64, "x") == "wrong"
    # Nobody of the operating system gets in where PAM takes everybody.
    stack.write("auth required pam_permit.so", "account required pam_permit.so")
    for name in ("root", "postgres", "daemon", "nobody", "no-such-person"):
        assert await refusal(name, "x") == "wrong", name
    assert (await _sign_in(host, someone, blind=True)).refusal == "wrong"
    refused = await _sign_in(host, someone, group="sudo")
    assert (refused.refusal, refused.words) == ("not-allowed", "not a member of sudo")
    assert (await _sign_in(host, someone, group=someone.name)).account is not None


async def test_accounts_that_are_locked_or_out_of_date(host: Any, someone: Person) -> None:
    run("chage", "--lastday", "0", someone.name)
    assert (await _sign_in(host, someone)).refusal == "password-expired"
    run("chage", "--lastday", "20000", someone.name)
    run("chage", "--expiredate", "10", someone.name)
    assert (await _sign_in(host, someone)).refusal == "account-expired"
    run("chage", "--expiredate", "-1", someone.name)
    assert (await _sign_in(host, someone)).account is not None
    run("usermod", "--lock", someone.name)
    assert (await _sign_in(host, someone)).refusal == "wrong"
    run("usermod", "--unlock", someone.name)
    run("usermod", "--shell", "/usr/sbin/nologin", someone.name)
    assert (await _sign_in(host, someone)).refusal == "wrong"


async def test_success_resets_pams_own_counters(host: Any, someone: Person, stack: Service) -> None:
    faillock = f"dir={stack.folder}/faillock deny=3 unlock_time=600"
    stack.write(
        f"auth required pam_faillock.so preauth silent {faillock}",
        "auth [success=1 default=ignore] pam_unix.so",
        f"auth [default=die] pam_faillock.so authfail {faillock}",
        "auth required pam_permit.so",
        f"account required pam_faillock.so {faillock}",
        "account required pam_unix.so",
    )
    for _ in range(2):
        for _ in range(2):
            assert (await _sign_in(host, someone, password=b"wrong")).refusal == "wrong"
        assert (await _sign_in(host, someone)).account is not None


async def test_what_is_held_is_bounded_and_given_up(host: Any, someone: Person) -> None:
    signed_in = [await _sign_in(host, someone) for _ in range(6)]
    pool = host.agent.host._logons
    assert len(pool._held) == 4
    last = signed_in[-1].logon_id
    pids = [held.pid for held in pool._held.values()]
    await _ask(host, LetGo(logon_id=last))
    assert last not in pool._held
    await host.eventually(lambda: sum(processes.is_alive(pid) for pid in pids) == 3)
    # Its time is over: it goes by itself, and is not used any more.
    short = await _sign_in(host, someone, hold_s=0.2)
    await host.eventually(lambda: short.logon_id not in pool._held)
    kept = await _sign_in(host, someone, hold_s=0.5)
    await _ask(host, Hold(logon_id=kept.logon_id, hold_s=60))
    await asyncio.sleep(1)
    assert kept.logon_id in pool._held
    await host.agent.host._logons.stop()
    assert pool._held == {}
    await host.eventually(lambda: not any(processes.is_alive(pid) for pid in pids))


async def test_one_persons_log_on_is_no_use_to_another(host: Any, someone: Person) -> None:
    answer = await _sign_in(host, someone)
    with person() as other:
        session = await host.launch(
            ["sleep", "60"], user=other.name, kind="os", logon_id=answer.logon_id
        )
        facts = host.sessions[session]
        assert (facts.linux_user, facts.logon) == (other.name, "none")
        await host.log_off(session)


async def test_sessions_run_as_nobody_of_the_system(host: Any) -> None:
    for name in ("root", "postgres", "daemon", "no-such-person"):
        session = await host.launch(["sleep", "60"], user=name, kind="os", wait=False)
        facts = await host.until(session, lambda f: f.phase == "ended")
        assert facts.linux_user is None
        assert "session could not start" in facts.end_reason
        assert (await _ask(host, LookUp(name=name))).refusal == "not-allowed"


async def test_the_session_outlives_the_agent_and_is_closed_by_pam(
    host: Any, someone: Person, stack: Service
) -> None:
    answer = await _sign_in(host, someone)
    session = await host.launch(
        ["sleep", "60"], user=someone.name, kind="os", logon_id=answer.logon_id
    )
    await host.agent.stop(keep_sessions=True)
    await host.start_agent()
    assert host.agent.host.session(session).phase == "running"
    await host.log_off(session)
    await host.eventually(lambda: [step[0] for step in stack.steps][-1] == "close_session")


async def test_a_keeper_that_is_killed_leaves_nothing(host: Any, someone: Person) -> None:
    answer = await _sign_in(host, someone)
    session = await host.launch(
        ["sleep", "60"], user=someone.name, kind="os", logon_id=answer.logon_id
    )
    keeper = host.agent.host.session(session)._keeper.pid
    os.kill(keeper, signal.SIGKILL)
    await host.until(session, lambda f: f.phase == "ended")
    await host.eventually(lambda: not host.pids(session))


async def test_a_site_account_named_like_another_gets_one_of_its_own(
    host: Any, someone: Person
) -> None:
    for name in ("root", "postgres", someone.name):
        session = await host.launch(["sleep", "60"], user=name)
        facts = host.sessions[session]
        assert facts.linux_user.startswith("fl-")
        assert facts.linux_uid != pwd.getpwnam(name).pw_uid
        home = pwd.getpwnam(facts.linux_user).pw_dir
        assert home.startswith(str(accounts.HOMES))
        await host.log_off(session)


def _ancestors(pid: int) -> list[int]:
    parents, found = processes.parents(), []
    while pid in parents:
        pid = parents[pid]
        found.append(pid)
    return found
