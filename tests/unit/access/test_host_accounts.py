"""Sign-in with accounts of hosts, with an agent of the test's own at the bus."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from footlight.access import accounts
from footlight.access.access import Access
from footlight.access.host_accounts import HostAccounts
from footlight.access.lockout import Lockout
from footlight.access.tokens import TokenPolicy
from footlight.bus import subjects
from footlight.errors import Conflict, LimitReached, Unauthenticated, Unavailable
from footlight.store import schema
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

POLICY = TokenPolicy(3_600_000, 7_200_000)


class Agent:
    """Knows two people; every order that it has got."""

    def __init__(self) -> None:
        self.orders: list[Any] = []
        self.answer: LogonAnswer | None = None
        self.people = {
            "pia": HostAccount(name="pia", uid=1000, display_name="Pia", groups=["pia", "Staff"]),
            "Ada": HostAccount(name="Ada", uid=1001, display_name="Ada of the host", groups=[]),
        }

    async def serve(self, payload: bytes) -> bytes:
        order = decode(LogonOrder, payload)  # type: ignore[arg-type]
        self.orders.append(order)
        return encode(self._answer(order))

    def _answer(self, order: Any) -> LogonAnswer:
        if self.answer is not None:
            return self.answer
        match order:
            case CheckPassword(name=name, password=b"secret", blind=False) if name in self.people:
                return LogonAnswer(account=self.people[name], logon_id=f"logon-{len(self.orders)}")
            case CheckPassword():
                return LogonAnswer(refusal="wrong")
            case LookUp(name=name) if name in self.people:
                return LogonAnswer(account=self.people[name])
            case LookUp():
                return LogonAnswer(refusal="not-allowed", words="a system account")
        return LogonAnswer()

    def asked(self, kind: Any) -> list[Any]:
        return [order for order in self.orders if isinstance(order, kind)]


@pytest.fixture
async def agent(rooms: Any) -> AsyncIterator[Agent]:
    made = Agent()
    machine_id = (await rooms.store.read(lambda c: c.execute(schema.machines.select()).one())).id
    served = await rooms.bus.serve(subjects.logons(machine_id), made.serve)
    yield made
    await served.close()


@pytest.fixture
def access(rooms: Any) -> Access:
    async def no_pause(_: float) -> None:
        return None

    return Access(
        rooms.store, rooms.clock, "FOOTLIGHT", b"k" * 32, POLICY, Lockout(name_attempts=3), no_pause,
        hosts=HostAccounts(rooms.store, rooms.bus, "staff"),
    )  # fmt: skip


async def test_a_plain_name_is_the_hosts_only_if_the_site_has_none(
    rooms: Any, agent: Agent, access: Access
) -> None:
    await rooms.account("Ada")
    for user in ("pia", ".\\pia", "DESK1\\pia", "desk1\\pia"):
        account = (await access.sign_in(user, "secret")).account
        assert (account.source, account.domain, account.name) == ("os", "DESK1", "pia")
    assert len(agent.asked(CheckPassword)) == 4
    for user in ("ada", ".\\ADA", "FOOTLIGHT\\Ada", "OTHER\\pia", "FOOTLIGHT\\Ada"):
        with pytest.raises(Unauthenticated):
            await access.sign_in(user, "secret")
    assert len(agent.asked(CheckPassword)) == 4
    of_host = (await access.sign_in("DESK1\\Ada", "secret")).account
    assert of_host.id != (await rooms.store.read(lambda c: accounts.by_name(c, "ada"))).id


async def test_the_account_is_remembered_with_its_groups(
    rooms: Any, agent: Agent, access: Access
) -> None:
    signed_in = await access.sign_in("pia", "secret", "192.0.2.7")
    caller = await access.caller(signed_in.text, "", "")
    assert (caller.user_name, caller.display_name) == ("DESK1\\pia", "Pia")
    assert caller.grants == ()
    first = signed_in.account
    groups = await rooms.store.read(lambda c: accounts.groups_of(c, first.id))
    assert groups == [("os", "pia"), ("os", "staff")]
    (order,) = agent.asked(CheckPassword)
    assert (order.address, order.group, order.blind) == ("192.0.2.7", "staff", False)
    agent.people["pia"] = HostAccount(name="pia", uid=1000, display_name="Pia P", groups=["x"])
    again = (await access.sign_in("pia", "secret")).account
    assert (again.id, await rooms.store.read(lambda c: accounts.groups_of(c, again.id))) == (
        first.id,
        [("os", "x")],
    )


async def test_who_gets_a_name_that_was_anothers_is_another(
    rooms: Any, agent: Agent, access: Access
) -> None:
    before = await access.sign_in("pia", "secret")
    agent.people["pia"] = HostAccount(name="pia", uid=2000, display_name="Pius", groups=[])
    after = await access.sign_in("pia", "secret")
    assert after.account.id != before.account.id
    with pytest.raises(Unauthenticated):
        await access.caller(before.text, "", "")
    agent.people["pax"] = HostAccount(name="pax", uid=2000, display_name="Pius", groups=[])
    assert (await access.sign_in("pax", "secret")).account.id != after.account.id


async def test_the_token_leads_to_what_waits_on_the_host(
    rooms: Any, agent: Agent, access: Access
) -> None:
    signed_in = await access.sign_in("pia", "secret")
    caller = await access.caller(signed_in.text, "", "")
    machine_id = (await rooms.store.read(lambda c: c.execute(schema.machines.select()).one())).id
    assert caller.logon == f"{machine_id}/logon-1"
    refreshed = await access.refresh(caller)
    assert agent.asked(Hold) == [Hold(logon_id="logon-1", hold_s=3600)]
    again = await access.caller(refreshed.text, "", "")
    assert again.logon == caller.logon
    await access.sign_out(again)
    assert agent.asked(LetGo) == [LetGo(logon_id="logon-1")]


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        ("prompt", "more than one password.*Code"),
        ("password-expired", "password has expired"),
        ("account-expired", "account has expired"),
        ("not-allowed", "may not sign in here"),
        ("wrong", "user name or password is not right"),
    ],
)
async def test_a_refusal_is_told_in_words(
    agent: Agent, access: Access, refusal: Any, words: str
) -> None:
    agent.answer = LogonAnswer(refusal=refusal, words="Code:")
    with pytest.raises(Unauthenticated, match=words):
        await access.sign_in("pia", "secret")


async def test_a_host_that_cannot_check_is_no_wrong_password(
    rooms: Any, agent: Agent, access: Access
) -> None:
    for _ in range(5):
        agent.answer = LogonAnswer(refusal="unavailable", words="no directory")
        with pytest.raises(Unavailable):
            await access.sign_in("pia", "secret")
        agent.answer = LogonAnswer(refusal="busy")
        with pytest.raises(LimitReached):
            await access.sign_in("pia", "secret")
    agent.answer = None
    await access.sign_in("pia", "secret")


async def test_delay_and_lock_out_hold_for_names_of_hosts(
    rooms: Any, agent: Agent, access: Access
) -> None:
    """By whatever name it is called, and for names that nobody has."""
    for user in ("pia", "DESK1\\pia", ".\\PIA"):
        with pytest.raises(Unauthenticated):
            await access.sign_in(user, "wrong")
    for user in ("pia", "desk1\\pia"):
        with pytest.raises(Unauthenticated):
            await access.sign_in(user, "secret")
        assert agent.orders[-1].blind
    await access.sign_in("DESK1\\Ada", "secret")
    for password in ("", "a", "b"):
        with pytest.raises(Unauthenticated):
            await access.sign_in("DESK1\\not here", password)
    assert agent.orders[-1].blind
    assert agent.orders[-1].password == b"-"


async def test_a_disabled_account_lets_go_of_its_log_on(
    rooms: Any, agent: Agent, access: Access
) -> None:
    account = (await access.sign_in("pia", "secret")).account
    await rooms.store.write(
        lambda tx: (
            tx.connection.execute(
                schema.accounts.update()
                .where(schema.accounts.c.id == account.id)
                .values(enabled=False)
            )
            and None
        )
    )
    with pytest.raises(Unauthenticated):
        await access.sign_in("pia", "secret")
    assert agent.asked(LetGo) == [LetGo(logon_id="logon-2")]


async def test_looked_up_for_a_mapping(rooms: Any, agent: Agent) -> None:
    hosts = HostAccounts(rooms.store, rooms.bus)
    assert (await hosts.look_up(None, "pia")).uid == 1000
    assert (await hosts.look_up("DESK1", "pia")).uid == 1000
    with pytest.raises(Conflict, match="a system account"):
        await hosts.look_up(None, "root")
    with pytest.raises(Unavailable):
        await hosts.look_up("ELSEWHERE", "pia")
