"""The display door: a WebSocket with RFB inside, opened by a one-time ticket."""

from __future__ import annotations

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect
from litestar.params import FromPath
from sqlalchemy import Connection

from footlight.access import accounts, tickets
from footlight.access.access import Access
from footlight.access.tickets import Ticket
from footlight.api.door import Entry, entry_of
from footlight.api.given import GivenParts
from footlight.api.line import LINE, Line
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.api.session_views import clipboard_of, viewer_id_of
from footlight.audit.log import Act, append
from footlight.bus import subjects
from footlight.bus.bus import ByteStream
from footlight.caller import Permission
from footlight.errors import Unavailable
from footlight.log import bind, get_logger
from footlight.sessions import queries
from footlight.site import access_rules
from footlight.site.access_rules import Rules
from footlight.store.store import Tx
from footlight.wire.host import DisplayHello, ViewerFacts, ViewerLine, encode

_log = get_logger(__name__)
routes = Routes(cvad=False)

READ_BYTES = 128 * 1024
DIAL_TIMEOUT_S = 10.0
LOOK_AT_RIGHTS_EACH_S = 5.0
FIRST_LINE_S, LINE_EACH_S = 1.0, 5.0  # between words to the host that the viewer is there
LINE_TIMEOUT_S = 4.0
# WebSocket close codes of our own: the page tells people what they mean.
REFUSED, SESSION_GONE, RULES_CHANGED, NOT_LET_IN, HOST_LOST = 4403, 4404, 4409, 4410, 4502


@routes.add_websocket("/footlight/v1/sessions/{id}/display", open=True)
async def display(socket: WebSocket[Any, Any, Any], parts: GivenParts, id: FromPath[str]) -> None:
    """Relay RFB between the browser and the session's host until either side ends."""
    session_id = decode_parameter(id).lower()
    given = socket.query_params.get("ticket", "")
    ticket = await parts.store.write(lambda tx: tickets.redeem(tx, given))
    protocols = socket.scope.get("subprotocols") or []
    await socket.accept(subprotocols="binary" if "binary" in protocols else None)
    if ticket is None or ticket.session_id != session_id:
        await socket.close(code=REFUSED, reason="the ticket is not good")
        return
    bind(session=session_id)
    try:
        opened = await _open(parts, ticket, viewer_id_of(given), entry_of(socket.scope))
    except Unavailable as absence:
        _log.warning("display cannot be reached", reason=absence.message)
        await socket.close(code=HOST_LOST, reason="the session can't be reached")
        return
    if opened is None:
        await socket.close(code=SESSION_GONE, reason="the session is gone")
        return
    try:
        await _relay(socket, opened, parts, ticket)
    finally:
        await opened.stream.close()


def may_watch(connection: Connection, access: Access, ticket: Ticket) -> bool:
    """Whether who got the ticket may still see the session: its own user, or who may shadow it now."""
    row = queries.row(connection, ticket.session_id)
    caller = access.holder(connection, ticket.account_id)
    if row is None or caller is None:
        return False
    own = row.account_id == caller.account_id
    return own or queries.may(connection, caller, row.id, Permission.SHADOW)


@dataclass(frozen=True)
class Opened:
    """The stream to the session's host, and the rules that hold in it for good."""

    stream: ByteStream
    rules: Rules
    viewer: ViewerFacts
    asked: str  # the user who is asked first; "" if nobody is
    machine_id: str


async def _open(parts: Parts, ticket: Ticket, viewer_id: str, entry: Entry) -> Opened | None:
    """The stream to the session's display, or None when there is none. Raises Unavailable when its host is away."""

    def look(connection: Connection) -> tuple[Any, Any, Rules]:
        allowed = may_watch(connection, parts.access, ticket)
        return (
            queries.row(connection, ticket.session_id) if allowed else None,
            accounts.by_id(connection, ticket.account_id),
            access_rules.of_session(connection, ticket.session_id),
        )

    row, account, rules = await parts.store.read(look)
    if row is None or row.ended_at_ms is not None or account is None:
        return None
    platform, version = browser_of(entry.user_agent)
    viewer = ViewerFacts(
        viewer_id=viewer_id,
        user_name=accounts.user_name(parts.site.name, account),
        own=ticket.mode == "interactive" and account.id == row.account_id,
        mode=ticket.mode,
        address=entry.address,
        via_address=None,
        client_name="",
        platform=platform,
        version=version,
        attached_at_ms=parts.clock.now_ms(),
    )
    own = account.id == row.account_id
    clipboard = clipboard_of(rules, own=own, mode=ticket.mode)
    ask = rules.ask_before_shadowing and not own
    hello = DisplayHello(
        session_id=row.id, viewer=viewer, clipboard=clipboard, ask=ask, watched=True
    )
    bind(host=row.machine_id)
    stream = await parts.bus.dial(subjects.displays(row.machine_id), encode(hello), DIAL_TIMEOUT_S)
    return Opened(stream, rules, viewer, row.user_name if ask else "", row.machine_id)


