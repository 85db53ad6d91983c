"""Which bytes a Range header asks for."""

from __future__ import annotations

import re

from footlight.errors import Invalid

_BEGINS = re.compile(r"bytes *= *([0-9]{1,15})-[0-9]*")


def byte_range(header: str | None, size: int) -> tuple[int, int]:
    """(first, end) of a `bytes=A-B`, `bytes=A-` or `bytes=-N` range, cut at the size. Raises Invalid."""
    if header is None:
        return 0, size
    unit, _, spec = header.partition("=")
    start, dash, end = spec.strip().partition("-")
    if unit.strip() != "bytes" or not dash or not (start + end).isdecimal() or len(spec) > 40:
        raise Invalid("Only one range of bytes can be asked for.", name="Range")
    if not start:
        return max(0, size - int(end)), size
    if end and int(end) < int(start):
        raise Invalid("The range ends before it begins.", name="Range")
    first = min(int(start), size)
    return first, max(first, min(int(end) + 1, size) if end else size)


def range_start(header: str | None) -> int | None:
    """Where a `bytes=A-` or `bytes=A-B` range begins; None for any other header."""
    found = _BEGINS.fullmatch(header.strip()) if header is not None else None
    return int(found[1]) if found is not None else None
