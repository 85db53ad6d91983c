from __future__ import annotations

import pytest

from footlight.broker.action import (
    Action,
    Disconnect,
    Hide,
    LogOff,
    RestartManager,
    SendMessage,
    StartRecording,
    StopRecording,
    Unhide,
    decode,
    encode,
)

ACTIONS = [
    (RestartManager(), "RestartWindowManager", True),
    (LogOff(), "LogoffSessions", False),
    (Disconnect(3), "DisconnectSessions", True),
    (Hide(), "HideSession", False),
    (Unhide(), "UnhideSession", False),
    (
        SendMessage(style="Question", title="ü", text="a\nb", message_id="m"),
        "SendSessionMessage",
        True,
    ),
    (StartRecording(notify=False, recording_id="r", opened=True), "StartSessionRecording", True),
    (StartRecording(recording_id="r"), "StartSessionRecording", False),
    (StopRecording("r"), "StopSessionRecording", False),
]


@pytest.mark.parametrize(("action", "kind", "recallable"), ACTIONS)
def test_an_action_survives_its_job_s_row(action: Action, kind: str, recallable: bool) -> None:
    read = decode(encode(action).decode())
    assert read == action
    assert type(read) is type(action)
    assert (read.kind, read.recallable) == (kind, recallable)


@pytest.mark.parametrize("text", ["", "{}", '{"action": "FromANewerRelease"}'])
def test_what_is_no_action_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (any)
        decode(text)
