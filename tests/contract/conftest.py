"""A real site for the contract tests, with a real session in it, and a second one full of rows."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import json
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from sqlalchemy import Connection, create_engine, event, select
from sqlalchemy.ext.asyncio import create_async_engine

import remains
from audited import CALLS
from footlight.access import roles
from footlight.ids import new_guid
from footlight.store import schema
from footlight.store.address import PostgresAddress
from footlight.store.migrate import migrate
from footlight.store.text import fold
from postgres_server import PostgresServer

T = TypeVar("T")

READY_WITHIN_S = 120
END_WITHIN_S = 30
CALL_TIMEOUT_S = 40


# With `--database postgresql` the one server, on which each data folder has a database of its own.
_postgres: list[PostgresServer] = []


@pytest.fixture(scope="session", autouse=True)
def _sites_on_postgresql(request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--database") == "postgresql":
        _postgres.append(request.getfixturevalue("postgres"))


def address_of(data_dir: Path) -> PostgresAddress | None:
    """The PostgreSQL database of the site in that folder, made empty if there is none; None on SQLite."""
    if not _postgres:
        return None
    name = f"site_{hashlib.sha256(str(data_dir).encode()).hexdigest()[:16]}"
    known = f"SELECT 1 FROM pg_database WHERE datname = '{name}'"
    if not _postgres[0].run("postgres", known):
        _postgres[0].run("postgres", f"CREATE DATABASE {name}")
    return _postgres[0].address(name)


def in_database(data_dir: Path, work: Callable[[Connection], T]) -> T:
    """The result of `work` in a transaction on the database of the site in that folder."""
    address = address_of(data_dir)
    if address is not None:
        return asyncio.run(_in_postgres(address, work))
    engine = create_engine(f"sqlite:///{data_dir / 'footlight.db'}")

    @event.listens_for(engine, "connect")
    def connected(raw: Any, _: object) -> None:
        raw.create_function("fold", 1, fold, deterministic=True)  # triggers on sessions call it

    try:
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA busy_timeout=10000")
            return work(connection)
    finally:
        engine.dispose()


async def _in_postgres(address: PostgresAddress, work: Callable[[Connection], T]) -> T:
    engine = create_async_engine("postgresql+asyncpg://", async_creator=address.connect)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


@dataclass(frozen=True)
class LiveSite:
    """A running site: what its ready file says, its folder, and a signed-in client."""

    facts: dict[str, Any]
    data_dir: Path
    token: str
    log: Path

    def __getattr__(self, name: str) -> Any:
        return self.facts[name]

    @property
    def host(self) -> str:
        """HOST:PORT."""
        return str(self.facts["base_url"]).partition("://")[2].rstrip("/")

    def tls(self) -> ssl.SSLContext:
        """Trusts this site's certificate and nothing else."""
        return ssl.create_default_context(cafile=self.facts["ca_file"])

    def headers(self) -> dict[str, str]:
        """What the published examples send."""
        return {
            "Accept": "application/json",
            "Authorization": f"CWSAuth Bearer={self.token}",
            "Citrix-CustomerId": self.facts["customer_id"],
            "Citrix-InstanceId": self.facts["site_id"],
        }

    def client(self, **headers: str) -> httpx.Client:
        """A signed-in client; `headers` replace some."""
        return httpx.Client(
            base_url=self.facts["base_url"],
            verify=self.tls(),
            headers={**self.headers(), **headers},
            timeout=CALL_TIMEOUT_S,
        )

    def in_database(self, work: Callable[[Connection], T]) -> T:
        """The result of `work` in a transaction on the site's database, beside the server."""
        return in_database(self.data_dir, work)

    def bare_client(self) -> httpx.Client:
        """A client without any header of ours."""
        return httpx.Client(
            base_url=self.facts["base_url"], verify=self.tls(), timeout=CALL_TIMEOUT_S
        )


@pytest.fixture(scope="session", autouse=True)
def _calls_are_watched() -> Iterator[None]:
    """Every call of a test is remembered; when a site ends, its audit chain must tell of the changes among them.
    What it does not tell fails after the last test, when all sites have ended."""
    with pytest.MonkeyPatch.context() as patch:
        send = httpx.Client.send

        def watched(client: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
            response = send(client, request, **options)
            CALLS.hear(response)
            return response

        patch.setattr(httpx.Client, "send", watched)
        yield
    assert CALLS.faults == [], "\n".join(CALLS.faults)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "covers(route, status, ...): the contract's route and statuses that the test shows",
    )


