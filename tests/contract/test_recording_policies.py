"""Recording policies over the wire: kept, ordered, tried, and what they do to a real session."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from tests.contract.conftest import LiveSite

PATH = "/footlight/v1/recording-policies"
WITHIN_S = 30


@pytest.fixture
def policies(stage: LiveSite, staff: httpx.Client) -> Iterator[str]:
    """Where the stage's policies are; there are none before and after."""
    path = stage.base_url + PATH
    yield path
    for one in staff.get(path).json()["items"]:
        assert staff.delete(f"{path}/{one['id']}").status_code == 204


def made(staff: httpx.Client, path: str, name: str, **given: Any) -> dict[str, Any]:
    answer = staff.post(path, json={"name": name, "then": {"record": "screen"}, **given})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def names(staff: httpx.Client, path: str) -> list[str]:
    return [one["name"] for one in staff.get(path).json()["items"]]


def test_policies_are_made_changed_and_deleted(staff: httpx.Client, policies: str) -> None:
    group = {"Name": "Watched", "MachineCatalogs": [], "SessionSupport": "MultiSession"}
    assert staff.post("/DeliveryGroups", json=group).status_code in (200, 400, 409)
    conditions = {
        "users": ["FOOTLIGHT\\admin", "OIDC\\ops", "S-1-22-1-1000"],
        "deliveryGroups": ["watched"],
        "clientAddresses": ["192.0.2.7/24", "2001:db8::1"],
        "times": [{"days": ["friday", "Monday"], "start": "08:00", "end": "17:00",
                   "timeZone": "Europe/Berlin"}],
    }  # fmt: skip
    first = made(staff, policies, "Office", conditions=conditions, description="by day")
    assert first["conditions"] == {
        "users": ["admin", "OIDC\\ops", "S-1-22-1-1000"],
        "deliveryGroups": ["Watched"],
        "resources": [],
        "machines": [],
        "tags": [],
        "clientAddresses": ["192.0.2.0/24", "2001:db8::1/128"],
        "times": [{"days": ["Monday", "Friday"], "start": "08:00", "end": "17:00",
                   "timeZone": "Europe/Berlin"}],
    }  # fmt: skip
    assert first["then"] == {
        "record": "screen", "notify": True, "preRollSeconds": 0, "rollOverBytes": None,
        "rollOverSeconds": None, "ifLost": "go-on", "bytesPerSecond": None, "clipboardText": False, "arguments": True,
        "retentionClass": None, "stopAllowed": False,
    }  # fmt: skip
    assert (first["position"], first["enabled"], first["description"]) == (1, True, "by day")
    assert staff.get(f"{policies}/{first['id']}").json() == first
    assert staff.get(f"{policies}/OFFICE").json() == first
    again = staff.post(policies, json={"name": "office", "then": {"record": "no"}})
    assert again.status_code == 409

    outcome = {"record": "events", "notify": False, "ifLost": "end", "retentionClass": "Long"}
    change = {"name": "Office hours", "enabled": False, "then": outcome}
    changed = staff.patch(f"{policies}/{first['id']}", json=change)
    assert changed.status_code == 200, changed.text
    shown = staff.get(f"{policies}/{first['id']}").json()
    assert shown == changed.json()
    assert (shown["name"], shown["enabled"], shown["then"]["record"]) == (
        "Office hours", False, "events",
    )  # fmt: skip
    assert shown["conditions"] == first["conditions"], "what is not named stays"
    # What was read can be written.
    kept = staff.patch(f"{policies}/{first['id']}", json={"conditions": shown["conditions"]})
    assert kept.json()["conditions"] == shown["conditions"]
    made(staff, policies, "Other")
    taken = staff.patch(f"{policies}/Other", json={"name": "OFFICE HOURS"})
    assert taken.status_code == 409

    assert staff.delete(f"{policies}/{first['id']}").status_code == 204
    for call in (staff.get, staff.delete):
        assert call(f"{policies}/{first['id']}").status_code == 404
    assert staff.patch(f"{policies}/{first['id']}", json={}).status_code == 404
    assert [one["position"] for one in staff.get(policies).json()["items"]] == [1]
    logged = staff.get("/ConfigLog/Operations").json()["Items"]
    texts = [one["Text"] for one in logged]
    for text in ("Create recording policy 'Office'", "Edit recording policy 'Office hours'",
                 "Delete recording policy 'Office hours'"):  # fmt: skip
        assert text in texts


