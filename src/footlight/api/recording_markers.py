"""Markers and comments in recordings. Who may view a recording may mark it."""

from __future__ import annotations

from typing import Any

from litestar.params import FromPath, JSONBody
from sqlalchemy import Row

from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.recording_views import BASE, duration_ms, seen
from footlight.api.routing import Routes
from footlight.archive import markers
from footlight.bus import subjects
from footlight.caller import Caller
from footlight.errors import FootlightError, Invalid
from footlight.log import get_logger
from footlight.wire.host import MarkRecording, encode
from footlight.wire.markers import MarkerChange, MarkerList, MarkerView, NewMarker
from footlight.wire.rest.dates import rfc3339, rfc3339_of

_log = get_logger(__name__)
routes = Routes(cvad=False)
ALL = BASE + "/{id}/markers"
ONE = ALL + "/{marker}"
HOST_TIMEOUT_S = 2.0


@routes.add("GET", ALL, statuses=(200, 401, 404))
async def list_markers(caller: GivenCaller, parts: GivenParts, id: FromPath[str]) -> MarkerList:
    """All markers and comments, by their moments."""
    row = await seen(caller, parts, id)
    rows = await parts.store.read(lambda c: markers.every(c, row.id))
    return MarkerList(items=[view(one, caller) for one in rows])


@routes.add("POST", ALL, status=201, statuses=(201, 400, 401, 404, 409))
async def add_marker(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], data: JSONBody[NewMarker]
) -> MarkerView:
    """Mark a moment; of a recording that runs the marker goes into its event track, too."""
    row = await seen(caller, parts, id)
    lasts_ms = duration_ms(parts, row)
    live = row.status == "recording"
    at_ms = lasts_ms if data.at_ms is None and live else data.at_ms
    if at_ms is None or not 0 <= at_ms <= lasts_ms:
        raise Invalid(
            f"atMs is 0 to {lasts_ms}; it may be left out of a recording that runs.",
            name="atMs",
            problem="outOfRange",
        )
    new = markers.NewMarker(row, at_ms, data.kind, _checked(data.text))
    made = await parts.store.write(lambda tx: markers.add(tx, caller, new))
    if live and data.at_ms is None:
        await _tell_host(parts, row, made)
    return view(made, caller)


@routes.add("PATCH", ONE, statuses=(200, 400, 401, 403, 404))
async def change_marker(
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    marker: FromPath[str],
    data: JSONBody[MarkerChange],
) -> MarkerView:
    """Another text for a marker of one's own. What is in the event track stays as it was said."""
    row = await seen(caller, parts, id)
    marker_id, text = decode_parameter(marker), _checked(data.text)
    changed = await parts.store.write(lambda tx: markers.change(tx, caller, row, marker_id, text))
    return view(changed, caller)


@routes.add("DELETE", ONE, status=204, statuses=(204, 401, 403, 404))
async def delete_marker(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], marker: FromPath[str]
) -> None:
    """Remove one's own marker; anybody's with the permission Recording_DeleteAndHold."""
    row = await seen(caller, parts, id)
    marker_id = decode_parameter(marker)
    await parts.store.write(lambda tx: markers.delete(tx, caller, row, marker_id))


def view(row: Row[Any], caller: Caller) -> MarkerView:
    """A row as the API shows it."""
    return MarkerView(
        id=row.id,
        at_ms=row.at_ms,
        kind=row.kind,
        text=row.text,
        author=row.author,
        created_at=rfc3339_of(row.created_at_ms),
        changed_at=rfc3339(row.changed_at_ms),
        own=row.account_id == caller.account_id,
    )


def _checked(text: str) -> str:
    text = text.strip()
    if not 1 <= len(text) <= markers.LONGEST_TEXT:
        raise Invalid(
            f"text has 1 to {markers.LONGEST_TEXT} characters.", name="text", problem="outOfRange"
        )
    return text


async def _tell_host(parts: Parts, recording: Row[Any], marker: Row[Any]) -> None:
    """Into the event track. Without the host the marker is in the catalogue alone."""
    message = MarkRecording(
        session_id=recording.session_id,
        recording_id=recording.id,
        marker_id=marker.id,
        kind=marker.kind,
        text=marker.text,
        author=marker.author,
    )
    try:
        subject = subjects.marks(recording.machine_id)
        await parts.bus.request(subject, encode(message), HOST_TIMEOUT_S)
    except FootlightError as error:
        _log.warning("marker not in the event track", recording=recording.id, error=error.message)
