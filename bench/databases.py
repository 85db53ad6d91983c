"""An empty database for a figure, gone afterwards: a SQLite file, or one of a PostgreSQL server of the figure's own;
and the CPU that is spent on both sides of it."""

from __future__ import annotations

import contextlib
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from footlight.store.address import Database
from footlight.store.migrate import migrate

Kind = Literal["sqlite", "postgresql"]


CpuS = Callable[[], float]


@contextmanager
def fresh_database(kind: Kind) -> Iterator[Database]:
    """At the newest schema."""
    with measured_database(kind) as (database, _):
        yield database


@contextmanager
def measured_database(kind: Kind) -> Iterator[tuple[Database, CpuS]]:
    """At the newest schema; with it the seconds of CPU of this process and of the database's own processes."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="footlight-bench-") as folder:
            file = Path(folder) / "site.db"
            migrate(file)
            yield file, time.process_time
        return
    from postgres_server import running_server  # of the tests

    with running_server() as server:
        server.run("postgres", "CREATE DATABASE bench")
        migrate(server.address("bench"))
        process = server.process
        assert process is not None
        yield server.address("bench"), lambda: time.process_time() + _children_s(process.pid)


def _children_s(pid: int) -> float:
    """CPU of the children of a process that are there now. Kernel's schedstat: nanoseconds."""
    total = 0
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        with contextlib.suppress(OSError):
            total += int(Path(f"/proc/{child}/schedstat").read_text().split()[0])
    return total / 1e9
