from __future__ import annotations

import nkeys
import pytest

from footlight.bus.nkey import KeyPair, Role, check_public, is_signed
from footlight.errors import Invalid

ROLES: list[Role] = ["operator", "account", "user"]


@pytest.mark.parametrize("role", ROLES)
def test_another_implementation_reads_our_keys_as_we_do(role: Role) -> None:
    ours = KeyPair.generate(role)
    theirs = nkeys.from_seed(ours.seed.encode())
    assert theirs.public_key.decode() == ours.public == check_public(ours.public, role)
    assert theirs.sign(b"message") == ours.sign(b"message")
    assert KeyPair.from_seed(ours.seed).public == ours.public


def test_a_signature_is_of_one_key_and_one_message() -> None:
    one, other = KeyPair.generate("user"), KeyPair.generate("user")
    signature = one.sign(b"message")
    assert is_signed(one.public, b"message", signature)
    assert not is_signed(one.public, b"massage", signature)
    assert not is_signed(other.public, b"message", signature)


PUBLIC = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4"


@pytest.mark.parametrize(
    "text",
    ["", "U", PUBLIC[:-1], PUBLIC[:-1] + "5", PUBLIC.lower(), "X" + PUBLIC[1:], PUBLIC + "\n"],
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    assert check_public(PUBLIC, "user") == PUBLIC
    with pytest.raises(Invalid):
        check_public(text, "user")


def test_a_key_of_another_role_is_refused() -> None:
    with pytest.raises(Invalid):
        check_public(KeyPair.generate("account").public, "user")


def test_what_is_no_seed_is_refused() -> None:
    seed = KeyPair.generate("user").seed
    for text in ("", "SU", seed[:-1], seed[:-1] + ("A" if seed[-1] != "A" else "B"), PUBLIC):
        with pytest.raises(Invalid):
            KeyPair.from_seed(text)
    with pytest.raises(Invalid):
        is_signed(seed, b"", b"")
