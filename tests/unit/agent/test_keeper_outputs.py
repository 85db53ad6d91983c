from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from footlight.agent import keeper_outputs
from footlight.agent.keeper_outputs import Outputs
from footlight.wire.host import MAX_MESSAGE_BYTES, SessionOutputs, decode


def _written(outputs: Outputs, folder: Path) -> SessionOutputs:
    outputs.write(str(folder / "outputs.json"))
    return decode(SessionOutputs, (folder / "outputs.json").read_bytes())


def test_streams_are_told_apart_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter((1000, 1100, 1200, 1300, 1400, 5000, 6000))
    monkeypatch.setattr(keeper_outputs, "_now_ms", lambda: next(times))
    outputs = Outputs()
    one = outputs.begin("program", ["xterm", "-e", "sh"])
    one.pid = 12
    one.take("stdout", b"a")
    one.take("stdout", b"b\n")
    one.take("stderr", b"c")
    one.take("stdout", b"d")
    one.take("stdout", b"e")
    outputs.ended(12, -9)
    outputs.ended(12, 0)
    (found,) = _written(outputs, tmp_path).programs
    assert [msgspec.structs.astuple(piece) for piece in found.pieces] == [
        (1100, "stdout", "ab\n"),
        (1300, "stderr", "c"),
        (1400, "stdout", "d"),
        (5000, "stdout", "e"),
    ]
    assert (found.role, found.argv, found.pid) == ("program", ["xterm", "-e", "sh"], 12)
    assert (found.started_at_ms, found.ended_at_ms, found.exit_code) == (1000, 6000, -9)


def test_letters_come_whole_and_nothing_steers_a_terminal(tmp_path: Path) -> None:
    outputs = Outputs()
    one = outputs.begin("program", ["x"])
    for byte in "é\r\n\x1b[31m\x9b\tz".encode():
        one.take("stderr", bytes([byte]))
    (found,) = _written(outputs, tmp_path).programs
    text = "".join(piece.text for piece in found.pieces)
    assert text == "é\ufffd\n\ufffd[31m\ufffd\tz"


def test_the_newest_is_kept_within_the_bounds(tmp_path: Path) -> None:
    outputs = Outputs()
    for number in range(30):
        one = outputs.begin("run", [str(number)])
        one.pid = number
        for _ in range(40):
            one.take("stdout", "\U0001f600".encode() * 1000)
            one.take("stderr", b'"' * 1)
        if number % 2:
            outputs.ended(number, 0)
    found = _written(outputs, tmp_path).programs
    assert len(found) == 20
    assert [one.argv[0] for one in found][-1] == "29"
    assert "0" in [one.argv[0] for one in found], "a running one is kept before one that has ended"
    for one in found:
        kept = sum(len(piece.text) for piece in one.pieces)
        assert kept == keeper_outputs.LONGEST_OUTPUT
        assert kept + one.dropped == 40 * 1001
    assert (tmp_path / "outputs.json").stat().st_size < MAX_MESSAGE_BYTES


def test_many_small_pieces_are_bounded_too(tmp_path: Path) -> None:
    outputs = Outputs()
    one = outputs.begin("program", ["x"])
    for _ in range(400):
        one.take("stdout", b"o")
        one.take("stderr", b"e")
    (found,) = _written(outputs, tmp_path).programs
    assert len(found.pieces) == keeper_outputs.MOST_PIECES
    assert found.dropped == 800 - keeper_outputs.MOST_PIECES
