"""What the tables must keep whatever code writes to them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import BigInteger, Integer, String, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import CreateTable

from footlight.store import schema
from footlight.store.store import Store

COLUMNS = [column for table in schema.metadata.sorted_tables for column in table.columns]


async def test_a_uid_is_never_used_twice(store: Store) -> None:
    def write(tx: Any) -> list[int]:
        seqs = []
        for kind in ("one", "two"):
            tx.emit(kind, "id")
            tx.flush()
            seqs.append(tx.connection.execute(select(schema.outbox.c.seq)).scalar_one())
            tx.connection.execute(schema.outbox.delete())
        return seqs

    first, second = await store.write(write)
    assert second > first
    assert schema.sessions.dialect_options["sqlite"]["autoincrement"]


async def test_rows_point_at_rows_that_exist(store: Store) -> None:
    orphan = schema.catalogs.insert().values(id="c", name="C", zone_id="nowhere")
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        await store.write(lambda tx: tx.connection.execute(orphan) and None)


async def test_an_idempotency_key_is_one_accounts_and_once(store: Store) -> None:
    def write(tx: Any, account: str) -> None:
        tx.connection.execute(
            schema.launch_keys.insert().values(
                account_id=account, key="k", session_id="s", created=True, expires_at_ms=1
            )
        )

    await store.write(lambda tx: write(tx, "a"))
    await store.write(lambda tx: write(tx, "b"))
    with pytest.raises(IntegrityError, match=r"(?i)unique"):
        await store.write(lambda tx: write(tx, "a"))


def test_times_and_counts_of_bytes_are_wide() -> None:
    narrow = [
        str(column)
        for column in COLUMNS
        if column.name.endswith(("_at_ms", "_bytes", "_seen_ms", "sequence", "generation"))
        and not isinstance(column.type, BigInteger)
    ]
    assert narrow == []


def test_ids_have_room_for_a_guid() -> None:
    ids = [c for c in COLUMNS if c.name == "id" or c.name.endswith("_id")]
    assert len(ids) > 20
    assert [
        str(c) for c in ids if not (isinstance(c.type, String) and (c.type.length or 0) >= 36)
    ] == []


@pytest.mark.parametrize("table", schema.metadata.sorted_tables, ids=lambda table: table.name)
def test_postgresql_takes_each_table_with_wide_counters(table: Any) -> None:
    text = str(CreateTable(table).compile(dialect=postgresql.dialect()))  # type: ignore[no-untyped-call]
    counters = [c for c in table.columns if isinstance(c.type, BigInteger | Integer)]
    for column in counters:
        if column.name in ("uid", "seq"):
            # A uid that another table counts up is only wide.
            kind = "BIGINT" if column.autoincrement is False else "BIGSERIAL"
            assert f"{column.name} {kind}" in text
