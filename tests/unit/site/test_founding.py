from __future__ import annotations

import shutil

import pytest
from sqlalchemy import select

from footlight.errors import Conflict
from footlight.ids import is_guid
from footlight.site import resources
from footlight.site.founding import SAMPLES, found_site, read_site
from footlight.store import schema
from footlight.store.store import Store

COMMANDS_OF_THE_IMAGE = {"xterm", "mousepad", "chromium"}


async def test_a_site_is_founded_once_and_read_again(store: Store) -> None:
    assert await store.read(read_site) is None
    site = await store.write(lambda tx: found_site(tx, "LAB", samples=False))
    assert await store.read(read_site) == site
    assert (site.name, is_guid(site.id), len(site.token_key)) == ("LAB", True, 32)
    with pytest.raises(Conflict):
        await store.write(lambda tx: found_site(tx, "LAB", samples=False))


async def test_it_has_one_zone_one_catalog_and_one_group(store: Store) -> None:
    await store.write(lambda tx: found_site(tx, "LAB", samples=False))
    for table in (schema.zones, schema.catalogs, schema.delivery_groups):
        assert len(await store.read(lambda c, t=table: list(c.execute(select(t))))) == 1
    assert await store.read(resources.every) == []


async def test_samples_are_published_with_commands_as_lists(store: Store) -> None:
    await store.write(lambda tx: found_site(tx, "LAB", samples=True))
    found = {r.name: r for r in await store.read(resources.every)}
    assert list(found) == ["Desktop", "Terminal", "Text Editor", "Web Browser"]
    assert (found["Desktop"].kind, found["Desktop"].command) == ("Desktop", [])
    assert {r.command[0] for r in found.values() if r.command} == COMMANDS_OF_THE_IMAGE
    assert all(r.kind == "Application" for name, r in found.items() if name != "Desktop")


@pytest.mark.skipif(not shutil.which("Xvnc"), reason="no session host: the programs are not here")
def test_the_samples_programs_are_installed() -> None:
    assert [
        command[0] for _, _, command in SAMPLES if command and not shutil.which(command[0])
    ] == []


def test_two_sites_share_no_key() -> None:
    from types import SimpleNamespace

    def nowhere(*_: object) -> SimpleNamespace:
        return SimpleNamespace(first=lambda: None, scalar_one=lambda: 1)

    tx = SimpleNamespace(connection=SimpleNamespace(execute=nowhere), now_ms=0)
    one, two = (found_site(tx, "LAB", samples=False) for _ in range(2))  # type: ignore[arg-type]
    assert one.token_key != two.token_key
    assert one.id != two.id
    assert one.token_key.hex() not in repr(one)
    assert repr(one.token_key) not in repr(one)
