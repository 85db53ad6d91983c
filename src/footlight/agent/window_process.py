"""Windows of the agent's own on a session's display: small processes with the session's cookie, run as the agent's
user, so that the session's user cannot end them."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from pathlib import Path

import footlight.agent
from footlight.agent.xvnc import FAMILY_LOCAL, authority_file

END_S = 2.0


async def start_window(
    module: str, *arguments: str, display: str, authority: Path, cookie: bytes
) -> Process:
    """The module's process, standard input and output to us. `authority` is (re)written, for our eyes only; no
    secret is in arguments or environment. Raises OSError."""
    await asyncio.to_thread(_grant, authority, cookie)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-sP", "-m", module, *arguments),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env={
            "DISPLAY": display,
            "XAUTHORITY": str(authority),
            "PYTHONPATH": str(Path(footlight.agent.__file__).parents[2]),
            "PATH": os.defpath,
            "LANG": "C.UTF-8",
        },
        start_new_session=True,
    )


def _grant(authority: Path, cookie: bytes) -> None:
    authority.touch(0o600)
    authority.write_bytes(authority_file(cookie, FAMILY_LOCAL, socket.gethostname().encode()))


async def end_window(process: Process) -> None:
    """End of input ends it; KILL if not within END_S."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(END_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
