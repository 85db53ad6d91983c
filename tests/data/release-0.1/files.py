"""What server and host say to each other about files of a session's drop folder. Data only.

A stream per file: FileOrder as its first message, then frames (frames.py). The host answers with `H`, a FileHead;
a refusal is the last word. For `get` the server then says `F`, a FileSpan, and gets `D` frames and `E`, a FileEnd; for
`put` it sends `D` frames and an empty `E`, and gets `E`. A stream that ends before `E` has failed.
"""

from __future__ import annotations

from typing import Literal

import msgspec

# Why something was not done.
Refusal = Literal[
    "policy",  # the rules of the delivery group
    "not-running",  # the session
    "missing",  # no such file
    "exists",  # and was not to be replaced
    "not-a-file",  # a folder, a link, a device, or a file with several names
    "denied",  # the operating system lets the user not
    "too-large",
    "no-space",
    "no-folder",  # what is called like the drop folder is none of the user's
    "busy",  # too many at once
    "stalled",
    "failed",
]


class _Message(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Unknown members are ignored."""


class FileOrder(_Message, frozen=True):
    """What to do with a file, for whom. `allowed`: which way files may go, in is into the session. A list goes on
    behind the name `after`."""

    session_id: str
    do: Literal["list", "get", "put", "delete"]
    allowed: Literal["off", "in", "out", "both"]
    user_name: str  # DOMAIN\\name of who asks
    address: str
    name: str = ""
    overwrite: bool = False
    limit_bytes: int = 0  # of a file that arrives
    after: str = ""
    count: int = 0


class FileEntry(_Message, frozen=True):
    """A file. `modified_at_ms`: since 1970."""

    name: str
    size_bytes: int
    modified_at_ms: int


class FileHead(_Message, frozen=True):
    """The answer: a refusal, or that it is done or can begin. `file`: the one to get; `mark` is another when its
    contents are."""

    refused: Refusal | None = None
    file: FileEntry | None = None
    mark: str = ""
    entries: list[FileEntry] = []
    more: bool = False


class FileSpan(_Message, frozen=True):
    """Which of a file's bytes."""

    first: int
    length: int


class FileEnd(_Message, frozen=True):
    """How it went: what passed, and SHA-256 (hex) of that."""

    refused: Refusal | None = None
    size_bytes: int = 0
    sha256: str = ""
