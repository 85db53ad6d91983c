"""One small class of harm after the other, each with the verdict and the finding that it must give."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from footlight.recording import chain
from footlight.recording.source import FolderSource
from footlight.recording.verify import Verdict, verify_recording


def verify(studio: Any, **options: Any) -> Verdict:
    return verify_recording(FolderSource(studio.folder), **options)


def found(verdict: Verdict) -> list[tuple[int | None, str]]:
    return [(finding.segment, finding.reason) for finding in verdict.findings]


@pytest.fixture
def three(make_three: Callable[[], Any]) -> Any:
    return make_three()


def test_whole_and_certified_by_the_pinned_site(three: Any) -> None:
    verdict = verify(three, site_key=three.site_public, known_head=three.head.hex())
    assert (verdict.status, verdict.findings, verdict.segments) == ("verified", [], 3)
    assert verdict.size_bytes == sum(p.stat().st_size for p in three.folder.glob("*.flseg"))
    assert verdict.head == three.head.hex()
    assert verdict.site_key == three.site_public.hex()
    assert verify(three, site_key=three.site_public, every_record=True) == msgspec.structs.replace(
        verdict, findings=[]
    )


def test_without_a_pinned_key_the_signer_is_unknown(three: Any) -> None:
    verdict = verify(three)
    assert verdict.status == "unchanged-unknown-signer"
    assert verdict.findings == []
    assert verdict.signer == chain.public_bytes(three.agent_key).hex()


def test_another_sites_key_does_not_verify(three: Any) -> None:
    other = chain.public_bytes(Ed25519PrivateKey.generate())
    verdict = verify(three, site_key=other)
    assert verdict.status == "unchanged-unknown-signer"
    assert found(verdict) == [(None, "the signer is not certified by the given site key")]


def test_a_forger_with_a_key_of_his_own_does_not_verify(three: Any, studio: Any) -> None:
    """He signs all anew and copies the true certificate."""
    true_certificate = three.certificate()
    forger = type(studio)(three.folder, agent_key=Ed25519PrivateKey.generate())
    for path in three.folder.iterdir():
        path.unlink()
    forger.begin(0, 1).seal(last=True)
    forger.finish(certificate=true_certificate)
    verdict = verify(forger, site_key=three.site_public)
    assert verdict.status == "unchanged-unknown-signer"
    assert verify(forger, site_key=three.site_public, known_head=three.head.hex()).status == (
        "damaged"
    )


@pytest.mark.parametrize("where", [0, 10, 120, 155, 175, 300, -300, -236, -150, -20, -1])
def test_each_changed_byte_is_damage_in_its_segment(three: Any, where: int) -> None:
    path = three.folder / "000001.flseg"
    data = bytearray(path.read_bytes())
    data[where] ^= 0x20
    path.write_bytes(data)
    verdict = verify(three, site_key=three.site_public)
    assert verdict.status == "damaged"
    assert {segment for segment, _ in found(verdict)} <= {1, None}
    assert any(finding.segment == 1 for finding in verdict.findings)


def test_checking_goes_on_after_a_fault(three: Any) -> None:
    for number in (0, 2):
        path = three.folder / f"{number:06d}.flseg"
        data = bytearray(path.read_bytes())
        data[200] ^= 1
        path.write_bytes(data)
    verdict = verify(three)
    assert [finding.segment for finding in verdict.findings] == [0, 2]
    assert all(
        finding.offset is not None or "hash" in finding.reason for finding in verdict.findings
    )


def test_swapped_segments_are_damage(three: Any) -> None:
    one, two = three.folder / "000000.flseg", three.folder / "000001.flseg"
    data = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(data)
    verdict = verify(three)
    assert verdict.status == "damaged"
    assert (0, "header says segment 1") in found(verdict)


def test_a_cut_segment_says_where_it_ends(three: Any) -> None:
    path = three.folder / "000002.flseg"
    data = path.read_bytes()
    path.write_bytes(data[:220])
    verdict = verify(three)
    assert verdict.status == "damaged"
    (finding,) = verdict.findings
    assert (finding.segment, finding.reason) == (2, "segment is not sealed")
    assert finding.offset is not None
    assert 160 <= finding.offset <= 220


@pytest.mark.parametrize("numbers", [[0], [1], [2], [0, 1, 2]])
def test_missing_segments_that_the_manifest_names_are_a_truncation(
    three: Any, numbers: list[int]
) -> None:
    for number in numbers:
        (three.folder / f"{number:06d}.flseg").unlink()
    verdict = verify(three, site_key=three.site_public)
    assert verdict.status == "truncated"
    assert found(verdict) == [(number, "segment is missing") for number in numbers]


def test_without_manifest_it_is_unfinished(three: Any) -> None:
    (three.folder / "manifest.json").unlink()
    verdict = verify(three, site_key=three.site_public)
    assert verdict.status == "unfinished"
    assert "no manifest" in verdict.findings[0].reason


def test_a_cut_tail_without_manifest_shows_by_the_known_head(three: Any) -> None:
    (three.folder / "manifest.json").unlink()
    (three.folder / "000002.flseg").unlink()
    assert verify(three).status == "unfinished"
    assert verify(three, known_head=three.entries[1].head).status == "unfinished"
    assert verify(three, known_head=three.head.hex()).status == "truncated"


def test_a_hole_without_manifest_is_a_broken_chain(three: Any) -> None:
    (three.folder / "manifest.json").unlink()
    (three.folder / "000001.flseg").unlink()
    verdict = verify(three)
    assert verdict.status == "damaged"
    assert (2, "chain is broken: segments before are missing") in found(verdict)


def test_open_segments(studio: Any) -> None:
    studio.begin(0, 1).seal()
    path = studio.begin(100, 2).fill(200, 3, 0, 0, 5, 5).leave_open()
    whole = path.read_bytes()
    for cut in (0, 7, 100, 193, 210, len(whole) - 3, len(whole)):
        path.write_bytes(whole[:cut])
        verdict = verify(studio)
        assert (verdict.status, verdict.findings) == ("unfinished", []), cut
        assert verdict.segments == 2
    path.write_bytes(whole[:200] + b"\xff" * 20)
    assert verify(studio).status == "damaged"


def test_an_open_segment_before_others_is_damage(studio: Any) -> None:
    studio.begin(0, 1).leave_open()
    studio.begin(100, 2).leave_open()
    assert verify(studio).status == "unfinished", "they wait to be sealed"
    studio.begin(200, 2).seal()
    assert (1, "segment was never sealed, and sealed ones follow") in found(verify(studio))


def test_segments_that_the_manifest_does_not_name_are_damage(three: Any) -> None:
    three.begin(9500, 4).seal()
    verdict = verify(three)
    assert verdict.status == "damaged"
    assert (3, "segment is not named by the manifest") in found(verdict)
    assert (3, "segment follows the last one") in found(verdict)


def test_a_segment_of_another_recording_of_the_same_signer_is_damage(
    three: Any, studio: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "other"
    folder.mkdir()
    other = type(studio)(folder, agent_key=three.agent_key, site_key=three.site_key)
    path = other.begin(0, 9).seal()
    (three.folder / "000000.flseg").write_bytes(path.read_bytes())
    reasons = [reason for _, reason in found(verify(three))]
    assert "segment is not the one that the manifest names" in reasons
    assert "chain is broken: previous head is another" in reasons


def _edit(studio: Any, change: Callable[[dict[str, Any]], None]) -> Verdict:
    path = studio.folder / "manifest.json"
    outer = json.loads(path.read_bytes())
    change(outer)
    path.write_text(json.dumps(outer))
    return verify(studio, site_key=studio.site_public)


def test_a_changed_manifest_is_damage(three: Any) -> None:
    verdict = _edit(three, lambda outer: outer["manifest"].update(userName="SITE\\eve"))
    assert found(verdict) == [(None, "signature of the manifest does not hold")]
    assert verdict.status == "damaged"


def test_a_manifest_with_more_members_still_needs_its_signature(three: Any) -> None:
    assert _edit(three, lambda outer: outer["manifest"].update(more=1)).status == "damaged"
    assert _edit(three, lambda outer: outer["manifest"].pop("more")).status == "verified"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"manifest": {}, "signature": ""}', b"[" * 100_000, b"\xff\xfe"]
)
def test_an_unreadable_manifest_is_damage(three: Any, content: bytes) -> None:
    (three.folder / "manifest.json").write_bytes(content)
    assert verify(three).status == "damaged"


def test_a_sealed_segment_called_open_is_still_checked(three: Any) -> None:
    path = three.folder / "000002.flseg"
    path = path.rename(path.with_suffix(".open"))
    assert verify(three, site_key=three.site_public).status == "verified", "its bytes are the same"
    data = bytearray(path.read_bytes())
    data[220] ^= 1
    path.write_bytes(data)
    assert verify(three, site_key=three.site_public).status == "damaged"
    path.write_bytes(b"")
    assert verify(three, site_key=three.site_public).status == "damaged"


@pytest.mark.parametrize("name", ["", "zz", "0b0e4b4e-7d1c-4a56-9a07-00000000000x", "\ud800"])
def test_a_manifest_that_names_no_recording_is_damage(three: Any, name: str) -> None:
    verdict = _edit(three, lambda outer: outer["manifest"].update(recordingId=name))
    assert verdict.status == "damaged"
    assert (None, "manifest does not name its recording") in found(verdict)
    msgspec.json.encode(verdict)


def test_a_manifest_without_a_canonical_form_is_damage(three: Any) -> None:
    verdict = _edit(three, lambda outer: outer["manifest"].update(userName="\ud800"))
    assert verdict.status == "damaged"


def test_a_recording_of_nothing_is_verified_by_its_certificate(studio: Any) -> None:
    studio.finish(state="failed")
    assert verify(studio, site_key=studio.site_public).status == "verified"
    assert verify(studio).status == "unchanged-unknown-signer"


def test_an_empty_folder_is_an_unfinished_recording_of_nothing(studio: Any) -> None:
    verdict = verify(studio)
    assert (verdict.status, verdict.segments, verdict.recording_id) == ("unfinished", 0, None)
    assert found(verdict) == [(None, "there are no segments")]


def test_every_record_also_reads_what_the_seal_vouches_for(studio: Any) -> None:
    segment = studio.begin(0, 5)
    segment.data += segment.writer._record(2, 0, b"\xff\xff")
    segment.seal(last=True)
    studio.finish()
    assert verify(studio).status == "unchanged-unknown-signer"
    verdict = verify(studio, every_record=True)
    assert verdict.status == "damaged"
    assert verdict.findings[0].segment == 0


def test_a_verdict_is_json(three: Any) -> None:
    verdict = json.loads(msgspec.json.encode(verify(three)))
    assert verdict["status"] == "unchanged-unknown-signer"
    assert {"findings", "segments", "sizeBytes", "recordingId", "head", "signer"} <= set(verdict)