@functools.cache
def _tables() -> bytes:
    """A SQLite file at the newest schema, without rows: each site would make it for itself step by step."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "site.db"
        migrate(file)
        return file.read_bytes()


def _furnish(data_dir: Path) -> None:
    database = data_dir / "footlight.db"
    if not database.exists():
        database.touch(mode=0o600)
        database.write_bytes(_tables())


def start_site(
    data_dir: Path, *arguments: str, password: str | None = None
) -> tuple[subprocess.Popen[bytes], LiveSite]:
    """`footlight up` on a free port, once it is ready and signed in to. `password`: the administrator's,
    which only the first start of a folder tells."""
    data_dir.mkdir(parents=True, exist_ok=True)
    ready, log = data_dir.parent / "ready.json", data_dir.parent / "site.log"
    command = [
        *(sys.executable, "-m", "footlight", "up", "--data-dir", str(data_dir)),
        *("--listen", "127.0.0.1:0", "--ready-file", str(ready), *arguments),
    ]
    address = address_of(data_dir)
    if address is not None:
        command += ["--database", address.url]
    else:
        _furnish(data_dir)
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    deadline = time.monotonic() + READY_WITHIN_S
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            pytest.fail(f"the site did not start:\n{log.read_text()[-4000:]}")
        time.sleep(0.05)
    facts = json.loads(ready.read_text())
    facts["admin_password"] = facts["admin_password"] or password
    site = LiveSite(facts, data_dir, "", log)
    with site.bare_client() as client:
        answer = client.post(
            "/cvad/manage/tokens", auth=(facts["admin_user"], facts["admin_password"])
        )
    assert answer.status_code == 200, answer.text
    return process, LiveSite(facts, data_dir, answer.json()["Token"], log)


def stop_site(process: subprocess.Popen[bytes], site: LiveSite) -> None:
    """End it as its contract says, and remove the Linux accounts that it made."""
    try:
        CALLS.check(site.host, site.in_database)
    finally:
        process.send_signal(signal.SIGTERM)
    try:
        code = process.wait(END_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        pytest.fail(f"the site did not end:\n{site.log.read_text()[-4000:]}")
    finally:
        remains.remove(site.site_id)
    assert code == 0, site.log.read_text()[-4000:]


def kill_site(process: subprocess.Popen[bytes], site: LiveSite) -> None:
    """End it without a word, so that it can be started again on its folder. What was called is compared now: a later
    site may be given its port, and with it calls that its own chain does not know."""
    process.kill()
    process.wait(END_WITHIN_S)
    CALLS.check(site.host, site.in_database)
    (site.data_dir.parent / "ready.json").unlink()


@pytest.fixture(scope="session")
def site() -> Iterator[LiveSite]:
    """A real site with an agent."""
    folder = Path(tempfile.mkdtemp(prefix="footlight-contract-"))
    process, running = start_site(folder / "data")
    try:
        yield running
    finally:
        stop_site(process, running)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def client(site: LiveSite) -> Iterator[httpx.Client]:
    """A client that is signed in to the real site and names it in its headers."""
    with site.client() as made:
        yield made


@pytest.fixture(scope="session")
def launch(client: httpx.Client) -> Callable[[str], str]:
    """Launches a resource and gives the id of its session once the logon is done."""

    def launched(resource: str) -> str:
        answer = client.post("/footlight/v1/launches", json={"resource": resource, "new": True})
        assert answer.status_code == 201, answer.text
        session_id = str(answer.json()["sessionId"])
        deadline = time.monotonic() + 30
        while client.get(f"/cvad/manage/Sessions/{session_id}").json()["LogonInProgress"]:
            assert time.monotonic() < deadline, "the logon does not end"
            time.sleep(0.05)
        return session_id

    return launched


@pytest.fixture(scope="session")
def keep(client: httpx.Client, launch: Callable[[str], str]) -> Callable[[str], str]:
    """The id of a session of a resource, the same for all tests as long as none ends it."""
    kept: dict[str, str] = {}

    def living(resource: str) -> str:
        known = kept.get(resource)
        if known is None or client.get(f"/cvad/manage/Sessions/{known}").status_code == 404:
            kept[resource] = launch(resource)
        return kept[resource]

    return living


@pytest.fixture
def desktop(keep: Callable[[str], str]) -> str:
    """A real desktop session that nobody has opened."""
    return keep("Desktop")


@pytest.fixture
def application(keep: Callable[[str], str]) -> str:
    """A real application session."""
    return keep("Terminal")


@pytest.fixture(scope="session")
def start_stage() -> Iterator[Callable[[Path], LiveSite]]:
    """Starts a site without a session host in a folder of its own; site and folder go with the tests."""
    started: list[tuple[subprocess.Popen[bytes], LiveSite]] = []

    def start(folder: Path) -> LiveSite:
        started.append(start_site(folder / "data", "--no-agent"))
        return started[-1][1]

    yield start
    for process, running in started:
        stop_site(process, running)
        shutil.rmtree(running.data_dir.parent, ignore_errors=True)


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Callable[..., LiveSite]]:
    """Starts a site of the test's own, without a session host, with arguments of `footlight up`; called again it
    ends that one and starts another on the same folder."""
    running: list[tuple[subprocess.Popen[bytes], LiveSite]] = []

    def start(*arguments: str) -> LiveSite:
        password = None
        if running:
            process, before = running.pop()
            stop_site(process, before)
            password = before.admin_password
        running.append(start_site(tmp_path / "data", "--no-agent", *arguments, password=password))
        return running[-1][1]

    yield start
    for process, site in running:
        stop_site(process, site)


@dataclass(frozen=True)
class Crowd:
    """A site whose database holds many sessions of a machine that says nothing."""

    site: LiveSite
    ids: list[str]  # by uid
    leaving: str  # one that is logging off


@pytest.fixture(scope="session")
def crowd(start_stage: Callable[[Path], LiveSite]) -> Crowd:
    """2,500 sessions and one that logs off, written into a real site's database as the site's own
    rooms would write them."""
    folder = Path(tempfile.mkdtemp(prefix="footlight-crowd-"))
    stage = start_stage(folder)
    ids = populate(stage, 2500)
    return Crowd(stage, ids[:-1], ids[-1])


@pytest.fixture(scope="module")
def peopled() -> Iterator[LiveSite]:
    """A site with simulated hosts and sessions, for one file alone."""
    folder = Path(tempfile.mkdtemp(prefix="footlight-peopled-"))
    process, stage = start_site(folder / "data", "--no-agent", "--sim", "5,30")
    try:
        yield stage
    finally:
        stop_site(process, stage)
        shutil.rmtree(folder, ignore_errors=True)


def populate(stage: LiveSite, count: int) -> list[str]:
    """The ids of `count` fresh session rows, and last that of one that logs off."""
    return stage.in_database(lambda connection: _populate(connection, count))


def introduce(connection: Connection, host: str, **columns: Any) -> str:
    """The id of a machine HOST that has registered once and is silent now, in the sample catalog and group."""
    machine_id = new_guid()
    sample = {
        name: connection.execute(select(table.c.id).where(table.c.is_sample)).scalar()
        for name, table in (
            ("catalog_id", schema.catalogs),
            ("delivery_group_id", schema.delivery_groups),
        )
    }
    values = {
        "id": machine_id,
        "name": f"FOOTLIGHT\\{host.upper()}",
        "dns_name": f"{host}.example.com",
        "ip_address": "192.0.2.7",
        "os_type": "Debian 12",
        "os_version": "12",
        "agent_version": "0",
        "as_root": True,
        "agent_public_key": "00" * 32,
        "zone_id": connection.execute(select(schema.zones.c.id)).scalars().first(),
        "registered": False,
        "last_seen_ms": int(time.time() * 1000),
        **sample,
        **columns,
    }
    connection.execute(schema.machines.insert().values(**values))
    return machine_id


def occupy(connection: Connection, machine_id: str, user: str, **columns: Any) -> str:
    """The id of a fresh session of USER on a machine."""
    account_id = connection.execute(select(schema.accounts.c.id)).scalars().first()
    row = _row(str(account_id), machine_id, 0, int(time.time() * 1000))
    named = {"user_name": f"FOOTLIGHT\\{user}", "user_display_name": user.title()}
    connection.execute(schema.sessions.insert(), [{**row, **named, **columns}])
    return str(row["id"])


@pytest.fixture(scope="module")
def stand_in() -> Iterator[LiveSite]:
    """A site with simulated hosts only: 240 sessions on 8."""
    folder = Path(tempfile.mkdtemp(prefix="footlight-stand-in-"))
    process, running = start_site(
        folder / "data", "--no-agent", "--sim", "8,240", "--sim-seed", "3"
    )
    yield running
    stop_site(process, running)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def restarted(tmp_path: Path) -> Iterator[tuple[str, list[str], LiveSite]]:
    """A page token from before a restart, the ids of all sessions, and the site after it."""
    process, before = start_site(tmp_path / "data", "--no-agent")
    ids = populate(before, 9)
    with before.client() as made:
        token = made.get("/cvad/manage/Sessions?limit=4").json()["ContinuationToken"]
    stop_site(process, before)
    process, after = start_site(tmp_path / "data", "--no-agent", password=before.admin_password)
    yield token, ids, after
    stop_site(process, after)


def _populate(connection: Connection, count: int) -> list[str]:
    now_ms = int(time.time() * 1000)
    machine_id = introduce(connection, "quiet")
    account_id = connection.execute(select(schema.accounts.c.id)).scalars().first()
    rows = [_row(account_id, machine_id, number, now_ms) for number in range(count)]
    rows.append({**_row(account_id, machine_id, count, now_ms), "wanted": "end", "phase": "ending"})
    connection.execute(schema.sessions.insert(), rows)
    return [row["id"] for row in rows]


def _row(account_id: str, machine_id: str, number: int, now_ms: int) -> dict[str, Any]:
    return {
        "id": new_guid(),
        "account_id": account_id,
        "user_name": f"FOOTLIGHT\\user{number}",
        "user_display_name": f"User {number}",
        "machine_id": machine_id,
        "resource_id": new_guid(),
        "resource_name": "Desktop",
        "session_type": "Desktop",
        "launch": "{}",
        "brokered_at_ms": now_ms,
        "brokering_ms": 1,
        "brokered_by": "FOOTLIGHT\\admin",
        "generation": 1,
        "wanted": "run",
        "phase": "running",
        "state": "Disconnected",
        "state_changed_at_ms": now_ms,
        "app_state": "Desktop",
        "app_state_changed_at_ms": now_ms,
        "started_at_ms": now_ms,
        "established_at_ms": now_ms,
    }


@pytest.fixture(scope="session")
def stage(start_stage: Callable[[Path], LiveSite]) -> LiveSite:
    """A site without a session host: inventory is made and changed in it."""
    return start_stage(Path(tempfile.mkdtemp(prefix="footlight-stage-")))


@pytest.fixture(scope="session")
def staff(stage: LiveSite) -> Iterator[httpx.Client]:
    """The administrator of the stage, below CVAD's prefix."""
    with httpx.Client(
        base_url=f"{stage.base_url}/cvad/manage",
        verify=stage.tls(),
        headers=stage.headers(),
        timeout=CALL_TIMEOUT_S,
    ) as made:
        yield made


