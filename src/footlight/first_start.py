"""Who may enter first: the site and its administrator as the first start makes them, and a lost password replaced."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from pathlib import Path

from footlight.access import accounts, clients, passwords, roles
from footlight.access.accounts import Account
from footlight.clock import SystemClock
from footlight.config import SiteConfig
from footlight.datadir import data_of, database_of
from footlight.errors import Invalid
from footlight.site import site_keys
from footlight.site.founding import Site, found_site, read_site
from footlight.site.site_keys import Marks
from footlight.store.address import Database
from footlight.store.engines import open_store
from footlight.store.migrate import migrate
from footlight.store.store import Store, Tx

ADMIN_NAME = "admin"
MAX_PASSWORD_FILE_BYTES = 4096


@dataclass(frozen=True)
class Secrets:
    """What the ready file tells: null where it is not known any more."""

    admin_password: str | None
    client_id: str
    client_secret: str | None


async def enter(store: Store, config: SiteConfig) -> tuple[Site, Secrets]:
    """The site and its first administrator, founded at the first start. Of several servers that start at once, one
    makes each."""
    given = _password_from(config.admin_password_file)
    site = await _site(store, config)
    first = await store.read(lambda c: accounts.by_name(c, ADMIN_NAME)) is None
    password = given or (passwords.new_secret() if first else None)
    if password is None:
        return site, await _known(store)
    secret = _client_secret(site, password)
    stored = await passwords.hash_password(password)
    secret_hash = await passwords.hash_password(secret)
    if first:
        client_id = await store.write(lambda tx: _make_administrator(tx, stored, secret_hash))
        if client_id is not None:
            return site, Secrets(password, client_id, secret)
    if given is None:
        return site, await _known(store)
    return site, await _renew(store, password, stored, secret, secret_hash)


async def _site(store: Store, config: SiteConfig) -> Site:
    def found(tx: Tx) -> Site:
        there = read_site(tx.connection)
        return there or found_site(tx, config.site_name, samples=config.sample_apps)

    there = await store.read(read_site)
    return await store.write(found) if there is None else there


def _make_administrator(tx: Tx, password_hash: str, secret_hash: str) -> str | None:
    """The id of its API client; None when there is an administrator already."""
    if accounts.by_name(tx.connection, ADMIN_NAME) is not None:
        return None
    account = accounts.create(
        tx, ADMIN_NAME, display_name="Administrator", password_hash=password_hash
    )
    roles.make_full(tx, account.id)
    return clients.create(tx, secret_hash, account.id)


async def _known(store: Store) -> Secrets:
    """What a later start knows without a password."""
    account = await administrator(store)
    return Secrets(None, await store.read(lambda c: clients.first(c, account.id)), None)


async def _renew(
    store: Store, password: str, stored: str, secret: str, secret_hash: str
) -> Secrets:
    """A later start with a password file: what it holds becomes the password, if it is not yet."""
    account = await administrator(store)
    client_id = await store.read(lambda c: clients.first(c, account.id))
    if not await passwords.verify_password(account.password_hash, password):
        await store.write(lambda tx: accounts.set_password(tx, account.id, stored))
    client = await store.read(lambda c: clients.get(c, client_id))
    if client is None or not await passwords.verify_password(client.secret_hash, secret):
        await store.write(lambda tx: clients.set_secret(tx, client_id, secret_hash))
    return Secrets(password, client_id, secret)


async def administrator(store: Store) -> Account:
    """The first administrator. Raises Invalid when the site has lost it."""
    account = await store.read(lambda c: accounts.by_name(c, ADMIN_NAME))
    if account is None:
        raise Invalid(f"the site has no account {ADMIN_NAME!r}")
    return account


def _client_secret(site: Site, password: str) -> str:
    """The API client's secret, derived, so that who gives the password again gets the same one and nothing
    but its hash is kept."""
    digest = hmac.digest(site.token_key, b"client-secret\0" + password.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _password_from(file: Path | None) -> str | None:
    if file is None:
        return None
    try:
        with file.open("rb") as source:
            text = source.read(MAX_PASSWORD_FILE_BYTES).decode().strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"cannot read password file {file}: {error}") from error
    if not text:
        raise Invalid(f"password file {file} is empty")
    return text


@dataclass(frozen=True)
class PasswordReset:
    """The administrator's new password, how many of its API clients were revoked, and how many can still sign in."""

    name: str
    password: str = field(repr=False)
    clients_revoked: int = 0
    clients_left: int = 0


def reset_password(config: SiteConfig, *, revoke_clients: bool = False) -> PasswordReset:
    """A new password of the first administrator, while no site runs on the folder. Raises Conflict when
    one does."""
    data, database = data_of(config), database_of(config)
    if isinstance(database, Path) and not database.exists():
        raise Invalid(
            f"there is no site in {data.root}; one on PostgreSQL is named by FOOTLIGHT_DATABASE"
        )
    data.lock()
    try:
        migrate(database)
        return asyncio.run(_reset(database, revoke_clients))
    finally:
        data.unlock()


async def _reset(database: Database, revoke_clients: bool) -> PasswordReset:
    store = await open_store(database, SystemClock())
    try:
        account = await administrator(store)
        password = passwords.new_secret()
        stored = await passwords.hash_password(password)
        unusable = await passwords.hash_password(passwords.new_secret())

        def write(tx: Tx) -> tuple[int, int]:
            accounts.set_password(tx, account.id, stored)
            revoked = clients.revoke_all(tx, account.id, unusable) if revoke_clients else 0
            held = [] if revoke_clients else clients.of_account(tx.connection, account.id)
            return revoked, len([one for one in held if one.hashes(tx.now_ms)])

        return PasswordReset(account.name, password, *await store.write(write))
    finally:
        await store.close()


def replace_keys(config: SiteConfig) -> Path:
    """The keys of this server become the site's, while no site runs on its folder; the folder that they are in. Raises
    Conflict when one does, Invalid without a site."""
    data, database = data_of(config), database_of(config)
    if isinstance(database, Path) and not database.exists():
        raise Invalid(
            f"there is no site in {data.root}; one on PostgreSQL is named by FOOTLIGHT_DATABASE"
        )
    with data.held():
        migrate(database)
        asyncio.run(_adopt(database, data.key_marks()))
    return data.keys


async def _adopt(database: Database, marks: Marks) -> None:
    store = await open_store(database, SystemClock())
    try:
        await store.write(lambda tx: site_keys.adopt(tx, marks))
    finally:
        await store.close()
