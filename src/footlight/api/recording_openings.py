"""Opening recordings: reasons that are asked for first, and links to a moment."""

from __future__ import annotations

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.params import FromPath, JSONBody

from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.paths import decode_parameter
from footlight.api.recording_views import BASE, opened, seen
from footlight.api.routing import Routes
from footlight.archive import leaves
from footlight.audit.log import Act, record
from footlight.audit.openings import Looked
from footlight.caller import Caller
from footlight.errors import Invalid, NotFound
from footlight.sessions.paging import read_sealed, write_sealed
from footlight.wire.recordings import LinkView, NewLink, NewOpening, OpeningView
from footlight.wire.rest.dates import rfc3339_of

routes = Routes(cvad=False)
Call = Request[Caller, object, State]
LINKS = "recording-links"
MAX_LINK_S = 30 * 86_400


class Moment(msgspec.Struct, frozen=True, array_like=True):
    """What a link's token says."""

    recording_id: str
    at_ms: int
    expires_at_ms: int


@routes.add("POST", BASE + "/{id}/openings", status=201, statuses=(201, 400, 401, 404))
async def open_recording(
    caller: GivenCaller, parts: GivenParts, id: FromPath[str], data: JSONBody[NewOpening]
) -> OpeningView:
    """Say why a recording is opened. Who has to give a reason may look at it from then on, for a while."""
    row = await seen(caller, parts, id)
    until_ms = await parts.store.write(
        lambda tx: leaves.give(tx, caller, row.id, row.user_name, data.reason)
    )
    asked = await parts.store.read(lambda c: leaves.must_give(c, caller, parts.config))
    return OpeningView(reason=data.reason, until=rfc3339_of(until_ms), asked=asked)


@routes.add("POST", BASE + "/{id}/links", status=201, statuses=(201, 400, 401, 404))
async def create_link(
    request: Call,
    caller: GivenCaller,
    parts: GivenParts,
    id: FromPath[str],
    data: JSONBody[NewLink | None] = None,
) -> LinkView:
    """A link to a moment of the recording, which expires."""
    row = await seen(caller, parts, id)
    wanted = data or NewLink()
    if not 60 <= wanted.expires_in_s <= MAX_LINK_S:
        raise Invalid(f"expiresInS is 60 to {MAX_LINK_S}.", name="expiresInS", problem="outOfRange")
    if not 0 <= wanted.at_ms < 2**40:
        raise Invalid("atMs is recording time in ms.", name="atMs", problem="outOfRange")
    moment = Moment(row.id, wanted.at_ms, parts.clock.now_ms() + wanted.expires_in_s * 1000)
    act = Act(
        text=f"Make a link to the recording of {row.user_name}",
        kind="AdminActivity",
        target_type="Recording",
        object_id=row.id,
        object_name=row.user_name,
        parameters={"AtMs": str(moment.at_ms), "ExpiresAt": rfc3339_of(moment.expires_at_ms)},
    )
    await parts.store.write(lambda tx: record(tx, caller, act))
    base_url = entry_of(request.scope).base_url
    return link_to(parts.site.token_key, base_url, moment)


@routes.add("GET", BASE + "/links/{token}", statuses=(200, 401, 403, 404))
async def follow_link(
    request: Call, caller: GivenCaller, parts: GivenParts, token: FromPath[str]
) -> LinkView:
    """Where a link leads: an opening of the recording. 404 for one that has expired, too."""
    text = decode_parameter(token)
    key = parts.site.token_key
    try:
        moment = msgspec.msgpack.decode(read_sealed(key, LINKS, text), type=Moment)
    except (Invalid, msgspec.DecodeError):
        raise NotFound("There is no such link.", entityType="RecordingLink") from None
    if moment.expires_at_ms <= parts.clock.now_ms():
        raise NotFound("The link has expired.", entityType="RecordingLink")
    row, reason = await opened(caller, parts, moment.recording_id)
    at_s = moment.at_ms // 1000
    await parts.openings.note(
        caller, Looked(row.id, row.session_id, row.user_name, "link", "Seconds", at_s, reason)
    )
    return link_to(key, entry_of(request.scope).base_url, moment)


def link_to(key: bytes, base_url: str, moment: Moment) -> LinkView:
    """The link. Its token stands behind a #, so that it is in no log of a server; it opens nothing by itself."""
    token = write_sealed(key, LINKS, msgspec.msgpack.encode(moment))
    return LinkView(
        token=token,
        url=f"{base_url}/r/{moment.recording_id}#link={token}",
        recording_id=moment.recording_id,
        at_ms=moment.at_ms,
        expires_at=rfc3339_of(moment.expires_at_ms),
    )
