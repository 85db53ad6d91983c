from __future__ import annotations

import hashlib
from typing import Any

from footlight.wire.uploads import Upload

DATA = b"a segment" * 1000


def ticket(door: Any, data: bytes = DATA) -> str:
    upload = Upload(
        recording_id="r",
        name="000000.flseg",
        size_bytes=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        md5="",
    )
    return str(door.parts.entrance.leave("r/000000.flseg", upload).url)


async def test_a_ticket_is_all_that_a_put_needs(door: Any) -> None:
    url = ticket(door)
    assert (await door.client.put(url, content=DATA)).status_code == 204
    assert await door.parts.jobs._objects.get("r/000000.flseg") == DATA
    assert (await door.client.put(url, content=DATA)).status_code == 409


async def test_other_bytes_and_bad_tickets_are_refused(door: Any) -> None:
    url = ticket(door)
    assert (await door.client.put(url, content=DATA[1:])).status_code == 400
    assert (await door.client.put(url, content=DATA + b"x")).status_code == 400
    assert (await door.client.put(url[:-8], content=DATA)).status_code == 404
    assert (await door.client.put(f"{url}x", content=DATA)).status_code == 404
    assert (await door.client.put(url, content=DATA)).status_code == 204
