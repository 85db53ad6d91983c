"""What each kind of process imports: hundreds of them start, and most need little of what the others need."""

from __future__ import annotations

import subprocess
import sys

import pytest

SERVER = {"litestar", "sqlalchemy", "alembic", "uvicorn", "argon2"}
PICTURES = {"av", "numpy", "PIL"}
SIGN_IN = {"authlib", "joserfc"}
STORES = {"obstore", "nats"}
X11 = {"Xlib"}
TRACES = {"opentelemetry"}
ASYNCHRONOUS = {"asyncio", "ssl", "cryptography", "msgspec", "httpx", "structlog", "rich"}
FOREIGN = SERVER | PICTURES | SIGN_IN | STORES | X11 | TRACES

# The module that a process begins with, and what it does without.
WITHOUT = {
    "footlight.cli.main": FOREIGN | {"asyncpg"},
    "footlight.agent.keeper": FOREIGN | ASYNCHRONOUS,
    "footlight.agent.logon": FOREIGN | ASYNCHRONOUS,
    "footlight.agent.folder_process": FOREIGN | ASYNCHRONOUS,
    "footlight.agent.recorder": FOREIGN | {"httpx", "asyncpg"},
    # numpy: it draws segments anew.
    "footlight.agent.sealer": (FOREIGN - {"numpy"}) | ASYNCHRONOUS - {"cryptography", "msgspec"},
    "footlight.bus_process": FOREIGN - STORES,
    "footlight.host_process": FOREIGN - STORES,
    # Pictures: an icon is drawn when a site is founded.
    "footlight.serve": (PICTURES - {"PIL"}) | SIGN_IN | X11 | TRACES,
}


@pytest.mark.parametrize("module", sorted(WITHOUT))
def test_a_process_imports_nothing_that_others_need(module: str) -> None:
    listed = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run(
        [sys.executable, "-c", listed], capture_output=True, text=True, timeout=120, check=True
    )
    assert set(done.stdout.split()) & WITHOUT[module] == set()
