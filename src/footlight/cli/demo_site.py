"""A site for the demo alone: started in a folder of its own and stopped again."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from footlight.cli.exits import Failed
from footlight.cli.place import MAX_FILE_BYTES, Place, read_site_file

START_S = 60
END_S = 30
LOG_TAIL_BYTES = 2000


FOOTLIGHT = (sys.executable, "-m", "footlight")


@contextmanager
def own_site(program: Sequence[str] = FOOTLIGHT) -> Iterator[Place]:
    """A running site with fresh data, gone without a trace afterwards; `program` takes footlight's arguments. Raises
    Failed when it does not start."""
    with tempfile.TemporaryDirectory(prefix="footlight-demo-") as name:
        data_dir = Path(name) / "data"
        log = Path(name) / "log"
        with log.open("wb") as sink:
            process = subprocess.Popen(
                [*program, *_arguments(data_dir, Path(name) / "ready.json")],
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,  # a Ctrl-C at the terminal reaches the demo only
            )
        site_id = ""
        try:
            site_id = _wait(process, Path(name) / "ready.json", log)
            place = read_site_file(data_dir)
            if place is None:
                raise Failed("the site is ready but has written no run/site.json")
            yield place
        finally:
            _stop(process)
            _prune(site_id)


def _arguments(data_dir: Path, ready_file: Path) -> list[str]:
    options = {"--data-dir": data_dir, "--listen": "127.0.0.1:0", "--ready-file": ready_file}
    return ["up", *(word for pair in options.items() for word in map(str, pair))]


def _wait(process: subprocess.Popen[bytes], ready_file: Path, log: Path) -> str:
    """The site's id once it is ready. Raises Failed with the end of its log."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with suppress(FileNotFoundError), ready_file.open("rb") as source:
            return str(json.loads(source.read(MAX_FILE_BYTES))["site_id"])
        if process.poll() is not None:
            tail = log.read_bytes()[-LOG_TAIL_BYTES:].decode("utf-8", "replace")
            raise Failed(f"the site ended with {process.returncode} at its start: {tail}")
        time.sleep(0.1)
    raise Failed(f"the site was not ready in {START_S} s")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(END_S)


def _prune(site_id: str) -> None:
    """The Linux accounts that were made for this site would outlive it."""
    if site_id and os.geteuid() == 0:
        from footlight.agent import accounts
        from footlight.errors import FootlightError

        with suppress(FootlightError):
            accounts.prune({site_id})
