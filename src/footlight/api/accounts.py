"""Accounts of the site."""

from __future__ import annotations

from typing import Any

from litestar.params import FromPath, JSONBody
from sqlalchemy import Connection

from footlight.access import accounts, administrators, clients, passwords, roles
from footlight.access.accounts import Account
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.audit.log import Act, record
from footlight.caller import Permission
from footlight.errors import Conflict, Invalid, NotFound
from footlight.store.store import Tx
from footlight.wire.own import AccountList, AccountView, NewAccount, NewPassword, PasswordSet

routes = Routes(cvad=False)
V1 = "/footlight/v1"


@routes.add("GET", V1 + "/accounts", statuses=(200, 401, 403))
async def list_accounts(caller: GivenCaller, parts: GivenParts) -> AccountList:
    """All accounts of the site."""
    caller.require_everywhere(Permission.SITE_CONFIGURE)

    def read(connection: Connection) -> list[AccountView]:
        every = accounts.every(connection)
        return [account_view(connection, account, parts.site.name) for account in every]

    return AccountList(items=await parts.store.read(read))


@routes.add("POST", V1 + "/accounts", status=201, statuses=(201, 400, 401, 403, 409))
async def create_account(
    caller: GivenCaller, parts: GivenParts, data: JSONBody[NewAccount]
) -> AccountView:
    """Make an account."""
    caller.require_everywhere(Permission.SITE_CONFIGURE)
    if data.administrator:
        caller.require_everywhere(Permission.ADMIN_MANAGE)
    if data.password is not None:
        _check_password(data.password)
    stored = await passwords.hash_password(data.password) if data.password is not None else None

    def write(tx: Tx) -> AccountView:
        account = accounts.create(
            tx, data.name, display_name=data.display_name, password_hash=stored
        )
        if data.administrator:
            roles.make_full(tx, account.id)
            administrators.require_covered(tx.connection, caller, account.id)
        record(tx, caller, _act("Create", account, {"Administrator": (None, data.administrator)}))
        return account_view(tx.connection, account, parts.site.name)

    return await parts.store.write(write)


@routes.add("POST", V1 + "/accounts/{id}/password", statuses=(200, 400, 401, 403, 404, 409))
async def set_password(
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    data: JSONBody[NewPassword | None] = None,
) -> PasswordSet:
    """Set an account's password; its tokens are dead, and with `revokeClients` its API clients too. The id may be the
    account's name."""
    caller.require_everywhere(Permission.SITE_CONFIGURE)
    name = decode_parameter(id)
    account = await parts.store.read(
        lambda c: accounts.by_id(c, name.lower()) or accounts.by_name(c, name)
    )
    if account is None:
        raise NotFound("There is no such account.", entityType="Account", id=name)
    if account.source != "site":
        raise Conflict(
            "The account signs in where it comes from: it has no password here.", id=name
        )
    given = data.password if data is not None else None
    revoking = data is not None and data.revoke_clients
    unusable = await passwords.hash_password(passwords.new_secret()) if revoking else ""
    password = given if given is not None else passwords.new_secret()
    _check_password(password)
    stored = await passwords.hash_password(password)

    def write(tx: Tx) -> PasswordSet:
        # Whose password one knows, as him one signs in.
        administrators.require_covered(tx.connection, caller, account.id)
        accounts.set_password(tx, account.id, stored)
        revoked = clients.revoke_all(tx, account.id, unusable) if revoking else 0
        held = clients.of_account(tx.connection, account.id)
        left = 0 if revoking else len([one for one in held if one.hashes(tx.now_ms)])
        changes: dict[str, tuple[Any, Any]] = (
            {"ClientsRevoked": (None, revoked)} if revoking else {}
        )
        record(tx, caller, _act("Set password of", account, changes))
        return PasswordSet(
            name=account.name, password=password, clients_revoked=revoked, clients_left=left
        )

    return await parts.store.write(write)


def account_view(connection: Connection, account: Account, site_name: str) -> AccountView:
    """The account as it is shown."""
    return AccountView(
        id=account.id,
        name=account.name,
        display_name=account.display_name,
        administrator=roles.is_full(connection, account.id),
        can_sign_in=account.enabled
        and (account.password_hash is not None or account.source != "site"),
        source=account.source,
        user_name=accounts.user_name(site_name, account),
        os_account=account.os_name,
    )


def _act(verb: str, account: Account, changes: dict[str, tuple[Any, Any]] | None = None) -> Act:
    return Act(
        text=f"{verb} account '{account.name}'",
        target_type="Account",
        object_id=account.id,
        object_name=account.name,
        changes=changes or {},
    )


def _check_password(password: str) -> None:
    if not 8 <= len(password) <= 256:
        raise Invalid("A password has 8 to 256 characters.", name="password")