@pytest.fixture(scope="session")
def warden(stage: LiveSite, staff: httpx.Client) -> Iterator[httpx.Client]:
    """A Full Administrator of one scope, "Ward", which holds nothing at first."""
    body = {"name": "warden", "password": "correct horse"}
    made = staff.post(f"{stage.base_url}/footlight/v1/accounts", json=body)
    assert made.status_code == 201, made.text
    stage.in_database(lambda connection: _appoint(connection, "warden", "Ward"))
    signed = staff.post("/tokens", auth=("warden", "correct horse"))
    headers = {**stage.headers(), "Authorization": f"Bearer {signed.json()['Token']}"}
    with httpx.Client(
        base_url=str(staff.base_url),
        verify=stage.tls(),
        headers=headers,
        timeout=CALL_TIMEOUT_S,
    ) as client:
        yield client


def _appoint(connection: Connection, name: str, scope: str) -> None:
    accounts, scope_id = schema.accounts, new_guid()
    account_id = connection.execute(
        select(accounts.c.id).where(accounts.c.name_key == name)
    ).scalar_one()
    connection.execute(schema.scopes.insert().values(id=scope_id, name=scope))
    connection.execute(schema.administrators.insert().values(account_id=account_id, enabled=True))
    right = {"account_id": account_id, "role_id": roles.FULL.id, "scope_id": scope_id}
    connection.execute(schema.administrator_rights.insert().values(**right))


@pytest.fixture(scope="session")
def nobody(stage: LiveSite, staff: httpx.Client) -> Iterator[httpx.Client]:
    """An account of the stage without any right."""
    body = {"name": "nobody", "password": "correct horse"}
    made = staff.post(f"{stage.base_url}/footlight/v1/accounts", json=body)
    assert made.status_code == 201, made.text
    signed = staff.post("/tokens", auth=("nobody", "correct horse"))
    headers = {**stage.headers(), "Authorization": f"Bearer {signed.json()['Token']}"}
    with httpx.Client(
        base_url=str(staff.base_url),
        verify=stage.tls(),
        headers=headers,
        timeout=CALL_TIMEOUT_S,
    ) as client:
        yield client
