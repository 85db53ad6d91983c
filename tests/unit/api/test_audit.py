from __future__ import annotations

from typing import Any

import msgspec
from sqlalchemy import delete, update

from footlight.audit.head import HeadKeeper
from footlight.audit.lines import verify_lines
from footlight.audit.log import Act, record
from footlight.store import schema
from footlight.wire.rest.dates import rfc3339_of

BASE = "/footlight/v1/audit"


async def append(door: Any, *texts: str) -> None:
    def write(tx: Any) -> None:
        for text in texts:
            record(tx, door.rooms.admin, Act(text=text, target_type="Tag", object_id=text.lower()))

    await door.rooms.store.write(write)


async def every(door: Any, query: str) -> list[dict[str, Any]]:
    """All items of a list, page by page."""
    found: list[dict[str, Any]] = []
    token = ""
    while True:
        answer = await door.get(f"{BASE}?{query}&continuationToken={token}")
        assert answer.status_code == 200, answer.text
        found += answer.json()["items"]
        token = answer.json()["continuationToken"]
        if token is None:
            return found


async def test_entries_are_listed_either_way_and_found(door: Any) -> None:
    await append(door, "Make A", "Make B", "Drop A")
    texts = [one["entry"]["text"] for one in await every(door, "limit=2&kind=configurationchange")]
    assert texts == ["Drop A", "Make B", "Make A"]
    oldest = await every(door, "limit=1&after=0&text=make%20*")
    assert [one["entry"]["text"] for one in oldest] == ["Make A", "Make B"]
    (one,) = await every(door, "objectId=DROP%20A")
    for name in (one["entry"]["id"], str(one["seq"])):
        assert (await door.get(f"{BASE}/{name}")).json() == one
    assert (await door.get(f"{BASE}/none")).status_code == 404
    for wrong in ("kind=x", "after=-1", "limit=0", "text=" + "x" * 300, "continuationToken=x"):
        assert (await door.get(f"{BASE}?{wrong}")).status_code == 400, wrong


async def test_entries_of_a_time(door: Any) -> None:
    await append(door, "early", "early too", "late")
    late = update(schema.audit).values(at_ms=schema.audit.c.at_ms + 60_000)
    late = late.where(schema.audit.c.text == "late")
    await door.rooms.store.write(lambda tx: tx.connection.execute(late) and None)
    border = rfc3339_of(door.rooms.clock.now_ms() + 30_000)
    assert [e["entry"]["text"] for e in await every(door, f"since={border}")] == ["late"]
    earlier = await every(door, f"UNTIL={border}&after=0&limit=1&text=early*")
    assert [one["entry"]["text"] for one in earlier] == ["early", "early too"]
    for wrong in ("since=x", "until=yesterday"):
        assert (await door.get(f"{BASE}?{wrong}")).status_code == 400


async def test_an_entry_tells_the_transaction_of_its_request(door: Any) -> None:
    made = await door.post("/cvad/manage/Tags", json={"Name": "lab"})
    assert made.status_code == 200, made.text
    (entry,) = await every(door, "kind=ConfigurationChange")
    assert entry["entry"]["transactionId"] == made.headers["citrix-transactionid"]


async def test_what_is_listed_verifies_without_the_site(door: Any) -> None:
    await append(door, "Zoë", "two")
    body = (await door.get(f"{BASE}?after=0")).content
    lines = msgspec.json.decode(body, type=dict[str, Any])["items"]
    raw = msgspec.json.decode(body, type=Items)
    assert verify_lines(bytes(one) for one in raw.items).whole
    assert lines[-1]["entry"]["text"] == "two"


class Items(msgspec.Struct):
    items: list[msgspec.Raw]


async def test_the_site_says_whether_the_chain_is_whole(door: Any) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    await append(door, "one", "two", "three")
    missing = (await door.get(f"{BASE}/verification")).json()
    assert (missing["whole"], missing["problems"][0]["fault"]) == (False, "head")
    key = Ed25519PrivateKey.generate()
    file = type(door.parts.audit_head)(
        door.parts.audit_head.path, door.rooms.site.id, key.public_key().public_bytes_raw()
    )
    object.__setattr__(door.parts, "audit_head", file)
    await HeadKeeper(door.rooms.store, file, key, door.rooms.clock).keep()
    assert (await door.get(f"{BASE}/verification")).json()["whole"]
    await door.rooms.store.write(
        lambda tx: (
            tx.connection.execute(delete(schema.audit).where(schema.audit.c.text == "two")) and None
        )
    )
    found = (await door.get(f"{BASE}/verification")).json()
    assert [one["fault"] for one in found["problems"]] == ["missing"]


async def test_it_is_for_who_reads_logs_everywhere(door: Any) -> None:
    headers = await door.sign_in_as("ada")
    for path in (BASE, f"{BASE}/verification", f"{BASE}/1"):
        assert (await door.client.get(path, headers=headers)).status_code == 403
