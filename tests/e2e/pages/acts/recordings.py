"""Recording a session, what is done to the recording that is over, and the policies."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.e2e.pages.acts.act import Act, Told, at, name_it, write
from tests.e2e.pages.acts.ground import OWN, Ground
from tests.e2e.pages.acts.sessions import session_page, to_session

from footlight.caller import Permission as P

KEPT_WITHIN_S = 60.0
POLICIES = f"{OWN}/recording-policies"
HELD_FOR = "The auditors asked for it"


def _recorded(wanted: bool) -> Callable[[Ground], None]:
    def make(ground: Ground) -> None:
        if ground.session["recording"] is not wanted:
            verb = "startRecording" if wanted else "stopRecording"
            ground.do(*to_session(verb)(ground))

    return make


def _kept(ground: Ground) -> dict[str, Any] | None:
    """The session's recording that is over."""
    query = {"sessionId": ground.session_id}
    items = ground.read(f"{OWN}/recordings", **query)["items"]
    return next((one for one in items if one["state"] != "recording"), None)


def _recording(ground: Ground) -> dict[str, Any]:
    one = _kept(ground)
    assert one is not None
    return one


def _keep(ground: Ground) -> None:
    """A recording that is over; none of the role's was deleted before."""
    if _kept(ground) is None:
        _recorded(True)(ground)
        _recorded(False)(ground)
    deadline = time.monotonic() + KEPT_WITHIN_S
    while _kept(ground) is None:
        assert time.monotonic() < deadline, "the recording is not over"
        time.sleep(0.1)


def _recording_page(ground: Ground) -> str:
    return f"/console/recordings?open={_recording(ground)['id']}"


def _holds(ground: Ground) -> str:
    return f"{OWN}/recordings/{_recording(ground)['id']}/holds"


def _hold(ground: Ground) -> str:
    return str(ground.read(_holds(ground))["items"][0]["id"])


def _place(ground: Ground) -> Told:
    return "POST", _holds(ground), {"reason": HELD_FOR}


def _release(ground: Ground) -> Told:
    return "DELETE", f"{_holds(ground)}/{_hold(ground)}", None


def _held(ground: Ground) -> None:
    _keep(ground)
    if not _recording(ground)["held"]:
        ground.do(*_place(ground))


def _released(ground: Ground) -> None:
    _keep(ground)
    if _recording(ground)["held"]:
        ground.do(*_release(ground))


def _policy(ground: Ground) -> dict[str, Any] | None:
    items = ground.read(POLICIES)["items"]
    return next((one for one in items if one["name"] == ground.name("policies")), None)


def _policy_id(ground: Ground) -> str:
    one = _policy(ground)
    assert one is not None
    return str(one["id"])


def _new_policy(ground: Ground) -> Told:
    then = {"record": "no"}  # which decides on nothing that the other acts do
    return "POST", POLICIES, {"name": ground.name("policies"), "then": then}


def _with_policy(ground: Ground) -> None:
    if _policy(ground) is None:
        ground.do(*_new_policy(ground))


def _policy_page(ground: Ground) -> str:
    return f"/console/policies?open={_policy_id(ground)}"


def _of_policy(method: str, body: object = None) -> Callable[[Ground], Told]:
    return lambda ground: (method, f"{POLICIES}/{_policy_id(ground)}", body)


RECORDING_ACTS = (
    Act("record", P.RECORD, session_page, "Record", to_session("startRecording"),
        lambda ground: ground.session["recording"] is True, before=_recorded(False)),
    Act("stop recording", P.RECORD, session_page, "Stop recording", to_session("stopRecording"),
        lambda ground: ground.session["recording"] is False, before=_recorded(True),
        state=".page-head [data-state=recording]"),
    Act("place a legal hold", P.DELETE_RECORDINGS, _recording_page, "Place a hold", _place,
        lambda ground: _recording(ground)["held"], before=_released,
        fill=write("Reason", HELD_FOR), asked="Place"),
    Act("release a legal hold", P.DELETE_RECORDINGS, _recording_page, "Release", _release,
        lambda ground: not _recording(ground)["held"], before=_held, asked="Release",
        state=f"text={HELD_FOR}"),
    Act("delete a recording", P.DELETE_RECORDINGS, _recording_page, "Delete",
        lambda ground: ("DELETE", f"{OWN}/recordings/{_recording(ground)['id']}?reason=A", None),
        lambda ground: _kept(ground) is None, before=_released,
        fill=write("Reason", "Asked for by {role}."), asked="Delete"),
    Act("make a policy", P.RECORDING_POLICY, at("/console/policies"), "New policy", _new_policy,
        lambda ground: _policy(ground) is not None, fill=name_it("policies"), asked="Make"),
    Act("disable a policy", P.RECORDING_POLICY, _policy_page, "Disable",
        _of_policy("PATCH", {"enabled": False}),
        lambda ground: (_policy(ground) or {}).get("enabled") is False, before=_with_policy),
    Act("delete a policy", P.RECORDING_POLICY, _policy_page, "Delete", _of_policy("DELETE"),
        lambda ground: _policy(ground) is None, before=_with_policy, asked="Delete"),
)  # fmt: skip
