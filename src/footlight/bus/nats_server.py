"""The site's NATS server as a child process: its configuration, its start, its end."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from footlight.bus.credentials import BusKeys, revoked_of, write_private
from footlight.errors import Invalid, Unavailable
from footlight.log import get_logger
from footlight.tasks import cancel, spawn
from footlight.wire.host import MAX_MESSAGE_BYTES

_log = get_logger(__name__)

DEFAULT_PORT = 4222
READY_WITHIN_S = 20.0
STOP_S = 10.0
FIRST_RETRY_S = 0.2
LONGEST_RETRY_S = 10.0
STEADY_S = 30.0
LOOK_EACH_S = 0.02
MOST_LINE_BYTES = 64 * 1024
HEADERS_BYTES = 64 * 1024  # beside a message
STORE_BYTES = 4 << 30
_KNOWN = (
    "Clients that are not using"  # "TLS Handshake First": it says so at each start, and it is meant
)
_LINE = re.compile(r"\[\d+\] [\d/]+ [\d:.]+ \[(INF|WRN|ERR|FTL|DBG|TRC)\] ?(.*)")


@dataclass(frozen=True)
class BusServerConfig:
    """`folder` holds everything of the server; `certificate` (chain) and `key` are files in PEM, of the site's CA."""

    folder: Path
    keys: BusKeys
    certificate: Path
    key: Path
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT  # 0: any that is free, the same one after a restart
    store_dir: Path | None = None  # of what is posted; None: in the folder


class BusServer:
    """A nats-server that ends with this process, and is started again when it ends by itself."""

    def __init__(self, config: BusServerConfig) -> None:
        self._config = config
        self._port = config.port
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._last_words = ""
        self._task: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """That it listens on, once started."""
        return self._port

    @property
    def address(self) -> str:
        """HOST:PORT that it listens on, once started."""
        host = f"[{self._config.host}]" if ":" in self._config.host else self._config.host
        return f"{host}:{self._port}"

    @property
    def pid(self) -> int | None:
        """Of the process that runs now."""
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        """Returns once it takes connections. Raises Unavailable with its last words when it does not."""
        await self._launch()
        self._task = spawn("bus server", self._keep())

    async def stop(self) -> None:
        """End it. Safe to call twice."""
        await cancel(self._task)
        await self._end()

    def reload(self) -> None:
        """Read the certificate again."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGHUP)

    async def _keep(self) -> None:
        loop = asyncio.get_running_loop()
        retry_s, began = FIRST_RETRY_S, loop.time()
        while True:
            assert self._process is not None
            code = await self._process.wait()
            _log.warning("the bus server has ended", code=code, words=self._last_words)
            if loop.time() - began > STEADY_S:
                retry_s = FIRST_RETRY_S
            while True:
                await asyncio.sleep(retry_s)
                retry_s = min(retry_s * 2, LONGEST_RETRY_S)
                began = loop.time()
                try:
                    await self._launch()
                    break
                except Unavailable as failure:
                    _log.warning("the bus server does not start", reason=failure.message)

    async def _launch(self) -> None:
        program = _program("nats-server")
        await asyncio.to_thread(self._write)
        # Not a preexec_fn: what runs between fork and exec of a process with threads may hang.
        self._process = await asyncio.create_subprocess_exec(
            _program("setpriv"),
            "--pdeathsig",
            "TERM",
            program,
            "--config",
            str(self._file),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            limit=MOST_LINE_BYTES,
        )
        assert self._process.stderr is not None
        self._reading = spawn("bus server log", self._read(self._process.stderr))
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                while (port := self._listened()) is None:
                    if self._process.returncode is not None:
                        await self._reading
                        raise Unavailable(f"the bus server has ended: {self._last_words}")
                    await asyncio.sleep(LOOK_EACH_S)
        except TimeoutError:
            await self._end()
            raise Unavailable(f"the bus server is not ready: {self._last_words}") from None
        except BaseException:
            await self._end()
            raise
        self._port = port
        _log.info("the bus server listens", address=self.address, pid=self._process.pid)

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(STOP_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        await cancel(self._reading)

    async def _read(self, lines: asyncio.StreamReader) -> None:
        """Its log into ours."""
        while True:
            try:
                line = (await lines.readline()).decode(errors="replace").rstrip()
            except ValueError:  # over the limit, which is dropped
                continue
            if not line:
                if lines.at_eof():
                    return
                continue
            found = _LINE.fullmatch(line)
            level, words = found.groups() if found else ("WRN", line)
            if words.startswith(_KNOWN):
                level = "INF"
            if level in ("ERR", "FTL", "WRN"):
                self._last_words = words
                _log.warning("bus server", words=words)
            else:
                _log.debug("bus server", words=words)

    @property
    def _file(self) -> Path:
        return self._config.folder / "nats.conf"

    def _listened(self) -> int | None:
        """The port that it says it listens on."""
        assert self._process is not None
        file = self._config.folder / "ports" / f"nats-server_{self._process.pid}.ports"
        try:
            (address,) = json.loads(file.read_text())["nats"][:1]
        except (OSError, ValueError, KeyError):
            return None
        return int(address.rpartition(":")[2])

    def _write(self) -> None:
        """The configuration, and the accounts with whom they throw out."""
        folder, keys = self._config.folder, self._config.keys
        for path in (folder, folder / "jwt", folder / "ports", self._store_dir):
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in (folder / "ports").iterdir():
            left.unlink(missing_ok=True)
        known = folder / "jwt" / f"{keys.account.public}.jwt"
        revoked = _revoked(known)
        jwt = keys.account_jwt(revoked)
        write_private(known, jwt)
        keys.keep_account(jwt)
        write_private(folder / "jwt" / f"{keys.system.public}.jwt", keys.system_jwt())
        write_private(self._file, json.dumps(self._settings(), indent=1))

    @property
    def _store_dir(self) -> Path:
        return self._config.store_dir or self._config.folder / "posts"

    def _settings(self) -> dict[str, Any]:
        config = self._config
        return {
            "server_name": f"footlight-{config.keys.account.public[1:9]}",
            "host": config.host,
            "port": self._port or -1,
            "ports_file_dir": str(config.folder / "ports"),
            "operator": config.keys.operator_jwt(),
            "system_account": config.keys.system.public,
            "resolver": {
                "type": "full",
                "dir": str(config.folder / "jwt"),
                "allow_delete": False,
                "interval": "2m",
            },
            "tls": {
                "cert_file": str(config.certificate),
                "key_file": str(config.key),
                "handshake_first": True,
                "timeout": 5,
            },
            "jetstream": {
                "store_dir": str(self._store_dir),
                "max_memory_store": 0,
                "max_file_store": STORE_BYTES,
                "sync_interval": "10s",
            },
            "max_payload": MAX_MESSAGE_BYTES + HEADERS_BYTES,
            "write_deadline": "5s",
            "ping_interval": "10s",
            "ping_max": 3,
        }


def _revoked(file: Path) -> dict[str, int]:
    """Whom the server was told to throw out when it ran last."""
    try:
        return revoked_of(file.read_text())
    except (OSError, Invalid):
        return {}


def _program(name: str) -> str:
    """Beside this Python, where pip has put it, or in the PATH. Raises Unavailable."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise Unavailable(f"{name} is not installed")
    return found
