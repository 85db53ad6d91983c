from __future__ import annotations

from typing import Any

PATH = "/footlight/v1/service-accounts"


def test_each_call(scripted: Any) -> None:
    calls = scripted.client.service_accounts
    scripted.answer = {"items": [{"id": "a"}]}
    assert calls.list() == [{"id": "a"}]
    assert scripted.asked == (f"GET {PATH}", {}, None)
    scripted.answer = {"id": "a"}
    calls.get("a/b")
    assert scripted.asked == (f"GET {PATH}/a%2Fb", {}, None)
    calls.create("nightly")
    assert scripted.asked == (f"POST {PATH}", {}, {"name": "nightly"})
    calls.create("nightly", account="robot", expires_at="2027-01-01T00:00:00Z")
    assert scripted.asked[2] == {
        "name": "nightly", "account": "robot", "expiresAt": "2027-01-01T00:00:00Z",
    }  # fmt: skip
    calls.rotate("a")
    assert scripted.asked == (f"POST {PATH}/a/rotate", {}, {})
    calls.rotate("a", old_valid_seconds=60, expires_at="2027-01-01T00:00:00Z")
    assert scripted.asked[2] == {"oldValidSeconds": 60, "expiresAt": "2027-01-01T00:00:00Z"}
    calls.revoke("a")
    assert scripted.asked == (f"DELETE {PATH}/a", {}, None)
