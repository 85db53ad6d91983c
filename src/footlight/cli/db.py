"""`footlight db`: the site's database, without the site."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from footlight.cli.call import end
from footlight.cli.output import print_json, say

if TYPE_CHECKING:  # every other command does without the store
    from footlight.datadir import DataDir
    from footlight.store.address import Database

app = typer.Typer(help="The site's database.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="The result as JSON, on one line.")]
DataFolder = Annotated[Path | None, typer.Option("--data-dir", help="Data folder of the site.")]
Url = Annotated[
    str | None, typer.Option("--database", help="postgresql://USER@HOST:PORT/NAME; else SQLite.")
]
PasswordFile = Annotated[
    Path | None, typer.Option("--database-password-file", help="Holds the database's password.")
]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="TOML file of options.")]


@app.command("migrate")
def migrate(
    data_dir: DataFolder = None,
    database: Url = None,
    database_password_file: PasswordFile = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Bring the database to this release's schema; `footlight up` does so too."""

    def work(data: DataDir, found: Database) -> None:
        from footlight.store.backup import engine_of, newest_revision
        from footlight.store.migrate import migrate as to_newest

        with data.held():
            to_newest(found)
        made = {"engine": engine_of(found), "revision": newest_revision()}
        _show(made, as_json, f"the database is at revision {made['revision']}")

    _on_database(work, config, data_dir, database, database_password_file)


@app.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(help="New file to write (0600).")],
    data_dir: DataFolder = None,
    database: Url = None,
    database_password_file: PasswordFile = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Copy the database into a file, as it is at one moment. The site may run meanwhile."""

    def work(data: DataDir, found: Database) -> None:
        from footlight.store.backup import back_up

        made = back_up(found, file)
        _show(_facts(made), as_json, f"{made.size_bytes} bytes written to {file}")

    _on_database(work, config, data_dir, database, database_password_file)


@app.command("restore")
def restore(
    file: Annotated[Path, typer.Argument(help="What `footlight db backup` has written.")],
    force: Annotated[bool, typer.Option("--force", help="Replace a site that is there.")] = False,
    data_dir: DataFolder = None,
    database: Url = None,
    database_password_file: PasswordFile = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the database's place, while no site runs. What fails changes nothing."""

    def work(data: DataDir, found: Database) -> None:
        from footlight.store import backup

        with data.held():
            taken = backup.restore(found, file, data.root, force=force)
        _show(_facts(taken), as_json, f"{file} is in place")

    _on_database(work, config, data_dir, database, database_password_file)


def _on_database(
    work: Callable[[DataDir, Database], None],
    config: Path | None,
    data_dir: Path | None,
    database: str | None,
    password_file: Path | None,
) -> None:
    def run() -> None:
        from footlight.config_sources import load_config
        from footlight.datadir import DataDir, database_of

        flags = {
            "data_dir": data_dir,
            "database": database,
            "database_password_file": password_file,
        }
        loaded = load_config(config, os.environ, flags)
        work(DataDir(loaded.data_dir), database_of(loaded))

    end(run)


def _facts(made: Any) -> dict[str, Any]:
    known = asdict(made)
    known["file"] = str(known["file"])
    known["sizeBytes"] = known.pop("size_bytes")
    return known


def _show(facts: dict[str, Any], as_json: bool, sentence: str) -> None:
    if as_json:
        print_json(facts)
    else:
        say(sentence)
