"""A PostgreSQL server for tests: Debian's, in a folder of its own, as a user of its own when started by root,
on a unix socket only. Started once for a run (for each worker of it) when a test first wants it; each test gets
a database copied from a template."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from footlight.store.address import PostgresAddress
from footlight.store.migrate import migrate

READY_WITHIN_S = 60
END_WITHIN_S = 30
USERS = ("postgres", "nobody")
ROOM_BYTES = 1 << 30
TEMPLATE = "template_of_tests"
# Nothing has to outlive the machine's next power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "shared_buffers": "32MB",
    "max_wal_size": "128MB",
    "max_connections": "60",
    "autovacuum": "off",
}


def program(name: str) -> str:
    """Where one of the server's programs is. Debian keeps them out of PATH, one folder for each version."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
    found = shutil.which(
        name, path=os.pathsep.join([*(str(p) for p in versions[::-1]), os.environ["PATH"]])
    )
    if found is None:
        pytest.fail("PostgreSQL is not installed: apt-get install postgresql", pytrace=False)
    return found


def _place() -> Path | None:
    """Memory where there is plenty (copying a database takes half the time there), else the usual place."""
    memory = Path("/dev/shm")
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= ROOM_BYTES
    return memory if roomy else None


def _owner() -> pwd.struct_passwd:
    """Who runs the server: it refuses to be run by root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in USERS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    pytest.fail(f"none of the accounts {USERS} exists", pytrace=False)


@dataclass
class PostgresServer:
    """A running server. `trust` lets every local user in."""

    folder: Path
    owner: pwd.struct_passwd
    settings: dict[str, str] = field(default_factory=lambda: dict(SETTINGS))
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def address(self, name: str) -> PostgresAddress:
        """Of one of its databases."""
        return PostgresAddress(f"postgresql://{self.owner.pw_name}@/{name}?host={self.folder}")

    def make(self) -> None:
        """An empty cluster."""
        self._run("initdb", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = [
            word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")
        ]
        command = [
            program("postgres"),
            "-D",
            f"{self.folder}/data",
            "-k",
            str(self.folder),
            *options,
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._as_owner()
            )
        deadline = time.monotonic() + READY_WITHIN_S
        while True:
            try:
                self.run("postgres", "SELECT 1")
                return
            except (OSError, asyncpg.PostgresError):
                if self.process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"PostgreSQL did not start:\n{self.log.read_text()[-4000:]}")
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: SIGINT breaks connections, SIGQUIT ends it as a crash would."""
        if self.process is not None:
            self.process.send_signal(how)
            try:
                self.process.wait(END_WITHIN_S)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait(END_WITHIN_S)
            self.process = None

    def run(self, database: str, *statements: str) -> list[Any]:
        """Run statements, each by itself, from where no event loop runs; the rows of the last one."""
        return asyncio.run(self.query(database, *statements))

    async def query(self, database: str, *statements: str) -> list[Any]:
        """As run, in an event loop."""
        connection = await self.address(database).connect()
        try:
            rows: list[Any] = []
            for statement in statements:
                rows = await connection.fetch(statement)
            return rows
        finally:
            await connection.close()

    async def copy(self, template: str = TEMPLATE) -> str:
        """The name of a new database, a copy of the template."""
        name = f"t_{uuid.uuid4().hex}"
        make = f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"
        await self.query("postgres", make)
        return name

    async def drop(self, name: str) -> None:
        """Remove a database, also one that is in use."""
        await self.query("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, name: str, *arguments: str) -> None:
        done = subprocess.run(
            [program(name), "-D", f"{self.folder}/data", *arguments],
            capture_output=True,
            timeout=READY_WITHIN_S,
            **self._as_owner(),
        )
        if done.returncode != 0:
            pytest.fail(f"{name} failed:\n{done.stderr.decode()[-4000:]}")

    def _as_owner(self) -> dict[str, Any]:
        own: dict[str, Any] = {"cwd": "/"}
        if os.geteuid() == 0:
            own |= {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}
        return own


@contextmanager
def running_server(**settings: str) -> Iterator[PostgresServer]:
    """A server in a folder of its own; both go afterwards. `settings`: some that are not as SETTINGS has them."""
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="footlight-postgres-", dir=_place()))
    server = PostgresServer(folder, owner, {**SETTINGS, **settings})
    try:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        server.make()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def new_postgres() -> Iterator[Callable[[], PostgresServer]]:
    """Starts a server; it ends and goes with the tests."""
    with ExitStack() as started:
        yield lambda: started.enter_context(running_server())


@pytest.fixture(scope="session")
def postgres(new_postgres: Callable[[], PostgresServer]) -> PostgresServer:
    """The run's server, with a template at the newest schema."""
    server = new_postgres()
    server.run("postgres", f"CREATE DATABASE {TEMPLATE}")
    migrate(server.address(TEMPLATE))
    return server
