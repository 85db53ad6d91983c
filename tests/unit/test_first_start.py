from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from footlight import first_start
from footlight.access import accounts, passwords, roles
from footlight.access.access import Access
from footlight.access.tokens import TokenPolicy
from footlight.clock import SystemClock
from footlight.config import SiteConfig
from footlight.datadir import DataDir
from footlight.errors import Conflict, Invalid, Unauthenticated
from footlight.first_start import Secrets, enter, replace_keys, reset_password
from footlight.site import site_keys
from footlight.site.founding import Site
from footlight.site.resources import every
from footlight.site.site_keys import Marks
from footlight.store.engines import open_store
from footlight.store.migrate import migrate
from footlight.store.store import Store

SITE = Site("s", "LAB", "c", b"k" * 32)


def test_passwords_come_from_files_without_their_line_end(tmp_path: Path) -> None:
    file = tmp_path / "password"
    for text, password in (("a b ", "a b "), ("pä\r\n", "pä"), ("x\n", "x")):
        file.write_bytes(text.encode())
        assert first_start._password_from(file) == password
    assert first_start._password_from(None) is None


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_a_password_file_that_says_nothing_is_invalid(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Invalid, match=r"password"):
        first_start._password_from(file)


def test_the_clients_secret_follows_from_site_and_password() -> None:
    secret = first_start._client_secret(SITE, "one")
    assert secret == first_start._client_secret(SITE, "one")
    other = Site("s", "LAB", "c", b"o" * 32)
    assert (
        len(
            {
                secret,
                first_start._client_secret(SITE, "two"),
                first_start._client_secret(other, "one"),
            }
        )
        == 3
    )
    assert len(secret) == 43
    assert "=" not in secret
    assert "one" not in secret


async def founded(store: Store, config: SiteConfig) -> tuple[Site, Secrets]:
    return await enter(store, config)


def access_to(store: Store, site: Site) -> Access:
    return Access(store, SystemClock(), site.name, site.token_key, TokenPolicy(1000, 1000))


async def test_the_first_start_founds_the_site_and_tells_its_secrets_once(store: Store) -> None:
    config = SiteConfig(site_name="LAB")
    site, secrets = await founded(store, config)
    assert site.name == "LAB"
    assert secrets.admin_password
    assert secrets.client_secret
    access = access_to(store, site)
    account = (await access.sign_in("LAB\\admin", secrets.admin_password)).account
    assert await store.read(lambda c: roles.is_full(c, account.id))
    await access.sign_in_client(secrets.client_id, secrets.client_secret)
    assert await founded(store, config) == (site, Secrets(None, secrets.client_id, None))
    assert len(await store.read(every)) == 4


async def test_a_site_without_samples(store: Store) -> None:
    await founded(store, SiteConfig(sample_apps=False))
    assert await store.read(every) == []


async def test_a_password_file_is_the_password_of_every_start(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "password"
    file.write_text("first secret\n")
    config = SiteConfig(admin_password_file=file)
    site, first = await founded(store, config)
    assert first.admin_password == "first secret"
    account = await store.read(lambda c: accounts.by_name(c, "admin"))
    assert (await founded(store, config))[1] == first
    assert await store.read(lambda c: accounts.by_name(c, "admin")) == account, "tokens stay good"
    file.write_text("second secret")
    _, second = await founded(store, config)
    assert second.client_id == first.client_id
    assert second.client_secret != first.client_secret
    access = access_to(store, site)
    await access.sign_in("admin", "second secret")
    await access.sign_in_client(second.client_id, str(second.client_secret))
    with pytest.raises(Unauthenticated):
        await access.sign_in("admin", "first secret")
    with pytest.raises(Unauthenticated):
        await access.sign_in_client(first.client_id, str(first.client_secret))


def test_a_password_is_reset_while_no_site_runs(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no site in"):
        reset_password(SiteConfig(data_dir=tmp_path / "nothing"))
    assert not (tmp_path / "nothing").exists()
    data = DataDir(tmp_path)
    migrate(data.database)

    async def found() -> str | None:
        store = await open_store(data.database, SystemClock())
        _, secrets = await founded(store, SiteConfig())
        await store.close()
        return secrets.admin_password

    old = asyncio.run(found())
    reset = reset_password(SiteConfig(data_dir=tmp_path))
    name, password = reset.name, reset.password
    assert (name, password == old) == ("admin", False)
    assert (reset.clients_revoked, reset.clients_left) == (0, 1)
    assert password not in repr(reset)
    again = reset_password(SiteConfig(data_dir=tmp_path), revoke_clients=True)
    assert (again.clients_revoked, again.clients_left) == (1, 0)
    password = again.password

    async def stored() -> str | None:
        store = await open_store(data.database, SystemClock())
        account = await store.read(lambda c: accounts.by_name(c, name))
        await store.close()
        return account.password_hash if account else None

    assert asyncio.run(passwords.verify_password(asyncio.run(stored()), password))
    data.lock()
    try:
        with pytest.raises(Conflict):
            reset_password(SiteConfig(data_dir=tmp_path))
    finally:
        data.unlock()


def test_an_empty_database_has_no_administrator(tmp_path: Path) -> None:
    migrate(DataDir(tmp_path).database)
    with pytest.raises(Invalid, match="no account 'admin'"):
        reset_password(SiteConfig(data_dir=tmp_path))


async def test_keys_that_are_lost_are_replaced_by_a_command(tmp_path: Path) -> None:
    config = SiteConfig(data_dir=tmp_path, site_name="LAB")
    with pytest.raises(Invalid, match="there is no site"):
        replace_keys(config)
    data = DataDir(tmp_path)
    migrate(data.database)
    store = await open_store(data.database, SystemClock())
    await enter(store, config)
    await store.write(
        lambda tx: site_keys.claim(tx, Marks("00" * 32, "00" * 32, "00" * 8), data.keys)
    )
    assert await asyncio.to_thread(replace_keys, config) == data.keys
    mine = data.key_marks()
    await store.write(lambda tx: site_keys.claim(tx, mine, data.keys))
    await store.close()
