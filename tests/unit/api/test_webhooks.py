from __future__ import annotations

from typing import Any

from footlight.hooks.delivery import Outcome

PATH = "/footlight/v1/webhooks"
NEW = {"url": "https://hooks.test/x", "events": ["session"], "description": "chat"}


async def make(door: Any, **members: Any) -> dict[str, Any]:
    answer = await door.post(PATH, json={**NEW, **members})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_the_secret_is_shown_once(door: Any) -> None:
    made = await make(door)
    secret = made.pop("secret")
    shown = (await door.get(f"{PATH}/{made['id']}")).json()
    assert shown == made
    assert (shown["url"], shown["events"], shown["enabled"]) == (NEW["url"], ["session"], True)
    listed = await door.get(PATH)
    assert listed.json() == {"items": [made]}
    assert secret not in listed.text


async def test_it_changes_and_goes(door: Any) -> None:
    path = f"{PATH}/{(await make(door))['id']}"
    answer = await door.client.patch(
        path, headers=door.headers, json={"events": [], "enabled": False}
    )
    assert (answer.json()["events"], answer.json()["enabled"]) == ([], False)
    wrong = await door.client.patch(path, headers=door.headers, json={"url": "http://x.test/"})
    assert wrong.status_code == 400
    assert wrong.json()["parameters"][0] == {"name": "name", "value": "url"}
    assert (await door.client.delete(path, headers=door.headers)).status_code == 204
    assert (await door.get(path)).status_code == 404


async def test_another_secret(door: Any) -> None:
    made = await make(door)
    path = f"{PATH}/{made['id']}"
    answer = (await door.post(f"{path}/secret", json={"overlapHours": 1})).json()
    assert answer["secret"] != made["secret"]
    shown = (await door.get(path)).json()
    assert shown["previousSecretUntil"] == answer["previousSecretUntil"] is not None
    at_once = (await door.post(f"{path}/secret", json={"overlapHours": 0})).json()
    assert at_once["previousSecretUntil"] is None
    assert (await door.get(path)).json()["previousSecretUntil"] is None


async def test_a_test_tells_how_it_went(door: Any, monkeypatch: Any) -> None:
    told: list[Any] = []

    async def attempt(url: str, keys: Any, what: Any, at_ms: int) -> Outcome:
        told.append((url, what.event))
        return Outcome(500, "answered 500", 7)

    monkeypatch.setattr(door.parts.courier.post, "attempt", attempt)
    path = f"{PATH}/{(await make(door))['id']}"
    answer = (await door.post(f"{path}/test")).json()
    assert told == [(NEW["url"], "test")]
    assert (answer["status"], answer["error"], answer["tookMs"]) == (500, "answered 500", 7)
    assert (await door.get(f"{path}/deliveries")).json() == {"items": [answer]}


async def test_who_may_not(door: Any) -> None:
    made = await make(door)
    nobody = await door.sign_in_as("ada")
    for method, path in (
        ("GET", PATH),
        ("POST", PATH),
        ("GET", f"{PATH}/{made['id']}"),
        ("DELETE", f"{PATH}/{made['id']}"),
        ("POST", f"{PATH}/{made['id']}/secret"),
        ("POST", f"{PATH}/{made['id']}/test"),
        ("GET", f"{PATH}/{made['id']}/deliveries"),
    ):
        body = {"json": NEW} if (method, path) == ("POST", PATH) else {}
        answer = await door.client.request(method, path, headers=nobody, **body)
        assert answer.status_code == 403, (method, path)
