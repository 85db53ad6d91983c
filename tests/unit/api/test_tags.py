from __future__ import annotations

from typing import Any

MANAGE = "/cvad/manage"


async def test_counts_are_of_what_the_caller_sees(door: Any) -> None:
    made = (await door.post(f"{MANAGE}/Tags", json={"Name": "red"})).json()
    assert made["NumApplications"] == 0
    page = (await door.get(f"{MANAGE}/Tags")).json()
    assert [one["Name"] for one in page["Items"]] == ["red"]
