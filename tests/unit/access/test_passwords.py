from __future__ import annotations

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from footlight.access import passwords


async def test_only_the_same_password_fits() -> None:
    stored = await passwords.hash_password("pä ss")
    assert "pä ss" not in stored
    assert await passwords.hash_password("pä ss") != stored, "each hash has a salt of its own"
    assert await passwords.verify_password(stored, "pä ss")
    for other in ("", "pä ss ", "PÄ SS"):
        assert not await passwords.verify_password(stored, other)


@pytest.mark.parametrize("stored", [None, "", "plain", "$argon2id$v=19$broken"])
async def test_what_is_no_hash_never_fits(stored: str | None) -> None:
    for password in ("", "plain"):
        assert not await passwords.verify_password(stored, password)


async def test_an_absent_account_costs_a_hash_too(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Noting:
        def verify(self, stored: str, password: str) -> bool:
            asked.append(stored)
            return True

    monkeypatch.setattr(passwords, "_hasher", Noting())
    assert not await passwords.verify_password(None, "secret"), "the decoy opens nothing"
    assert asked == [passwords._decoy()]


async def test_a_huge_password_is_refused_before_it_is_hashed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passwords, "_fits", lambda stored, password: True)
    longest = "ä" * (passwords.MAX_PASSWORD_BYTES // 2)
    assert await passwords.verify_password("hash", longest)
    assert not await passwords.verify_password("hash", longest + "x")


@pytest.mark.real_hashes
async def test_hashes_are_argon2id_at_a_real_cost() -> None:
    cost = extract_parameters(await passwords.hash_password("x"))
    assert cost.type is Type.ID
    # OWASP's password storage sheet: at least 19 MiB with two passes.
    assert cost.memory_cost >= 19 * 1024
    assert cost.time_cost >= 2
    assert extract_parameters(passwords._decoy()) == cost, "the decoy costs what a real one does"


def test_secrets_are_long_and_never_the_same() -> None:
    made = {passwords.new_secret() for _ in range(50)}
    assert len(made) == 50
    assert all(len(secret) == 32 and "=" not in secret for secret in made)
