"""A segment's header, in each format version. Source: docs/format.md section 2.1.

| offset | type | field | version 0 | version 1 |
|---|---|---|---|---|
| 0 | | magic ... boot id | 144 bytes, the same in both | |
| 144 | u32 | | reserved: 0 | flags, bit 0: encrypted |
| 148 | | | u32 CRC-32, the end | 32 bytes of salt |
| 180 | | | | u16 length of the wrapped key, then its ASCII |
| | | | | u32 CRC-32, the end |
"""

from __future__ import annotations

import struct
import uuid
import zlib
from dataclasses import dataclass

from footlight.recording.format import KNOWN_VERSIONS, MAGIC, MAX_HEADER_BYTES, VERSION, FormatError

NO_SALT = bytes(32)
MAX_WRAPPED_CHARS = 1024

_COMMON = struct.Struct("<8sHHI16s16sQQQ32s32s8sI")
_SEALING = struct.Struct("<32sH")
_CRC = struct.Struct("<I")
_VERSION_0_BYTES = _COMMON.size + _CRC.size
_FLAG_ENCRYPTED = 1


@dataclass(frozen=True)
class Header:
    """A segment's header payload. Ids are GUIDs, times nanoseconds. Writers write version 1 only."""

    number: int
    recording_id: str
    session_id: str
    anchor_monotonic_ns: int
    anchor_wall_ns: int
    start_ns: int  # this segment's first instant since the recording's start
    previous_head: bytes  # in an open segment zeros: it is known when it is sealed
    signer: bytes  # raw Ed25519 public key
    boot_id: bytes  # 8 bytes, one per start of the recorder
    version: int = VERSION
    encrypted: bool = False
    salt: bytes = NO_SALT  # of the segment's key
    wrapped_key: str = ""  # the recording's data key as the site wrapped it

    def pack(self) -> bytes:
        """The payload, in version 1. Raises ValueError for a wrapped key over the limit."""
        wrapped = self.wrapped_key.encode("ascii")
        if len(wrapped) > MAX_WRAPPED_CHARS:
            raise ValueError("wrapped key is over the limit")
        length = _COMMON.size + _SEALING.size + len(wrapped) + _CRC.size
        body = _COMMON.pack(
            MAGIC,
            VERSION,
            length,
            self.number,
            uuid.UUID(self.recording_id).bytes,
            uuid.UUID(self.session_id).bytes,
            self.anchor_monotonic_ns,
            self.anchor_wall_ns,
            self.start_ns,
            self.previous_head,
            self.signer,
            self.boot_id,
            _FLAG_ENCRYPTED if self.encrypted else 0,
        )
        body += _SEALING.pack(self.salt, len(wrapped)) + wrapped
        return body + _CRC.pack(zlib.crc32(body))

    @staticmethod
    def unpack(payload: bytes) -> Header:
        """The header in `payload`. Raises FormatError, also for a version that is not known."""
        if payload[:8] != MAGIC:
            raise FormatError("not a recording segment: wrong magic")
        if not _VERSION_0_BYTES <= len(payload) <= MAX_HEADER_BYTES:
            raise FormatError(f"header of {len(payload)} bytes")
        fields = _COMMON.unpack_from(payload)
        version, length, flags = fields[1], fields[2], fields[12]
        if version not in KNOWN_VERSIONS:
            raise FormatError(f"format version {version} is not known")
        if length != len(payload) or (version == 0 and length != _VERSION_0_BYTES):
            raise FormatError(f"header names its length as {length}")
        if _CRC.unpack(payload[-_CRC.size :])[0] != zlib.crc32(payload[: -_CRC.size]):
            raise FormatError("header checksum does not match")
        salt, wrapped = _sealing(payload) if version else (NO_SALT, "")
        if version and flags & ~_FLAG_ENCRYPTED:
            raise FormatError(f"header flags {flags:#x} are not known")
        return Header(
            number=fields[3],
            recording_id=str(uuid.UUID(bytes=fields[4])),
            session_id=str(uuid.UUID(bytes=fields[5])),
            anchor_monotonic_ns=fields[6],
            anchor_wall_ns=fields[7],
            start_ns=fields[8],
            previous_head=fields[9],
            signer=fields[10],
            boot_id=fields[11],
            version=version,
            encrypted=bool(version and flags & _FLAG_ENCRYPTED),
            salt=salt,
            wrapped_key=wrapped,
        )


def _sealing(payload: bytes) -> tuple[bytes, str]:
    """(salt, wrapped key) of version 1. Raises FormatError."""
    start = _COMMON.size + _SEALING.size
    if len(payload) < start + _CRC.size:
        raise FormatError("header is too short for its version")
    salt, size = _SEALING.unpack_from(payload, _COMMON.size)
    if start + size + _CRC.size != len(payload) or size > MAX_WRAPPED_CHARS:
        raise FormatError("header names a wrapped key of another length")
    try:
        return salt, payload[start : start + size].decode("ascii")
    except UnicodeDecodeError:
        raise FormatError("wrapped key is no text") from None
