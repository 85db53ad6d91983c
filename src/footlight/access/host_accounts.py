"""Accounts of hosts' operating systems: their passwords, checked by the host's agent through PAM, and what the site
remembers of them. The password travels in one order over the bus and is kept nowhere."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, false, select, true

from footlight.access import accounts
from footlight.access.accounts import NAME, Account
from footlight.bus import subjects
from footlight.bus.bus import Bus
from footlight.errors import Conflict, LimitReached, Unavailable
from footlight.log import get_logger
from footlight.store import schema
from footlight.store.store import Store, Tx
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

CHECK_S = 45.0
ANSWER_S = 5.0
RETRY_S = 5
_m = schema.machines


@dataclass(frozen=True)
class Host:
    """A machine whose agent runs as root, and the domain part of its accounts' names."""

    machine_id: str
    name: str


@dataclass(frozen=True)
class HostLogon:
    """Somebody whose password was right. `claim` finds what waits for a session on the host (access/tokens.py)."""

    account: HostAccount
    claim: str


@dataclass(frozen=True)
class HostRefusal:
    """Somebody whose password was right, or not asked for, may not sign in; the sentence for people."""

    sentence: str


_SENTENCES = {
    "prompt": "{host} asks for more than one password, which cannot be answered here ({words}).",
    "password-expired": "The password has expired. Change it on {host}, then sign in again.",
    "account-expired": "The account has expired.",
    "not-allowed": "The account may not sign in here ({words}).",
}


class HostAccounts:
    """The sign-in of the hosts' accounts. `group`: only its members; "": everybody whom PAM lets in."""

    def __init__(self, store: Store, bus: Bus, group: str = "") -> None:
        self._store = store
        self._bus = bus
        self._group = group

    async def find(self, domain: str | None) -> Host | None:
        """The host of that name; None: the one that has been here longest."""
        return await self._store.read(lambda c: _find(c, domain))

    async def check(
        self, host: Host, name: str, password: str, *, address: str, hold_s: float, blind: bool
    ) -> HostLogon | HostRefusal | None:
        """None: not that name, or not that password. `blind`: None, whatever it is. Raises Unavailable,
        LimitReached."""
        fits = NAME.fullmatch(name) is not None and "\0" not in password
        order = CheckPassword(
            name=name[:64],
            password=password.encode() if fits else b"-",
            address=address,
            hold_s=hold_s,
            group=self._group,
            blind=blind or not fits,
        )
        answer = await self._ask(host.machine_id, order, CHECK_S)
        if answer.account is not None:
            return HostLogon(answer.account, f"{host.machine_id}/{answer.logon_id}")
        if answer.refusal == "busy":
            raise LimitReached("Too many are signing in on this host.", retry_s=RETRY_S)
        if answer.refusal == "unavailable":
            raise Unavailable(f"{host.name} cannot check passwords now: {answer.words}")
        sentence = _SENTENCES.get(answer.refusal or "")
        if sentence is None:
            return None
        return HostRefusal(sentence.format(host=host.name, words=answer.words))

    async def hold(self, claim: str, seconds: float) -> None:
        """What waits for a session waits for so long from now. A host that does not answer is no reason to fail."""
        machine_id, _, logon_id = claim.partition("/")
        await self._tell(machine_id, Hold(logon_id=logon_id, hold_s=seconds))

    async def let_go(self, claim: str) -> None:
        """Nothing waits for a session any more."""
        machine_id, _, logon_id = claim.partition("/")
        await self._tell(machine_id, LetGo(logon_id=logon_id))

    async def look_up(self, domain: str | None, name: str) -> HostAccount:
        """The host's account of that name, for sessions to run as. Raises Conflict for one that may have none,
        Unavailable."""
        host = await self.find(domain)
        if host is None:
            raise Unavailable(
                "No host that runs as root is registered.", code="MachineNotRegistered"
            )
        answer = await self._ask(host.machine_id, LookUp(name=name[:64]), ANSWER_S)
        if answer.account is None:
            raise Conflict(
                f"Sessions cannot run as {name!r} on {host.name}: {answer.words}.", name=name
            )
        return answer.account

    async def _tell(self, machine_id: str, order: LogonOrder) -> None:
        try:
            await self._ask(machine_id, order, ANSWER_S)
        except Unavailable as silence:
            _log.info("host not told of a log-on", host=machine_id, reason=silence.message)

    async def _ask(self, machine_id: str, order: LogonOrder, limit_s: float) -> LogonAnswer:
        answer = await self._bus.request(subjects.logons(machine_id), encode(order), limit_s)
        return decode(LogonAnswer, answer)


def adopt(tx: Tx, host: Host, found: HostAccount) -> Account:
    """The site's account for the host's, made at the first sign-in; its name, groups and full name as they are there
    now. It is known by its number: who has a name that was another's is another."""
    external_id = f"{host.machine_id}/{found.uid}"
    known = accounts.by_external(tx.connection, "os", external_id)
    if known is not None and known.name != found.name:
        accounts.retire(tx, known)
        known = None
    if known is None:
        former = accounts.by_name(tx.connection, found.name, host.name)
        if former is not None:
            accounts.retire(tx, former)
        known = accounts.create(
            tx,
            found.name,
            display_name=found.display_name,
            source="os",
            external_id=external_id,
            domain=host.name,
        )
    elif known.display_name != found.display_name[:128]:
        accounts.set_display_name(tx, known.id, found.display_name[:128])
    accounts.set_groups(tx, known.id, "os", found.groups)
    return known


def _find(connection: Connection, domain: str | None) -> Host | None:
    query = select(_m.c.id, _m.c.name).where(
        _m.c.as_root == true(), _m.c.registered == true(), _m.c.simulated == false()
    )
    for row in connection.execute(query.order_by(_m.c.uid)):
        name = row.name.rpartition("\\")[2]
        if domain is None or name.lower() == domain.lower():
            return Host(row.id, name)
    return None
