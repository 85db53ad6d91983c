from __future__ import annotations

import asyncio
from typing import Any

import pytest

from footlight.access import roles
from footlight.access.tickets import Ticket
from footlight.api.displays import HOST_LOST, browser_of, may_watch
from footlight.broker.decision import LaunchRequest
from footlight.bus import subjects
from footlight.sessions import queries
from footlight.store import schema
from line_ground import ca, ends


@pytest.mark.parametrize(
    ("user_agent", "platform", "version"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "HeadlessChrome/140.0.0.0 Safari/537.36",
            "Linux",
            "140.0.0.0",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
            "Windows",
            "143.0",
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.1 Safari/605.1.15",
            "macOS",
            "18.1",
        ),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0.1 Mobile", "Android", "140.0.1"),
        ("curl/8.0", "Unknown", ""),
        ("", "Unknown", ""),
    ],
)
def test_platform_and_version_of_the_browser(user_agent: str, platform: str, version: str) -> None:
    assert browser_of(user_agent) == (platform, version)


async def test_who_may_watch_is_looked_at_while_one_watches(door: Any) -> None:
    rooms = door.rooms
    ada = await rooms.account("ada")
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    access = door.parts.access

    async def may(account_id: str) -> bool:
        ticket = Ticket(made.session_id, account_id, "view")
        found: bool = await rooms.store.read(lambda c: may_watch(c, access, ticket))
        return found

    assert await may(rooms.admin.account_id)
    assert not await may(ada.id)
    await rooms.store.write(lambda tx: roles.make_full(tx, ada.id))
    assert await may(ada.id)
    off = schema.administrators.update().where(schema.administrators.c.account_id == ada.id)
    gone = off.values(enabled=False)
    await rooms.store.write(lambda tx: tx.connection.execute(gone) and None)
    assert not await may(ada.id)
    assert not await may("nobody")


class Viewer:
    """A WebSocket to the display door, spoken as ASGI; `closed` is the code that it is closed with."""

    def __init__(self, app: Any, session_id: str, ticket: str) -> None:
        self._heard: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._heard.put_nowait({"type": "websocket.connect"})
        self.got = b""
        self.accepted = asyncio.Event()
        self.closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        path = f"/footlight/v1/sessions/{session_id}/display"
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "ws",
            "server": ("testserver", 80),
            "client": ("127.0.0.1", 1),
            "root_path": "",
            "path": path,
            "raw_path": path.encode(),
            "query_string": f"ticket={ticket}".encode(),
            "headers": [],
            "subprotocols": [],
            "state": {},
            "extensions": {},
        }
        self.task = asyncio.create_task(app(scope, self._heard.get, self._hear))

    async def _hear(self, message: Any) -> None:
        if message["type"] == "websocket.send":
            self.got += message["bytes"]
            self.accepted.set()
        elif message["type"] == "websocket.close":
            self.closed.set_result(message["code"])
            self._heard.put_nowait({"type": "websocket.disconnect", "code": message["code"]})


@pytest.mark.parametrize(
    ("end", "code"), [("closes", 1000), ("breaks", HOST_LOST), ("is away", HOST_LOST)]
)
async def test_viewers_come_back_unless_the_host_has_ended_the_display(
    door: Any, monkeypatch: pytest.MonkeyPatch, end: str, code: int
) -> None:
    rooms = door.rooms
    made = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    row = await rooms.store.read(lambda c: queries.row(c, made.session_id))
    machine_id = row.machine_id
    async with ends("direct", presents=ca().presents(machine_id)) as both:
        monkeypatch.setattr(rooms.bus, "dial", both.server.dial)
        go = asyncio.Event()

        async def show(hello: bytes, stream: Any) -> None:
            await stream.write(b"RFB 003.008\n")
            await go.wait()
            if end == "breaks":
                stream.abandon()

        if end != "is away":
            await both.host.listen(subjects.displays(machine_id), show)
        answer = await door.post(
            f"/footlight/v1/sessions/{made.session_id}/tickets", json={"mode": "interactive"}
        )
        viewer = Viewer(door.client._transport.app, made.session_id, answer.json()["ticket"])
        if end != "is away":
            await asyncio.wait_for(viewer.accepted.wait(), 10)
            assert viewer.got == b"RFB 003.008\n"
        go.set()
        assert await asyncio.wait_for(viewer.closed, 10) == code
        await asyncio.wait_for(viewer.task, 10)
