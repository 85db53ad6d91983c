"""The parts of the embedded site that stand without sockets and hosts; the whole is in tests/e2e."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from footlight import serve
from footlight.access import accounts, passwords, roles
from footlight.access.access import Access
from footlight.access.tokens import TokenPolicy
from footlight.clock import SystemClock
from footlight.config import SiteConfig
from footlight.datadir import DataDir
from footlight.errors import Conflict, Invalid, Unauthenticated
from footlight.site.founding import Site, read_site
from footlight.site.resources import every
from footlight.store.engines import open_store
from footlight.store.migrate import migrate
from footlight.store.store import Store

SITE = Site("s", "LAB", "c", b"k" * 32)


@pytest.mark.parametrize(
    ("listen", "tls", "url"),
    [
        ("127.0.0.1:0", "auto", "https://127.0.0.1:8500"),
        ("127.0.0.1:8443", "off", "http://127.0.0.1:8500"),
        ("0.0.0.0:1", "auto", "https://localhost:8500"),
        ("[::]:1", "a,b", "https://localhost:8500"),
        ("[::1]:1", "auto", "https://[::1]:8500"),
        ("portal.test:1", "auto", "https://portal.test:8500"),
    ],
)
def test_the_address_for_others_has_the_port_that_was_bound(
    listen: str, tls: str, url: str
) -> None:
    listener: Any = SimpleNamespace(getsockname=lambda: ("ignored", 8500))
    assert serve._base_url(SiteConfig(listen=listen, tls=tls), listener) == url


def test_passwords_come_from_files_without_their_line_end(tmp_path: Path) -> None:
    file = tmp_path / "password"
    for text, password in (("a b ", "a b "), ("pä\r\n", "pä"), ("x\n", "x")):
        file.write_bytes(text.encode())
        assert serve._password_from(file) == password
    assert serve._password_from(None) is None


@pytest.mark.parametrize("content", [None, b"", b"\n", b"\xff\xfe"])
def test_a_password_file_that_says_nothing_is_invalid(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "password"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Invalid, match=r"password"):
        serve._password_from(file)


def test_the_clients_secret_follows_from_site_and_password() -> None:
    secret = serve._client_secret(SITE, "one")
    assert secret == serve._client_secret(SITE, "one")
    other = Site("s", "LAB", "c", b"o" * 32)
    assert len({secret, serve._client_secret(SITE, "two"), serve._client_secret(other, "one")}) == 3
    assert len(secret) == 43
    assert "=" not in secret
    assert "one" not in secret


def test_a_taken_address_is_invalid_and_port_0_picks_one() -> None:
    listener = serve._listen(SiteConfig(listen="127.0.0.1:0"))
    try:
        port = listener.getsockname()[1]
        assert port > 0
        assert not listener.get_inheritable()
        with socket.socket() as rival:
            rival.bind(("127.0.0.1", 0))
            rival.listen()
            taken = rival.getsockname()[1]
            with pytest.raises(Invalid, match=f"cannot listen on 127.0.0.1:{taken}"):
                serve._listen(SiteConfig(listen=f"127.0.0.1:{taken}"))
    finally:
        listener.close()


async def founded(store: Store, config: SiteConfig) -> tuple[Site, serve.Secrets]:
    return await serve._site(store, config)


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
    assert await founded(store, config) == (site, serve.Secrets(None, secrets.client_id, None))
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
        serve.reset_password(SiteConfig(data_dir=tmp_path / "nothing"))
    assert not (tmp_path / "nothing").exists()
    data = DataDir(tmp_path)
    migrate(data.database)

    async def found() -> str | None:
        store = await open_store(data.database, SystemClock())
        _, secrets = await founded(store, SiteConfig())
        await store.close()
        return secrets.admin_password

    old = asyncio.run(found())
    name, password = serve.reset_password(SiteConfig(data_dir=tmp_path))
    assert (name, password == old) == ("admin", False)

    async def stored() -> str | None:
        store = await open_store(data.database, SystemClock())
        account = await store.read(lambda c: accounts.by_name(c, name))
        await store.close()
        return account.password_hash if account else None

    assert asyncio.run(passwords.verify_password(asyncio.run(stored()), password))
    data.lock()
    try:
        with pytest.raises(Conflict):
            serve.reset_password(SiteConfig(data_dir=tmp_path))
    finally:
        data.unlock()


def test_an_empty_database_has_no_administrator(tmp_path: Path) -> None:
    migrate(DataDir(tmp_path).database)
    with pytest.raises(Invalid, match="no account 'admin'"):
        serve.reset_password(SiteConfig(data_dir=tmp_path))


async def test_the_ready_file_tells_all_and_the_site_file_a_token(
    store: Store, tmp_path: Path
) -> None:
    site, secrets = await founded(store, SiteConfig())
    data = DataDir(tmp_path / "data")
    config = SiteConfig(data_dir=data.root, ready_file=tmp_path / "ready.json")
    access = access_to(store, site)
    parts: Any = SimpleNamespace(site=site, store=store, access=access, site_public_key=b"\1" * 32)
    await serve._announce(config, data, parts, secrets, "https://x:1", tmp_path / "ca.pem")
    ready = json.loads((tmp_path / "ready.json").read_text())
    assert set(ready) == {
        "base_url", "site_id", "customer_id", "admin_user", "admin_password", "client_id",
        "client_secret", "ca_file", "pid",
    }  # fmt: skip
    assert (ready["base_url"], ready["site_id"]) == ("https://x:1", site.id)
    assert ready["admin_password"] == secrets.admin_password
    local = json.loads(data.site_file.read_text())
    assert (await access.caller(local["token"], "", "")).name == "admin"
    assert local["site_public_key"] == "01" * 32
    assert secrets.admin_password not in data.site_file.read_text()
    for file in (tmp_path / "ready.json", data.site_file):
        assert file.stat().st_mode & 0o777 == 0o600
    assert await store.read(read_site) == site


async def test_a_server_that_ends_by_itself_ends_the_site() -> None:
    async def fails() -> None:
        raise OSError("no more files")

    serving = asyncio.create_task(fails())
    with pytest.raises(OSError, match="no more files"):
        await serve._until(asyncio.Event(), serving)
    stop = asyncio.Event()
    stop.set()
    forever = asyncio.create_task(asyncio.Event().wait())
    await serve._until(stop, forever)  # type: ignore[arg-type]
    assert not forever.done()
    forever.cancel()
