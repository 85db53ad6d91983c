from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest
from tests.unit.hooks.conftest import answer

from footlight.hooks import delivery
from footlight.hooks.delivery import MAX_ANSWER_BYTES, Told, delivery_id

TOLD = Told(
    id="d1", webhook_id="w1", event="session", seq=7, object_id="s1", at="2026-01-02T03:04:05Z"
)
AT_MS = 1_700_000_000_123


async def test_a_delivery_says_what_changed_and_is_signed(post: Any, receiver: Any) -> None:
    outcome = await post.attempt(receiver.url, ["secret"], TOLD, AT_MS)
    assert (outcome.delivered, outcome.status, outcome.error) == (True, 204, None)
    assert receiver.lines == ["POST /hook?a=b HTTP/1.1"]
    assert receiver.told == [
        {
            "id": "d1",
            "webhookId": "w1",
            "event": "session",
            "seq": 7,
            "objectId": "s1",
            "at": "2026-01-02T03:04:05Z",
        }
    ]
    head = receiver.heads[0]
    assert head["footlight-event"] == "session"
    assert head["footlight-delivery"] == "d1"
    assert head["footlight-timestamp"] == "1700000000"
    assert head["host"] == f"127.0.0.1:{receiver.port}"
    signed = b"1700000000." + receiver.bodies[0]
    mac = hmac.new(b"secret", signed, hashlib.sha256).hexdigest()
    assert head["footlight-signature"] == f"t=1700000000,v1={mac}"


@pytest.mark.parametrize("status", [301, 307, 400, 404, 410, 500, 503])
async def test_other_answers_are_failures_and_redirects_are_not_followed(
    post: Any, receiver: Any, status: int
) -> None:
    receiver.answers = [answer(status, f"location: {receiver.url}\r\n")]
    outcome = await post.attempt(receiver.url, ["s"], TOLD, AT_MS)
    assert (outcome.delivered, outcome.status) == (False, status)
    assert outcome.error == f"answered {status}"
    assert len(receiver.bodies) == 1


async def test_who_is_silent_has_failed(
    post: Any, receiver: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "ATTEMPT_S", 0.2)
    receiver.answers = [b"silence"]
    outcome = await post.attempt(receiver.url, ["s"], TOLD, AT_MS)
    assert (outcome.delivered, outcome.status) == (False, None)
    assert "within" in outcome.error


async def test_of_an_endless_answer_only_the_beginning_is_read(post: Any, receiver: Any) -> None:
    receiver.answers = [b"endless"]
    outcome = await post.attempt(receiver.url, ["s"], TOLD, AT_MS)
    assert outcome.delivered
    assert MAX_ANSWER_BYTES == 65536


@pytest.mark.parametrize("nonsense", [b"nonsense\r\n\r\n", b"", b"HTTP/1.1 200"])
async def test_what_is_no_http_has_failed(post: Any, receiver: Any, nonsense: bytes) -> None:
    receiver.answers = [nonsense]
    outcome = await post.attempt(receiver.url, ["s"], TOLD, AT_MS)
    assert not outcome.delivered
    assert outcome.error


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "https://10.0.0.1/", "https://no.such.host.invalid/"]
)
async def test_where_nobody_is_or_may_be(post: Any, url: str, monkeypatch: Any) -> None:
    async def nowhere(host: str, port: int) -> list[str]:
        if host.endswith(".invalid"):
            raise OSError("no such name")
        return [host]

    monkeypatch.setattr(post, "_resolve", nowhere)
    outcome = await post.attempt(url, ["s"], TOLD, AT_MS)
    assert not outcome.delivered
    assert outcome.error


async def test_tls_is_checked_by_the_name_and_not_the_address(
    post: Any, receiver: Any, monkeypatch: Any
) -> None:
    seen: list[Any] = []

    async def send(request: Any, **_: Any) -> Any:
        seen.append(request)
        raise OSError("enough")

    async def resolve(host: str, port: int) -> list[str]:
        return ["93.184.216.34"]

    monkeypatch.setattr(post, "_resolve", resolve)
    monkeypatch.setattr(post._client, "send", send)
    await post.attempt("https://hooks.test/x", ["s"], TOLD, AT_MS)
    (request,) = seen
    assert request.url.host == "93.184.216.34"
    assert request.headers["host"] == "hooks.test"
    assert request.extensions["sni_hostname"] == "hooks.test"


def test_a_delivery_has_one_id_at_each_attempt() -> None:
    assert delivery_id("w1", "7") == delivery_id("w1", "7")
    assert len({delivery_id("w1", "7"), delivery_id("w2", "7"), delivery_id("w1", "8")}) == 3
