from __future__ import annotations

from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, insert, select, update

from footlight.audit import verification
from footlight.audit.log import Act, Entry, link, record_of_site
from footlight.audit.tombstone import Signed, Tombstone, sign
from footlight.ids import new_guid
from footlight.store import schema
from footlight.store.schema_keeping import recording_tombstones as _t

_a = schema.audit
_r = schema.recordings


async def test_a_chain_that_nobody_touched_is_whole(chain: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(verification, "ROWS_AT_ONCE", 2)
    result = await chain.verify()
    assert (result.whole, result.entries, result.signed_seq) == (True, 5, 5)
    await chain.append("f")
    assert await chain.faults() == [], "the signed head may be a little behind"


@pytest.mark.parametrize(
    "values",
    [
        {"text": "harmless"},
        {"user_name": "FOOTLIGHT\\somebody"},
        {"kind": "SignIn"},
        {"succeeded": False},
        {"object_id": "other"},
        {"id": "other"},
        {"entry": "{}"},
    ],
)
async def test_an_altered_entry_is_found(chain: Any, values: dict[str, Any]) -> None:
    await chain.change(update(_a).where(_a.c.seq == 3).values(**values))
    assert await chain.faults() == [("altered", 3)]


async def test_an_entry_altered_with_its_hash_breaks_the_link_to_the_next(chain: Any) -> None:
    row = await chain.rooms.store.read(lambda c: c.execute(select(_a).where(_a.c.seq == 3)).one())
    entry = msgspec.structs.replace(msgspec.json.decode(row.entry, type=Entry), text="harmless")
    raw = msgspec.json.encode(entry)
    values = {"entry": raw.decode(), "text": "harmless", "hash": link(row.previous_hash, raw)}
    await chain.change(update(_a).where(_a.c.seq == 3).values(**values))
    assert await chain.faults() == [("missing", 4)]


async def test_a_vanished_entry_is_found(chain: Any) -> None:
    await chain.change(delete(_a).where(_a.c.seq.in_((2, 3))))
    assert await chain.faults() == [("missing", 4)]


async def test_the_beginning_cannot_vanish_either(chain: Any) -> None:
    await chain.change(delete(_a).where(_a.c.seq == 1))
    assert await chain.faults() == [("missing", 2)]


async def test_a_cut_tail_is_found_also_when_new_entries_follow(chain: Any) -> None:
    await chain.change(delete(_a).where(_a.c.seq > 3))
    assert await chain.faults() == [("cut", None)]
    await chain.append("x", "y", "z")
    assert await chain.faults() == [("cut", None)]


async def test_a_chain_written_anew_as_a_whole_is_found(chain: Any) -> None:
    """Whoever can compute hashes can make a chain that is whole in itself; the signed head does not fit it."""

    def forge(connection: Any) -> list[Any]:
        rows = list(connection.execute(select(_a).order_by(_a.c.seq)))
        statements, previous = [delete(_a)], "0" * 64
        for row in rows:
            if row.text == "b":
                continue
            hashed = link(previous, row.entry.encode())
            values = {**row._mapping, "previous_hash": previous, "hash": hashed}
            statements.append(insert(_a).values(**values))
            previous = hashed
        return statements

    await chain.change(*await chain.rooms.store.read(forge))
    assert await chain.faults() == [("cut", None)]


async def test_a_missing_or_foreign_head_is_told(chain: Any) -> None:
    kept = chain.file.path.read_bytes()
    chain.file.path.write_bytes(kept.replace(b'"seq":5', b'"seq":4'))
    assert await chain.faults() == [("head", None)]
    chain.file.path.unlink()
    assert await chain.faults() == [("head", None)]


async def recorded(chain: Any, recording_id: str, told_head: str, sealed: int, **row: Any) -> None:
    """The chain tells of that head; the catalogue has what `row` says."""

    def write(tx: Any) -> None:
        act = Act(
            text="recorded",
            kind="RecordingHead",
            target_type="Recording",
            object_id=recording_id,
            parameters={"Head": told_head, "SealedSegments": str(sealed)},
        )
        record_of_site(tx, act)
        if row:
            values: dict[str, Any] = {
                "id": recording_id, "session_id": "s", "account_id": "a", "user_name": "u",
                "machine_id": "m", "machine_name": "m", "resource_name": "r", "reason": "r",
                "ordered_by": "o", "notify": True, "ordered_at_ms": 1, "status": "completed",
            }  # fmt: skip
            tx.connection.execute(insert(_r).values(**values, **row))

    await chain.rooms.store.write(write)


async def test_recordings_are_as_the_chain_tells(chain: Any) -> None:
    await recorded(chain, new_guid(), "h1", 1, head="h1", sealed_count=1)
    await recorded(chain, new_guid(), "h1", 1, head="h2", sealed_count=2)  # it went on since
    assert await chain.faults() == []
    await recorded(chain, new_guid(), "h1", 1, head="other", sealed_count=1)
    await recorded(chain, new_guid(), "h3", 3, head="h2", sealed_count=2)
    assert await chain.faults() == [("recording", 8), ("recording", 9)]


async def test_a_vanished_recording_is_found_unless_a_tombstone_is_left(chain: Any) -> None:
    recording_id = new_guid()
    await recorded(chain, recording_id, "h1", 1)
    assert await chain.faults() == [("recording", 6)]
    signed = await deleted(chain, recording_id)
    assert await chain.faults() == []
    forged = sign(Ed25519PrivateKey.generate(), signed.read())
    for body, signature in (
        (signed.body.replace("asked for", "nothing"), signed.signature),
        (signed.body, forged.signature),
    ):
        await chain.change(update(_t).values(body=body, signature=signature))
        assert await chain.faults() == [("tombstone", 7)]
    await chain.change(_t.delete())
    assert await chain.faults() == [("tombstone", 7)]


async def test_a_tombstone_of_which_the_chain_knows_nothing_is_found(chain: Any) -> None:
    await deleted(chain, new_guid())
    assert await chain.faults() == []
    stray = _t.insert().values(
        recording_id="x", account_id="a", machine_id="m", deleted_at_ms=1, body="{}", signature=""
    )
    await chain.change(stray)
    assert await chain.faults() == [("tombstone", None)]


async def deleted(chain: Any, recording_id: str) -> Signed:
    """The chain tells of a deletion, and its tombstone is left."""
    signed = sign(chain.key, tombstone(recording_id))

    def write(tx: Any) -> None:
        act = Act(
            text="deleted",
            kind="RecordingDeleted",
            target_type="Recording",
            object_id=recording_id,
            parameters={"Tombstone": signed.digest},
        )
        record_of_site(tx, act)
        values = {"account_id": "a", "machine_id": "m", "deleted_at_ms": 1}
        left = {"recording_id": recording_id, "body": signed.body, "signature": signed.signature}
        tx.connection.execute(insert(_t).values(**values, **left))

    await chain.rooms.store.write(write)
    return signed


def tombstone(recording_id: str) -> Tombstone:
    return Tombstone(
        site_id="s", recording_id=recording_id, session_id="s", user_name="u", machine_name="m",
        resource_name="r", reason="r", started_at=None, ended_at=None, duration_ms=0, size_bytes=0,
        sealed_segments=1, head="h1", retention_class="Standard", deleted_at="x", deleted_by="u",
        why="asked for",
    )  # fmt: skip


async def test_many_problems_are_counted(chain: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(verification, "MAX_PROBLEMS", 2)
    await chain.change(update(_a).values(text="harmless"))
    result = await chain.verify()
    assert (len(result.problems), result.more_problems, result.whole) == (2, 3, False)


async def test_segments_that_are_not_kept_are_missed(chain: Any) -> None:
    recording_id = new_guid()
    await recorded(chain, recording_id, "h3", 3, head="h3", sealed_count=3)
    asked = []

    def missing(*given: object) -> int:
        asked.append(given)
        return 2

    result = await verification.verify_store(chain.rooms.store, chain.file, missing)
    told = f"2 of 3 sealed segments of recording {recording_id} are gone"
    assert [(one.fault, one.seq, one.detail) for one in result.problems] == [("recording", 6, told)]
    assert asked == [(recording_id, 3)]
