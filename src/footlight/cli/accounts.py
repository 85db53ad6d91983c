"""`footlight accounts`: the site's accounts, and the Linux accounts made for them."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from footlight.cli.call import Call, command
from footlight.cli.exits import NoRight, NoSite
from footlight.cli.output import print_line, print_table, say
from footlight.cli.place import MAX_FILE_BYTES, data_dir_of

app = typer.Typer(help="Accounts of the site.", no_args_is_help=True)


@command(app, "list")
def list_accounts(call: Call) -> None:
    """List the site's accounts."""
    accounts = call.client.accounts.list()

    def for_people() -> None:
        columns = (
            "NAME",
            "DISPLAY NAME",
            "SOURCE",
            "RUNS AS",
            "ADMINISTRATOR",
            "CAN SIGN IN",
            "ID",
        )
        members = (
            *("userName", "displayName", "source", "osAccount", "administrator", "canSignIn"),
            "id",
        )
        print_table(columns, [[account.get(m) for m in members] for account in accounts])

    call.show(accounts, for_people)


@command(app, "add")
def add(
    call: Call,
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    display_name: Annotated[str | None, typer.Option("--display-name", help="Full name.")] = None,
    administrator: Annotated[
        bool, typer.Option("--administrator", help="May do everything on the site.")
    ] = False,
    new_password_file: Annotated[
        Path | None, typer.Option("--new-password-file", help="File that holds its password.")
    ] = None,
) -> None:
    """Add an account. Without a password it can't sign in until one is set."""
    account = call.client.accounts.create(
        name,
        password=read_secret(new_password_file),
        display_name=display_name,
        administrator=administrator or None,
    )
    call.show(account, lambda: print_line(account["id"]))


@command(app, "map")
def map_account(
    call: Call,
    account: Annotated[str, typer.Argument(help="Name or id of the site's account.")],
    os_account: Annotated[str, typer.Argument(help="Name of the host's account.")],
) -> None:
    """Let an account's sessions run as an account of the host, without its password."""
    mapped = call.client.accounts.map(account, os_account)
    call.show(mapped, lambda: say(f"sessions of {mapped['userName']} run as {mapped['osAccount']}"))


@command(app, "unmap")
def unmap_account(
    call: Call, account: Annotated[str, typer.Argument(help="Name or id of the site's account.")]
) -> None:
    """Let an account's sessions run as a Linux account of their own again."""
    mapped = call.client.accounts.unmap(account)
    call.show(mapped, lambda: say(f"sessions of {mapped['userName']} run as their own account"))


@command(app, "prune")
def prune(
    call: Call,
    site_id: Annotated[
        str | None, typer.Option("--site-id", help="Of this site; else of the data folder's.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Of all sites on this machine.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list them.")] = False,
) -> None:
    """Remove the Linux accounts that were made for a site's users, with their homes."""
    from footlight.agent import accounts as linux

    known = linux.managed_accounts()
    if every:
        sites = {account.site_id for account in known}
    else:
        sites = {site_id or site_of(data_dir_of(call.selection, os.environ))}
    chosen = [account.user.name for account in known if account.site_id in sites]
    if chosen and not dry_run:
        if os.geteuid() != 0:
            raise NoRight("only root can remove accounts")
        chosen = linux.prune(sites)

    def for_people() -> None:
        for name in chosen:
            print_line(name)
        say(f"{len(chosen)} {'would be ' if dry_run else ''}removed")

    call.show(chosen, for_people)


def site_of(data_dir: Path) -> str:
    """The id of the site whose data folder it is, or of the one in FOOTLIGHT_DATABASE; the site need not run.
    Raises NoSite."""
    if os.environ.get("FOOTLIGHT_DATABASE"):
        found, place = asyncio.run(_site_on_server(data_dir)), "the database"
    else:
        found, place = _site_in_file(data_dir), str(data_dir)
    if found is None:
        raise NoSite(f"{place} holds no site yet")
    return found


def _site_in_file(data_dir: Path) -> str | None:
    database = data_dir / "footlight.db"
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as db:
            row = db.execute("SELECT id FROM site").fetchone()
    except sqlite3.Error as error:
        raise NoSite(f"{data_dir} is no site's data folder: {error}") from None
    return None if row is None else str(row[0])


async def _site_on_server(data_dir: Path) -> str | None:
    from footlight.clock import SystemClock
    from footlight.config_sources import load_config
    from footlight.datadir import database_of
    from footlight.site.founding import read_site
    from footlight.store.engines import open_store

    config = load_config(None, os.environ, {"data_dir": data_dir})
    store = await open_store(database_of(config), SystemClock())
    try:
        site = await store.read(read_site)
    finally:
        await store.close()
    return None if site is None else site.id


def read_secret(file: Path | None) -> str | None:
    """The file's text without its line end; None without a file."""
    if file is None:
        return None
    with file.open(encoding="utf-8") as source:
        return source.read(MAX_FILE_BYTES).rstrip("\r\n")
