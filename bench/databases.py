"""An empty database for a figure, gone afterwards: a SQLite file, or one of a PostgreSQL server of the figure's own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from footlight.store.address import Database
from footlight.store.migrate import migrate

Kind = Literal["sqlite", "postgresql"]


@contextmanager
def fresh_database(kind: Kind) -> Iterator[Database]:
    """At the newest schema."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="footlight-bench-") as folder:
            file = Path(folder) / "site.db"
            migrate(file)
            yield file
        return
    from postgres_server import running_server  # of the tests

    with running_server() as server:
        server.run("postgres", "CREATE DATABASE bench")
        migrate(server.address("bench"))
        yield server.address("bench")
