from __future__ import annotations

import re

from footlight.access import roles
from footlight.access.permissions import DESCRIBED, GROUPS
from footlight.caller import Permission


def test_each_permission_is_described_once_in_a_group() -> None:
    assert list(DESCRIBED) == list(Permission)
    assert {one.group_id for one in DESCRIBED.values()} == set(GROUPS)
    names = [one.name for one in DESCRIBED.values()]
    assert len(set(names)) == len(names)
    for one in DESCRIBED.values():
        assert one.group_name
        assert all(re.fullmatch(r"[A-Za-z]+:[A-Za-z]+", operation) for operation in one.operations)
        assert one.is_read_only == (one.permission in roles.READ_ONLY.permissions)
