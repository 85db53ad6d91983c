"""The collection and the fields projection."""

from __future__ import annotations

import msgspec
import pytest

from footlight.wire.rest.auth import Site
from footlight.wire.rest.paging import Collection, named_fields, projected


def test_an_empty_last_page_writes_its_nulls() -> None:
    page = Collection[Site](items=[])
    assert msgspec.json.encode(page) == (b'{"Items":[],"ContinuationToken":null,"TotalItems":null}')


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Id", ["Id"]),
        ("name, ID", ["Id", "Name"]),
        ("Nothing", []),
        ("", ["Id", "Name"]),
        (" , ", ["Id", "Name"]),
        (None, ["Id", "Name"]),
    ],
)
def test_projection(text: str | None, keys: list[str]) -> None:
    shown = projected(Site(id="1", name="a"), named_fields(text))
    assert list(msgspec.to_builtins(shown)) == keys
