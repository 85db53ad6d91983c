from __future__ import annotations

from typing import Any

URL = "/cvad/manage/Applications"


async def test_pages_of_one_search(door: Any) -> None:
    body = {"SortCriteria": {"Property": "Name", "SortDirection": "Descending"}}
    first = (await door.post(f"{URL}/$search?limit=2&fields=Name", json=body)).json()
    assert first["Items"] == [{"Name": "Web Browser"}, {"Name": "Text Editor"}]
    assert first["TotalItems"] == 3
    token = first["ContinuationToken"]
    rest = (await door.post(f"{URL}/$search?continuationToken={token}", json=body)).json()
    assert [one["Name"] for one in rest["Items"]] == ["Terminal"]
    assert rest["ContinuationToken"] is None
    inner = {**body, "IncludeSubFolders": False}
    mixed = await door.post(f"{URL}/$search?continuationToken={token}", json=inner)
    assert mixed.status_code == 400
    assert (await door.get(f"{URL}/Terminal/RecommendName")).json() == {"Name": "Terminal_1"}