def test_their_order_changes_at_once(staff: httpx.Client, policies: str) -> None:
    ids = {name: made(staff, policies, name)["id"] for name in "abc"}
    assert made(staff, policies, "d", position=2)["position"] == 2
    assert names(staff, policies) == ["a", "d", "b", "c"]
    assert staff.patch(f"{policies}/a", json={"position": 99}).json()["position"] == 4
    assert names(staff, policies) == ["d", "b", "c", "a"]
    ids["d"] = staff.get(f"{policies}/d").json()["id"]
    wanted = [ids[name] for name in "abcd"]
    answer = staff.put(f"{policies}/order", json={"ids": wanted})
    assert [one["id"] for one in answer.json()["items"]] == wanted
    assert names(staff, policies) == ["a", "b", "c", "d"]
    for wrong in (wanted[1:], [*wanted, wanted[0]], [*wanted[1:], "x"]):
        assert staff.put(f"{policies}/order", json={"ids": wrong}).status_code == 400
    assert names(staff, policies) == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("member", "body"),
    [
        ("name", {"name": " "}),
        ("conditions.deliveryGroups", {"conditions": {"deliveryGroups": ["nowhere"]}}),
        ("conditions.tags", {"conditions": {"tags": ["none"]}}),
        ("conditions.clientAddresses", {"conditions": {"clientAddresses": ["192.0.2.0/33"]}}),
        ("conditions.users", {"conditions": {"users": ["a\nb"]}}),
        ("conditions.users", {"conditions": {"users": [f"u{n}" for n in range(1001)]}}),
        ("conditions.times[0].days", {"conditions": {"times": [{"days": ["Montag"]}]}}),
        ("conditions.times[0].start", {"conditions": {"times": [{"start": "24:00"}]}}),
        ("conditions.times[0].end", {"conditions": {"times": [{"end": "25:00"}]}}),
        ("conditions.times[0].timeZone", {"conditions": {"times": [{"timeZone": "Mars"}]}}),
        ("then.preRollSeconds", {"then": {"record": "screen", "preRollSeconds": -1}}),
        ("then.rollOverBytes", {"then": {"record": "screen", "rollOverBytes": 1}}),
        ("then.rollOverSeconds", {"then": {"record": "screen", "rollOverSeconds": 59}}),
        ("then.bytesPerSecond", {"then": {"record": "screen", "bytesPerSecond": 1}}),
        ("then.ifLost", {"then": {"record": "no", "ifLost": "end"}}),
        ("position", {"position": 0}),
    ],
)
def test_what_is_wrong_is_named(
    staff: httpx.Client, policies: str, member: str, body: dict[str, Any]
) -> None:
    kept = made(staff, policies, "kept")
    whole = {"name": "new", "then": {"record": "screen"}, **body}
    for refused in (
        staff.post(policies, json=whole),
        staff.patch(f"{policies}/{kept['id']}", json=body),
    ):
        assert refused.status_code == 400, refused.text
        named = {one["name"]: one["value"] for one in refused.json()["parameters"]}
        assert named["name"] == member
    assert staff.get(policies).json()["items"] == [kept]


@pytest.mark.parametrize("body", [{"then": {"record": "video"}}, {"then": {}}, {"enabled": "no"}])
def test_what_has_another_shape_is_refused(
    staff: httpx.Client, policies: str, body: dict[str, Any]
) -> None:
    whole = {"name": "new", "then": {"record": "screen"}, **body}
    assert staff.post(policies, json=whole).status_code == 400


