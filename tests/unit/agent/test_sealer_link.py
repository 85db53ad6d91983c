"""What the recorder's handle on its sealer does when that is gone, stands still or is not needed."""

import os
import signal
from typing import BinaryIO

import pytest

from footlight.agent import processes, sealer_link
from footlight.agent.sealer_link import Sealer


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
def test_a_lost_one_answers_no_and_is_replaced(
    sealer: Sealer,
    closed: tuple[BinaryIO, int],
    sink: BinaryIO,
    monkeypatch: pytest.MonkeyPatch,
    how: signal.Signals,
) -> None:
    monkeypatch.setattr(sealer_link, "HUNG_S", 0.3)
    assert sealer.recompress(closed[0], sink, closed[1], lambda: True)
    first = sealer.pid
    assert first is not None
    os.kill(first, how)
    assert not sealer.recompress(closed[0], sink, closed[1], lambda: True)
    assert not processes.is_alive(first)
    assert not sealer.recompress(closed[0], sink, closed[1], lambda: True), "it rests first"
    assert sealer.pid is None
    monkeypatch.setattr(sealer, "_not_before", 0.0)
    assert sealer.recompress(closed[0], sink, closed[1], lambda: True)


def test_what_is_no_longer_wanted_is_given_up(
    sealer: Sealer, closed: tuple[BinaryIO, int], sink: BinaryIO
) -> None:
    asked: list[int] = []

    def once() -> bool:
        asked.append(1)
        return len(asked) == 1

    assert sealer.recompress(closed[0], sink, closed[1], lambda: True)
    pid = sealer.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    assert not sealer.recompress(closed[0], sink, closed[1], once)
    os.kill(pid, signal.SIGCONT)
    assert sealer.recompress(closed[0], sink, closed[1], lambda: True), "and the next is done"
    assert sealer.pid == pid


def test_a_busy_one_is_not_waited_for(
    sealer: Sealer, closed: tuple[BinaryIO, int], sink: BinaryIO
) -> None:
    with sealer._one:
        assert not sealer.recompress(closed[0], sink, closed[1], lambda: True)
    assert not sealer.recompress(closed[0], sink, closed[1], lambda: False)
    assert sealer.pid is None


def test_it_is_there_before_the_first_job(
    sealer: Sealer, closed: tuple[BinaryIO, int], sink: BinaryIO
) -> None:
    sealer.prepare()
    pid = sealer.pid
    assert pid is not None
    sealer.prepare()
    assert sealer.recompress(closed[0], sink, closed[1], lambda: True)
    assert sealer.pid == pid
