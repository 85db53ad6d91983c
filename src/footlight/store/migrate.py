"""Bring a database to the newest schema with Alembic, in process; no ini file."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine


def migrate(path: Path, revision: str = "head") -> None:
    """Upgrade the SQLite database at `path` (made if missing, 0600) to the revision."""
    path.touch(mode=0o600, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}")
    try:
        migrate_engine(engine, revision)
    finally:
        engine.dispose()


def migrate_engine(engine: Engine, revision: str = "head") -> None:
    """As migrate, on any engine."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
