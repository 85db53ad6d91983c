from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.audit.tombstone import Signed, Tombstone, sign

KEY = Ed25519PrivateKey.from_private_bytes(b"\x03" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
ONE = Tombstone(
    site_id="s",
    recording_id="r",
    session_id="x",
    user_name="FOOTLIGHT\\ädä",
    machine_name="m",
    resource_name="d",
    reason="on-demand",
    started_at="2026-01-01T00:00:00Z",
    ended_at=None,
    duration_ms=1,
    size_bytes=2,
    sealed_segments=3,
    head="ab",
    retention_class="Standard",
    deleted_at="2026-02-01T00:00:00Z",
    deleted_by="",
    why="its time is over",
)


def test_it_says_what_it_was_given_and_is_signed() -> None:
    signed = sign(KEY, ONE)
    assert signed.read() == ONE
    assert signed.holds(PUBLIC)
    assert len(signed.digest) == 64


def test_what_was_changed_or_signed_by_another_does_not_hold() -> None:
    signed = sign(KEY, ONE)
    assert not Signed(signed.body.replace("its time", "my time"), signed.signature).holds(PUBLIC)
    assert not Signed(signed.body, "00" * 64).holds(PUBLIC)
    assert not Signed(signed.body, "no hex").holds(PUBLIC)
    assert not signed.holds(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    assert not signed.holds(b"short")
