"""What holds for every test: error logs are announced, only loopback is contacted, nothing that a
test started is left running, and tests that need root don't pass quietly without it."""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import psutil
import pytest
import structlog
from tests.rack import OWN

from footlight.garbage import collect_seldom

pytest_plugins = ["bus_server", "postgres_server", "swift_server"]

TESTS = Path(__file__).parent
ROOT_FOLDERS = (TESTS / "host", TESTS / "e2e", TESTS / "cluster")
# In the environment of everything that tests start, so that what stays behind is told from the
# processes of whoever else works on this machine.
RUN_MARK = "FOOTLIGHT_TEST_RUN"
# Whatever is installed: what a desktop shows is the same for all tests but those that name another one.
DESKTOP = "FOOTLIGHT_DESKTOP"
os.environ[DESKTOP] = "light"
LEFTOVER_GRACE_S = 5.0

hypothesis.settings.register_profile("local", deadline=None)
# The same examples each time, so that a red run is about the change and not about luck.
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") == "true" else "local")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-root-tests",
        action="store_true",
        help="leave out tests that need root instead of failing them when run as another user",
    )
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default="sqlite",
        help="the engine under tests that use a database",
    )


def pytest_collection_finish() -> None:
    """What was imported is here to stay; looking at it again and again is a tenth of the time that unit tests take."""
    collect_seldom()


# --- root -----------------------------------------------------------------------------------------


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    # Files that take long come first: begun as the last one, such a file is waited for by all other workers.
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in ROOT_FOLDERS):
            item.add_marker("needs_root")
    if config.getoption("--no-root-tests"):
        left_out = [item for item in items if item.get_closest_marker("needs_root")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("needs_root")]


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("needs_root") and os.geteuid() != 0:
        pytest.fail("not tested as root (--no-root-tests leaves these tests out)", pytrace=False)


# --- error logs -----------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def error_logs(request: pytest.FixtureRequest) -> Iterator[list[dict[str, Any]]]:
    """Events logged as errors, by structlog or by libraries through logging; the test fails if there
    are any and it is not marked `expects_errors`. A marked test may look at them."""
    errors: list[dict[str, Any]] = []

    def collect(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
        if method in ("error", "critical", "exception"):
            errors.append(dict(event))
        return event

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            errors.append({"event": record.getMessage(), "logger": record.name})

    before = structlog.get_config()
    structlog.configure(
        processors=[collect, *before["processors"]], cache_logger_on_first_use=False
    )
    collector = Collector(logging.ERROR)
    logging.getLogger().addHandler(collector)
    yield errors
    logging.getLogger().removeHandler(collector)
    structlog.configure(**before)
    if errors and not request.node.get_closest_marker("expects_errors"):
        pytest.fail(f"unannounced error logs: {errors}", pytrace=False)


# --- loopback only --------------------------------------------------------------------------------


class ContactRefused(AssertionError):
    """A test tried to reach something outside of this machine."""


def _refuse_far(address: Any) -> None:
    host = address[0]
    try:
        near = ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        near = host in ("localhost", "")
    if not near and host not in OWN:
        raise ContactRefused(
            f"a test contacts {host}: only loopback and this machine's own bridges are allowed"
        )


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """TCP connections made in this process go to loopback addresses only, and to those of its own bridges (rack.py)."""
    patch = pytest.MonkeyPatch()

    def guarded(name: str) -> None:
        real = getattr(socket.socket, name)

        def connect(self: socket.socket, address: Any) -> Any:
            # A datagram socket's connect sends nothing: it is how one asks for one's own address.
            if self.family in (socket.AF_INET, socket.AF_INET6) and self.type != socket.SOCK_DGRAM:
                _refuse_far(address)
            return real(self, address)

        patch.setattr(socket.socket, name, connect)

    guarded("connect")
    guarded("connect_ex")
    yield
    patch.undo()


# --- nothing left behind --------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    # Workers of pytest-xdist inherit the mark of the process that started them.
    os.environ.setdefault(RUN_MARK, uuid.uuid4().hex)


def _started_by_tests() -> list[psutil.Process]:
    """Processes with this run's mark in their environment, other than pytest's own."""
    own = {os.getpid(), *(process.pid for process in psutil.Process().parents())}
    mark = os.environ[RUN_MARK]
    found = []
    for process in psutil.process_iter(["cmdline"]):
        try:
            if process.pid not in own and process.environ().get(RUN_MARK) == mark:
                found.append(process)
        except psutil.Error:  # gone meanwhile, or a zombie
            continue
    return found


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return  # the process that started the workers looks, once
    until = time.monotonic() + LEFTOVER_GRACE_S
    while (left := _started_by_tests()) and time.monotonic() < until:
        time.sleep(0.1)
    if left:
        lines = [f"{process.pid} {process.info['cmdline']}" for process in left]
        print("\nleft running by tests:\n  " + "\n  ".join(lines))
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
