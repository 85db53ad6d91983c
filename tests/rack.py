"""Machines that this one pretends to be: each has network, mounts, processes and a name of its own; one bridge.

A machine's first process does nothing but reap; with it all others of the machine end, as when the power goes. The file
system is this machine's but for `/tmp`, `/run/footlight` and what mounts there. Needs root.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

# Addresses of this machine on the bridges that there are: with loopback all that tests contact.
OWN: set[str] = set()
TOOL_S = 20
START_S = 10
FIRST_HOST = 11
# The first process of a machine: orphans that end are reaped by the kernel, since nobody waits for them.
_FIRST = """
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.write(1, b"up\\n")
while True:
    signal.pause()
"""
# Its own /tmp, with those folders of the old one that it is to see.
_FURNISH = """
set -eu
hostname "$1"; shift
mkdir -p /run/footlight
mount -t tmpfs -o mode=755 tmpfs /run/footlight
mkdir -p /run/footlight/outer
mount --rbind /tmp /run/footlight/outer
mount -t tmpfs -o mode=1777 tmpfs /tmp
for shown in "$@"; do
    case "$shown" in /tmp/*)
        mkdir -p "$shown"
        mount --bind "/run/footlight/outer${shown#/tmp}" "$shown" ;;
    esac
done
umount -l /run/footlight/outer
rmdir /run/footlight/outer
mkdir -p /tmp/.X11-unix
chmod 1777 /tmp/.X11-unix
"""


class Machine:
    """One of them. `address`: IPv4, on the bridge."""

    def __init__(self, name: str, address: str, link: str, pid: int) -> None:
        self.name = name
        self.address = address
        self.pid = pid
        self._link = link

    def popen(self, argv: Sequence[str], **options: Any) -> subprocess.Popen[Any]:
        """Start a program there. The process that is returned forwards nothing: signals go by `processes`."""
        return subprocess.Popen([*self._inside("-m", "-u", "-i", "-n", "-p"), *argv], **options)

    def run(self, *argv: str) -> str:
        """Run a program there to its end; what it prints. Raises CalledProcessError, TimeoutExpired."""
        return _tool(*self._inside("-m", "-u", "-i", "-n", "-p"), *argv)

    @property
    def root(self) -> Path:
        """Its file system, seen from here."""
        return Path(f"/proc/{self.pid}/root")

    def processes(self, marked: str) -> list[int]:
        """Ids, as they are here, of its processes whose command line contains the text."""
        mine = os.readlink(f"/proc/{self.pid}/ns/pid")
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and os.readlink(entry / "ns" / "pid") == mine:
                    words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    if marked in words:
                        found.append(int(entry.name))
        return sorted(found)

    def cut(self) -> None:
        """Pull its network cable."""
        _tool("ip", "link", "set", self._link, "down")

    def join(self) -> None:
        """Put the cable back."""
        _tool("ip", "link", "set", self._link, "up")

    def power_off(self) -> None:
        """End everything on it at once, and return when its cable is gone, too. Safe to call twice."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        deadline = time.monotonic() + TOOL_S
        while Path(f"/sys/class/net/{self._link}").exists() and time.monotonic() < deadline:
            time.sleep(0.02)

    def _inside(self, *spaces: str) -> list[str]:
        return ["nsenter", "-t", str(self.pid), *spaces]


class Rack:
    """The bridge and its machines. `address`: this machine's own on the bridge."""

    def __init__(self, shown: Sequence[Path]) -> None:
        self._mark = secrets.token_hex(3)
        self._net = f"10.{200 + secrets.randbelow(50)}.{secrets.randbelow(250)}"
        self._shown = [str(path) for path in shown]
        self._bridge = f"fl{self._mark}"
        self._numbers = itertools.count(FIRST_HOST)
        self._holders: list[subprocess.Popen[str]] = []
        self.machines: list[Machine] = []
        self.address = f"{self._net}.1"

    def start(self) -> None:
        """Make the bridge."""
        _tool("ip", "link", "add", self._bridge, "type", "bridge")
        _tool("ip", "addr", "add", f"{self.address}/24", "dev", self._bridge)
        _tool("ip", "link", "set", self._bridge, "up")
        OWN.add(self.address)

    def machine(self, name: str) -> Machine:
        """A new machine of that host name, switched on and on the network."""
        return self._plug_in(name, next(self._numbers))

    def again(self, machine: Machine) -> Machine:
        """That machine switched on after its power went: with its name and address, and nothing in memory."""
        return self._plug_in(machine.name, int(machine.address.rpartition(".")[2]))

    def _plug_in(self, name: str, number: int) -> Machine:
        holder, pid = _switch_on()
        self._holders.append(holder)
        link = f"fl{self._mark}{number}"
        machine = Machine(name, f"{self._net}.{number}", link, pid)
        self.machines.append(machine)
        _tool("ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", str(pid))
        _tool("ip", "link", "set", link, "master", self._bridge, "up")
        net = ["nsenter", "-t", str(pid), "-n", "ip"]
        _tool(*net, "addr", "add", f"{machine.address}/24", "dev", "eth0")
        _tool(*net, "link", "set", "eth0", "up")
        _tool(*net, "link", "set", "lo", "up")
        machine.run("sh", "-c", _FURNISH, "sh", name, *self._shown)
        return machine

    def machine_address(self, number: int) -> str:
        """Which address the machine has that is made as that one, from 0 on."""
        return f"{self._net}.{FIRST_HOST + number}"

    def stop(self) -> None:
        """Switch all off and take the network down."""
        OWN.discard(self.address)
        for machine in self.machines:
            machine.power_off()
        for holder in self._holders:
            with contextlib.suppress(subprocess.TimeoutExpired):
                holder.wait(TOOL_S)
            assert holder.stdout is not None
            holder.stdout.close()
        subprocess.run(
            ["ip", "link", "del", self._bridge], capture_output=True, timeout=TOOL_S, check=False
        )


@contextmanager
def rack(*shown: Path) -> Iterator[Rack]:
    """A rack whose machines see those folders of /tmp."""
    one = Rack(shown)
    try:
        one.start()
        yield one
    finally:
        one.stop()


def _switch_on() -> tuple[subprocess.Popen[str], int]:
    """What holds the first process of a machine, and the id of that process."""
    spaces = ("--mount", "--uts", "--net", "--ipc", "--pid")
    holder = subprocess.Popen(
        *(["unshare", "--fork", "--mount-proc", "--propagation", "private", *spaces,
           sys.executable, "-S", "-c", _FIRST],),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    if holder.stdout.readline() != "up\n":
        raise RuntimeError("no namespaces can be made here")
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        children = Path(f"/proc/{holder.pid}/task/{holder.pid}/children").read_text().split()
        if children:
            return holder, int(children[0])
        time.sleep(0.01)
    raise RuntimeError("the machine has no first process")


def _tool(*argv: str) -> str:
    done = subprocess.run(argv, capture_output=True, text=True, timeout=TOOL_S, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(argv[:6])}: {done.stderr.strip()}")
    return done.stdout
