from __future__ import annotations

import json
import re

import msgspec
import pytest

from footlight.wire import own

MODELS = [
    model
    for model in vars(own).values()
    if isinstance(model, type) and issubclass(model, own.OwnModel) and model is not own.OwnModel
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_names_are_camel_case(model: type[msgspec.Struct]) -> None:
    names = [field.encode_name for field in msgspec.structs.fields(model)]
    assert names
    assert [name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)*(256)?", name)] == []


def test_the_listed_recording_has_the_members_of_the_contract() -> None:
    fixed = {
        "id", "sessionId", "userName", "machineName", "startedAt", "endedAt", "state", "sizeBytes",
        "durationMs", "segmentCount",
    }  # fmt: skip
    assert fixed <= {field.encode_name for field in msgspec.structs.fields(own.RecordingView)}


def test_the_launched_session_has_the_members_of_the_contract() -> None:
    view = own.LaunchedView(session_id="s", machine="LAB\\H", display_path="/s/s")
    assert json.loads(msgspec.json.encode(view)) == {
        "sessionId": "s",
        "machine": "LAB\\H",
        "displayPath": "/s/s",
        "notes": [],
    }


def test_a_launch_needs_only_its_resource_and_ignores_strangers() -> None:
    asked = msgspec.json.decode(b'{"resource": "Desktop", "color": 1}', type=own.NewLaunch)
    assert asked == own.NewLaunch(resource="Desktop", machine=None, user=None, new=False)
    for wrong in (b"{}", b'{"resource": 5}', b'{"resource": "x", "new": "yes"}', b'["Desktop"]'):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(wrong, type=own.NewLaunch)


def test_a_ticket_is_for_one_of_two_modes() -> None:
    assert msgspec.json.decode(b"{}", type=own.NewTicket).mode == "interactive"
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"mode": "root"}', type=own.NewTicket)
