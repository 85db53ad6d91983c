"""Backups of a site's database, and putting one back: what both engines have in common."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory

from footlight.errors import Conflict, Invalid
from footlight.store.address import Database, PostgresAddress
from footlight.store.migrate import MIGRATIONS, migrate
from footlight.store.postgres_backup import dump, undump
from footlight.store.sqlite_backup import copy_from, copy_to

SQLITE, POSTGRESQL = "sqlite", "postgresql"
_BEGINNINGS = {b"SQLite format 3\0": SQLITE, b"PGDMP": POSTGRESQL}


@dataclass(frozen=True)
class Backup:
    """A backup file: of which engine, at which revision of the schema."""

    file: Path
    engine: str
    revision: str
    size_bytes: int


def back_up(database: Database, file: Path) -> Backup:
    """Write a consistent copy of the database, which may be in use, into a new file (0600). Raises Conflict when
    the file is there already, Invalid when there is no site, Unavailable when the database does not answer or a
    program that is needed is not there."""
    if file.exists():
        raise Conflict(f"{file} exists already")
    with _part_of(file) as part:
        revision = _write(database, part)
        part.rename(file)
    return Backup(file, engine_of(database), revision, file.stat().st_size)


def _write(database: Database, part: Path) -> str:
    if isinstance(database, PostgresAddress):
        return dump(database, part)
    return copy_from(database, part)


def restore(database: Database, file: Path, folder: Path, *, force: bool) -> Backup:
    """Put a backup in the database's place and bring it to the newest schema. The file is looked at in whole before
    anything changes, and the change is one step: what fails leaves the database as it was. `folder`: for what is
    written meanwhile. Nothing may use the database. Raises Conflict when a server uses it, or when it holds
    anything and `force` is not given; Invalid when the file is no whole backup for this engine and release."""
    engine = engine_of(database)
    if _engine_in(file) != engine:
        raise Invalid(f"{file} is a backup of a {_engine_in(file)} database, and this is {engine}")
    if isinstance(database, PostgresAddress):
        revision = undump(database, file, folder, known_revisions(), force=force)
        migrate(database)
    else:
        revision = copy_to(database, file, known_revisions(), migrate, force=force)
    return Backup(file, engine, revision, file.stat().st_size)


def engine_of(database: Database) -> str:
    """The engine's name."""
    return POSTGRESQL if isinstance(database, PostgresAddress) else SQLITE


def newest_revision() -> str:
    """The revision of this release's schema."""
    return str(_scripts().get_current_head())


def known_revisions() -> frozenset[str]:
    """Revisions of the schema that this release can bring to the newest."""
    return frozenset(one.revision for one in _scripts().walk_revisions())


def _scripts() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return ScriptDirectory.from_config(config)


def _engine_in(file: Path) -> str:
    try:
        with file.open("rb") as source:
            beginning = source.read(16)
    except OSError as error:
        raise Invalid(f"cannot read {file}: {error.strerror}") from error
    for magic, engine in _BEGINNINGS.items():
        if beginning.startswith(magic):
            return engine
    raise Invalid(f"{file} is no backup of a site's database")


@contextmanager
def _part_of(file: Path) -> Iterator[Path]:
    """An empty file beside it for its owner only, gone afterwards unless it got the name."""
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise Invalid(f"cannot write {file}: {error.strerror}") from error
    try:
        yield part
    finally:
        part.unlink(missing_ok=True)
