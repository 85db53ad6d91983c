from __future__ import annotations

from footlight.access import accounts, roles
from footlight.caller import FULL_GRANT, Permission
from footlight.ids import ZERO_GUID
from footlight.store import schema
from footlight.store.store import Store, Tx


async def test_nobody_is_an_administrator_unless_made_one(store: Store) -> None:
    account = await store.write(lambda tx: accounts.create(tx, "ada"))
    assert await store.read(lambda c: roles.grants_of(c, account.id)) == ()
    await store.write(lambda tx: roles.make_full(tx, account.id))
    assert await store.read(lambda c: roles.grants_of(c, account.id)) == (FULL_GRANT,)
    assert await store.read(lambda c: roles.is_full(c, account.id))


async def test_the_built_in_roles_are_rows_of_every_database(store: Store) -> None:
    rows = await store.read(lambda c: c.execute(schema.roles.select()).all())
    assert {(row.id, row.name) for row in rows if row.is_built_in} == {
        (role.id, role.name) for role in roles.BUILT_IN.values()
    }


async def test_a_role_of_the_site_grants_what_its_rows_say_within_its_scopes(store: Store) -> None:
    def write(tx: Tx) -> str:
        account = accounts.create(tx, "ada")
        run = tx.connection.execute
        run(schema.roles.insert().values(id="r", name="Mine"))
        for name in ("Session_Read", "Of_A_Later_Version"):
            run(schema.role_permissions.insert().values(role_id="r", permission=name))
        run(schema.administrators.insert().values(account_id=account.id, enabled=True))
        for scope in ("s1", "s2"):
            rights = {"account_id": account.id, "role_id": "r", "scope_id": scope}
            run(schema.administrator_rights.insert().values(rights))
        return account.id

    account_id = await store.write(write)
    (grant,) = await store.read(lambda c: roles.grants_of(c, account_id))
    assert grant.permissions == {Permission.SESSION_READ}
    assert grant.scope_ids == {"s1", "s2"}
    assert not await store.read(lambda c: roles.is_full(c, account_id))
    off = schema.administrators.update().values(enabled=False)
    await store.write(lambda tx: tx.connection.execute(off) and None)
    assert await store.read(lambda c: roles.grants_of(c, account_id)) == ()


def test_read_only_changes_nothing_and_the_auditor_can_not_record() -> None:
    assert all(p.endswith("_Read") for p in roles.READ_ONLY.permissions)
    assert Permission.RECORD not in roles.AUDITOR.permissions
    assert ZERO_GUID not in roles.BUILT_IN
