"""Recordings as things that are kept, member for member as on the wire (camelCase). Times are RFC 3339."""

from __future__ import annotations

from typing import TypedDict


class Tombstone(TypedDict):
    """What is left of a deleted recording. `signed` is what the site's key signed, `signature` hex Ed25519;
    `filesGoneAt` null: its files are being removed."""

    recordingId: str
    sessionId: str
    userName: str
    machineName: str
    startedAt: str | None
    endedAt: str | None
    sizeBytes: int
    sealedSegments: int
    head: str
    retentionClass: str
    deletedAt: str
    deletedBy: str
    why: str
    filesGoneAt: str | None
    signed: str
    signature: str
