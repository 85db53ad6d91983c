from __future__ import annotations

from typing import Any

from footlight.api import render_catalogs
from footlight.ids import ZERO_GUID
from footlight.site import catalogs
from footlight.site.catalogs import Counts, Systems


async def test_counts_and_the_empty_catalog(rooms: Any) -> None:
    row = await rooms.store.read(lambda c: catalogs.get(c, rooms.admin, "Linux hosts"))
    counts = Counts(total=5, used=3, assigned=2, free_assigned=1)
    shown = render_catalogs.detail(row, counts, [], Systems(), [])
    assert (shown.available_count, shown.available_unassigned_count) == (2, 1)
    assert (shown.unassigned_count, shown.used_count, shown.total_count) == (3, 3, 5)
    assert (shown.agent_version, shown.os_type, shown.os_version) == ("-", "-", "-")
    assert (shown.sharing_kind, shown.full_name) == ("Shared", "Linux hosts")
    assert (shown.admin_folder.id, shown.admin_folder.name) == (ZERO_GUID, "")
    assert [scope.name for scope in shown.scopes] == ["All"]
    short = render_catalogs.catalog(row, counts, [])
    for name in short.__struct_fields__:
        assert getattr(short, name) == getattr(shown, name), name
