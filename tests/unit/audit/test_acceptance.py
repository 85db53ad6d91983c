from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from footlight.audit.acceptance import accept
from footlight.store import schema

_a = schema.audit


async def accepted(chain: Any) -> Any:
    return await accept(chain.rooms.store, chain.file, chain.key, chain.rooms.clock, "root")


async def test_a_cut_chain_is_signed_anew_and_tells_of_it(chain: Any) -> None:
    signed = chain.file.read()
    await chain.change(delete(_a).where(_a.c.seq > 3))
    result, kept = await accepted(chain)
    assert [one.fault for one in result.problems] == ["cut"]
    assert await chain.faults() == []
    chain.file.path.write_bytes(kept.read_bytes())
    assert chain.file.read() == signed, "the old head is kept"
    newest = select(_a).order_by(_a.c.seq.desc()).limit(1)
    row = await chain.rooms.store.read(lambda c: c.execute(newest).one())
    assert row.text == "Accept the audit log as it is (1 problems)"
    assert '"By":"root"' in row.entry
    assert '"SignedBefore":"5"' in row.entry


async def test_an_altered_entry_is_still_told_afterwards(chain: Any) -> None:
    await chain.change(update(_a).where(_a.c.seq == 3).values(text="harmless"))
    chain.file.path.unlink()
    result, kept = await accepted(chain)
    assert {one.fault for one in result.problems} == {"altered", "head"}
    assert kept is None
    assert await chain.faults() == [("altered", 3)]
