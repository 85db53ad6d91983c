from __future__ import annotations

from typing import Any

A = "/footlight/v1/accounts"


def test_list(scripted: Any) -> None:
    scripted.answer = {"items": [{"id": "a"}]}
    assert scripted.client.accounts.list() == [{"id": "a"}]
    assert scripted.asked == (f"GET {A}", {}, None)


def test_only_what_is_given_is_sent(scripted: Any) -> None:
    scripted.client.accounts.create("zoe")
    assert scripted.asked == (f"POST {A}", {}, {"name": "zoe"})
    scripted.client.accounts.create("zoe", password="p", display_name="Zoë", administrator=False)
    assert scripted.asked[2] == {
        "name": "zoe", "password": "p", "displayName": "Zoë", "administrator": False,
    }  # fmt: skip


def test_passwords_by_name(scripted: Any) -> None:
    scripted.answer = {"name": "LAB\\zoe", "password": "made"}
    assert scripted.client.accounts.set_password("LAB\\zoe")["password"] == "made"
    assert scripted.asked == (f"POST {A}/LAB%5Czoe/password", {}, {})
    scripted.client.accounts.set_password("zoe", "given")
    assert scripted.asked[2] == {"password": "given"}
