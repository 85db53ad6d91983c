"""Backup and restore of a SQLite file, by SQLite's own online backup."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from footlight.errors import Conflict, Invalid, Unavailable

BUSY_TIMEOUT_S = 10.0


def copy_from(database: Path, file: Path) -> str:
    """Copy the database, which a site may be writing, into an existing empty file; its revision."""
    if not database.exists():
        raise Invalid(f"there is no site's database at {database}")
    try:
        with _opened(database) as source, _opened(file) as copy:
            source.backup(copy)  # one snapshot; writers go on beside it
            copy.execute("PRAGMA journal_mode=DELETE")  # one file, wherever it is taken
            revision = _revision(copy, database)
            _check(copy, database)
    except sqlite3.Error as error:
        raise Unavailable(f"cannot back up {database}: {error}") from error
    _sync(file)
    return revision


def copy_to(
    database: Path,
    file: Path,
    known: frozenset[str],
    migrate: Callable[[Path], None],
    *,
    force: bool,
) -> str:
    """Replace the database by a copy of the file, brought to the newest schema; the file's revision."""
    if not force and _holds_site(database):
        raise Conflict(f"{database} holds a site already; --force replaces it")
    part = database.with_name(f".{database.name}.{os.getpid()}")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        try:
            with _opened(file, "ro") as source, _opened(part) as copy:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")
                revision = _revision(copy, file)
                _check(copy, file)
        except sqlite3.Error as error:
            raise Invalid(f"{file} is damaged: {error}") from error
        if revision not in known:
            raise Invalid(f"{file} was made by a newer release (revision {revision})")
        migrate(part)
        _sync(part)
        _fold_in_log(database)
        part.replace(database)
        _sync(database.parent)
    finally:
        part.unlink(missing_ok=True)
    return revision


def _holds_site(database: Path) -> bool:
    """Whether there is anything to lose; a file that cannot be read may hold something."""
    if not database.exists():
        return False
    try:
        with _opened(database) as opened:
            tables = {row[0] for row in opened.execute("SELECT name FROM sqlite_master")}
            return "site" in tables and opened.execute("SELECT 1 FROM site").fetchone() is not None
    except sqlite3.Error:
        return True


def _fold_in_log(database: Path) -> None:
    """Leave no write-ahead log of the old file behind: it would be taken for the new one's."""
    try:
        if database.exists():
            with _opened(database) as old:
                old.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error:  # damaged; what stands in its log goes with it
        pass
    for ending in ("-wal", "-shm", "-journal"):
        database.with_name(database.name + ending).unlink(missing_ok=True)


def _revision(opened: sqlite3.Connection, shown: Path) -> str:
    """The schema's revision. Raises Invalid when it is no site's database."""
    try:
        revision = opened.execute("SELECT version_num FROM alembic_version").fetchone()
        site = opened.execute("SELECT id FROM site").fetchone()
    except sqlite3.OperationalError:
        revision = site = None
    if revision is None or site is None:
        raise Invalid(f"{shown} holds no site")
    return str(revision[0])


def _check(opened: sqlite3.Connection, shown: Path) -> None:
    found = opened.execute("PRAGMA integrity_check(1)").fetchone()
    if found != ("ok",) or opened.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise Invalid(f"{shown} is damaged: {found[0]}")


@contextmanager
def _opened(path: Path, mode: str = "rw") -> Iterator[sqlite3.Connection]:
    address = f"{path.absolute().as_uri()}?mode={mode}"
    with closing(sqlite3.connect(address, uri=True, timeout=BUSY_TIMEOUT_S)) as opened:
        yield opened


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
