from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from footlight.audit import stream
from footlight.audit.lines import Line, verify_lines
from footlight.audit.positions import FilePosition
from footlight.audit.stream import FileSink, Stream


class Receiver:
    """Takes lines unless it is away."""

    def __init__(self) -> None:
        self.away = False
        self.taken: list[int] = []

    async def deliver(self, lines: Sequence[Line]) -> None:
        if self.away:
            raise ConnectionRefusedError("away")
        self.taken += [line.seq for line in lines]

    async def close(self) -> None:
        pass


async def until(there: Any) -> None:
    for _ in range(500):
        if there():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it does not come")


async def test_a_stream_follows_the_chain_and_goes_on_after_an_outage(
    chain: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(stream, "RETRY_FIRST_S", 0.01)
    monkeypatch.setattr(stream, "AT_ONCE", 2)
    receiver = Receiver()
    position = tmp_path / "position.json"
    running = Stream(chain.rooms.store, receiver, FilePosition(position), "test")
    await running.start()
    await until(lambda: receiver.taken == [1, 2, 3, 4, 5])
    receiver.away = True
    await chain.append("f", "g", "h")
    await asyncio.sleep(0.05)
    assert receiver.taken == [1, 2, 3, 4, 5]
    receiver.away = False
    await until(lambda: receiver.taken == [1, 2, 3, 4, 5, 6, 7, 8])
    await running.stop()
    await chain.append("i")
    again = Stream(chain.rooms.store, receiver, FilePosition(position), "test")
    await again.start()
    await until(lambda: receiver.taken[-1] == 9)
    # What was taken just before the end may come again; nothing is left out.
    assert receiver.taken[:8] == list(range(1, 9))
    assert receiver.taken[8:] in ([9], [8, 9], [7, 8, 9])
    await again.stop()


@pytest.mark.expects_errors
async def test_a_fault_in_a_sink_does_not_end_the_stream(
    chain: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(stream, "RETRY_FIRST_S", 0.01)
    receiver = Receiver()

    async def broken(lines: Sequence[Line]) -> None:
        monkeypatch.delattr(receiver, "deliver")
        raise NotImplementedError

    monkeypatch.setattr(receiver, "deliver", broken, raising=False)
    running = Stream(chain.rooms.store, receiver, FilePosition(tmp_path / "position.json"), "test")
    await running.start()
    await until(lambda: receiver.taken == [1, 2, 3, 4, 5])
    await running.stop()


async def test_a_receiver_that_is_away_does_not_hold_the_end_up(chain: Any, tmp_path: Path) -> None:
    receiver = Receiver()
    receiver.away = True
    running = Stream(chain.rooms.store, receiver, FilePosition(tmp_path / "position.json"), "test")
    await running.start()
    await running.stop()
    assert receiver.taken == []


async def test_the_file_has_lines_that_verify_and_may_be_rotated(
    chain: Any, tmp_path: Path
) -> None:
    path = tmp_path / "audit.jsonl"
    running = Stream(
        chain.rooms.store, FileSink(path), FilePosition(tmp_path / "position.json"), "test"
    )
    await running.send()
    path.rename(tmp_path / "audit.jsonl.1")
    await chain.append("f")
    await running.send()
    lines = [
        *(tmp_path / "audit.jsonl.1").read_bytes().splitlines(),
        *path.read_bytes().splitlines(),
    ]
    result = verify_lines(lines)
    assert (result.whole, result.entries) == (True, 6)
    assert path.stat().st_mode & 0o777 == 0o600
    await running.stop()


async def test_nothing_is_sent_while_another_server_may_be_sending(
    chain: Any, tmp_path: Path
) -> None:
    receiver, sure = Receiver(), [True, False]
    position = FilePosition(tmp_path / "position.json")
    running = Stream(chain.rooms.store, receiver, position, "test", lambda: sure.pop(0))
    await running.send()  # the turn is lost while it reads
    assert (receiver.taken, await position.read()) == ([], 0)
