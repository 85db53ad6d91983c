"""HTTP servers of the bench's own, and the CPU that they take."""

from __future__ import annotations

import contextlib
import http.client
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from footlight.cli.place import Place, read_site_file
from footlight.store.address import Database, PostgresAddress

START_S = 60.0
END_S = 30.0
CALL_S = 60.0


class Served:
    """A running server: `get` over one connection that stays open, `cpu_s` of its process so far."""

    def __init__(self, pid: int, host: str, port: int, headers: dict[str, str]) -> None:
        self._all = (pid, host, port, headers)
        self._tasks = Path(f"/proc/{pid}/task")
        self._connection = http.client.HTTPConnection(host, port, timeout=CALL_S)
        self._headers = headers

    def again(self) -> Served:
        """Another connection to it."""
        return Served(*self._all)

    def get(self, path: str) -> bytes:
        """The body of a 200."""
        return self.call("GET", path)

    def call(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """The body of a success."""
        headers = {**self._headers, "Content-Type": "application/json"}
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if not 200 <= answer.status < 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {text[:500]!r}")
        return text

    def cpu_s(self) -> float:
        """Of all its threads; ours don't end while they are measured. Kernel's schedstat: nanoseconds."""
        stats = [task.joinpath("schedstat") for task in self._tasks.iterdir()]
        return sum(int(stat.read_text().split()[0]) for stat in stats) / 1e9


@contextlib.contextmanager
def site(
    data_dir: Path,
    token: str | None = None,
    database: Database | None = None,
    bus: str | None = None,
) -> Iterator[Served]:
    """`footlight up` on the folder, without a host and without TLS, or `footlight serve` with that bus, whose keys are
    in the folder; `token` instead of the administrator's."""
    options = ("--tls", "off", "--listen", "127.0.0.1:0", "--data-dir", str(data_dir))
    if isinstance(database, PostgresAddress):
        options = (*options, "--database", database.url)
    role = ("up", "--no-agent") if bus is None else ("serve", "--bus-url", bus)
    command = [sys.executable, "-m", "footlight", *role, "--log-level", "error", *options]
    (data_dir / "run" / "site.json").unlink(missing_ok=True)
    with running(command) as process:
        yield served_at(place_of(process, data_dir), process.pid, token)


def served_at(place: Place, pid: int, token: str | None = None) -> Served:
    """A connection to the server of that process; `token` instead of the administrator's."""
    host, _, port = place.base_url.rpartition("/")[2].partition(":")
    headers = {"Authorization": f"Bearer {token or place.token}", "Accept": "application/json"}
    return Served(pid, host, int(port), headers)


@contextlib.contextmanager
def ready_bytes(body: Path) -> Iterator[Served]:
    """The same framework and server, answering what the file holds at each path."""
    command = [sys.executable, "-P", str(Path(__file__).parent / "ready_bytes.py"), str(body)]
    with running(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline())
        yield Served(process.pid, "127.0.0.1", port, {"Accept": "application/json"})


@contextlib.contextmanager
def running(command: list[str], stdout: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A process that is ended afterwards."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(END_S)
            except subprocess.TimeoutExpired:
                process.kill()


def place_of(process: subprocess.Popen[bytes], data_dir: Path) -> Place:
    """Where the site of this process is, once it says so."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        place = read_site_file(data_dir)
        if place is not None:
            return place
        time.sleep(0.05)
    raise RuntimeError(f"the site did not start ({process.returncode})")
