from __future__ import annotations

import pytest

from footlight.caller import ALL_PERMISSIONS, Caller, Permission


def caller(*permissions: Permission) -> Caller:
    return Caller(
        account_id="a", name="ada", user_name="LAB\\ada", display_name="Ada",
        permissions=frozenset(permissions), token_id="t", expires_at_ms=1, refresh_until_ms=1,
        address="",
    )  # fmt: skip


@pytest.mark.parametrize("held", Permission)
def test_a_permission_is_that_one_only(held: Permission) -> None:
    assert [p for p in Permission if caller(held).may(p)] == [held]
    assert caller(held).sees_all is (held is Permission.MANAGE)


def test_nobody_may_anything_unless_said() -> None:
    assert not any(caller().may(permission) for permission in ALL_PERMISSIONS)
    assert not caller().sees_all
    assert all(caller(*ALL_PERMISSIONS).may(permission) for permission in Permission)
