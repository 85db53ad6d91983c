"""Whether the chain is whole: each entry as it was written, none missing between two, the tail as the signed head
says, and every recording that it tells of still there.

What this can prove and what not is told in docs/threat-model.md.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
from sqlalchemy import Connection, func, select

from footlight.audit.head import Head, HeadFile
from footlight.audit.log import FIRST_HASH, Entry, link, searched
from footlight.audit.tombstone import Signed
from footlight.errors import Invalid
from footlight.store import schema
from footlight.store.schema_keeping import recording_tombstones as _t
from footlight.store.store import Store

_a = schema.audit
_r = schema.recordings

ROWS_AT_ONCE = 2000
MAX_PROBLEMS = 100  # told; the others are counted

# Of a recording's sealed segments up to that count, how many are not kept.
Missing = Callable[[str, int], int]

Fault = Literal["altered", "missing", "cut", "head", "recording", "tombstone"]


class Problem(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One thing that is not as it was. altered: an entry was changed; missing: entries before this one are gone;
    cut: the newest entries are gone, or the chain was written anew; head: the signed head cannot be read or is
    missing; recording: a recording is gone, or is not the one that the chain tells of; tombstone: what is left of a
    deleted recording is gone, or is not what the site signed."""

    fault: Fault
    seq: int | None = None
    detail: str


