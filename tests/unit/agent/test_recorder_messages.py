import pytest

from footlight.agent.recorder_messages import (
    Begin,
    BeginRecording,
    Changed,
    Done,
    End,
    FromRecorder,
    Note,
    Started,
    Stop,
    Suspend,
    ToRecorder,
    line,
    read_answer,
    read_order,
)
from footlight.wire.host import RecordingFacts

ORDER = BeginRecording(
    recording_id="r",
    session_id="s",
    rfb_path="/x",
    site_id="i",
    user_name="zoë",
    machine_name="m",
    resource_name="new\nline",
    reason="on-demand",
    ordered_by="a",
    notify=True,
)


@pytest.mark.parametrize(
    "message",
    [Begin(ORDER), End(1, "r", "x"), Suspend(2, "r", "x"), Note("r", "k", {"a": [1]}), Stop("c")],
)
def test_orders_are_one_line_each(message: ToRecorder) -> None:
    data = line(message)
    assert data.count(b"\n") == 1
    assert read_order(data) == message


@pytest.mark.parametrize(
    "message",
    [
        Started(),
        Changed(RecordingFacts(recording_id="r", session_id="s", status="recording")),
        Done(3, "no"),
    ],
)
def test_answers_are_one_line_each(message: FromRecorder) -> None:
    assert read_answer(line(message)) == message


@pytest.mark.parametrize("data", [b"", b"{}", b'{"type":"Nothing"}', b"\xff"])
def test_nonsense_is_a_value_error(data: bytes) -> None:
    for read in (read_order, read_answer):
        with pytest.raises(ValueError, match=r".*"):
            read(data)
