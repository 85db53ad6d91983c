from __future__ import annotations

from pathlib import Path

import pytest

from footlight.errors import Invalid
from footlight.site import site_keys
from footlight.site.founding import found_site
from footlight.store.store import Store

ONE, OTHER = "11" * 32, "22" * 32
KEYS = Path("/keys")


async def claim(store: Store, key: str, authority: str) -> None:
    await store.write(lambda tx: site_keys.claim(tx, key, authority, KEYS))


async def test_the_first_servers_keys_are_the_sites(store: Store) -> None:
    await store.write(lambda tx: found_site(tx, "LAB", samples=False))
    await claim(store, ONE, ONE)
    await claim(store, ONE, ONE)
    with pytest.raises(Invalid, match=r"^site-key.pem in /keys are not the site's own: copy"):
        await claim(store, OTHER, ONE)
    with pytest.raises(Invalid, match=r"^ca.pem and ca-key.pem in /keys"):
        await claim(store, ONE, OTHER)


async def test_keys_that_are_lost_can_be_replaced(store: Store) -> None:
    await store.write(lambda tx: found_site(tx, "LAB", samples=False))
    await claim(store, ONE, ONE)
    await store.write(lambda tx: site_keys.adopt(tx, OTHER, OTHER))
    await claim(store, OTHER, OTHER)
