"""Both databases are asked (`--database postgresql`), and must say the same."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from sqlalchemy import literal, select

from footlight.store.store import Store
from footlight.store.text import (
    after_backslash,
    ascii_folded,
    byte_slice,
    class_match,
    fold,
    folded,
    holds,
    json_member,
)


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        (folded(literal("ZOË Ünal ΣΑΣ ẞ Ǆ Ѝ ԱՖ İ")), "ZOË Ünal ΣΑΣ ẞ Ǆ Ѝ ԱՖ İ".lower()),
        (folded(literal("A") + "B"), "ab"),
        (ascii_folded(literal("DESK1")), "desk1"),
        (ascii_folded(literal("DËSK1")), "dËsk1"),
        (holds(literal("a%b"), "%"), True),
        (holds(literal("a%b"), "_"), False),
        (class_match(literal("desk3"), "desk[0-4]", "^desk[0-4]$"), True),
        (class_match(literal("desk33"), "desk[0-4]", "^desk[0-4]$"), False),
        (class_match(literal("zoë"), "*[à-ö]", "^.*[à-ö]$"), True),
        (class_match(literal("zo\ne\n"), "z?*[0-9e]?", "^z..*[0-9e].$"), True),
        (after_backslash(literal("EX\\DESK1")), "DESK1"),
        (after_backslash(literal("EX\\")), ""),
        (byte_slice(literal(b"abcdef"), literal(2), literal(2)), b"ef"),
        (after_backslash(literal("EX\\A\\B")), "A\\B"),
        (after_backslash(literal("DESK1")), "DESK1"),
        (json_member(literal('{"a": "é"}'), literal("$.a"), literal("a")), "é"),
        (json_member(literal('{"a": "x"}'), literal("$.b"), literal("b")), None),
    ],
)
async def test_answers(store: Store, expression: Any, answer: Any) -> None:
    assert await store.read(lambda c: c.execute(select(expression)).scalar_one()) == answer


async def test_null_stays_null(store: Store) -> None:
    for expression in (folded(literal(None)), holds(literal(None), "a")):
        assert await store.read(lambda c, e=expression: c.execute(select(e)).scalar_one()) is None
    assert fold(None) is None


async def test_order_is_by_code_point(store: Store) -> None:
    names = ["É", "z", "A", "_", "~"]
    union = select(literal(names[0]).label("name"))
    rows = union.union_all(*(select(literal(one)) for one in names[1:])).subquery()
    query = select(rows.c.name).order_by(folded(rows.c.name))
    assert await store.read(lambda c: list(c.execute(query).scalars())) == ["_", "A", "z", "~", "É"]


async def test_every_letter_is_lowered_as_python_does(store: Store) -> None:
    letters = [chr(at) for at in range(0x80, sys.maxunicode + 1) if chr(at).lower() != chr(at)]
    assert len(letters) > 1300
    text = " ".join(letters)
    lowered = await store.read(lambda c: c.execute(select(folded(literal(text)))).scalar_one())
    assert lowered == text.lower() == fold(text)
