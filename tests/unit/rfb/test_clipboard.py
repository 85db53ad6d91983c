from __future__ import annotations

import struct

import pytest

from footlight.rfb.clipboard import (
    CAPS,
    NOTIFY,
    PEEK,
    PROVIDE,
    REQUEST,
    Policy,
    server_may_send,
    start_bytes,
    viewer_may_send,
)

PLAIN = struct.pack(">BxxxI", 6, 5)


def extended(flags: int) -> bytes:
    return struct.pack(">BxxxiI", 6, -8, flags | 1)


# What tells of text, and what asks for it.
TELLS = [PLAIN, extended(NOTIFY), extended(PROVIDE)]
ASKS = [extended(REQUEST), extended(PEEK)]


@pytest.mark.parametrize(
    ("policy", "viewer_tells", "viewer_asks"),
    [("off", False, False), ("in", True, False), ("out", False, True), ("both", True, True)],
)
def test_each_policy(policy: Policy, viewer_tells: bool, viewer_asks: bool) -> None:
    assert {viewer_may_send(policy, one) for one in TELLS} == {viewer_tells}
    assert {viewer_may_send(policy, one) for one in ASKS} == {viewer_asks}
    assert {server_may_send(policy, one) for one in TELLS} == {viewer_asks}
    assert {server_may_send(policy, one) for one in ASKS} == {viewer_tells}
    caps = extended(CAPS | PROVIDE | REQUEST)
    assert viewer_may_send(policy, caps) == server_may_send(policy, caps) == (policy != "off")


def test_a_message_that_does_both_needs_both() -> None:
    mixed = extended(PROVIDE | REQUEST)
    assert not viewer_may_send("in", mixed)
    assert not viewer_may_send("out", mixed)
    assert viewer_may_send("both", mixed)


def test_what_says_nothing_known_does_not_pass() -> None:
    assert not viewer_may_send("both", extended(1 << 30))
    assert not viewer_may_send("both", struct.pack(">Bxxxi", 6, -3))


def test_how_much_has_to_be_seen() -> None:
    assert start_bytes(PLAIN) == 8
    assert start_bytes(struct.pack(">Bxxxi", 6, -4)) == 12
    assert start_bytes(struct.pack(">Bxxxi", 6, -3)) == 8
