"""Sign-in and who a token is. Everything that decides who the caller is goes through here."""

from __future__ import annotations

from dataclasses import dataclass

from footlight.access import accounts, passwords, tokens
from footlight.access.accounts import Account
from footlight.access.bearer import Bearer, bearer_of
from footlight.caller import Caller
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
    ) -> None:
        self._store = store
        self._clock = clock
        self._site_name = site_name
        self._key = token_key
        self._policy = policy

    async def sign_in(self, user: str, password: str) -> SignedIn:
        """A token for `name` or `SITE\\name` and its password. Raises Unauthenticated."""
        domain, _, name = user.rpartition("\\")
        account = await self._store.read(lambda c: accounts.by_name(c, name))
        foreign = domain not in ("", ".") and domain.lower() != self._site_name.lower()
        stored = (
            None if account is None or foreign or not account.enabled else account.password_hash
        )
        if not await passwords.verify_password(stored, password) or account is None:
            raise Unauthenticated("The user name or password is not right.", reason="invalid")
        return self._issue(account)

    async def sign_in_client(self, client_id: str, secret: str) -> SignedIn:
        """A token for an API client. Raises Unauthenticated."""
        found = await self._store.read(lambda c: accounts.client(c, client_id))
        stored, account_id = found if found is not None else (None, "")
        if not await passwords.verify_password(stored, secret):
            raise Unauthenticated("Invalid client id or client secret.", reason="invalid")
        account = await self._store.read(lambda c: accounts.by_id(c, account_id))
        if account is None or not account.enabled:
            raise Unauthenticated("Invalid client id or client secret.", reason="invalid")
        return self._issue(account)

    async def caller(self, text: str, address: str, user_agent: str) -> Caller:
        """Who the token's bearer is. Raises Unauthenticated."""
        token, bearer = await self._accepted(text)
        account = bearer.account
        return Caller(
            account_id=account.id,
            name=account.name,
            user_name=f"{self._site_name}\\{account.name}",
            display_name=account.display_name,
            grants=bearer.grants,
            token_id=token.token_id,
            expires_at_ms=token.expires_at_ms,
            refresh_until_ms=token.refresh_until_ms,
            address=address,
            user_agent=user_agent,
        )

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
        return self._issue(account, refresh_until_ms=caller.refresh_until_ms)

    async def sign_out(self, caller: Caller) -> None:
        """The caller's token is dead at once."""
        await self._store.write(lambda tx: tokens.revoke(tx, caller.token_id, caller.expires_at_ms))

    async def local_token(self, account: Account) -> str:
        """The administrator token of run/site.json: each start makes a new one, and the former is dead."""
        policy = tokens.TokenPolicy(LOCAL_TOKEN_LIFE_MS, LOCAL_TOKEN_LIFE_MS)
        text, token = tokens.issue(
            self._key, policy, account.id, account.display_name, self._clock.now_ms(), local=True
        )
        await self.set_local_token(token.token_id)
        return text

    async def set_local_token(self, token_id: str | None) -> None:
        """Name the one local token that is good; None at a clean end."""
        await self._store.write(
            lambda tx: (
                tx.connection.execute(schema.site.update().values(local_token_id=token_id)) and None
            )
        )

    async def _accepted(self, text: str) -> tuple[tokens.Token, Bearer]:
        token = tokens.parse(self._key, text, self._clock.now_ms())
        bearer = await self._store.read(lambda c: bearer_of(c, token))
        if bearer is None:
            raise Unauthenticated("The token is not valid any more.", reason="invalid")
        return token, bearer

    def _issue(self, account: Account, refresh_until_ms: int | None = None) -> SignedIn:
        text, token = tokens.issue(
            self._key,
            self._policy,
            account.id,
            account.display_name,
            self._clock.now_ms(),
            refresh_until_ms=refresh_until_ms,
        )
        return SignedIn(text, token, account)
