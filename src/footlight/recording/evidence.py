"""One file that holds a whole recording and a player: HTML, with the stored files in blocks of base64.

A block is a line `<script type="application/octet-stream" data-name="NAME" data-size="BYTES">`, lines of base64, and a
line `</script>`. Source: format.md, Evidence files. Both ways are streamed; memory is bounded by a line.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from footlight.recording.format import MANIFEST_NAME, FormatError

LINE_BYTES = 48 * 1024  # of a file, on one line
MAX_LINE_BYTES = 8 * 1024 * 1024  # the player is one
MAX_EVIDENCE_BYTES = 512 * 1024 * 1024  # of stored files: what browsers open from a disk
FACTS = "evidence.json"

_BEGIN = re.compile(
    rb'<script type="application/octet-stream" data-name="([0-9a-z.]{1,32})" data-size="([0-9]{1,12})">\r?\n'
)
_NAME = re.compile(r"[0-9]{6}\.flseg")
_END = b"</script>"


def block(name: str, size: int, source: BinaryIO) -> Iterator[bytes]:
    """A file of that name and size as a block. Raises FormatError when the source has another size."""
    yield f'<script type="application/octet-stream" data-name="{name}" data-size="{size}">\n'.encode()
    left = size
    while left > 0:
        data = source.read(min(left, LINE_BYTES))
        if not data:
            raise FormatError(f"{name} is shorter than it was")
        left -= len(data)
        yield base64.b64encode(data) + b"\n"
    yield _END + b"\n"


def extract(source: BinaryIO, folder: Path) -> list[str]:
    """Write the recording's files that the evidence file holds into the folder; their names. Raises FormatError for
    what is none, is damaged where blocks are, or is over the limit."""
    names: list[str] = []
    total = 0
    while line := source.readline(MAX_LINE_BYTES + 1):
        if len(line) > MAX_LINE_BYTES:
            raise FormatError("a line of the evidence file is over the limit")
        begin = _BEGIN.fullmatch(line)
        if begin is None:
            continue
        name, size = begin[1].decode(), int(begin[2])
        total += size
        if total > MAX_EVIDENCE_BYTES:
            raise FormatError("the evidence file holds more than the limit")
        if name in names or not (name in (MANIFEST_NAME, FACTS) or _NAME.fullmatch(name)):
            raise FormatError(f"the evidence file holds {name!r}, which it cannot")
        names.append(name)
        with (folder / name).open("xb") as sink:
            _unpack(source, sink, name, size)
    if not any(_NAME.fullmatch(name) for name in names):
        raise FormatError("it is no evidence file of a recording")
    return names


def _unpack(source: BinaryIO, sink: BinaryIO, name: str, size: int) -> None:
    written = 0
    while line := source.readline(MAX_LINE_BYTES + 1):
        if line.rstrip() == _END:
            if written != size:
                raise FormatError(f"{name} has {written} bytes and not {size}")
            return
        try:
            data = base64.b64decode(line.strip(), validate=True)
        except ValueError:
            raise FormatError(f"{name} is not base64") from None
        written += len(data)
        if written > size:
            raise FormatError(f"{name} has more than {size} bytes")
        sink.write(data)
    raise FormatError(f"{name} is cut off")