def test_facts_are_decided_with_what_comes_of_each_policy(
    staff: httpx.Client, policies: str
) -> None:
    made(staff, policies, "Off", enabled=False)
    times = [{"start": "08:00", "end": "17:00", "timeZone": "Europe/Berlin"}]
    made(staff, policies, "Day", conditions={"times": times, "users": ["ops"]})
    made(staff, policies, "Rest", then={"record": "no"})

    def asked(**facts: Any) -> dict[str, Any]:
        answer = staff.post(f"{policies}/test", json={"facts": facts})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    day = asked(user="bob", groups=["OPS"], at="2026-07-01T06:30:00Z")
    assert day["policy"]["name"] == "Day"
    assert day["then"]["record"] == "screen"
    assert [(one["name"], one["verdict"]) for one in day["policies"]] == [
        ("Off", "disabled"), ("Day", "decides"), ("Rest", "outranked"),
    ]  # fmt: skip
    night = asked(user="bob", groups=["ops"], at="2026-07-01T05:30:00Z")
    assert (night["policy"]["name"], night["policies"][1]["missed"]) == ("Rest", ["times"])
    nobody = asked(at="2026-07-01T05:30:00Z")
    assert nobody["policies"][1]["missed"] == ["users", "times"]
    assert "the user and the time" in nobody["policies"][1]["sentence"]
    for wrong in ({}, {"sessionId": "x", "facts": {}}, {"facts": {"clientAddress": "here"}},
                  {"facts": {"machine": "nowhere"}}, {"facts": {"at": "soon"}}):  # fmt: skip
        assert staff.post(f"{policies}/test", json=wrong).status_code == 400
    missing = {"sessionId": "11111111-1111-4111-8111-111111111111"}
    assert staff.post(f"{policies}/test", json=missing).status_code == 404


def test_a_forecast_says_on_what_it_rests(staff: httpx.Client, policies: str) -> None:
    made(staff, policies, "All")
    found = staff.get(f"{policies}/forecast?days=7").json()
    assert (found["days"], found["bytesPerHour"], found["hours"], found["recordings"]) == (
        7, None, 0, 0,
    )  # fmt: skip
    assert [(one["name"], one["sessions"]) for one in found["policies"]] == [("All", 0)]
    for wrong in (0, 10_000, "x"):
        assert staff.get(f"{policies}/forecast?days={wrong}").status_code == 400


def test_policies_are_for_who_keeps_them_for_the_whole_site(
    stage: LiveSite, staff: httpx.Client, warden: httpx.Client, nobody: httpx.Client, policies: str
) -> None:
    kept = made(staff, policies, "kept")
    new = {"name": "new", "then": {"record": "no"}}
    calls: list[tuple[str, str, Any]] = [
        ("GET", policies, None),
        ("POST", policies, new),
        ("PUT", f"{policies}/order", {"ids": [kept["id"]]}),
        ("POST", f"{policies}/test", {"facts": {}}),
        ("GET", f"{policies}/forecast", None),
        ("GET", f"{policies}/{kept['id']}", None),
        ("PATCH", f"{policies}/{kept['id']}", {"enabled": False}),
        ("DELETE", f"{policies}/{kept['id']}", None),
    ]
    with stage.bare_client() as stranger:
        for client, status in ((warden, 403), (nobody, 403), (stranger, 401)):
            for method, url, body in calls:
                answer = client.request(method, url, json=body)
                assert answer.status_code == status, (method, url)
    assert staff.get(policies).json()["items"] == [kept]


