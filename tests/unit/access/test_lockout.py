"""When an attempt waits, when it is locked out, and what is forgotten."""

from __future__ import annotations

import pytest

from footlight.access.lockout import (
    FORGET_MS,
    Failures,
    Lockout,
    address_key,
    after_failure,
    client_key,
    name_key,
    standing,
    wait_ms,
)

LOCKOUT = Lockout(name_attempts=5, address_attempts=20, lock_ms=60_000)
NOW = 1_000_000


def failed(times: int, now_ms: int = NOW) -> Failures:
    found = Failures()
    for _ in range(times):
        found = after_failure(found, LOCKOUT, LOCKOUT.name_attempts, now_ms)
    return found


def test_waits_grow_and_end_at_a_limit() -> None:
    waits = [wait_ms(Failures(count, NOW), NOW) for count in range(9)]
    assert waits == [0, 0, 0, 500, 1000, 2000, 4000, 8000, 8000]
    assert wait_ms(Failures(100_000, NOW), NOW) == 8000


def test_who_waits_by_himself_is_not_held_up() -> None:
    assert wait_ms(Failures(4, NOW), NOW + 400) == 600
    assert wait_ms(Failures(4, NOW), NOW + 1000) == 0


def test_so_many_in_a_row_lock() -> None:
    assert failed(4).locked_until_ms == 0
    assert failed(5) == Failures(5, NOW, NOW + 60_000)
    never = after_failure(Failures(99, NOW), LOCKOUT, 0, NOW)
    assert (never.count, never.locked_until_ms) == (100, 0)


def test_after_a_lock_counting_starts_anew() -> None:
    locked = failed(5)
    assert standing(locked, LOCKOUT, NOW + 59_999) == locked
    assert standing(locked, LOCKOUT, NOW + 60_000) == Failures()
    assert after_failure(locked, LOCKOUT, 5, NOW + 60_000).count == 1


def test_a_long_quiet_is_forgotten() -> None:
    assert standing(failed(4), LOCKOUT, NOW + FORGET_MS - 1).count == 4
    assert standing(failed(4), LOCKOUT, NOW + FORGET_MS) == Failures()
    long = Lockout(5, 20, lock_ms=2 * FORGET_MS)
    assert standing(failed(4), long, NOW + FORGET_MS).count == 4


def test_names_are_keys_in_any_case_and_are_not_told() -> None:
    assert name_key("Ada") == name_key("aDA") != name_key("bob")
    assert client_key("AB") == client_key("ab") != name_key("ab")
    assert "ada" not in name_key("ada")
    assert len(name_key("x" * 9000)) <= 200


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("203.0.113.7", "address:203.0.113.7"),
        ("::ffff:203.0.113.7", "address:203.0.113.7"),
        ("2001:db8:1:2:3::1", "address:2001:db8:1:2::/64"),
        ("127.0.0.1", None),
        ("127.8.8.8", None),
        ("::1", None),
        ("::ffff:127.0.0.1", None),
        ("", None),
        ("unix", None),
    ],
)
def test_addresses(address: str, key: str | None) -> None:
    assert address_key(address) == key
