from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, update

from footlight.audit import head
from footlight.audit.head import Head, HeadFile, HeadKeeper
from footlight.errors import Invalid
from footlight.store import schema

_a = schema.audit


async def test_the_head_follows_the_chain(chain: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(head, "WRITE_AFTER_S", 0.0)
    await chain.keeper.start()
    assert chain.file.read().seq == 5
    await chain.append("f")
    for _ in range(500):
        if chain.file.read().seq == 6:
            break
        await asyncio.sleep(0.01)
    kept = chain.file.read()
    assert (kept.seq, kept.site_id) == (6, chain.rooms.site.id)
    assert await chain.rooms.store.read(lambda c: head.is_held(c, kept))
    assert chain.file.path.stat().st_mode & 0o777 == 0o600
    await chain.keeper.stop()


async def test_the_last_appends_are_in_it_at_a_clean_end(chain: Any) -> None:
    await chain.keeper.start()
    await chain.append("f", "g")
    await chain.keeper.stop()
    assert chain.file.read().seq == 7


@pytest.mark.expects_errors
async def test_a_head_that_the_chain_lacks_is_kept_as_evidence(chain: Any) -> None:
    await chain.change(delete(_a).where(_a.c.seq > 2))
    await chain.append("x", "y", "z")
    await chain.keeper.keep()
    await chain.append("w")
    await chain.keeper.keep()
    assert chain.file.read().seq == 5
    again = HeadKeeper(chain.rooms.store, chain.file, _key(), chain.rooms.clock)
    await again.start()
    await again.stop()
    assert chain.file.read().seq == 5
    assert await chain.faults() == [("cut", None)]


@pytest.mark.expects_errors
async def test_an_entry_written_anew_under_the_head_is_noticed(chain: Any) -> None:
    await chain.change(update(_a).where(_a.c.seq == 5).values(hash="f" * 64))
    await chain.append("x")
    await chain.keeper.keep()
    assert chain.file.read().seq == 5


@pytest.mark.expects_errors
async def test_a_damaged_file_is_not_replaced(chain: Any) -> None:
    chain.file.path.write_bytes(b"{}")
    again = HeadKeeper(chain.rooms.store, chain.file, _key(), chain.rooms.clock)
    await again.start()
    await again.stop()
    assert chain.file.path.read_bytes() == b"{}"


async def test_an_empty_chain_has_a_head_too(rooms: Any, tmp_path: Any) -> None:
    file = HeadFile(tmp_path / "head.json", rooms.site.id, _key().public_key().public_bytes_raw())
    assert file.read() is None
    keeper = HeadKeeper(rooms.store, file, _key(), rooms.clock)
    await keeper.keep()
    assert (file.read().seq, file.read().hash) == (0, "")


def test_what_was_not_signed_by_the_site_is_refused(tmp_path: Any) -> None:
    public = _key().public_key().public_bytes_raw()
    file = HeadFile(tmp_path / "head.json", "site", public)
    other = Ed25519PrivateKey.generate()
    told = Head(site_id="site", seq=1, hash="h", at_ms=1)
    file.write(told, _key())
    assert file.read() == told
    file.write(told, other)
    with pytest.raises(Invalid):
        file.read()
    HeadFile(file.path, "another", public).write(
        Head(site_id="another", seq=1, hash="h", at_ms=1), _key()
    )
    with pytest.raises(Invalid):
        file.read()


def _key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)


async def test_a_write_that_was_cancelled_does_not_meet_the_last_one(
    chain: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(head, "WRITE_AFTER_S", 0.0)
    begun, write, at_once, most = threading.Event(), HeadFile.write, 0, 0

    def slow(file: HeadFile, newest: Head, key: Any) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        begun.set()
        time.sleep(0.1)
        write(file, newest, key)
        at_once -= 1

    await chain.keeper.start()
    monkeypatch.setattr(HeadFile, "write", slow)
    await chain.append("f")
    await asyncio.to_thread(begun.wait, 10)
    await chain.append("g")
    await chain.keeper.stop()
    assert (most, chain.file.read().seq) == (1, 7)
