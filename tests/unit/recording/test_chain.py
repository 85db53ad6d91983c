import dataclasses
import hashlib
import json

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from footlight.recording import chain
from footlight.recording.chain import Certificate, CertificateBody, Gap, Manifest, SegmentEntry
from footlight.recording.format import NO_HEAD, FormatError, Seal

RECORDING = "0b0e4b4e-7d1c-4a56-9a07-3a5b8f4f6c01"
OTHER = "0b0e4b4e-7d1c-4a56-9a07-3a5b8f4f6c02"
KEY = Ed25519PrivateKey.from_private_bytes(b"a" * 32)
SITE = Ed25519PrivateKey.from_private_bytes(b"b" * 32)


def seal() -> Seal:
    return chain.make_seal(
        KEY,
        RECORDING,
        number=3,
        previous=NO_HEAD,
        content_hash=b"c" * 32,
        start_ns=5,
        end_ns=9,
        last=False,
    )


def manifest() -> Manifest:
    return Manifest(
        recording_id=RECORDING,
        session_id=OTHER,
        site_id="site",
        user_name="FOOTLIGHT\\zoë",
        machine_name="FOOTLIGHT\\HOST",
        resource_name="Desktop",
        reason="on-demand",
        ordered_by="FOOTLIGHT\\admin",
        notify=True,
        started_at="2026-01-01T00:00:00.000Z",
        ended_at="2026-01-01T00:01:00.000Z",
        duration_ms=60_000,
        end_reason="on-demand",
        state="completed",
        segments=[
            SegmentEntry(
                number=0,
                name="000000.flseg",
                size_bytes=1,
                sha256="00",
                head="11",
                start_ns=0,
                end_ns=1,
                width=2,
                height=3,
            )
        ],
        event_count=2,
        gaps=[Gap(from_ns=1, to_ns=2, cause="disconnected")],
        head="11",
        certificate=None,
    )


def test_the_head_is_the_specified_hash() -> None:
    wanted = hashlib.sha256(
        b"footlight-head-1"
        + bytes.fromhex(RECORDING.replace("-", ""))
        + b"\x03\x00\x00\x00"
        + NO_HEAD
        + b"c" * 32
    ).digest()
    assert seal().head == wanted


def test_a_seal_holds_for_its_recording_only() -> None:
    assert chain.seal_holds(seal(), RECORDING)
    assert not chain.seal_holds(seal(), OTHER)


@pytest.mark.parametrize(
    "change",
    [
        {"content_hash": b"x" * 32},
        {"previous_head": b"x" * 32},
        {"head": b"x" * 32},
        {"start_ns": 6},
        {"end_ns": 10},
        {"number": 4},
        {"flags": 1},
        {"signer": chain.public_bytes(SITE)},
        {"signature": bytes(64)},
    ],
)
def test_no_field_of_a_seal_can_be_changed(change: dict[str, object]) -> None:
    assert not chain.seal_holds(dataclasses.replace(seal(), **change), RECORDING)


def test_a_manifest_is_signed_in_its_canonical_form() -> None:
    data = chain.sign_manifest(KEY, manifest())
    assert "zoë".encode() in data
    assert json.loads(data)["manifest"]["segments"][0]["sizeBytes"] == 1
    signed = chain.read_manifest(data)
    assert signed.manifest == manifest()
    assert chain.manifest_holds(signed, chain.public_bytes(KEY))
    assert not chain.manifest_holds(signed, chain.public_bytes(SITE))
    assert not chain.manifest_holds(signed, b"no key")


def test_members_that_a_reader_does_not_know_are_signed_too() -> None:
    inner = {**msgspec.to_builtins(manifest()), "later": 1}
    signature = KEY.sign(b"footlight-manifest-1" + chain.canonical(inner))
    outer = {"manifest": inner, "signature": signature.hex()}
    signed = chain.read_manifest(json.dumps(outer, indent=2).encode())
    assert chain.manifest_holds(signed, chain.public_bytes(KEY))
    outer["manifest"]["later"] = 2
    assert not chain.manifest_holds(
        chain.read_manifest(chain.canonical(outer)), chain.public_bytes(KEY)
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"manifest": {}, "signature": "00"}',
        b"[" * 100_000,
        chain.sign_manifest(KEY, manifest()).replace(b'"format":1', b'"format":2'),
        chain.canonical({"manifest": msgspec.to_builtins(manifest()), "signature": 1}),
    ],
)
def test_what_is_no_manifest_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        chain.read_manifest(data)


def test_a_certificate_holds_for_one_site_and_one_agent() -> None:
    agent, site = chain.public_bytes(KEY), chain.public_bytes(SITE)
    body = CertificateBody(
        site_id="site",
        machine_id=OTHER,
        machine_name="FOOTLIGHT\\HOST",
        agent_key=agent.hex(),
        issued_at="2026-01-01T00:00:00Z",
    )
    certificate = chain.issue_certificate(SITE, body)
    assert certificate.site_key == site.hex()
    assert chain.certificate_holds(certificate, site, agent)
    assert not chain.certificate_holds(certificate, agent, agent)
    assert not chain.certificate_holds(certificate, site, site)
    changed = msgspec.structs.replace(body, machine_name="FOOTLIGHT\\OTHER")
    forged = Certificate(body=changed, site_key=site.hex(), signature=certificate.signature)
    assert not chain.certificate_holds(forged, site, agent)
    nonsense = Certificate(body=body, site_key="", signature="not hex")
    assert not chain.certificate_holds(nonsense, site, agent)


def test_keys_are_kept_as_pem() -> None:
    assert chain.public_bytes(chain.load_private_key(chain.private_pem(KEY))) == (
        chain.public_bytes(KEY)
    )
    other = generate_private_key(SECP256R1()).private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    with pytest.raises(ValueError, match="Ed25519"):
        chain.load_private_key(other)
