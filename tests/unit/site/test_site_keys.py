from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import update

from footlight.errors import Invalid
from footlight.site import site_keys
from footlight.site.founding import found_site
from footlight.site.site_keys import Marks
from footlight.store import schema
from footlight.store.store import Store

ONE, OTHER = "11" * 32, "22" * 32
KEYS = Path("/keys")


async def claim(store: Store, key: str, authority: str, recordings: str = "33" * 8) -> None:
    marks = Marks(key, authority, recordings)
    await store.write(lambda tx: site_keys.claim(tx, marks, KEYS))


async def test_the_first_servers_keys_are_the_sites(store: Store) -> None:
    await store.write(lambda tx: found_site(tx, "LAB", samples=False))
    await claim(store, ONE, ONE)
    await claim(store, ONE, ONE)
    with pytest.raises(Invalid, match=r"^site-key.pem in /keys are not the site's own: copy"):
        await claim(store, OTHER, ONE)
    with pytest.raises(Invalid, match=r"^ca.pem and ca-key.pem in /keys"):
        await claim(store, ONE, OTHER)
    with pytest.raises(Invalid, match=r"^recording-key in /keys"):
        await claim(store, ONE, ONE, "44" * 8)


async def test_a_site_of_an_older_release_takes_the_first_servers_key_of_recordings(
    store: Store,
) -> None:
    await store.write(lambda tx: found_site(tx, "LAB", samples=False))
    await claim(store, ONE, ONE)
    await store.write(
        lambda tx: tx.connection.execute(update(schema.site).values(recording_key_id=None))
    )
    with pytest.raises(Invalid, match="site-key"):
        await claim(store, OTHER, ONE, "44" * 8)
    await claim(store, ONE, ONE, "44" * 8)
    with pytest.raises(Invalid, match="recording-key"):
        await claim(store, ONE, ONE, "55" * 8)


async def test_keys_that_are_lost_can_be_replaced(store: Store) -> None:
    await store.write(lambda tx: found_site(tx, "LAB", samples=False))
    await claim(store, ONE, ONE)
    await store.write(lambda tx: site_keys.adopt(tx, Marks(OTHER, OTHER, "33" * 8)))
    await claim(store, OTHER, OTHER)
