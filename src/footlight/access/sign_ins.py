"""What of signing in and out goes into the audit chain: bounded, since anybody can try, and without the names that
people type which no account has, since those may be passwords."""

from __future__ import annotations

from footlight.access.accounts import Account, user_name
from footlight.audit.bound import Bound, with_skipped
from footlight.audit.log import Act, append
from footlight.caller import Caller
from footlight.clock import Clock
from footlight.store.store import Store

PER_ACCOUNT, PER_ADDRESS, WINDOW_MS = 30, 10, 60_000


class SignIns:
    """The entries of one server."""

    def __init__(self, store: Store, clock: Clock, site_name: str) -> None:
        self._store = store
        self._site_name = site_name
        self._done = Bound(clock, PER_ACCOUNT, WINDOW_MS)
        self._refused = Bound(clock, PER_ADDRESS, WINDOW_MS)

    async def done(self, account: Account, address: str, way: str) -> None:
        """Somebody has signed in; `way`: password, client."""
        act = _act("Sign in", account.id, account.name, way)
        await self._write(self._done, account.id, account.id, self._shown(account), address, act)

    async def visited(self, account: Account, address: str) -> None:
        """Somebody has come without an account; bounded by address, since each has another."""
        act = _act("Visit", account.id, account.name, "without an account")
        await self._write(self._done, address, account.id, self._shown(account), address, act)

    async def refused(self, account: Account | None, address: str, way: str) -> None:
        """Somebody was not let in as that account, or by a name that no account has."""
        name = "" if account is None else account.name
        object_id = "" if account is None else account.id
        whom = f"as '{name}'" if name else "by an unknown name"
        act = Act(
            text=f"Refused to sign in {whom}",
            kind="SignIn",
            target_type="Account",
            object_id=object_id,
            object_name=name,
            parameters={"Way": way},
            succeeded=False,
        )
        await self._write(self._refused, address, "", "", address, act)

    async def out(self, caller: Caller) -> None:
        """Somebody has signed out."""
        act = _act("Sign out", caller.account_id, caller.name, "token")
        key = caller.account_id
        await self._write(self._done, key, key, caller.user_name, caller.address, act)

    def _shown(self, account: Account) -> str:
        return user_name(self._site_name, account)

    async def _write(
        self, bound: Bound, key: str, account_id: str, user_name: str, address: str, act: Act
    ) -> None:
        skipped = bound.take(key)
        if skipped is None:
            return
        told = with_skipped(act, skipped)
        await self._store.write(
            lambda tx: append(tx, account_id, user_name, address, told) and None
        )


def _act(verb: str, account_id: str, name: str, way: str) -> Act:
    return Act(
        text=f"{verb} as '{name}'",
        kind="SignIn",
        target_type="Account",
        object_id=account_id,
        object_name=name,
        parameters={"Way": way},
    )
