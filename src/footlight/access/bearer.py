"""What a request's token stands for, read at each request: one query for account, revocation and rights."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, and_, bindparam, select, true

from footlight.access import accounts, clients, groups, roles
from footlight.access.accounts import Account
from footlight.access.tokens import Token
from footlight.caller import Grant
from footlight.store import schema

_a = schema.accounts
_admins = schema.administrators
_rights = schema.administrator_rights
_revoked = schema.revoked_tokens

# A row for each right; one without a right for who has none.
_QUERY = (
    select(
        _a,
        schema.site.c.local_token_id,
        schema.servers.c.local_token_id.label("of_server"),
        _revoked.c.token_id.label("revoked"),
        _rights.c.role_id,
        _rights.c.scope_id,
    )
    .select_from(
        _a.join(schema.site, true())
        .outerjoin(schema.servers, schema.servers.c.local_token_id == bindparam("token_id"))
        .outerjoin(_revoked, _revoked.c.token_id == bindparam("token_id"))
        .outerjoin(_admins, and_(_admins.c.account_id.in_(groups.holders()), _admins.c.enabled))
        .outerjoin(_rights, _rights.c.account_id == _admins.c.account_id)
    )
    .where(_a.c.id == bindparam("account_id"))
)


@dataclass(frozen=True)
class Bearer:
    """An account that may call, and what it may do."""

    account: Account
    grants: tuple[Grant, ...]


def bearer_of(
    connection: Connection, token: Token, now_ms: int, *, separate_duties: bool = False
) -> Bearer | None:
    """Whose the token is; None when it is dead, or the account is gone, disabled or signed off everywhere, or the
    API client that got it is gone or has expired. An API client has no rights of groups: who is in them is known
    from people's sign-ins."""
    if token.client_id and not is_good_client(connection, token.client_id, token.secret, now_ms):
        return None
    chosen = {
        "token_id": token.token_id,
        "account_id": token.account_id,
        "with_groups": not token.client_id,
    }
    rows = connection.execute(_QUERY, chosen).all()
    if not rows or rows[0].revoked is not None:
        return None
    account = accounts.of_row(rows[0])
    # Of local ones only each server's last is good.
    one = token.token_id in (rows[0].local_token_id, rows[0].of_server)
    good = one if token.local else token.issued_at_ms >= account.tokens_after_ms
    if not (good and account.enabled):
        return None
    held = [(row.role_id, row.scope_id) for row in rows if row.role_id is not None]
    grants = roles.grants_from(connection, held, separate_duties=separate_duties)
    return Bearer(account, grants)


def is_good_client(connection: Connection, client_id: str, secret_print: str, now_ms: int) -> bool:
    """Whether tokens that the API client got with that secret are good."""
    found = clients.get(connection, client_id)
    if found is None:
        return False
    until_ms = found.good_until_ms(secret_print)
    return until_ms is None or now_ms < until_ms
