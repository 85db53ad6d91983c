"""As which account of the host an account's sessions run: an administrator's word."""

from __future__ import annotations

from litestar.params import FromPath, JSONBody

from footlight.access import accounts, administrators
from footlight.access.accounts import Account
from footlight.api.accounts import account_view
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.audit.log import Act, record
from footlight.caller import Caller, Permission
from footlight.errors import Conflict, NotFound
from footlight.store.store import Tx
from footlight.wire.own import AccountView, OsAccount

routes = Routes(cvad=False)
PATH = "/footlight/v1/accounts/{id}/os-account"


@routes.add("PUT", PATH, statuses=(200, 400, 401, 403, 404, 409, 503))
async def map_account(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], data: JSONBody[OsAccount]
) -> AccountView:
    """Let the account's new sessions run as that account of the host, without its password: what it would open is
    missing there. 409 for one that may have no sessions: below UID_MIN, locked, or without a login shell. The id may
    be the account's name."""
    account = await _mappable(parts, caller, decode_parameter(id))
    domain, _, name = data.name.rpartition("\\")
    found = await parts.hosts.look_up(domain if domain not in ("", ".") else None, name)
    return await parts.store.write(lambda tx: _write(tx, caller, parts, account, found.name))


@routes.add("DELETE", PATH, statuses=(200, 401, 403, 404, 409))
async def unmap_account(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> AccountView:
    """Let its new sessions run as a Linux account of their own again."""
    account = await _mappable(parts, caller, decode_parameter(id))
    return await parts.store.write(lambda tx: _write(tx, caller, parts, account, None))


async def _mappable(parts: Parts, caller: Caller, name: str) -> Account:
    """The account. Who maps it decides whose files it sees: that needs all rights on accounts and
    administrators."""
    caller.require_everywhere(Permission.SITE_CONFIGURE)
    caller.require_everywhere(Permission.ADMIN_MANAGE)
    account = await parts.store.read(
        lambda c: accounts.by_id(c, name.lower()) or accounts.by_name(c, name)
    )
    if account is None or account.is_group or account.source == "visitor":
        raise NotFound("There is no such account.", entityType="Account", id=name)
    if account.source == "os":
        raise Conflict("An account of a host runs as itself.", id=name)
    return account


def _write(
    tx: Tx, caller: Caller, parts: Parts, account: Account, os_name: str | None
) -> AccountView:
    administrators.require_covered(tx.connection, caller, account.id)
    accounts.map_to_host(tx, account.id, os_name)
    act = Act(
        text=f"Map account '{account.name}' to the host's account '{os_name}'"
        if os_name
        else f"Map account '{account.name}' to no account of the host",
        target_type="Account",
        object_id=account.id,
        object_name=account.name,
        changes={"OsAccount": (account.os_name, os_name)},
    )
    record(tx, caller, act)
    now = accounts.by_id(tx.connection, account.id)
    assert now is not None
    return account_view(tx.connection, now, parts.site.name)
