from __future__ import annotations

import base64
from typing import Any

from footlight.access import administrators, roles
from footlight.access.administrators import Right
from footlight.api import render_rights
from footlight.ids import ZERO_GUID
from footlight.wire.rest.admin import Administrator


async def test_rights_are_told_as_they_are_with_separate_duties(rooms: Any) -> None:
    held = [Right(roles.FULL.id, ZERO_GUID)]
    counts = []
    for duties in (False, True):
        (one,) = await rooms.store.read(
            lambda c, duties=duties: render_rights.rights(c, held, separate_duties=duties)
        )
        assert (one.scope.name, one.role.is_built_in) == ("All", True)
        counts.append(len(one.role.permissions))
    assert counts[0] - counts[1] == 3


async def test_a_report_escapes_what_people_have_named(rooms: Any) -> None:
    def read(connection: Any) -> Administrator:
        known = administrators.get(connection, rooms.admin, rooms.site.name, "admin")
        return render_rights.administrator(connection, known, "<b>", separate_duties=False)

    found = await rooms.store.read(read)
    assert found.user.name == "<b>\\admin"
    page = base64.b64decode(render_rights.report(found).encoded_report).decode()
    assert "&lt;b&gt;\\admin" in page
    assert "<b>" not in page
