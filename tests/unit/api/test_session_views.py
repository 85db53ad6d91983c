from __future__ import annotations

from typing import Any

import msgspec
import pytest

from footlight.access import tickets
from footlight.access.tickets import Ticket
from footlight.api.session_views import clipboard_of, viewer_id_of
from footlight.ids import new_guid
from footlight.sessions import actions, queries
from footlight.site.access_rules import Rules
from footlight.wire.host import ViewerFacts

V1 = "/footlight/v1"


async def launched(door: Any, headers: dict[str, str] | None = None, **asked: Any) -> str:
    answer = await door.client.post(
        f"{V1}/launches",
        headers=headers or door.headers,
        json={"resource": "Desktop", "new": True, **asked},
    )
    return str(answer.json()["sessionId"])


async def redeemed(door: Any, ticket: str) -> Ticket | None:
    found: Ticket | None = await door.parts.store.write(lambda tx: tickets.redeem(tx, ticket))
    return found


async def test_a_view_from_launch_to_end(door: Any) -> None:
    one = await launched(door)
    view = (await door.get(f"{V1}/sessions/{one}")).json()
    assert (view["id"], view["userName"]) == (one, "FOOTLIGHT\\admin")
    assert (view["machineName"], view["resourceName"]) == ("FOOTLIGHT\\DESK1", "Desktop")
    assert (view["state"], view["recording"], view["endedAt"]) == ("Disconnected", False, None)
    assert view["startedAt"].endswith("Z")
    assert view["idleSince"] is None
    await door.rooms.host.change(one, idle_since_ms=1_760_000_000_000)
    view = (await door.get(f"{V1}/sessions/{one}")).json()
    assert view["idleSince"] == "2025-10-09T08:53:20Z"
    await door.rooms.host.change(
        one, phase="ended", ended_at_ms=1_760_000_000_000, end_reason="program ended",
        exit_code=-9, exit_detail="killed",
    )  # fmt: skip
    view = (await door.get(f"{V1}/sessions/{one}")).json()
    assert (view["state"], view["endedAt"]) == ("Ended", "2025-10-09T08:53:20Z")
    assert (view["endReason"], view["exitCode"], view["exitDetail"]) == (
        "program ended", -9, "killed",
    )  # fmt: skip
    assert (await door.get(f"/cvad/manage/Sessions/{one}")).status_code == 404


async def test_newest_first_page_by_page_ended_ones_too(door: Any) -> None:
    ids = [await launched(door) for _ in range(3)]
    await door.post(f"/cvad/manage/Sessions/{ids[1]}/$logoff")
    first = (await door.get(f"{V1}/sessions?limit=2")).json()
    assert [item["id"] for item in first["items"]] == [ids[2], ids[1]]
    token = first["continuationToken"]
    rest = (await door.get(f"{V1}/sessions?limit=2&continuationToken={token}")).json()
    assert ([item["id"] for item in rest["items"]], rest["continuationToken"]) == ([ids[0]], None)
    foreign = (await door.get("/cvad/manage/Sessions?limit=1")).json()["ContinuationToken"]
    assert foreign, "a token of another list"
    answer = await door.get(f"{V1}/sessions?continuationToken={foreign}")
    assert answer.status_code == 400


async def test_a_ticket_names_session_account_and_mode(door: Any) -> None:
    one = await launched(door)
    for asked, mode in ((None, "interactive"), ({"mode": "view"}, "view")):
        made = await door.post(f"{V1}/sessions/{one}/tickets", json=asked)
        assert made.status_code == 201
        assert made.json()["expiresAt"].endswith("Z")
        ticket = Ticket(one, door.rooms.admin.account_id, mode)  # type: ignore[arg-type]
        assert await redeemed(door, made.json()["ticket"]) == ticket
    wrong = await door.post(f"{V1}/sessions/{one}/tickets", json={"mode": "root"})
    assert wrong.status_code == 400


