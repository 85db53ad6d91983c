"""Accounts of the site."""

from __future__ import annotations

from litestar.params import FromPath, JSONBody

from footlight.access import accounts, passwords
from footlight.access.accounts import Account
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Caller, Permission
from footlight.errors import Forbidden, Invalid, NotFound
from footlight.wire.own import AccountList, AccountView, NewAccount, NewPassword, PasswordSet

routes = Routes(cvad=False)
V1 = "/footlight/v1"


@routes.add("GET", V1 + "/accounts", statuses=(200, 401, 403))
async def list_accounts(caller: GivenCaller, parts: GivenParts) -> AccountList:
    """All accounts of the site."""
    _need_manage(caller)
    return AccountList(items=[_account(a) for a in await parts.store.read(accounts.every)])


@routes.add("POST", V1 + "/accounts", status=201, statuses=(201, 400, 401, 403, 409))
async def create_account(
    caller: GivenCaller, parts: GivenParts, data: JSONBody[NewAccount]
) -> AccountView:
    """Make an account."""
    _need_manage(caller)
    if data.password is not None:
        _check_password(data.password)
    stored = await passwords.hash_password(data.password) if data.password is not None else None
    account = await parts.store.write(
        lambda tx: accounts.create(
            tx,
            data.name,
            display_name=data.display_name,
            password_hash=stored,
            administrator=data.administrator,
        )
    )
    return _account(account)


@routes.add("POST", V1 + "/accounts/{id}/password", statuses=(200, 400, 401, 403, 404))
async def set_password(
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    data: JSONBody[NewPassword | None] = None,
) -> PasswordSet:
    """Set an account's password; its tokens are dead. The id may be the account's name."""
    _need_manage(caller)
    name = decode_parameter(id)
    account = await parts.store.read(
        lambda c: accounts.by_id(c, name.lower()) or accounts.by_name(c, name)
    )
    if account is None:
        raise NotFound("There is no such account.", entityType="Account", id=name)
    given = data.password if data is not None else None
    password = given if given is not None else passwords.new_secret()
    _check_password(password)
    stored = await passwords.hash_password(password)
    await parts.store.write(lambda tx: accounts.set_password(tx, account.id, stored))
    return PasswordSet(name=account.name, password=password)


def _account(account: Account) -> AccountView:
    return AccountView(
        id=account.id,
        name=account.name,
        display_name=account.display_name,
        administrator=account.administrator,
        can_sign_in=account.password_hash is not None and account.enabled,
    )


def _need_manage(caller: Caller) -> None:
    if not caller.may(Permission.MANAGE):
        raise Forbidden(f"This needs the permission {Permission.MANAGE}.")


def _check_password(password: str) -> None:
    if not 8 <= len(password) <= 256:
        raise Invalid("A password has 8 to 256 characters.", name="password")
