from __future__ import annotations

import json
from pathlib import Path

from footlight.audit.positions import FilePosition, StorePosition
from footlight.store.store import Store


async def test_a_file_that_cannot_be_read_begins_anew(tmp_path: Path) -> None:
    file = tmp_path / "position.json"
    file.write_text("{")
    position = FilePosition(file)
    assert await position.read() == 0
    await position.write(5)
    assert (await position.read(), json.loads(file.read_text())) == (5, {"seq": 5})


async def test_in_the_database_it_goes_on_from_the_file_and_is_all_servers(
    store: Store, tmp_path: Path
) -> None:
    before = FilePosition(tmp_path / "position.json")
    await before.write(7)
    mine = StorePosition(store, "syslog", before)
    others = StorePosition(store, "syslog", FilePosition(tmp_path / "none.json"))
    assert (await mine.read(), await others.read()) == (7, 0)
    await mine.write(8)
    await mine.write(9)
    assert (await mine.read(), await others.read(), await before.read()) == (9, 9, 7)
