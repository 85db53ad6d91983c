"""What is done to a session and to all sessions of a machine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.e2e.pages.acts.act import Act, Told, write
from tests.e2e.pages.acts.ground import CVAD, OWN, Ground

from footlight.caller import Permission as P

MESSAGE = {"Style": "Information", "Title": "A", "Text": "B"}


def session_page(ground: Ground) -> str:
    """Of the role's session."""
    return f"/console/sessions/{ground.session_id}"


def _machine_page(ground: Ground) -> str:
    return f"/console/machines/{ground.machine_id}"


def to_session(verb: str, body: Any = None) -> Callable[[Ground], Told]:
    """An action of the management API on the role's session."""
    return lambda ground: ("POST", f"{CVAD}/Sessions/{ground.session_id}/${verb}", body)


def _to_machine(verb: str) -> Callable[[Ground], Told]:
    return lambda ground: ("POST", f"{CVAD}/Machines/{ground.machine_id}/${verb}", None)


def _maintained(wanted: bool) -> Callable[[Ground], Told]:
    body = {"InMaintenanceMode": wanted}
    return lambda ground: ("PATCH", f"{CVAD}/Machines/{ground.machine_id}", body)


def _in_maintenance(wanted: bool) -> Callable[[Ground], bool]:
    return lambda ground: ground.machine["InMaintenanceMode"] is wanted


def _messages(ground: Ground) -> int:
    entries = ground.read(f"{OWN}/audit", limit="250")["items"]
    texts = [one["entry"] for one in entries if one["entry"]["objectId"] == ground.session_id]
    return sum("essage" in entry["text"] for entry in texts)


def _active(ground: Ground) -> bool:
    """Whether a session on the machine is in use."""
    filters = [
        {"Property": "MachineName", "Operator": "Equals", "Value": ground.machine["Name"]},
        {"Property": "SessionState", "Operator": "Equals", "Value": "Active"},
    ]
    return bool(ground.do("POST", f"{OWN}/sessions/$search", {"SearchFilters": filters})["items"])


def _hide(ground: Ground) -> None:
    ground.do(*to_session("hide")(ground))


SESSION_ACTS = (
    Act("send a message", P.SESSION_MESSAGE, session_page, "Message",
        to_session("sendMessage", MESSAGE), lambda ground: _messages(ground) > 0,
        fill=write("Text", "The site goes down at six, {role}."), asked="Send"),
    Act("hide", P.SESSION_HIDE, session_page, "Hide", to_session("hide"),
        lambda ground: ground.session["hidden"] is True),
    Act("show again", P.SESSION_HIDE, session_page, "Show again", to_session("unhide"),
        lambda ground: ground.session["hidden"] is False, before=_hide,
        state="text=it is not taken up again"),
    Act("disconnect", P.SESSION_DISCONNECT, session_page, "Disconnect", to_session("disconnect"),
        lambda ground: ground.session["state"] == "Disconnected"),
    Act("log off", P.SESSION_LOG_OFF, session_page, "Log off", to_session("logoff"),
        lambda ground: ground.session["state"] == "Ended", asked="Log off"),
    Act("begin maintenance of a machine", P.MACHINE_MAINTENANCE, _machine_page,
        "Begin maintenance", _maintained(True), _in_maintenance(True)),
    Act("end maintenance of a machine", P.MACHINE_MAINTENANCE, _machine_page, "End maintenance",
        _maintained(False), _in_maintenance(False),
        before=lambda ground: ground.do(*_maintained(True)(ground)),
        state=".page-head [data-state=maintenance]"),
    Act("disconnect all", P.SESSION_DISCONNECT, _machine_page, "Disconnect all",
        _to_machine("disconnect"), lambda ground: not _active(ground), asked="Disconnect all"),
    Act("log all off", P.SESSION_LOG_OFF, _machine_page, "Log all off", _to_machine("logoff"),
        lambda ground: ground.machine["SessionCount"] == 0, asked="Log all off"),
)  # fmt: skip