async def _relay(
    socket: WebSocket[Any, Any, Any], opened: Opened, parts: Parts, ticket: Ticket
) -> None:
    """Both directions until one ends; then the other is ended, and both when the right to watch is gone or the rules
    are others. No time limit: a quiet display is alive."""
    stream = opened.stream

    async def up() -> None:
        try:
            while True:
                await stream.write(await socket.receive_bytes())
        except (WebSocketDisconnect, ConnectionError):
            return

    async def down() -> None:
        data = await stream.read(READ_BYTES)
        if opened.asked and (data or not stream.broken):
            await parts.store.write(lambda tx: _note_answer(tx, ticket, opened, agreed=bool(data)))
            if not data:
                await socket.close(code=NOT_LET_IN, reason="the user did not agree")
                return
        while data:
            await socket.send_bytes(data)
            data = await stream.read(READ_BYTES)
        if stream.broken:  # anything but an ordinary end makes viewers come back
            await socket.close(code=HOST_LOST, reason="the line to the session's host broke")
        else:
            await socket.close()

    async def allowed() -> None:
        while True:
            await asyncio.sleep(LOOK_AT_RIGHTS_EACH_S)
            try:
                if not await parts.store.read(lambda c: may_watch(c, parts.access, ticket)):
                    await socket.close(code=REFUSED, reason="the right to watch is gone")
                    return
                rules = await parts.store.read(
                    lambda c: access_rules.of_session(c, ticket.session_id)
                )
                if rules != opened.rules:
                    await socket.close(code=RULES_CHANGED, reason="the rules have changed")
                    return
            except Unavailable:
                continue  # a database that rests ends no display

    async def lives() -> None:
        """Tell the host how the line does; without that it takes the viewer for dead. A WebSocket that does not answer
        pings is closed by its protocol, which ends `up`."""
        extensions: dict[Any, Any] = socket.scope.get("extensions") or {}
        line: Line = extensions.get(LINE, Line())
        await asyncio.sleep(FIRST_LINE_S)
        while True:
            trip_s = line.round_trip_s
            word = ViewerLine(
                session_id=ticket.session_id,
                viewer_id=opened.viewer.viewer_id,
                round_trip_ms=None if trip_s is None else round(trip_s * 1000),
            )
            with suppress(Unavailable):
                subject = subjects.viewer_lines(opened.machine_id)
                await parts.bus.request(subject, encode(word), LINE_TIMEOUT_S)
            await asyncio.sleep(LINE_EACH_S)

    tasks = [asyncio.ensure_future(work()) for work in (up, down, allowed, lives)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _note_answer(tx: Tx, ticket: Ticket, opened: Opened, *, agreed: bool) -> None:
    act = Act(
        text=f"{opened.asked} {'agreed' if agreed else 'did not agree'} to being shadowed",
        kind="AdminActivity",
        target_type="Session",
        object_id=ticket.session_id,
        object_name=opened.asked,
        parameters={"Mode": ticket.mode},
        succeeded=agreed,
    )
    viewer = opened.viewer
    append(tx, ticket.account_id, viewer.user_name, viewer.address, act)


_PLATFORMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iOS"),
    ("iPad", "iOS"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_BROWSERS = re.compile(r"(?:Edg|OPR|Firefox|Chrome|HeadlessChrome|Version)/([0-9][0-9.]{0,30})")


def browser_of(user_agent: str) -> tuple[str, str]:
    """(platform, version) of the browser that a User-Agent names; ("Unknown", "") if none."""
    platform = next((name for mark, name in _PLATFORMS if mark in user_agent), "Unknown")
    version = _BROWSERS.search(user_agent[:512])
    return platform, version.group(1) if version else ""
