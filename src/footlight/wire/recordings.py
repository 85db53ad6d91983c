"""Bodies and answers of our own API on recordings as things that are kept, searched and opened."""

from __future__ import annotations

from typing import Any, Literal

from footlight.wire.own import OwnModel


class RetentionClassView(OwnModel, frozen=True):
    """How long recordings of a class are kept: `keepDays` after their end, null: for ever. New recordings whose policy
    names none have the default one."""

    name: str
    description: str
    keep_days: int | None
    is_default: bool


class RetentionClassList(OwnModel, frozen=True):
    """All classes, by name."""

    items: list[RetentionClassView]


class NewRetentionClass(OwnModel, frozen=True):
    """A class to make."""

    name: str
    keep_days: int | None
    description: str = ""
    is_default: bool = False


class RetentionClassChange(OwnModel, frozen=True):
    """What to change of a class: all that is to be so from now on; `description` null: as it is."""

    keep_days: int | None
    description: str | None = None
    is_default: bool | None = None


class RetentionTrial(OwnModel, frozen=True):
    """What would be deleted: at another moment (`at`, RFC 3339; null: now), of one class only, or were recordings kept
    for `keepDays` whatever their class says. `limit`: how many are named, 1 to 1000."""

    at: str | None = None
    retention_class: str | None = None
    keep_days: int | None = None
    limit: int = 100


class DueView(OwnModel, frozen=True):
    """A recording that is past its time. `held`: it stays all the same."""

    id: str
    session_id: str
    user_name: str
    machine_name: str
    started_at: str | None
    ended_at: str | None
    size_bytes: int
    retention_class: str
    expired_at: str | None
    held: bool


class RetentionPreview(OwnModel, frozen=True):
    """What would be deleted, the oldest first; the totals count all, also those that are not named. Held recordings
    are counted apart, and stay."""

    items: list[DueView]
    recordings: int
    size_bytes: int
    held_recordings: int
    held_size_bytes: int


class NewHold(OwnModel, frozen=True):
    """A legal hold to place."""

    reason: str


class HoldView(OwnModel, frozen=True):
    """A legal hold: as long as there is one the recording is not deleted."""

    id: str
    reason: str
    placed_by: str
    placed_at: str


class HoldList(OwnModel, frozen=True):
    """The holds of a recording, the oldest first."""

    items: list[HoldView]


class TombstoneView(OwnModel, frozen=True):
    """What is left of a deleted recording. `signed` is what the site's key signed, byte for byte, `signature` its
    Ed25519 signature in hex; the other members repeat what it says. `filesGoneAt` null: they are being removed."""

    recording_id: str
    session_id: str
    user_name: str
    machine_name: str
    started_at: str | None
    ended_at: str | None
    size_bytes: int
    sealed_segments: int
    head: str
    retention_class: str
    deleted_at: str
    deleted_by: str
    why: str
    files_gone_at: str | None
    signed: str
    signature: str


class TombstonePage(OwnModel, frozen=True):
    """A page of tombstones, the newest first."""

    items: list[TombstoneView]
    continuation_token: str | None


class HitView(OwnModel, frozen=True):
    """An event that was searched for, and the recording that it is of. `atMs`: recording time."""

    recording_id: str
    session_id: str
    user_name: str
    machine_name: str
    resource_name: str
    started_at: str | None
    at_ms: int
    type: str
    text: str


class HitPage(OwnModel, frozen=True):
    """A page of hits, those that were indexed last first."""

    items: list[HitView]
    continuation_token: str | None


class NewOpening(OwnModel, frozen=True):
    """Why a recording is opened."""

    reason: str


class OpeningView(OwnModel, frozen=True):
    """Leave to look at the recording. `asked`: a reason has to be given by the caller, in general."""

    reason: str
    until: str
    asked: bool


class NewLink(OwnModel, frozen=True):
    """A link to make, to a moment of recording time; it lasts a minute to 30 days."""

    at_ms: int = 0
    expires_in_s: int = 86_400


class LinkView(OwnModel, frozen=True):
    """A link to a moment of a recording. Who follows it signs in and needs the right to view the recording."""

    token: str
    url: str
    recording_id: str
    at_ms: int
    expires_at: str


class NewReport(OwnModel, frozen=True):
    """What is wrong, in the words of who reports it."""

    text: str


class ReportView(OwnModel, frozen=True):
    """A problem as it was reported. `recordingId` null: nothing was recorded; `atMs`: the moment in that recording;
    `recordsUntil`: when the recording that the report began ends, null: it began none, it has ended, or somebody has
    called for it since; `link`: to the moment; `facts`: how session and host were."""

    id: str
    session_id: str
    user_name: str
    machine_name: str
    reported_by: str
    reported_at: str
    text: str
    recording_id: str | None
    at_ms: int | None
    records_until: str | None
    link: str | None
    facts: dict[str, Any]


class ReportPage(OwnModel, frozen=True):
    """A page of reports, the newest first."""

    items: list[ReportView]
    continuation_token: str | None


class ExportWanted(OwnModel, frozen=True):
    """What to make of a recording: a film, or one file that holds it whole with all that is needed to check it."""

    kind: Literal["mp4", "evidence"] = "mp4"


class DataKeyView(OwnModel, frozen=True):
    """What the sealed segments of one recording are decrypted with (docs/format.md section 8). `data_key`: 32 bytes in
    base64, a secret; `wrapped_key`: the same for the site alone, as it stands in the segments."""

    cipher: str
    data_key: str
    wrapped_key: str
