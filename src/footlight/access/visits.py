"""People without an account, where a delivery group lets them in: each gets an account for one session, bounded in
number and time. It is dead once the session has ended, and goes with the session's row."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select, update

from footlight.access import accounts
from footlight.access.accounts import Account
from footlight.access.lockout import address_key
from footlight.errors import Conflict, LimitReached
from footlight.store import schema
from footlight.store.store import Tx

RETRY_S = 60
_v = schema.visits
_a = schema.accounts
_s = schema.sessions


@dataclass(frozen=True)
class Bounds:
    """How many visitors there may be at once on the site and at one address, and for how long each."""

    most: int
    most_of_address: int
    life_ms: int


def begin(tx: Tx, address: str, bounds: Bounds) -> tuple[Account, int]:
    """A visitor's account, and when its token is over (ms since 1970). Raises LimitReached when there are too many."""
    end_over(tx)
    whose = address_key(address) or address[:64]
    of_address = select(func.count()).where(_v.c.address == whose)
    count = tx.connection.execute(of_address).scalar_one()
    numbers = set(tx.connection.execute(select(_v.c.number)).scalars())
    if len(numbers) >= bounds.most or count >= bounds.most_of_address:
        raise LimitReached("There are too many visitors just now.", retry_s=RETRY_S)
    number = next(n for n in range(1, 1_000_000) if n not in numbers and _is_free(tx, n))
    account = accounts.create(
        tx, _name(number), display_name=f"Visitor {number:03}", source="visitor"
    )
    until_ms = tx.now_ms + bounds.life_ms
    tx.connection.execute(
        _v.insert().values(
            account_id=account.id, number=number, address=whose, expires_at_ms=until_ms
        )
    )
    return account, until_ms


def check_first(connection: Connection, account_id: str) -> None:
    """Raises Conflict when the visitor has, or had, a session: there is one for each visit."""
    if connection.execute(select(_s.c.id).where(_s.c.account_id == account_id)).first():
        raise Conflict(
            "Without an account one has one session. Sign out to begin another.",
            code="UserNotAuthorized",
        )


def leave(tx: Tx, account_id: str) -> None:
    """The visitor has gone: without a session the visit is over."""
    tx.connection.execute(
        _v.update().where(_v.c.account_id == account_id).values(expires_at_ms=tx.now_ms)
    )


def any_over(connection: Connection, now_ms: int) -> bool:
    """Whether a visit is to be ended."""
    return connection.execute(select(_v.c.account_id).where(_over(now_ms))).first() is not None


def end_over(tx: Tx) -> None:
    """Visits whose session has ended, or whose time is over before one: their tokens are dead, their names free."""
    ids = list(tx.connection.execute(select(_v.c.account_id).where(_over(tx.now_ms))).scalars())
    for account_id in ids:
        tx.connection.execute(_v.delete().where(_v.c.account_id == account_id))
        dead = {"enabled": False, "name_key": f"visitor#{account_id}"}
        tx.connection.execute(update(_a).where(_a.c.id == account_id).values(**dead))


def forget_old(tx: Tx) -> None:
    """Accounts of visits that are over, and that no session's row names any more, go."""
    gone = select(_a.c.id).where(
        _a.c.source == "visitor",
        ~exists().where(_v.c.account_id == _a.c.id),
        ~exists().where(_s.c.account_id == _a.c.id),
    )
    ids = list(tx.connection.execute(gone).scalars())
    for table in (schema.preferences, schema.account_groups):
        tx.connection.execute(table.delete().where(table.c.account_id.in_(ids)))
    tx.connection.execute(_a.delete().where(_a.c.id.in_(ids)))


def _over(now_ms: int) -> ColumnElement[bool]:
    of_visitor = _s.c.account_id == _v.c.account_id
    live = exists().where(of_visitor, _s.c.ended_at_ms.is_(None))
    ended = exists().where(of_visitor, _s.c.ended_at_ms.is_not(None))
    return and_(~live, or_(ended, _v.c.expires_at_ms <= now_ms))


def _name(number: int) -> str:
    return f"Anon{number:03}"


def _is_free(tx: Tx, number: int) -> bool:
    return accounts.by_name(tx.connection, _name(number)) is None
