from __future__ import annotations

from typing import Any

import pytest

from footlight.caller import ALL_PERMISSIONS, FULL_GRANT, Caller, Grant, Permission
from footlight.errors import Forbidden

READ, HIDE = Permission.SESSION_READ, Permission.SESSION_HIDE


def caller(*grants: Grant) -> Caller:
    return Caller(
        account_id="a", name="ada", user_name="SITE\\ada", display_name="Ada", grants=grants,
        token_id="t", expires_at_ms=1, refresh_until_ms=1, address="127.0.0.1",
    )  # fmt: skip


def test_who_has_no_grant_may_nothing() -> None:
    assert caller().permissions == frozenset()
    for permission in Permission:
        assert not caller().may(permission)
        assert caller().scopes_of(permission) == frozenset()
        with pytest.raises(Forbidden, match=permission):
            caller().require(permission)


def test_the_full_grant_is_everything_everywhere() -> None:
    full = caller(FULL_GRANT)
    assert full.permissions == ALL_PERMISSIONS
    for permission in Permission:
        full.require(permission)
        assert full.everywhere(permission)


def test_scopes_of_several_grants_join_and_all_wins() -> None:
    one, two = (
        Grant(frozenset({READ}), frozenset({"1"})),
        Grant(frozenset({READ, HIDE}), frozenset({"2"})),
    )
    both = caller(one, two)
    assert both.scopes_of(READ) == {"1", "2"}
    assert both.scopes_of(HIDE) == {"2"}
    assert not both.everywhere(READ)
    assert caller(one, Grant(frozenset({READ}))).everywhere(READ)


def test_everywhere_is_more_than_somewhere() -> None:
    somewhere = caller(Grant(frozenset({READ}), frozenset({"1"})))
    somewhere.require(READ)
    with pytest.raises(Forbidden, match="scope All"):
        somewhere.require_everywhere(READ)
    caller(FULL_GRANT).require_everywhere(READ)


@pytest.mark.parametrize(
    ("mine", "theirs", "covered"),
    [
        ((READ, None), (READ, {"1"}), True),
        ((READ, {"1", "2"}), (READ, {"1"}), True),
        ((READ, {"1"}), (READ, {"1", "2"}), False),
        ((READ, {"1"}), (READ, None), False),
        ((READ, None), (HIDE, {"1"}), False),
    ],
)
def test_nobody_covers_more_than_he_has(mine: Any, theirs: Any, covered: bool) -> None:
    grants = [
        Grant(frozenset({permission}), None if scopes is None else frozenset(scopes))
        for permission, scopes in (mine, theirs)
    ]
    assert caller(grants[0]).covers([grants[1]]) is covered
    assert caller(grants[0]).covers([])
