from __future__ import annotations

from typing import Any

import msgspec

from footlight.audit.lines import line, verify_lines
from footlight.store import schema


async def exported(chain: Any) -> list[bytes]:
    query = schema.audit.select().order_by(schema.audit.c.seq)
    rows = await chain.rooms.store.read(lambda c: list(c.execute(query)))
    return [msgspec.json.encode(line(row)) for row in rows]


async def test_lines_are_verified_without_the_site(chain: Any) -> None:
    lines = await exported(chain)
    result = verify_lines([*lines, b"\n"])
    assert (result.whole, result.entries) == (True, 5)
    assert verify_lines(lines[2:]).whole, "a piece of a chain is whole in itself"
    assert verify_lines([]).entries == 0
    told = msgspec.json.decode(lines[0])
    assert (told["seq"], told["entry"]["text"]) == (1, "a")


async def test_a_line_that_was_changed_or_taken_out_is_found(chain: Any) -> None:
    lines = await exported(chain)
    changed = [*lines[:2], lines[2].replace(b'"text":"c"', b'"text":"C"'), *lines[3:]]
    assert [(p.fault, p.seq) for p in verify_lines(changed).problems] == [("altered", 3)]
    assert [p.fault for p in verify_lines([*lines[:2], *lines[3:]]).problems] == ["missing"]
    broken = verify_lines([*lines[:2], b"{", *lines[2:]])
    assert [(p.fault, p.detail) for p in broken.problems] == [("altered", "line 3 cannot be read")]


async def test_lines_that_a_stream_has_sent_twice_count_once(chain: Any) -> None:
    lines = await exported(chain)
    result = verify_lines([*lines[:4], *lines[1:]])
    assert (result.whole, result.entries) == (True, 5)
    forged = [*lines, lines[1].replace(b'"text":"b"', b'"text":"B"')]
    assert not verify_lines(forged).whole
