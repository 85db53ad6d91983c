"""An S3 store for tests: OpenStack Swift with its S3 API (tests/swift), one process over a folder of its own, on
loopback only. Started once for a run (for each worker of it) when a test first wants it; each test gets a bucket."""

from __future__ import annotations

import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from footlight.objects.bucket import Bucket, Credentials
from footlight.objects.presigning import presigned

HERE = Path(__file__).parent / "swift"
PYTHON = HERE / "venv" / "bin" / "python"
REGION = "us-east-1"
KEYS = Credentials("test:tester", "secret-of-the-tests")
READY_WITHIN_S = 90.0
END_WITHIN_S = 20.0


@dataclass
class SwiftServer:
    """A server, running or not; its port stays the same."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start it and wait until it serves."""
        if not PYTHON.exists():
            pytest.fail("Swift is not installed: tests/swift/install.sh", pytrace=False)
        # Keys are those of nobody else, so the command line may tell them.
        words = [str(PYTHON), "server.py", str(self.folder), str(self.port), REGION]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*words, KEYS.key_id, KEYS.secret],
                cwd=HERE,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            pytest.fail(f"Swift did not start:\n{(self.folder / 'log').read_text()[-4000:]}")
        self.port = int(line)

    def stop(self) -> None:
        """End it; what it keeps stays."""
        process, self.process = self.process, None
        if process is None:
            return
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.communicate(timeout=END_WITHIN_S)

    def bucket(self, prefix: str = "") -> Bucket:
        """A new bucket."""
        name = f"t-{uuid.uuid4().hex}"
        whole = Bucket(name, "", f"http://127.0.0.1:{self.port}", REGION, KEYS)
        now_ms = int(time.time() * 1000)
        made = httpx.put(presigned(whole, "PUT", "", {}, now_ms, 60), timeout=READY_WITHIN_S)
        made.raise_for_status()
        return Bucket(name, prefix, whole.endpoint, REGION, KEYS)


@contextmanager
def running_server() -> Iterator[SwiftServer]:
    """A server in a folder of its own; both go afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="footlight-swift-"))
    server = SwiftServer(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def new_swift() -> Iterator[Callable[[], SwiftServer]]:
    """Starts a server; it ends and goes with the tests."""
    with ExitStack() as started:
        yield lambda: started.enter_context(running_server())


@pytest.fixture(scope="session")
def swift(new_swift: Callable[[], SwiftServer]) -> SwiftServer:
    """The run's server."""
    return new_swift()
