"""`footlight record`."""

from __future__ import annotations

from typing import Any

import pytest

SESSION = "7c1f0f5e-3a55-4c0e-9d61-2f6a1f1f9a01"
LIST = "/cvad/manage/Sessions"
BODY = {"Id": SESSION, "State": "Active"}


@pytest.mark.parametrize(("flags", "notify"), [([], "true"), (["--no-notify"], "false")])
def test_start(run: Any, site: Any, data_dir: Any, flags: list[str], notify: str) -> None:
    site.on("POST", f"{LIST}/{SESSION}/$startRecording", BODY)
    ended = run("record", "start", SESSION, *flags)
    assert (ended.code, ended.out) == (0, "")
    assert ended.err == f"session {SESSION} is being recorded\n"
    assert site.asked[0].query == {"notifyUser": notify}
    assert run("record", "start", SESSION, "--json").json == BODY


def test_stop(run: Any, site: Any, data_dir: Any) -> None:
    site.on("POST", f"{LIST}/{SESSION}/$stopRecording", BODY)
    assert run("record", "stop", SESSION).err == f"session {SESSION} is no longer recorded\n"
    assert run("record", "stop", SESSION, "--json").json == BODY


@pytest.mark.parametrize(("recorded", "words"), [(True, "recording"), (False, "not recording")])
def test_status(run: Any, site: Any, data_dir: Any, recorded: bool, words: str) -> None:
    site.on("GET", f"{LIST}/RecordingStatus", {"IsSessionBeingRecorded": recorded})
    assert run("record", "status", SESSION).out == f"{words}\n"
    assert run("record", "status", SESSION, "--json").json == {"IsSessionBeingRecorded": recorded}
    assert site.asked[0].query == {"id": SESSION}


def test_an_unknown_session_is_3(run: Any, data_dir: Any) -> None:
    for verb in ("start", "stop", "status"):
        assert run("record", verb, SESSION).code == 3
