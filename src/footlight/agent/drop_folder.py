"""A user's drop folder: what is done in it, by a process of that user. Standard library only.

Everything is reached from a descriptor of the folder by a single name that is not followed if it is a link, so
nothing that is done meanwhile to names in the home, by whomever, leads elsewhere. Only regular files with
one name count: no links of either sort, no devices, FIFOs, sockets or folders. Who has opened a FIFO waits for nobody.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import time

from footlight.wire.file_names import FOLDER, PARTIAL, name_problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST_NAMES = 10_000  # that are looked at
PARTIAL_LIFE_S = 3600.0
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_REASONS = {
    errno.ENOENT: "missing",
    errno.EEXIST: "exists",
    errno.ELOOP: "not-a-file",
    errno.EISDIR: "not-a-file",
    errno.ENXIO: "not-a-file",  # a socket
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.EROFS: "denied",
    errno.ENOSPC: "no-space",
    errno.EDQUOT: "no-space",
    errno.EFBIG: "too-large",
}


class Refused(Exception):
    """Not done; the reason is one of wire/files.py Refusal."""


def reason_of(error: OSError) -> str:
    """What the system's refusal is called."""
    return _REASONS.get(error.errno or 0, "failed")


def open_folder(home: str) -> int:
    """A descriptor of the folder, which is made if it is not there. Raises Refused, OSError."""
    place = os.open(home, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        with contextlib.suppress(FileExistsError):
            os.mkdir(FOLDER, 0o700, dir_fd=place)
        folder = os.open(
            FOLDER, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=place
        )
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.ENOTDIR):
            raise Refused("no-folder") from None
        raise
    finally:
        os.close(place)
    if os.fstat(folder).st_uid != os.geteuid():
        os.close(folder)
        raise Refused("no-folder")
    return folder


def listed(folder: int, after: str, count: int) -> tuple[list[dict[str, Any]], bool]:
    """At most `count` files by name behind `after`, and whether there are more. Of MOST_NAMES names."""
    entries: list[dict[str, Any]] = []
    for name in sorted(name for name in _names(folder) if name > after and not name_problem(name)):
        with contextlib.suppress(OSError):
            facts = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if _is_plain(facts):
                if len(entries) == count:
                    return entries, True
                entries.append(entry(name, facts))
    return entries, False


def entry(name: str, facts: os.stat_result) -> dict[str, Any]:
    """As in wire/files.py FileEntry."""
    return {
        "name": name,
        "size_bytes": facts.st_size,
        "modified_at_ms": facts.st_mtime_ns // 1_000_000,
    }


def open_file(folder: int, name: str) -> tuple[int, os.stat_result]:
    """A descriptor for reading, and what the file is. Raises Refused, OSError."""
    file = os.open(name, _READ, dir_fd=folder)
    facts = os.fstat(file)
    if not _is_plain(facts):
        os.close(file)
        raise Refused("not-a-file")
    return file, facts


def remove(folder: int, name: str) -> None:
    """Take the file away. Raises Refused, OSError."""
    if not stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        raise Refused("not-a-file")
    os.unlink(name, dir_fd=folder)


class Arrival:
    """A file that comes in: without a name until it is whole, where the file system can do that, else under a hidden
    one. Raises Refused, OSError."""

    def __init__(self, folder: int, name: str, *, overwrite: bool) -> None:
        self._folder = folder
        self._name = name
        self._overwrite = overwrite
        self._check()
        clear_partials(folder)
        self._partial: str | None = None
        try:
            self._file = os.open(
                ".", os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o600, dir_fd=folder
            )
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT):
                raise
            self._partial = _partial_name()
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            self._file = os.open(self._partial, flags, 0o600, dir_fd=folder)

    def write(self, data: bytes) -> None:
        """Append."""
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._file, rest) :]

    def keep(self) -> None:
        """It is whole, is on the disk and gets its name."""
        os.fsync(self._file)
        self._check()
        if not self._overwrite:
            self._link(self._name)
            return
        if self._partial is None:
            partial = _partial_name()
            self._link(partial)
            self._partial = partial
        os.rename(self._partial, self._name, src_dir_fd=self._folder, dst_dir_fd=self._folder)
        self._partial = None

    def close(self) -> None:
        """Nothing is left of one that was not kept."""
        os.close(self._file)
        if self._partial is not None:
            with contextlib.suppress(OSError):
                os.unlink(self._partial, dir_fd=self._folder)

    def _check(self) -> None:
        """What is there by that name may be replaced if that was asked for."""
        try:
            facts = os.stat(self._name, dir_fd=self._folder, follow_symlinks=False)
        except FileNotFoundError:
            return
        if not stat.S_ISREG(facts.st_mode):
            raise Refused("not-a-file")
        if not self._overwrite:
            raise Refused("exists")

    def _link(self, name: str) -> None:
        # open(2), O_TMPFILE: the way to give a file its first name without further rights.
        os.link(
            f"/proc/self/fd/{self._file}" if self._partial is None else self._partial,
            name,
            src_dir_fd=None if self._partial is None else self._folder,
            dst_dir_fd=self._folder,
            follow_symlinks=self._partial is None,
        )


def clear_partials(folder: int) -> None:
    """Remove what processes that were killed have left of arrivals, an hour later."""
    for name in _names(folder):
        if name.startswith(PARTIAL):
            with contextlib.suppress(OSError):
                facts = os.stat(name, dir_fd=folder, follow_symlinks=False)
                if facts.st_mtime < time.time() - PARTIAL_LIFE_S:
                    os.unlink(name, dir_fd=folder)


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as found:
        return [one.name for one, _ in zip(found, range(MOST_NAMES), strict=False)]


def _is_plain(facts: os.stat_result) -> bool:
    return stat.S_ISREG(facts.st_mode) and facts.st_nlink == 1


def _partial_name() -> str:
    return PARTIAL + os.urandom(8).hex()