async def test_tickets_are_for_ones_own_session_or_who_may_shadow(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    own, others = await launched(door, headers), await launched(door)
    client = door.client
    assert (await client.post(f"{V1}/sessions/{own}/tickets", headers=headers)).status_code == 201
    unseen = await client.post(f"{V1}/sessions/{others}/tickets", headers=headers)
    assert unseen.status_code == 404
    assert (await client.get(f"{V1}/sessions/{others}", headers=headers)).status_code == 404
    assert (await door.post(f"{V1}/sessions/{own}/tickets")).status_code == 201


async def test_there_is_no_ticket_to_nothing(door: Any) -> None:
    one = await launched(door)
    await door.post(f"/cvad/manage/Sessions/{one}/$logoff")
    for gone in (one, new_guid(), "x"):
        answer = await door.post(f"{V1}/sessions/{gone}/tickets")
        assert (answer.status_code, answer.json()["SdkErrorId"]) == (404, "UnknownSession")


async def test_who_watches_is_shown_with_the_line_to_who_may_shadow(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    one = await launched(door, headers)
    own = ViewerFacts(
        viewer_id="v", user_name="FOOTLIGHT\\ada", own=True, mode="interactive", address="::1",
        via_address=None, client_name="", platform="Linux", version="1", attached_at_ms=1000,
        to_viewer_bytes_s=34_000, from_viewer_bytes_s=210, round_trip_ms=12,
    )  # fmt: skip
    other = msgspec.structs.replace(own, viewer_id="w", user_name="FOOTLIGHT\\bob", own=False)
    other = msgspec.structs.replace(other, attached_at_ms=2000)
    await door.rooms.host.change(one, viewers=[own, other])
    url = f"{V1}/sessions/{one}"
    assert [v["id"] for v in (await door.get(url)).json()["viewers"]] == ["v", "w"]
    shown = (await door.client.get(url, headers=headers)).json()
    assert shown["watchedSince"] == "1970-01-01T00:00:02Z"
    (seen,) = shown["viewers"]
    assert seen == {
        "id": "v", "userName": "FOOTLIGHT\\ada", "own": True, "mode": "interactive",
        "address": "::1", "platform": "Linux", "attachedAt": "1970-01-01T00:00:01Z",
        "toViewerBytesPerSecond": 34_000, "fromViewerBytesPerSecond": 210, "roundTripMs": 12,
    }  # fmt: skip
    await door.rooms.host.change(one, viewers=[own])
    assert (await door.client.get(url, headers=headers)).json()["watchedSince"] is None


async def test_a_ticket_tells_which_way_files_may_go_and_who_comes_with_it(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    one = await launched(door, headers)
    url = f"{V1}/sessions/{one}/tickets"
    made = [(await door.client.post(url, headers=headers)).json() for _ in range(2)]
    assert [ticket["files"] for ticket in made] == ["both", "both"]
    assert made[0]["viewerId"] != made[1]["viewerId"]
    assert made[0]["viewerId"] == viewer_id_of(made[0]["ticket"])


async def test_a_window_manager_is_restarted_once_for_each_call(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    own, others = await launched(door, headers), await launched(door)
    url = f"{V1}/sessions/{{}}/restart-window-manager"
    for count in (1, 2):
        answer = await door.client.post(url.format(own), headers=headers)
        assert (answer.status_code, answer.json()["id"]) == (200, own)
        assert door.rooms.host.orders[-1].manager_restarts == count
    unseen = await door.client.post(url.format(others), headers=headers)
    assert (unseen.status_code, unseen.json()["SdkErrorId"]) == (404, "UnknownSession")
    assert (await door.client.post(url.format(own))).status_code == 401
    assert (await door.post(url.format(new_guid()))).status_code == 404


async def test_a_restart_that_the_host_does_not_answer_is_taken_back(
    door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = await launched(door)
    door.rooms.host.silent = True
    monkeypatch.setattr("footlight.broker.actions.ANSWER_WITHIN_S", 0.05)
    answer = await door.post(f"{V1}/sessions/{one}/restart-window-manager")
    assert answer.status_code == 503
    row = await door.rooms.store.read(lambda c: queries.row(c, one))
    assert (row.wanted_manager_restarts, row.manager_restarts) == (0, 0)


async def test_a_session_that_logs_off_gets_no_window_manager(door: Any) -> None:
    one = await launched(door)
    door.rooms.host.silent = True
    await door.rooms.store.write(lambda tx: actions.want_end(tx, one, "x"))
    answer = await door.post(f"{V1}/sessions/{one}/restart-window-manager")
    assert answer.status_code == 409


@pytest.mark.parametrize(
    ("clipboard", "worker", "own_watcher"),
    [("off", "off", "off"), ("in", "in", "off"), ("out", "out", "out"), ("both", "both", "out")],
)
def test_whose_text_may_go_which_way(clipboard: Any, worker: str, own_watcher: str) -> None:
    rules = Rules(clipboard=clipboard)
    for own in (True, False):
        assert clipboard_of(rules, own=own, mode="interactive") == worker
    assert clipboard_of(rules, own=True, mode="view") == own_watcher
    assert clipboard_of(rules, own=False, mode="view") == "off"