class Recorded:
    """A real session of a person whom one policy is about."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client
        self.policy_id = self._policy()
        launched = client.post(
            "/footlight/v1/launches",
            json={"resource": "Terminal", "user": "policied", "new": True},
        )
        assert launched.status_code == 201, launched.text
        self.id = str(launched.json()["sessionId"])

    def _policy(self) -> str:
        then = {"record": "screen", "preRollSeconds": 5}
        body = {"name": "Policied", "conditions": {"users": ["policied"]}, "then": then}
        answer = self.client.post(PATH, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def close(self) -> None:
        self.client.delete(f"{PATH}/{self.policy_id}")
        self.client.post(f"/cvad/manage/Sessions/{self.id}/$logoff")

    def health(self) -> str | None:
        shown = self.client.get(f"/footlight/v1/sessions/{self.id}").json()["recordingHealth"]
        return None if shown is None else str(shown["state"])

    def until(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + WITHIN_S
        while not holds():
            assert time.monotonic() < deadline, self.client.get(
                f"/footlight/v1/sessions/{self.id}"
            ).text
            time.sleep(0.1)

    def post(self, action: str) -> httpx.Response:
        return self.client.post(f"/cvad/manage/Sessions/{self.id}/{action}")

    def recorded(self) -> bool:
        answer = self.client.get(f"/cvad/manage/Sessions/RecordingStatus?id={self.id}")
        return bool(answer.json()["IsSessionBeingRecorded"])


@pytest.fixture
def policied(client: httpx.Client) -> Iterator[Recorded]:
    made = Recorded(client)
    yield made
    made.close()


@pytest.mark.covers("POST /Sessions/{id}/$stopRecording", 409)
def test_a_session_is_recorded_for_as_long_as_its_policy_holds(
    site: LiveSite, client: httpx.Client, policied: Recorded
) -> None:
    policied.until(lambda: policied.health() == "recording")
    assert policied.recorded()
    decision = client.get(f"/footlight/v1/sessions/{policied.id}/recording-decision").json()
    assert decision["policy"] == {"id": policied.policy_id, "name": "Policied"}
    assert [one["kind"] for one in decision["reasons"]] == ["policy"]
    tried = client.post(f"{PATH}/test", json={"sessionId": policied.id}).json()
    assert {**tried, "at": ""} == {**decision, "at": ""}

    assert policied.post("$startRecording").status_code == 200
    refused = policied.post("$stopRecording")
    assert refused.status_code == 409
    assert "'Policied'" in refused.text
    assert policied.recorded()
    answer = client.get(f"/footlight/v1/recordings?sessionId={policied.id}").json()
    assert len(answer["items"]) == 1

    assert client.patch(f"{PATH}/Policied", json={"enabled": False}).status_code == 200
    policied.until(lambda: policied.health() is None and not policied.recorded())
    after = client.get(f"/footlight/v1/sessions/{policied.id}/recording-decision").json()
    assert (after["policy"], after["reasons"]) == (None, [])
    assert policied.post("$stopRecording").status_code == 200

    assert client.get("/footlight/v1/sessions/x/recording-decision").status_code == 404
    with site.bare_client() as stranger:
        path = f"/footlight/v1/sessions/{policied.id}/recording-decision"
        assert stranger.get(path).status_code == 401


def test_who_is_recorded_is_not_told_what_policies_say(
    site: LiveSite, client: httpx.Client, policied: Recorded
) -> None:
    accounts = client.get("/footlight/v1/accounts").json()["items"]
    account = next(one for one in accounts if one["name"] == "policied")
    path = f"/footlight/v1/accounts/{account['id']}/password"
    known = client.post(path, json={"password": "correct horse"})
    assert known.status_code == 200, known.text
    signed = client.post("/cvad/manage/tokens", auth=("policied", "correct horse"))
    headers = {"Authorization": f"Bearer {signed.json()['Token']}"}
    with site.bare_client() as person:
        own = person.get(f"/footlight/v1/sessions/{policied.id}", headers=headers)
        assert own.status_code == 200
        why = f"/footlight/v1/sessions/{policied.id}/recording-decision"
        assert person.get(why, headers=headers).status_code == 403
