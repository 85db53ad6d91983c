from __future__ import annotations

from typing import Any

URL = "/cvad/manage/Icons"


async def test_samples_have_icons_of_their_own(door: Any) -> None:
    own = (await door.get(f"{URL}?builtIn=true&fields=Id")).json()
    assert [one["Id"] for one in own["Items"]] == ["1", "2", "3", "4", "5"]
    first = (await door.get(f"{URL}?limit=2&builtIn=true")).json()
    rest = f"{URL}?builtIn=false&continuationToken={first['ContinuationToken']}"
    assert (await door.get(rest)).status_code == 400  # a token of another list
