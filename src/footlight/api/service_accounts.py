"""Service accounts: API clients that act as an account and expire."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from litestar.params import FromPath, JSONBody
from sqlalchemy import Connection

from footlight.access import accounts, administrators, clients, passwords
from footlight.access.accounts import Account
from footlight.access.clients import Client
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, Invalid, NotFound
from footlight.store.store import Tx
from footlight.wire.own import (
    NewServiceAccount,
    Rotation,
    ServiceAccountList,
    ServiceAccountSecret,
    ServiceAccountView,
)
from footlight.wire.rest.dates import rfc3339, rfc3339_of

routes = Routes(cvad=False)
PATH = "/footlight/v1/service-accounts"


@routes.add("GET", PATH, statuses=(200, 401, 403))
async def list_service_accounts(caller: GivenCaller, parts: GivenParts) -> ServiceAccountList:
    """All API clients of the site, the expired ones too."""
    caller.require_everywhere(Permission.SITE_CONFIGURE)
    now_ms = parts.clock.now_ms()
    found = await parts.store.read(clients.every)
    return ServiceAccountList(items=[_view(one, now_ms) for one in found])


@routes.add("POST", PATH, status=201, statuses=(201, 400, 401, 403, 404, 409))
async def create_service_account(
    caller: GivenCaller, parts: GivenParts, data: JSONBody[NewServiceAccount]
) -> ServiceAccountSecret:
    """Make an API client; its secret is told this once."""
    caller.require_everywhere(Permission.SITE_CONFIGURE)
    name = clients.checked_name(data.name)
    expires_at_ms = _expiry(data.expires_at, parts.clock.now_ms())
    secret = passwords.new_secret()
    stored = await passwords.hash_password(secret)

    def write(tx: Tx) -> Client:
        account = _account(tx.connection, caller, parts.site.name, data.account)
        # Whose secret one has, as him one calls.
        administrators.require_covered(tx.connection, caller, account.id)
        until = tx.now_ms + clients.DEFAULT_LIFE_MS if expires_at_ms is None else expires_at_ms
        id = clients.create(tx, stored, account.id, name=name, expires_at_ms=until)
        made = clients.require(tx.connection, id)
        facts = {"Account": (None, account.name), "ExpiresAt": (None, rfc3339_of(until))}
        record(tx, caller, _act("Create", made, facts))
        return made

    made = await parts.store.write(write)
    return _secret(made, secret, parts.clock.now_ms())


@routes.add("GET", PATH + "/{id}", statuses=(200, 401, 403, 404))
async def get_service_account(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str]
) -> ServiceAccountView:
    """One API client."""
    caller.require_everywhere(Permission.SITE_CONFIGURE)
    found = await parts.store.read(lambda c: clients.require(c, decode_parameter(id)))
    return _view(found, parts.clock.now_ms())


@routes.add("POST", PATH + "/{id}/rotate", statuses=(200, 400, 401, 403, 404))
async def rotate_secret(
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    data: JSONBody[Rotation | None] = None,
) -> ServiceAccountSecret:
    """A new secret, told this once; the one before stays good for a while, by default not at all."""
    caller.require_everywhere(Permission.SITE_CONFIGURE)
    wanted = data or Rotation()
    overlap_ms = wanted.old_valid_seconds * 1000
    if not 0 <= overlap_ms <= clients.LONGEST_OVERLAP_MS:
        raise Invalid(
            f"oldValidSeconds is 0 to {clients.LONGEST_OVERLAP_MS // 1000}.",
            name="oldValidSeconds",
            problem="outOfRange",
        )
    expires_at_ms = _expiry(wanted.expires_at, parts.clock.now_ms())
    secret = passwords.new_secret()
    stored = await passwords.hash_password(secret)

    def write(tx: Tx) -> Client:
        found = clients.require(tx.connection, decode_parameter(id))
        administrators.require_covered(tx.connection, caller, found.account_id)
        if found.has_expired(tx.now_ms) and expires_at_ms is None:
            raise Invalid("It has expired: say until when it is good again.", name="expiresAt")
        clients.set_secret(tx, found.id, stored, overlap_ms=overlap_ms, expires_at_ms=expires_at_ms)
        facts: dict[str, tuple[Any, Any]] = {"OldValidSeconds": (None, wanted.old_valid_seconds)}
        if expires_at_ms is not None:
            before = rfc3339(found.expires_at_ms)
            facts["ExpiresAt"] = (before, rfc3339_of(expires_at_ms))
        record(tx, caller, _act("Change the secret of", found, facts))
        return clients.require(tx.connection, found.id)

    changed = await parts.store.write(write)
    return _secret(changed, secret, parts.clock.now_ms())


@routes.add("DELETE", PATH + "/{id}", status=204, statuses=(204, 401, 403, 404))
async def revoke_service_account(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> None:
    """The API client is gone, and its tokens are dead at once."""
    caller.require_everywhere(Permission.SITE_CONFIGURE)
    unusable = await passwords.hash_password(passwords.new_secret())

    def write(tx: Tx) -> None:
        found = clients.require(tx.connection, decode_parameter(id))
        administrators.require_covered(tx.connection, caller, found.account_id)
        if found.name:
            clients.delete(tx, found.id)
        else:  # the first start's own: later starts tell its id
            clients.set_secret(tx, found.id, unusable)
        record(tx, caller, _act("Revoke", found, {}))

    await parts.store.write(write)


def _account(connection: Connection, caller: Caller, site_name: str, name: str | None) -> Account:
    found = (
        accounts.by_id(connection, caller.account_id)
        if name is None
        else accounts.by_id(connection, name.lower())
        or accounts.of_user_name(connection, site_name, name)
    )
    if found is None or found.is_group:
        raise NotFound("There is no such account.", entityType="Account", id=str(name)[:64])
    if not found.enabled:
        raise Conflict(f"The account {found.name!r} is disabled.", id=found.id)
    return found


def _expiry(text: str | None, now_ms: int) -> int | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("expiresAt is a moment by RFC 3339.", name="expiresAt") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return clients.checked_expiry(int(moment.timestamp() * 1000), now_ms)


def _view(client: Client, now_ms: int) -> ServiceAccountView:
    overlaps = len(client.hashes(now_ms)) > 1
    return ServiceAccountView(
        id=client.id,
        name=client.name,
        account_id=client.account_id,
        account_name=client.account_name,
        created_at=rfc3339_of(client.created_at_ms),
        expires_at=rfc3339(client.expires_at_ms),
        expired=client.has_expired(now_ms),
        last_used_at=rfc3339(client.last_used_at_ms),
        old_secret_until=rfc3339(client.previous_until_ms) if overlaps else None,
    )


def _secret(client: Client, secret: str, now_ms: int) -> ServiceAccountSecret:
    return ServiceAccountSecret(
        client_id=client.id, client_secret=secret, service_account=_view(client, now_ms)
    )


def _act(verb: str, client: Client, changes: dict[str, tuple[Any, Any]]) -> Act:
    name = client.name or client.id
    return Act(
        text=f"{verb} service account '{name}' of '{client.account_name}'",
        target_type="ServiceAccount",
        object_id=client.id,
        object_name=name,
        changes=changes,
    )
