"""`footlight connect`: a session in a VNC viewer of this machine."""

from __future__ import annotations

import ssl
from contextlib import AbstractContextManager
from typing import Annotated
from urllib.parse import quote, urlsplit, urlunsplit

import typer
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from footlight.cli.call import Call, command
from footlight.cli.exits import Failed
from footlight.cli.output import print_json, print_line, say
from footlight.cli.viewer_port import HOST, ViewerPort, relay

OPEN_TIMEOUT_S = 15.0
MAX_MESSAGE_BYTES = 16 * 1024 * 1024
Port = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="Port of the loopback; 0: a free one.")
]
ViewOnly = Annotated[bool, typer.Option("--view-only", help="For watching only.")]
Wait = Annotated[
    float, typer.Option("--wait", min=1, help="Seconds in which the viewer has to come.")
]


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "connect")(connect_viewer)


def connect_viewer(
    call: Call,
    session_id: Annotated[str, typer.Argument(metavar="SESSION_ID", help="Id of the session.")],
    port: Port = 0,
    view_only: ViewOnly = False,
    wait: Wait = 300.0,
) -> None:
    """Open a session to one VNC viewer of yours on this machine; ends when the viewer leaves."""
    mode = "view" if view_only else "interactive"
    call.client.sessions.view(session_id)  # what is not there needs no port
    listening = ViewerPort(port)
    if call.as_json:
        print_json({"host": HOST, "port": listening.port})
    else:
        print_line(f"{HOST}::{listening.port}")
        say("start a VNC viewer on that address, e.g. `vncviewer ADDRESS`")
    viewer = listening.viewer(wait)
    if viewer is None:
        raise Failed(f"no viewer has come within {wait:.0f} s")
    with viewer:
        ticket = call.client.sessions.ticket(session_id, mode=mode)["ticket"]
        url = display_url(call.place.base_url, session_id, ticket)
        try:
            with open_display(url, call.place.ca_file) as display:
                ended = relay(viewer, display)
        except (OSError, WebSocketException) as error:
            raise Failed(f"the display cannot be opened: {error}") from error
    if ended is not None:
        reason = ended.rcvd.reason if ended.rcvd is not None else "the line broke"
        raise Failed(f"the site closed the display: {reason}")


def display_url(base_url: str, session_id: str, ticket: str) -> str:
    """The display's address as a WebSocket."""
    site = urlsplit(base_url)
    scheme = "wss" if site.scheme == "https" else "ws"
    path = f"{site.path.rstrip('/')}/footlight/v1/sessions/{quote(session_id, safe='')}/display"
    return urlunsplit((scheme, site.netloc, path, f"ticket={quote(ticket, safe='')}", ""))


def open_display(url: str, ca_file: str | None) -> AbstractContextManager[ClientConnection]:
    """The WebSocket. Raises OSError, WebSocketException."""
    secure = url.startswith("wss:")
    return connect(
        url,
        ssl=ssl.create_default_context(cafile=ca_file) if secure else None,
        compression=None,
        proxy=None,
        open_timeout=OPEN_TIMEOUT_S,
        max_size=MAX_MESSAGE_BYTES,
    )
