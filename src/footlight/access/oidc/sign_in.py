"""Signing in at the provider, from the browser's leaving to its coming back, and logging off there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import select

from footlight.access.access import Access, SignedIn
from footlight.access.oidc import arrivals, pending
from footlight.access.oidc.pending import Begun, Pending
from footlight.access.oidc.settings import OidcSettings
from footlight.caller import Caller
from footlight.errors import FootlightError, Unauthenticated, Unavailable
from footlight.log import get_logger
from footlight.store import schema
from footlight.store.store import Store, Tx

if TYPE_CHECKING:  # its libraries are only for sites that have one
    from footlight.access.oidc.provider import Provider

MAX_CODE_CHARACTERS = 4096
MAX_KEPT_TOKEN_CHARACTERS = 16 * 1024
WAY = "oidc"

_s = schema.oidc_sessions
_log = get_logger(__name__)


@dataclass(frozen=True)
class Leaving:
    """Where the browser goes, and the cookie value by which it is known when it comes back."""

    url: str
    browser: str = field(repr=False)


@dataclass(frozen=True)
class Arrived:
    """Who has signed in, and the page that he wanted."""

    signed_in: SignedIn
    return_to: str


class OidcSignIn:
    """Sign-ins of one server at one provider."""

    def __init__(
        self,
        store: Store,
        access: Access,
        settings: OidcSettings,
        provider: Provider,
        site_name: str,
    ) -> None:
        self._store = store
        self._access = access
        self._provider = provider
        self._site_name = site_name
        self.settings = settings

    async def begin(self, browser: str | None, redirect_uri: str, return_to: str) -> Leaving:
        """A sign-in is under way. Raises Unavailable, LimitReached."""
        # A provider that is away is told before anything is kept.
        await self._provider.description()
        begun: Begun = await self._store.write(lambda tx: pending.begin(tx, browser, return_to))
        url = await self._provider.authorization_url(
            redirect_uri, begun.state, begun.nonce, begun.verifier
        )
        return Leaving(url, begun.browser)

    async def complete(
        self, query: Mapping[str, str], browser: str, redirect_uri: str, address: str
    ) -> Arrived:
        """The browser has come back with what the provider told it. Raises Unauthenticated, Forbidden,
        Unavailable."""
        try:
            return await self._complete(query, browser, redirect_uri, address)
        except Unavailable:
            raise
        except FootlightError as error:
            _log.info("sign-in at the provider refused", reason=error.message, client=address)
            await self._access.not_let_in(None, address, WAY)
            raise

    async def _complete(
        self, query: Mapping[str, str], browser: str, redirect_uri: str, address: str
    ) -> Arrived:
        state = query.get("state", "")
        begun: Pending | None = await self._store.write(lambda tx: pending.take(tx, state, browser))
        if begun is None:
            raise Unauthenticated(
                "This sign-in is not under way any more, or was begun in another browser. Sign in again.",
                reason="invalid",
            )
        described = await self._provider.description()
        issuer = query.get("iss")
        if issuer != self.settings.issuer and (issuer is not None or described.tells_issuer):
            raise Unauthenticated("The answer is of another provider.", reason="invalid")
        if "error" in query:
            said = query["error"][:64]
            raise Unauthenticated(f"The provider has not signed you in ({said}).", reason="invalid")
        code = query.get("code", "")
        if not 1 <= len(code) <= MAX_CODE_CHARACTERS:
            raise Unauthenticated("The provider's answer holds no code.", reason="invalid")
        given = await self._provider.tokens(code, redirect_uri, begun.verifier)
        wanted = (
            self.settings.name_claim.partition(".")[0],
            self.settings.groups_claim.partition(".")[0],
        )
        claims = await self._provider.claims(given, begun.nonce, wanted)
        account = await self._store.write(
            lambda tx: arrivals.arrive(tx, claims, self.settings, self._site_name, address)
        )
        signed_in = await self._access.let_in(account, address, WAY)
        await self._store.write(lambda tx: keep_token(tx, signed_in, str(given["id_token"])))
        return Arrived(signed_in, begun.return_to)

    async def log_off_url(self, caller: Caller, back: str) -> str | None:
        """Where the browser logs off at the provider too; None when there is no such place, or the caller has not
        signed in there."""
        token = await self._store.write(lambda tx: take_token(tx, caller.sign_in_id))
        if token is None:
            return None
        try:
            return await self._provider.end_session_url(token, back)
        except Unavailable:
            return None  # signed out here all the same


def keep_token(tx: Tx, signed_in: SignedIn, id_token: str) -> None:
    """The id token stays as long as the sign-in may: logging off shows it to the provider."""
    tx.connection.execute(_s.delete().where(_s.c.expires_at_ms <= tx.now_ms))
    if len(id_token) <= MAX_KEPT_TOKEN_CHARACTERS:
        token = signed_in.token
        tx.connection.execute(
            _s.insert().values(
                sign_in_id=token.sign_in_id,
                id_token=id_token,
                expires_at_ms=max(token.refresh_until_ms, token.expires_at_ms),
            )
        )


def take_token(tx: Tx, sign_in_id: str) -> str | None:
    """The id token of a sign-in, which is gone from now on; None when it was not at the provider."""
    of_sign_in = _s.c.sign_in_id == sign_in_id
    found: str | None = tx.connection.execute(select(_s.c.id_token).where(of_sign_in)).scalar()
    if found is not None:
        tx.connection.execute(_s.delete().where(of_sign_in))
    return found
