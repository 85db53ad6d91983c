from __future__ import annotations

from typing import Any

import yaml

from footlight.api.app import BOUND


async def test_the_document_is_open_and_of_these_routes(door: Any) -> None:
    answer = await door.client.get("/openapi.json")
    assert answer.status_code == 200
    told = answer.json()
    assert told["openapi"].startswith("3.1")
    assert "/cvad/manage/Sessions" in told["paths"]
    assert len(told["paths"]) > len({bound.path for bound in BOUND}) / 2
    text = await door.client.get("/openapi.yaml")
    assert text.headers["content-type"].startswith("application/yaml")
    assert yaml.load(text.text, yaml.CSafeLoader) == told


async def test_a_kept_copy_is_good_while_nothing_changed(door: Any) -> None:
    for path in ("/openapi.json", "/openapi.yaml"):
        first = await door.client.get(path)
        assert first.headers["cache-control"] == "no-cache"
        for known in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
            again = await door.client.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == first.headers["etag"]
        other = await door.client.get(path, headers={"If-None-Match": '"x"'})
        assert other.status_code == 200
