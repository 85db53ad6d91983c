from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from footlight.wire import host

VIEWER = host.ViewerFacts(
    viewer_id="v", user_name="LAB\\zoë", own=True, mode="view", address="198.51.100.1",
    via_address=None, client_name="", platform="Linux", version="1", attached_at_ms=2**52,
)  # fmt: skip
RECORDING = host.RecordingFacts(recording_id="r", session_id="s", status="recording", head="ab")
SESSION = host.SessionFacts(
    session_id="s", generation=2**40, phase="running", viewers=[VIEWER], recording=RECORDING,
    exit_code=-9,
)  # fmt: skip
LAUNCH = host.Launch(
    resource_id="r", resource_name="Desktop", session_type="Application",
    account=host.Account(kind="os", account_id="a", name="zoë"), user_name="LAB\\zoë",
    machine_name="LAB\\H", command=["xterm", "-T", "a 'b' \"c\""], environment={"A": "b"},
)  # fmt: skip
ORDER = host.SessionOrder(
    session_id="s", generation=3, want="run", launch=LAUNCH,
    recording=host.RecordingOrder(recording_id="r", notify=True, reason="p", ordered_by="LAB\\a"),
    messages=[
        host.MessageOrder(
            message_id="m", style="Question", title="ü", text="a\nb", ordered_by="LAB\\a"
        )
    ],
)  # fmt: skip
FACTS = host.HostFacts(
    machine_id="m", host_name="h", dns_name="h.x", ip_address=None, os_type="Debian 12",
    os_version="12", agent_version="0", as_root=False, agent_public_key="00",
)  # fmt: skip
LOAD = host.LoadFacts(cpu_permille=1000, memory_permille=0, sessions=7)
SPOOL = host.SpoolFacts(size_bytes=2**40, limit_bytes=1, failing_since_ms=5, failure="zü", full="x")
FIGURES = host.HostFigures(recorders=1, spool_bytes=2**40, spool_oldest_ms=5, viewers=3)
PRINTED = host.OutputPiece(at_ms=5, stream="stderr", text="ü\n")
PROGRAM = host.ProgramOutput(
    role="program", argv=["xterm"], pid=None, started_at_ms=5, ended_at_ms=6, exit_code=-9, dropped=2**33,
    pieces=[PRINTED],
)  # fmt: skip
MESSAGES: list[Any] = [
    VIEWER, RECORDING, SESSION, LAUNCH, ORDER, FACTS, LAUNCH.account, ORDER.recording, ORDER.messages[0],
    host.Orders(orders=[ORDER]),
    host.OrdersTaken(boot_id="b"),
    host.HostReport(
        machine_id="m", boot_id="b", sequence=1, full=True, at_ms=5, host=FACTS,
        sessions=[SESSION], recordings=[RECORDING], load=LOAD, spool=SPOOL,
        figures=FIGURES,
    ),
    LOAD, SPOOL, FIGURES,
    host.ReportTaken(want_full=True, forget_sessions=["s"], forget_recordings=["r"]),
    host.DisplayHello(session_id="s", viewer=VIEWER),
    host.ViewerLine(session_id="s", viewer_id="v", round_trip_ms=None),
    host.ReadSegment(recording_id="r", number=3, offset=0, length=5),
    host.SegmentPiece(found=True, data=bytes(range(256)), size=256, open=True),
    host.RecordingKey(data_key=bytes(range(32)), wrapped="w"),
    host.MarkRecording(
        session_id="s", recording_id="r", marker_id="m", kind="marker", text="ü", author="LAB\\a"
    ),
    host.ReadOutputs(session_id="s"), host.SessionOutputs(programs=[PROGRAM]), PROGRAM, PRINTED,
]  # fmt: skip
KINDS = {type(message): message for message in MESSAGES}


def test_every_message_of_the_module_is_tried() -> None:
    declared = {
        kind
        for kind in vars(host).values()
        if isinstance(kind, type) and issubclass(kind, host._Message) and kind is not host._Message
    }
    assert declared == set(KINDS)


@pytest.mark.parametrize("message", KINDS.values(), ids=[kind.__name__ for kind in KINDS])
def test_what_is_said_is_what_is_heard(message: Any) -> None:
    assert host.decode(type(message), host.encode(message)) == message


@pytest.mark.parametrize("message", KINDS.values(), ids=[kind.__name__ for kind in KINDS])
def test_members_of_a_later_release_are_passed_over(message: Any) -> None:
    members = json.loads(host.encode(message))
    assert "ofALaterRelease" not in members
    later = json.dumps({**members, "ofALaterRelease": {"a": [1]}}).encode()
    assert host.decode(type(message), later) == message


def test_members_that_an_earlier_release_does_not_send_have_their_defaults() -> None:
    early = b'{"session_id": "s", "generation": 1, "phase": "starting"}'
    facts = host.decode(host.SessionFacts, early)
    assert (facts.viewers, facts.recording, facts.disconnects) == ([], None, 0)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b'{"boot_id": 5}',
        b"{}",
        b"x" * 20,
    ],
)
def test_what_is_no_message_is_a_value_error(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        host.decode(host.OrdersTaken, payload)


def test_unknown_words_are_refused() -> None:
    text = host.encode(ORDER).replace(b'"run"', b'"dance"')
    with pytest.raises(msgspec.ValidationError):
        host.decode(host.SessionOrder, text)


def test_a_message_over_the_limit_is_not_parsed() -> None:
    padded = host.encode(host.OrdersTaken(boot_id="b")).ljust(host.MAX_MESSAGE_BYTES)
    assert host.decode(host.OrdersTaken, padded).boot_id == "b"
    with pytest.raises(ValueError, match="over the limit"):
        host.decode(host.OrdersTaken, padded + b" ")


def test_a_full_piece_of_a_segment_fits_into_a_message() -> None:
    piece = host.SegmentPiece(found=True, data=bytes(1024 * 1024), size=2**40)
    assert len(host.encode(piece)) < host.MAX_MESSAGE_BYTES
