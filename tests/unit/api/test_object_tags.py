from __future__ import annotations

from typing import Any

MACHINES = "/cvad/manage/Machines"


async def test_tags_are_put_on_a_machine_by_name(door: Any) -> None:
    put = await door.client.put(
        f"{MACHINES}/desk1/Tags",
        json={"CreateTags": [{"Name": "b"}, {"Name": "A"}]},
        headers=door.headers,
    )
    assert [one["Name"] for one in put.json()["Items"]] == ["A", "b"]
    assert (await door.get(f"{MACHINES}/desk1")).json()["Tags"] == ["A", "b"]
    gone = await door.client.delete(f"{MACHINES}/desk1/Tags/B", headers=door.headers)
    assert gone.status_code == 204
    assert (await door.get(f"{MACHINES}/desk1/Tags")).json()["TotalItems"] == 1
    added = await door.post(f"{MACHINES}/desk1/Tags/b")
    assert added.json()["TotalItems"] == 2