class Result(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What was found. `whole` means: no problem."""

    whole: bool
    entries: int
    hash: str  # of the newest entry
    signed_seq: int | None  # how far the signed head reaches; None: there is none
    problems: list[Problem]
    more_problems: int = 0


@dataclass(frozen=True)
class Link:
    """An entry as it is kept. `columns` are those that repeat what it says; None where there are none."""

    seq: int
    raw: bytes
    previous_hash: str
    hash: str
    columns: dict[str, Any] | None = None


@dataclass(frozen=True)
class _Recorded:
    seq: int
    head: str
    sealed: int


class Verification:
    """Takes the chain link by link, the oldest first."""

    def __init__(self, signed: Head | None = None, begins_after: str = FIRST_HASH) -> None:
        self._signed = signed
        self._problems: list[Problem] = []
        self._more = 0
        self._entries = 0
        self._hash = begins_after
        self._signed_is_there = signed is None or signed.seq == 0
        self._recordings: dict[str, _Recorded] = {}
        self._deleted: dict[str, tuple[int, str]] = {}  # number of the entry, hash of the tombstone

    def take(self, one: Link) -> None:
        """Look at the next link."""
        self._entries += 1
        if one.previous_hash != self._hash:
            self._tell("missing", one.seq, "entries between this one and the one before are gone")
        entry = _decoded(one.raw)
        if link(one.previous_hash, one.raw) != one.hash or entry is None:
            self._tell("altered", one.seq, "the entry is not the one that was written")
        elif one.columns is not None and one.columns != {**searched(entry), "id": entry.id}:
            self._tell("altered", one.seq, "the columns beside the entry do not say what it says")
        # The chain goes on from what is there, so that one break is told once.
        self._hash = one.hash
        if self._signed is not None and one.seq == self._signed.seq:
            self._signed_is_there = one.hash == self._signed.hash
        if entry is not None:
            self._remember(one.seq, entry)

    def look_at_recordings(self, rows: Iterable[Any], missing: Missing | None = None) -> None:
        """Compare with the catalogue's rows: id, sealed_count, head; and with what is kept of each."""
        known = {row.id: row for row in rows}
        for recording_id, last in self._recordings.items():
            gone = missing(recording_id, last.sealed) if missing is not None else 0
            if gone:
                told = (
                    f"{gone} of {last.sealed} sealed segments of recording {recording_id} are gone"
                )
                self._tell("recording", last.seq, told)
            row = known.get(recording_id)
            if row is None:
                self._tell("recording", last.seq, f"recording {recording_id} is gone")
            elif row.sealed_count < last.sealed or (
                row.sealed_count == last.sealed and (row.head or "") != last.head
            ):
                self._tell("recording", last.seq, f"recording {recording_id} is not as it was")

    def look_at_tombstones(self, rows: Iterable[Any], site_key: bytes) -> None:
        """Compare with the catalogue's tombstones: recording_id, body, signature. Each deletion of which the chain
        tells has its tombstone as the site signed it, and each tombstone such an entry."""
        left = {row.recording_id: Signed(row.body, row.signature) for row in rows}
        for recording_id, (seq, digest) in self._deleted.items():
            signed = left.pop(recording_id, None)
            if signed is None:
                self._tell("tombstone", seq, f"the tombstone of recording {recording_id} is gone")
            elif signed.digest != digest or not signed.holds(site_key):
                told = f"the tombstone of recording {recording_id} is not as it was signed"
                self._tell("tombstone", seq, told)
        for recording_id in left:
            told = f"no entry tells of the deletion of recording {recording_id}"
            self._tell("tombstone", None, told)

    def result(self) -> Result:
        """What was found."""
        if not self._signed_is_there:
            self._tell(
                "cut", None, "the chain lacks the entry that the site has signed as its head"
            )
        return Result(
            whole=not self._problems,
            entries=self._entries,
            hash=self._hash,
            signed_seq=None if self._signed is None else self._signed.seq,
            problems=self._problems,
            more_problems=self._more,
        )

    def _remember(self, seq: int, entry: Entry) -> None:
        if entry.kind == "RecordingHead":
            sealed = entry.parameters.get("SealedSegments", "0")
            count = int(sealed) if sealed.isdecimal() else 0
            head = entry.parameters.get("Head", "")
            self._recordings[entry.object_id] = _Recorded(seq, head, count)
        elif entry.kind == "RecordingDeleted":
            self._recordings.pop(entry.object_id, None)
            self._deleted[entry.object_id] = (seq, entry.parameters.get("Tombstone", ""))

    def add(self, problem: Problem) -> None:
        """Something that was found elsewhere."""
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append(problem)
        else:
            self._more += 1

    def _tell(self, fault: Fault, seq: int | None, detail: str) -> None:
        self.add(Problem(fault=fault, seq=seq, detail=detail))


async def verify_store(store: Store, file: HeadFile, missing: Missing | None = None) -> Result:
    """The chain of a database against its signed head, and against the recordings that are kept if `missing` tells
    of them. Other calls go on meanwhile: entries are read some at a time, and those that are appended after the
    beginning are not asked for."""
    signed, problem = await asyncio.to_thread(_signed, file)
    verification = Verification(signed)
    if problem is not None:
        verification.add(problem)
    last, recordings, tombstones = await store.read(_told_until_now)
    after = 0
    while rows := await store.read(functools.partial(links, after=after, last=last)):
        for one in rows:
            verification.take(one)
        after = rows[-1].seq
    await asyncio.to_thread(verification.look_at_recordings, recordings, missing)
    await asyncio.to_thread(verification.look_at_tombstones, tombstones, file.public_key)
    return verification.result()


def _told_until_now(connection: Connection) -> tuple[int, list[Any], list[Any]]:
    """The newest entry's number, the catalogue and its tombstones, of one moment: a recording that is deleted later is
    not missed."""
    last = connection.execute(select(func.max(_a.c.seq))).scalar() or 0
    kept = connection.execute(select(_r.c.id, _r.c.sealed_count, _r.c.head))
    left = connection.execute(select(_t.c.recording_id, _t.c.body, _t.c.signature))
    return last, list(kept), list(left)


def links(connection: Connection, after: int, last: int) -> list[Link]:
    """Some links after that number, in order."""
    query = select(_a).where(_a.c.seq > after, _a.c.seq <= last).order_by(_a.c.seq)
    return [
        Link(
            row.seq,
            row.entry.encode(),
            row.previous_hash,
            row.hash,
            {
                name: getattr(row, name)
                for name in (
                    "id", "kind", "account_id", "user_name", "address", "target_type", "object_id",
                    "text", "succeeded",
                )
            },
        )
        for row in connection.execute(query.limit(ROWS_AT_ONCE))
    ]  # fmt: skip


def _signed(file: HeadFile) -> tuple[Head | None, Problem | None]:
    try:
        signed = file.read()
    except Invalid as damage:
        return None, Problem(fault="head", detail=damage.message)
    if signed is None:
        return None, Problem(fault="head", detail=f"{file.path} is missing")
    return signed, None


def _decoded(raw: bytes) -> Entry | None:
    try:
        return msgspec.json.decode(raw, type=Entry)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
