from footlight.agent.desk import Desk
from footlight.agent.ending import dormant_facts, finished_facts
from footlight.agent.recorder_messages import BeginRecording
from footlight.agent.reel_opening import open_reel
from footlight.agent.spool import SpoolFolder
from footlight.recording.chain import Gap, read_manifest
from footlight.recording.format import Encoding
from footlight.wire.host import RecordingFacts

PICTURE = [(0, 0, 8, 8, int(Encoding.ZRLE), b"\x01abc")]


async def test_a_manifest_tells_the_facts_again(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts]
) -> None:
    folder = SpoolFolder(desk.spool / order.recording_id)
    reel = await open_reel(desk, order)
    assert finished_facts(folder) is None
    reel.begin_segment(8, 8, PICTURE)
    reel.seal()
    await reel._settle()
    dormant = dormant_facts(folder, reel.begun)
    assert (dormant.status, dormant.sealed_count) == ("starting", 1)
    assert dormant.size_bytes == reported[-1].size_bytes
    reel.begin_gap(0, "disconnected")
    await reel.complete("over")
    assert finished_facts(folder) == reported[-1]
    manifest = read_manifest(folder.manifest() or b"").manifest
    assert [(gap.from_ns, gap.cause) for gap in manifest.gaps] == [(0, "disconnected")]
    assert manifest.gaps == [Gap(from_ns=0, to_ns=manifest.gaps[0].to_ns, cause="disconnected")]


async def test_a_recording_without_a_picture_has_failed(
    desk: Desk, order: BeginRecording, reported: list[RecordingFacts]
) -> None:
    reel = await open_reel(desk, order)
    await reel.complete("over")
    facts = finished_facts(SpoolFolder(desk.spool / order.recording_id))
    assert facts is not None
    assert (facts.status, facts.segment_count, facts.head) == ("failed", 0, None)
