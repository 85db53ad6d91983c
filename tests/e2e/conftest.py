"""A whole site on a free port with fresh data, and the commands run against it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import remains
from footlight.sdk import Footlight, NotFound

START_S = 120
END_S = 30
GONE_S = 60

Run = Callable[..., "subprocess.CompletedProcess[str]"]


def clean_environment(home: Path) -> dict[str, str]:
    """The caller's environment without its own Footlight settings. The mark by which what tests start
    is known and the desktop that they show (tests/conftest.py) stay."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("FOOTLIGHT_") or name in ("FOOTLIGHT_TEST_RUN", "FOOTLIGHT_DESKTOP")
    }
    return {**kept, "XDG_DATA_HOME": str(home / "share"), "XDG_CONFIG_HOME": str(home / "config")}


def await_ready(process: subprocess.Popen[bytes], ready_file: Path, log: Path) -> dict[str, Any]:
    """The ready file's object. Fails with the site's log."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        if ready_file.exists():
            ready: dict[str, Any] = json.loads(ready_file.read_text())
            return ready
        time.sleep(0.1)
    pytest.fail(f"the site did not start:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A running site: its ready JSON, and `data_dir`. One for all tests of a worker, so leave no
    sessions and the administrator's password as it is."""
    folder = tmp_path_factory.mktemp("site")
    data_dir, ready_file, log = folder / "data", folder / "ready.json", folder / "log"
    options = ("--data-dir", data_dir, "--listen", "127.0.0.1:0", "--ready-file", ready_file)
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, "-m", "footlight", "up", *map(str, options)],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            env=clean_environment(folder),
            start_new_session=True,
        )
    site_id = ""
    try:
        ready = await_ready(process, ready_file, log)
        site_id = ready["site_id"]
        yield {**ready, "data_dir": str(data_dir)}
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            code = process.wait(END_S)
        finally:
            process.kill()
            process.wait(END_S)
            remains.remove(site_id)
    assert code == 0, log.read_text()[-4000:]


@pytest.fixture
def bare(tmp_path: Path) -> Run:
    """Runs `footlight ARGS` where no site is known, running or stored."""

    def run(
        *arguments: str, environ: dict[str, str] | None = None, timeout_s: float = 90
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "footlight", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            env={**clean_environment(tmp_path), **(environ or {})},
            check=False,
        )

    return run


@pytest.fixture
def footlight(bare: Run, site: dict[str, Any]) -> Run:
    """Runs `footlight ARGS` on the site's data folder."""

    def run(
        *arguments: str, environ: dict[str, str] | None = None, timeout_s: float = 90
    ) -> subprocess.CompletedProcess[str]:
        own = {"FOOTLIGHT_DATA_DIR": site["data_dir"], **(environ or {})}
        return bare(*arguments, environ=own, timeout_s=timeout_s)

    return run


@pytest.fixture
def session_id(footlight: Run, site: dict[str, Any]) -> Iterator[str]:
    """A fresh session of the terminal, launched by the command, gone afterwards."""
    launched = footlight("launch", "Terminal", "--new", "--json")
    assert launched.returncode == 0, launched.stderr
    name = str(json.loads(launched.stdout)["sessionId"])
    yield name
    token = footlight("token").stdout.strip()
    with Footlight(site["base_url"], token=token, ca_file=site["ca_file"]) as client:
        log_off(client, name)


def log_off(client: Footlight, session_id: str) -> None:
    """Log a session off, if it is still there, and see it gone."""
    deadline = time.monotonic() + GONE_S
    try:
        client.sessions.logoff(session_id)
        while client.sessions.get(session_id)["Id"]:
            assert time.monotonic() < deadline, "the session is not gone"
            time.sleep(0.2)
    except NotFound:
        pass
