from __future__ import annotations

from typing import Any

URL = "/cvad/manage/me/Preferences"


async def test_a_name_may_hold_anything_but_is_kept_as_it_is(door: Any) -> None:
    for name in ("a/b", "ä%", "x?y"):
        sent = await door.client.put(URL, headers=door.headers, json={"Name": name, "Value": name})
        assert sent.status_code == 204
    for path in ("a%2Fb", "%C3%A4%25", "x%3Fy"):
        shown = (await door.get(f"{URL}/{path}")).json()
        assert shown["Name"] == shown["Value"]
    assert (await door.get(f"{URL}/A%2Fb")).status_code == 404
