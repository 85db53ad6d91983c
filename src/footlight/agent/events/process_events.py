"""The kernel's own word on programs that start and end, on the whole host: its process events connector.

Source: linux/connector.h, linux/cn_proc.h, Documentation/driver-api/connector.rst. A datagram is

| offset | what |
|---|---|
| 0 | nlmsghdr: u32 length, u16 type, u16 flags, u32 sequence, u32 port |
| 16 | cn_msg: u32 idx, u32 val, u32 seq, u32 ack, u16 length, u16 flags |
| 36 | proc_event: u32 what, u32 cpu, u64 timestamp |
| 52 | exec: u32 pid, u32 tgid; exit: u32 pid, u32 tgid, u32 exit code, u32 signal, u32 parent, u32 parent's tgid |
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
from dataclasses import dataclass

NETLINK_CONNECTOR = 11
CN_IDX_PROC = CN_VAL_PROC = 1
PROC_CN_MCAST_LISTEN = 1
EXEC = 0x00000002
EXIT = 0x80000000
SO_ATTACH_FILTER = 26
SO_RCVBUFFORCE = 33
BUFFER_BYTES = 8 * 1024 * 1024
MOST_AT_ONCE = 512
LONGEST_DATAGRAM_BYTES = 1024

_EVENT = struct.Struct("=II")
_OFFSET = 52


@dataclass(frozen=True, slots=True)
class Started:
    """A process has become another program."""

    pid: int


@dataclass(frozen=True, slots=True)
class Ended:
    """A process has ended with that wait status (wait(2))."""

    pid: int
    status: int


@dataclass(frozen=True, slots=True)
class Lost:
    """Events came faster than they were read."""


class ProcessEvents:
    """An open connector. Needs CAP_NET_ADMIN in the first namespaces."""

    def __init__(self) -> None:
        """Raises OSError where the kernel has no such events for us."""
        self._socket = socket.socket(
            socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, NETLINK_CONNECTOR
        )
        try:
            self._socket.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
            _attach_filter(self._socket)
            self._socket.bind((0, CN_IDX_PROC))
            self._socket.setblocking(False)
            self._listen()
        except BaseException:
            self._socket.close()
            raise

    def fileno(self) -> int:
        """Readable when something has happened."""
        return self._socket.fileno()

    def read(self) -> list[Started | Ended | Lost]:
        """What has happened since the last time, at most MOST_AT_ONCE of it. Raises OSError."""
        found: list[Started | Ended | Lost] = []
        for _ in range(MOST_AT_ONCE):
            try:
                data = self._socket.recv(LONGEST_DATAGRAM_BYTES)
            except BlockingIOError:
                break
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                found.append(Lost())
                continue
            if (event := read_event(data)) is not None:
                found.append(event)
        return found

    def close(self) -> None:
        self._socket.close()

    def _listen(self) -> None:
        body = struct.pack("=I", PROC_CN_MCAST_LISTEN)
        message = struct.pack("=IIIIHH", CN_IDX_PROC, CN_VAL_PROC, 0, 0, len(body), 0) + body
        header = struct.pack("=IHHII", 16 + len(message), 3, 0, 0, os.getpid())
        self._socket.send(header + message)


def read_event(data: bytes) -> Started | Ended | None:
    """The event in a datagram; None for what is none of ours."""
    if len(data) < _OFFSET + 8 or struct.unpack_from("=II", data, 16) != (1, 1):
        return None
    (what,) = struct.unpack_from("=I", data, 36)
    pid, group = _EVENT.unpack_from(data, _OFFSET)
    if what == EXEC:
        return Started(group)
    if what == EXIT and pid == group and len(data) >= _OFFSET + 12:
        return Ended(pid, struct.unpack_from("=I", data, _OFFSET + 8)[0])
    return None


def _attach_filter(connector: socket.socket) -> None:
    """Have the kernel drop all but exec and the exit of whole processes, so that forks and threads wake nobody.
    Classic BPF loads words as big-endian."""

    def swapped(value: int) -> int:
        return int.from_bytes(value.to_bytes(4, "little" if _LITTLE else "big"), "big")

    load, jump_equal, to_x, jump_x, give = 0x20, 0x15, 0x07, 0x1D, 0x06
    # Targets of jumps count from the next instruction.
    program = (
        (load, 0, 0, 36),
        (jump_equal, 5, 0, swapped(EXEC)),  # to the last but one
        (jump_equal, 0, 5, swapped(EXIT)),  # else to the last
        (load, 0, 0, _OFFSET),
        (to_x, 0, 0, 0),
        (load, 0, 0, _OFFSET + 4),
        (jump_x, 0, 1, 0),
        (give, 0, 0, 0xFFFFFFFF),
        (give, 0, 0, 0),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *one) for one in program))
    header = struct.pack("@HP", len(program), ctypes.addressof(code))
    connector.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, header)


_LITTLE = struct.pack("=H", 1) == b"\x01\x00"
