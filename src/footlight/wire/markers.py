"""Bodies and answers of our own API on events of recordings, and on markers in them."""

from __future__ import annotations

from typing import Any, Literal

from footlight.wire.own import OwnModel

MarkerKind = Literal["marker", "comment"]


class NewMarker(OwnModel, frozen=True):
    """A moment to mark. `atMs`: of recording time; null: now, of a recording that runs. `text`: 1 to 2000
    characters."""

    text: str
    at_ms: int | None = None
    kind: MarkerKind = "marker"


class MarkerChange(OwnModel, frozen=True):
    """Another text."""

    text: str


class MarkerView(OwnModel, frozen=True):
    """What somebody said of a moment. `own`: the caller did."""

    id: str
    at_ms: int
    kind: str
    text: str
    author: str
    created_at: str
    changed_at: str | None
    own: bool


class MarkerList(OwnModel, frozen=True):
    """All of a recording, by their moments."""

    items: list[MarkerView]


class EventPage(OwnModel, frozen=True):
    """Events by their moments: `type`, `atMs` of recording time, and what the type tells (docs/format.md section 5)."""

    items: list[dict[str, Any]]
    continuation_token: str | None
