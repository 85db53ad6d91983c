from __future__ import annotations

from typing import Any

from footlight.access import accounts
from footlight.broker import launch_notes
from footlight.broker.decision import LaunchRequest


def test_who_came_without_a_password_is_told_what_is_missing() -> None:
    (note,) = launch_notes.of_session("oidc", None)
    assert "password" in note
    assert "keyrings" in note
    assert launch_notes.of_session("site", None) == ()


def test_what_pam_opened_without_a_password_is_told() -> None:
    assert launch_notes.of_session("os", "password") == ()
    assert launch_notes.of_session("os", "none") == (launch_notes.OPENED_WITHOUT_PASSWORD,)
    for source in ("site", "oidc"):
        assert launch_notes.of_session(source, "none") == (launch_notes.MAPPED,)


async def test_the_launch_and_the_taking_up_tell_it(rooms: Any) -> None:
    account = await rooms.store.write(
        lambda tx: accounts.create(tx, "ada", source="oidc", external_id="https://x u-1")
    )
    caller = rooms.caller(account)
    for created in (True, False):
        launched = await rooms.launcher.launch(caller, LaunchRequest("Desktop"))
        assert (launched.created, launched.notes) == (created, (launch_notes.NO_PASSWORD,))
    mine = await rooms.launcher.launch(rooms.admin, LaunchRequest("Desktop"))
    assert mine.notes == ()
