"""A small, seeded round of bench/paging_churn.py on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from bench import paging_churn
from bench.paging_churn import Size

from footlight.sessions import pieces, seen
from footlight.store.address import Database
from postgres_server import PostgresServer


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> PostgresServer | None:
    return request.getfixturevalue("postgres") if request.param == "postgresql" else None


@pytest.fixture
async def database(server: PostgresServer | None, tmp_path: Path) -> AsyncIterator[Database]:
    if server is None:
        yield tmp_path / "site.db"
        return
    name = await server.copy()
    yield server.address(name)
    await server.drop(name)


async def test_each_page_equals_the_rows_of_its_moment(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that one of the scoped callers' lists is gathered, the other walked.
    monkeypatch.setattr(seen, "FEW", 200)
    walks = await paging_churn.walked(database, Size(400, 1, 25))
    assert not walks.wrong.total(), walks
    assert walks.share == 1, walks
    assert all(walks.throughout[name] > 20 for name in ("full", "fifth", "most")), walks
    assert walks.changes >= max(walks.pages.values()) - 1


async def test_a_page_that_is_wrong_is_noticed(tmp_path: Path, monkeypatch: Any) -> None:
    whole = pieces.live_page

    def one_left_out(c: Any, caller: Any, limit: int, after: int, *rest: Any, **named: Any) -> Any:
        return whole(c, caller, limit, after + 1 if after else 0, *rest, **named)

    monkeypatch.setattr(pieces, "live_page", one_left_out)
    walks = await paging_churn.walked(tmp_path / "site.db", Size(100, 1, 25))
    assert walks.share < 1
    assert walks.wrong.total()
