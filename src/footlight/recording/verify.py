"""Whether a recording is whole and unchanged, and whose word that is. Source: format.md section 9.

Every segment is hashed once, streamed. Records are read only where no hash and signature vouch for
them: in open segments, and in broken ones to find the place. Checking goes on after a fault.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import BinaryIO, Literal, ParamSpec

import msgspec

from footlight.recording.body import chunks
from footlight.recording.chain import (
    SegmentEntry,
    SignedManifest,
    certificate_holds,
    manifest_holds,
    read_manifest,
    seal_holds,
)
from footlight.recording.cipher import DataKey, KeyNeeded
from footlight.recording.format import NO_HEAD, SKIPPABLE_PREFIX_BYTES, FormatError, Seal
from footlight.recording.frames import CutOff, read_header, read_seal
from footlight.recording.header import Header
from footlight.recording.reader import Fault, SegmentReader, check_record
from footlight.recording.source import SegmentFile, Source

_CHUNK_BYTES = 1024 * 1024
_MAX_FINDINGS = 10_000

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

P = ParamSpec("P")
Status = Literal["verified", "unchanged-unknown-signer", "unfinished", "truncated", "damaged"]


class Finding(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """One thing that was found. `segment` None: about the recording as a whole; `offset` (bytes from
    the segment file's start) None: about no place in particular."""

    segment: int | None = None
    offset: int | None = None
    reason: str


class Verdict(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """What verify says. Findings also hold remarks that do not make the verdict worse."""

    status: Status
    findings: list[Finding]
    segments: int  # at hand, sealed and open
    size_bytes: int
    recording_id: str | None
    head: str | None  # hex, of the last sealed segment at hand
    signer: str | None  # hex, the agent's key
    site_key: str | None  # hex, the key that certified the agent and was checked


@dataclass
class _State:
    """What checking has come to know."""

    data_key: DataKey | None
    findings: list[Finding] = field(default_factory=list)
    damaged: bool = False
    truncated: bool = False
    recording_id: str | None = None
    signer: bytes | None = None
    previous: Seal | None = None  # of the segment before, when that is at hand and whole
    next_number: int = 0
    heads: set[str] = field(default_factory=set)
    head: str | None = None
    finished: bool = False  # a seal says that it is the last
    site_key: str | None = None

    def remark(self, reason: str, segment: int | None = None, offset: int | None = None) -> None:
        if len(self.findings) < _MAX_FINDINGS:
            self.findings.append(Finding(segment=segment, offset=offset, reason=reason))

    def damage(self, reason: str, segment: int | None = None, offset: int | None = None) -> None:
        self.damaged = True
        self.remark(reason, segment, offset)

    def missing(self, reason: str, segment: int | None = None) -> None:
        self.truncated = True
        self.remark(reason, segment)


def verify_recording(
    source: Source,
    site_key: bytes | None = None,
    known_head: str | None = None,
    *,
    every_record: bool = False,
) -> Verdict:
    """The verdict on a recording, or on the part of it that is at hand.

    `site_key` (raw Ed25519) is the one pinned outside of the recording, `known_head` (hex) the last
    head that the site was told of. `every_record` reads the records of whole segments as well, those that are
    encrypted with the source's data key; nothing else needs it.
    Raises OSError only: bad bytes are findings. Blocks; run it in a thread.
    """
    state = _State(source.data_key)
    files = source.segments()
    signed = _manifest(source, state)
    entries = {e.number: e for e in signed.manifest.segments} if signed is not None else {}
    for file in files:
        _segment(source, file, state, entries.get(file.number), every_record)
        if signed is not None and file.number not in entries:
            state.damage("segment is not named by the manifest", file.number)
    if signed is not None:
        _against_manifest(signed, {f.number for f in files}, state, site_key)
    else:
        _without_manifest(files, state)
    _known_head(known_head, signed, state)
    return Verdict(
        status=_status(state, signed is not None),
        findings=state.findings,
        segments=len(files),
        size_bytes=sum(f.size_bytes for f in files),
        recording_id=state.recording_id,
        head=state.head,
        signer=state.signer.hex() if state.signer is not None else None,
        site_key=state.site_key,
    )


def _status(state: _State, has_manifest: bool) -> Status:
    if state.damaged:
        return "damaged"
    if state.truncated:
        return "truncated"
    if not has_manifest:
        return "unfinished"
    return "verified" if state.site_key is not None else "unchanged-unknown-signer"


def _manifest(source: Source, state: _State) -> SignedManifest | None:
    data = source.manifest()
    if data is None:
        return None
    try:
        signed = read_manifest(data)
    except FormatError as error:
        state.damage(str(error))
        return None
    if _GUID.fullmatch(signed.manifest.recording_id):
        state.recording_id = signed.manifest.recording_id
    else:
        state.damage("manifest does not name its recording")
    return signed


# --- one segment --------------------------------------------------------------------------------


def _segment(
    source: Source, file: SegmentFile, state: _State, entry: SegmentEntry | None, every_record: bool
) -> None:
    """Check one segment and its link to the one before."""
    number = file.number
    if number != state.next_number:
        state.previous = None
    try:
        with source.open(number) as opened:
            header, _ = read_header(opened)
            _header(header, number, state, sealed=entry is not None or not file.open)
            # What the manifest names was sealed, whatever the file is called now.
            if file.open and entry is None:
                _records(opened, number, state)
                state.previous = None
            else:
                state.previous = _sealed(opened, header, state, entry, every_record)
    except FileNotFoundError:
        state.damage("segment vanished while it was checked", number)
        state.previous = None
    except CutOff as error:
        # An open segment may have nothing on disk yet.
        if not file.open or entry is not None:
            state.damage(str(error), number, file.size_bytes)
        state.previous = None
    except FormatError as error:
        state.damage(str(error), number, 0)
        state.previous = None
    state.next_number = number + 1


def _header(header: Header, number: int, state: _State, *, sealed: bool) -> None:
    if header.number != number:
        state.damage(f"header says segment {header.number}", number, 0)
    if state.recording_id is None:
        state.recording_id = header.recording_id
    elif header.recording_id != state.recording_id:
        state.damage("segment is of another recording", number, 0)
    if state.signer is None:
        state.signer = header.signer
    elif header.signer != state.signer:
        state.damage("segment names another signer", number, 0)
    if number == 0 and header.previous_head != NO_HEAD:
        state.damage("first segment continues another one", number, 0)
    if state.previous is not None:
        if sealed and header.previous_head != state.previous.head:
            state.damage("chain is broken: previous head is another", number, 0)
        if header.start_ns < state.previous.end_ns:
            state.damage("segment begins before the end of the one before", number, 0)


def _sealed(
    file: BinaryIO, header: Header, state: _State, entry: SegmentEntry | None, every_record: bool
) -> Seal | None:
    """The seal when the segment holds, else None."""
    number = header.number
    found = read_seal(file)
    if found is None:
        state.damage("segment is not sealed", number, _end_of_records(file, state.data_key))
        return None
    seal, seal_at = found
    content, whole = _hashes(file, seal_at)
    if content != seal.content_hash:
        fault = _first_fault(file, state.data_key)
        state.damage(
            f"hash does not match{': ' + fault.reason if fault else ''}",
            number,
            fault.offset if fault else None,
        )
        return None
    reason = _seal_reason(seal, header)
    if reason is not None:
        state.damage(reason, number, seal_at)
        return None
    if entry is not None and not _entry_holds(entry, seal, whole):
        state.damage("segment is not the one that the manifest names", number)
    if state.finished:
        state.damage("segment follows the last one", number)
    state.finished = state.finished or seal.last
    state.head = seal.head.hex()
    state.heads.add(state.head)
    if every_record:
        fault = _first_fault(file, state.data_key)
        if fault is not None:
            state.damage(fault.reason, number, fault.offset)
    return seal


def _hashes(file: BinaryIO, seal_at: int) -> tuple[bytes, str]:
    """(hash of the bytes before the seal, hex hash of all), in one pass."""
    running = hashlib.sha256()
    file.seek(0)
    left = seal_at
    while left > 0 and (chunk := file.read(min(left, _CHUNK_BYTES))):
        running.update(chunk)
        left -= len(chunk)
    content = running.digest()
    while chunk := file.read(_CHUNK_BYTES):
        running.update(chunk)
    return content, running.hexdigest()


def _seal_reason(seal: Seal, header: Header) -> str | None:
    """Why a seal whose hash matches does not hold; None when it does."""
    if seal.number != header.number:
        return f"seal says segment {seal.number}"
    if seal.previous_head != header.previous_head:
        return "seal and header name different previous heads"
    if seal.signer != header.signer:
        return "seal and header name different signers"
    if seal.start_ns != header.start_ns or seal.end_ns < seal.start_ns:
        return "seal and header name different times"
    if not seal_holds(seal, header.recording_id, header.version):
        return "signature does not hold"
    return None


def _entry_holds(entry: SegmentEntry, seal: Seal, whole_sha256: str) -> bool:
    return (
        entry.sha256 == whole_sha256
        and entry.head == seal.head.hex()
        and (entry.start_ns, entry.end_ns) == (seal.start_ns, seal.end_ns)
    )


def _records(file: BinaryIO, number: int, state: _State) -> None:
    """Check the records of an open segment, whose end may be torn."""
    fault = _first_fault(file, state.data_key, sealed=False)
    if fault is not None:
        state.damage(fault.reason, number, fault.offset)


def _first_fault(file: BinaryIO, data_key: DataKey | None, *, sealed: bool = True) -> Fault | None:
    """The first record that does not hold, or what is wrong after the last one. Of what is encrypted and
    cannot be read: the first chunk that is of no known form."""
    try:
        reader = SegmentReader(file, data_key)
        for record in reader.records():
            try:
                check_record(record)
            except FormatError as error:
                return Fault(record.offset, str(error))
        return reader.fault or (reader.check_tail() if sealed else None)
    except KeyNeeded:
        return _first_odd_chunk(file)
    except FormatError as error:
        return Fault(0, str(error))


def _first_odd_chunk(file: BinaryIO) -> Fault | None:
    _, end = read_header(file)
    whole = False
    try:
        for offset, stored, last in chunks(file, end):
            end, whole = offset + SKIPPABLE_PREFIX_BYTES + len(stored), last
    except FormatError as error:
        return Fault(end, str(error))
    return None if whole else Fault(end, "body is cut off")


def _end_of_records(file: BinaryIO, data_key: DataKey | None) -> int | None:
    fault = _first_fault(file, data_key)
    return fault.offset if fault is not None else None


# --- the whole ----------------------------------------------------------------------------------


def _against_manifest(
    signed: SignedManifest, at_hand: set[int], state: _State, site_key: bytes | None
) -> None:
    manifest = signed.manifest
    if [entry.number for entry in manifest.segments] != list(range(len(manifest.segments))):
        state.damage("manifest does not name its segments in order")
    for entry in manifest.segments:
        if entry.number not in at_hand:
            state.missing("segment is missing", entry.number)
    last_head = manifest.segments[-1].head if manifest.segments else ""
    if manifest.head != last_head:
        state.damage("manifest names another head than its last segment's")
    certificate = manifest.certificate
    signer = state.signer
    if signer is None and certificate is not None:  # nothing at hand that names the signer
        signer = state.signer = _key(certificate.body.agent_key)
    if signer is None:
        state.damage("nothing names the signer of the manifest")
    elif not _holds(manifest_holds, signed, signer):
        state.damage("signature of the manifest does not hold")
    elif site_key is not None:
        if certificate is None:
            state.remark("the signer has no certificate")
        elif certificate.body.site_id != manifest.site_id:
            state.damage("certificate is of another site")
        elif _holds(certificate_holds, certificate, site_key, signer):
            state.site_key = site_key.hex()
        else:
            state.remark("the signer is not certified by the given site key")


def _without_manifest(files: list[SegmentFile], state: _State) -> None:
    if not files:
        state.remark("there are no segments")
    for expected, file in enumerate(files):
        if file.number != expected:
            state.damage("chain is broken: segments before are missing", file.number)
            break
    for file, following in pairwise(files):
        if file.open and not following.open:  # several may wait to be sealed, one by one
            state.damage("segment was never sealed, and sealed ones follow", file.number)
    if state.finished:
        state.remark("the last segment is sealed as such, but there is no manifest")


def _known_head(known_head: str | None, signed: SignedManifest | None, state: _State) -> None:
    """The head that the site was told of must be one of the chain's."""
    if known_head is None or known_head.lower() in state.heads:
        return
    named = {entry.head for entry in signed.manifest.segments} if signed is not None else set()
    if signed is not None and known_head.lower() not in named:
        state.damage("the head known from outside is not in this chain")
    else:
        state.missing("the segment of the head known from outside is missing")


def _holds(check: Callable[P, bool], *args: P.args, **kwargs: P.kwargs) -> bool:
    """Whether a signature over foreign JSON holds; JSON that has no canonical form has none."""
    try:
        return check(*args, **kwargs)
    except (ValueError, RecursionError):
        return False


def _key(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None
