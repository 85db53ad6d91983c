from __future__ import annotations

from typing import Any

import pytest

from footlight.api import tag_objects

TAGS = "/cvad/manage/Tags"


async def test_pages_of_a_tag_are_its_own(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("red", "green"):
        await door.post(TAGS, json={"Name": name})
        items = {"Items": ["Terminal", "Text Editor"]}
        url = f"{TAGS}/{name}/Applications"
        put = await door.client.put(url, headers=door.headers, json=items)
        assert put.status_code == 204, put.text
    page = (await door.get(f"{TAGS}/red/Applications?limit=1")).json()
    token = page["ContinuationToken"]
    rest = (await door.get(f"{TAGS}/red/Applications?continuationToken={token}")).json()
    assert [one["Name"] for one in rest["Items"]] == ["Text Editor"]
    other = await door.get(f"{TAGS}/green/Applications?continuationToken={token}")
    assert other.status_code == 400
    monkeypatch.setattr(tag_objects, "MAX_ITEMS", 1)
    url = f"{TAGS}/red/Applications"
    many = await door.client.put(url, headers=door.headers, json=items)
    assert many.status_code == 400
