"""Sign-in and who a token is. Everything that decides who the caller is goes through here."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Update

from footlight.access import accounts, clients, lockout, passwords, roles, tokens, visits
from footlight.access.accounts import Account
from footlight.access.attempts import Attempts
from footlight.access.bearer import Bearer, bearer_of, is_good_client
from footlight.access.clients import Client
from footlight.access.host_accounts import Host, HostAccounts, HostLogon, HostRefusal, adopt
from footlight.access.lockout import DEFAULT, Lockout
from footlight.access.sign_ins import SignIns
from footlight.access.tokens import ANYONE, Origin
from footlight.caller import Caller, Grant
from footlight.clock import Clock
from footlight.errors import Unauthenticated
from footlight.store import schema
from footlight.store.store import Store

LOCAL_TOKEN_LIFE_MS = 366 * 86_400_000


@dataclass(frozen=True)
class SignedIn:
    """A fresh token and whose it is."""

    text: str
    token: tokens.Token
    account: Account


class Access:
    """Tokens and passwords of one site. `site_name` is the domain part of user names."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        site_name: str,
        token_key: bytes,
        policy: tokens.TokenPolicy,
        lockout_policy: Lockout = DEFAULT,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        *,
        separate_duties: bool = False,
        hosts: HostAccounts | None = None,
        server_id: str | None = None,
    ) -> None:
        self._store = store
        self._server_id = server_id  # None: alone
        self._clock = clock
        self._site_name = site_name
        self._key = token_key
        self._policy = policy
        self._separate_duties = separate_duties
        self._attempts = Attempts(store, clock, lockout_policy, sleep)
        # Turns of their own: a slow directory behind PAM must not hold up the site's accounts.
        self._host_attempts = Attempts(store, clock, lockout_policy, sleep)
        self._hosts = hosts  # None: their accounts don't sign in here
        self._sign_ins = SignIns(store, clock, site_name)

    async def sign_in(self, user: str, password: str, address: str = "") -> SignedIn:
        """A token for a name and its password; `address` is the client's. `SITE\\name` is an account of the site,
        `HOST\\name` one of that host, and `name` or `.\\name` the host's only where the site has none of that name.
        Raises Unauthenticated, also while the name or the address is locked out; Unavailable."""
        domain, _, name = user.rpartition("\\")
        host = await self._host_of(domain, name)
        if host is not None:
            return await self._sign_in_on(host, name, password, address)
        foreign = domain not in ("", ".") and domain.lower() != self._site_name.lower()

        async def check(is_open: bool) -> Account | None:
            account = await self._store.read(lambda c: accounts.by_name(c, name))
            usable = is_open and account is not None and not foreign and account.enabled
            stored = account.password_hash if usable and account is not None else None
            return account if await passwords.verify_password(stored, password) else None

        key = lockout.name_key(user if foreign else name)
        account = await self._attempts.run(key, address, check)
        if account is None:
            tried = None if foreign else await self._store.read(lambda c: accounts.by_name(c, name))
            await self._sign_ins.refused(tried, address, "password")
            raise Unauthenticated("The user name or password is not right.", reason="invalid")
        await self._sign_ins.done(account, address, "password")
        return self._issue(account)

    async def validate(self, user: str, password: str, address: str) -> Account:
        """Whose name and password these are, as if he signed in; nothing is left of it. Raises Unauthenticated,
        Unavailable."""
        signed_in = await self.sign_in(user, password, address)
        if self._hosts is not None and signed_in.token.logon:
            await self._hosts.let_go(signed_in.token.logon)
        return signed_in.account

    async def _host_of(self, domain: str, name: str) -> Host | None:
        """The host that is to check the password; None: the site does."""
        if self._hosts is None:
            return None
        anywhere = domain in ("", ".")
        of_site = anywhere or domain.lower() == self._site_name.lower()
        if of_site and await self._store.read(lambda c: accounts.by_name(c, name)) is not None:
            return None
        return await self._hosts.find(None if anywhere else domain)

    async def _sign_in_on(self, host: Host, name: str, password: str, address: str) -> SignedIn:
        hosts = self._hosts
        assert hosts is not None

        async def check(is_open: bool) -> HostLogon | HostRefusal | None:
            hold_s = self._policy.life_ms / 1000
            return await hosts.check(
                host, name, password, address=address, hold_s=hold_s, blind=not is_open
            )

        key = lockout.name_key(f"{host.name}\\{name}")
        found = await self._host_attempts.run(key, address, check)
        if isinstance(found, HostLogon):
            logon = found
            account = await self._store.write(lambda tx: adopt(tx, host, logon.account))
            if account.enabled:
                await self._sign_ins.done(account, address, "host password")
                return self._issue(account, origin=Origin(logon=logon.claim))
            await hosts.let_go(logon.claim)
        tried = await self._store.read(lambda c: accounts.by_name(c, name, host.name))
        await self._sign_ins.refused(tried, address, "host password")
        if isinstance(found, HostRefusal):
            raise Unauthenticated(found.sentence, reason="invalid")
        raise Unauthenticated("The user name or password is not right.", reason="invalid")

    async def sign_in_client(self, client_id: str, secret: str, address: str = "") -> SignedIn:
        """A token for an API client; `address` is the client's. Raises Unauthenticated, also while the id or the
        address is locked out."""

        async def check(is_open: bool) -> tuple[Client, str, Account] | None:
            client = await self._store.read(lambda c: clients.get(c, client_id))
            good = client.hashes(self._clock.now_ms()) if client is not None and is_open else []
            fits = None
            for stored in good or (None,):
                if await passwords.verify_password(stored, secret):
                    fits = stored
                    break
            if client is None or fits is None:
                return None
            account = await self._store.read(lambda c: accounts.by_id(c, client.account_id))
            return (client, fits, account) if account is not None and account.enabled else None

        found = await self._attempts.run(lockout.client_key(client_id), address, check)
        if found is None:
            known = await self._store.read(lambda c: clients.get(c, client_id))
            id = "" if known is None else known.account_id
            tried = await self._store.read(lambda c: accounts.by_id(c, id))
            await self._sign_ins.refused(tried, address, "client")
            raise Unauthenticated("Invalid client id or client secret.", reason="invalid")
        client, stored, account = found
        await self._store.write(lambda tx: clients.note_use(tx, client))
        await self._sign_ins.done(account, address, "client")
        secret_print = clients.print_of(stored)
        origin = Origin(client.id, secret_print, until_ms=client.good_until_ms(secret_print))
        return self._issue(account, origin=origin)

    async def let_in(self, account: Account, address: str, way: str) -> SignedIn:
        """A token for an account that another has vouched for: `way` is told in the audit log. Raises Unauthenticated
        when it is disabled."""
        if not account.enabled:
            await self._sign_ins.refused(account, address, way)
            raise Unauthenticated("The account is disabled.", reason="invalid")
        await self._sign_ins.done(account, address, way)
        return self._issue(account)

    async def not_let_in(self, account: Account | None, address: str, way: str) -> None:
        """Tell the audit log that somebody was refused, as that account or as nobody known."""
        await self._sign_ins.refused(account, address, way)

    async def caller(self, text: str, address: str, user_agent: str) -> Caller:
        """Who the token's bearer is. Raises Unauthenticated."""
        token, bearer = await self._accepted(text)
        account = bearer.account
        return Caller(
            account_id=account.id,
            name=account.name,
            user_name=accounts.user_name(self._site_name, account),
            display_name=account.display_name,
            grants=bearer.grants,
            token_id=token.token_id,
            client_id=token.client_id,
            client_secret_print=token.secret,
            sign_in_id=token.sign_in_id,
            # A new password does not end the local token (bearer.py).
            issued_at_ms=token.expires_at_ms if token.local else token.issued_at_ms,
            expires_at_ms=token.expires_at_ms,
            refresh_until_ms=token.refresh_until_ms,
            address=address,
            user_agent=user_agent,
            visitor=account.source == "visitor",
            logon=token.logon,
            separate_duties=self._separate_duties,
        )

    def renewed(self, connection: Connection, caller: Caller) -> Caller:
        """The caller with what it may do now, for calls that last. Raises Unauthenticated when the token is
        dead by now."""
        account = accounts.by_id(connection, caller.account_id)
        now_ms = self._clock.now_ms()
        if (
            account is None
            or not account.enabled
            or tokens.is_revoked(connection, caller.token_id)
            or now_ms >= caller.expires_at_ms
            or caller.issued_at_ms < account.tokens_after_ms
            or not self._is_good_client(connection, caller)
        ):
            raise Unauthenticated("The token is not valid any more.", reason="invalid")
        grants = self._grants(connection, caller.account_id, with_groups=not caller.client_id)
        return replace(caller, grants=grants)

    def _is_good_client(self, connection: Connection, caller: Caller) -> bool:
        secret = caller.client_secret_print
        return not caller.client_id or is_good_client(
            connection, caller.client_id, secret, self._clock.now_ms()
        )

    def holder(self, connection: Connection, account_id: str) -> Caller | None:
        """The account as a caller without a token, for what it was let into before; None when it is gone or
        disabled."""
        account = accounts.by_id(connection, account_id)
        if account is None or not account.enabled:
            return None
        return Caller(
            account_id=account.id,
            name=account.name,
            user_name=accounts.user_name(self._site_name, account),
            display_name=account.display_name,
            grants=self._grants(connection, account.id),
            token_id="",
            expires_at_ms=0,
            refresh_until_ms=0,
            address="",
            separate_duties=self._separate_duties,
        )

    def _grants(
        self, connection: Connection, account_id: str, *, with_groups: bool = True
    ) -> tuple[Grant, ...]:
        return roles.grants_of(
            connection,
            account_id,
            separate_duties=self._separate_duties,
            with_groups=with_groups,
        )

    def account_of(self, text: str) -> str | None:
        """The id of the account that a token names, by its signature alone; None when it is none of ours or has
        expired. Not asked: whether it was revoked, and whether the account still is."""
        try:
            return tokens.parse(self._key, text, self._clock.now_ms()).account_id
        except Unauthenticated:
            return None

    async def visit(self, account: Account, until_ms: int, address: str) -> SignedIn:
        """The token of a visitor's account, which lives until then, however it is refreshed."""
        await self._sign_ins.visited(account, address)
        return self._issue(account, origin=Origin(until_ms=until_ms))

    async def refresh(self, caller: Caller) -> SignedIn:
        """A new token for the caller; the old one lives out its hour. Raises Unauthenticated
        past the refresh limit."""
        if self._clock.now_ms() >= caller.refresh_until_ms:
            raise Unauthenticated(
                "The token can no longer be refreshed; sign in again.", reason="invalid"
            )
        account = await self._store.read(lambda c: accounts.by_id(c, caller.account_id))
        if account is None or not account.enabled:
            raise Unauthenticated("The account is gone.", reason="invalid")
        if self._hosts is not None and caller.logon:
            await self._hosts.hold(caller.logon, self._policy.life_ms / 1000)
        origin = Origin(
            caller.client_id,
            caller.client_secret_print,
            caller.sign_in_id,
            # Of an API client the limit is also the moment of its expiry.
            caller.refresh_until_ms if caller.client_id else None,
            caller.logon,
        )
        return self._issue(account, refresh_until_ms=caller.refresh_until_ms, origin=origin)

    async def sign_out(self, caller: Caller) -> None:
        """The caller's token is dead at once."""
        await self._store.write(lambda tx: tokens.revoke(tx, caller.token_id, caller.expires_at_ms))
        if caller.visitor:
            await self._store.write(lambda tx: visits.leave(tx, caller.account_id))
        if self._hosts is not None and caller.logon:
            await self._hosts.let_go(caller.logon)
        await self._sign_ins.out(caller)

    async def local_token(self, account: Account) -> str:
        """The administrator token of run/site.json: each start makes a new one, and the former is dead."""
        policy = tokens.TokenPolicy(LOCAL_TOKEN_LIFE_MS, LOCAL_TOKEN_LIFE_MS)
        text, token = tokens.issue(
            self._key, policy, account.id, account.display_name, self._clock.now_ms(), local=True
        )
        await self.set_local_token(token.token_id)
        return text

    async def set_local_token(self, token_id: str | None) -> None:
        """Name the one local token of this server that is good; None at a clean end."""
        change: Update = schema.site.update()
        if self._server_id is not None:
            change = schema.servers.update().where(schema.servers.c.id == self._server_id)
        named = change.values(local_token_id=token_id)
        await self._store.write(lambda tx: tx.connection.execute(named) and None)

    async def _accepted(self, text: str) -> tuple[tokens.Token, Bearer]:
        token = tokens.parse(self._key, text, self._clock.now_ms())
        bearer = await self._store.read(
            lambda c: bearer_of(
                c, token, self._clock.now_ms(), separate_duties=self._separate_duties
            )
        )
        if bearer is None:
            raise Unauthenticated("The token is not valid any more.", reason="invalid")
        return token, bearer

    def _issue(
        self,
        account: Account,
        refresh_until_ms: int | None = None,
        origin: Origin = ANYONE,
    ) -> SignedIn:
        text, token = tokens.issue(
            self._key,
            self._policy,
            account.id,
            account.display_name,
            self._clock.now_ms(),
            refresh_until_ms=refresh_until_ms,
            origin=origin,
        )
        return SignedIn(text, token, account)
