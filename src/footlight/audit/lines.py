"""Entries as lines of JSON: what is exported and streamed, and can be verified without the site.

A line is `{"seq", "previousHash", "hash", "entry"}`; the bytes of `entry` are those that were hashed.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

import msgspec

from footlight.audit.log import Entry, link
from footlight.audit.verification import Link, Problem, Result, Verification

MAX_LINE_BYTES = 1024 * 1024
MAX_REPEATED = 10_000  # lines after which the same one may come again


class Line(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One entry with its place in the chain."""

    seq: int
    previous_hash: str
    hash: str
    entry: msgspec.Raw

    @property
    def told(self) -> Entry:
        """What the entry says. Raises msgspec.DecodeError."""
        return msgspec.json.decode(self.entry, type=Entry)


def line(row: Any) -> Line:
    """From a row of the audit table."""
    return Line(
        seq=row.seq,
        previous_hash=row.previous_hash,
        hash=row.hash,
        entry=msgspec.Raw(row.entry.encode()),
    )


def verify_lines(lines: Iterable[bytes]) -> Result:
    """Whether exported lines, the oldest first, are a whole piece of a chain. Of the tail and of recordings
    they cannot tell; the first line may follow others that were not exported. A line that a stream has sent twice
    counts once."""
    verification: Verification | None = None
    recent: OrderedDict[int, str] = OrderedDict()
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            one = msgspec.json.decode(text, type=Line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            problem = Problem(fault="altered", detail=f"line {number} cannot be read")
            verification = verification or Verification()
            verification.add(problem)
            continue
        verification = verification or Verification(begins_after=one.previous_hash)
        if recent.get(one.seq) == one.hash == link(one.previous_hash, bytes(one.entry)):
            continue
        recent[one.seq] = one.hash
        if len(recent) > MAX_REPEATED:
            recent.popitem(last=False)
        verification.take(Link(one.seq, bytes(one.entry), one.previous_hash, one.hash))
    return (verification or Verification()).result()
