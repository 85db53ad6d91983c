from __future__ import annotations

import os
import selectors
from pathlib import Path

import pytest

from footlight.agent import keeper_log
from footlight.agent.keeper_log import KeeperLog


def _say(log: KeeperLog, role: str, words: bytes) -> None:
    writer = log.writer(role)
    os.write(writer, words)
    os.close(writer)
    log.drain()


def test_each_role_has_its_own_last_line(tmp_path: Path) -> None:
    with selectors.DefaultSelector() as selector:
        log = KeeperLog(str(tmp_path / "log"), selector)
        _say(log, "x", b"server up\n\n")
        _say(log, "program", b"first\nlast words\n  \n")
        assert log.last_line_of("x") == "server up"
        assert log.last_line_of("program") == "last words"
        assert log.last_line_of("wm") == ""
        assert (tmp_path / "log").read_bytes() == b"server up\n\nfirst\nlast words\n  \n"
        assert not selector.get_map()


def test_the_file_has_a_bound_and_keeps_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper_log, "LONGEST_LOG_BYTES", 1000)
    monkeypatch.setattr(keeper_log, "KEPT_LOG_BYTES", 100)
    with selectors.DefaultSelector() as selector:
        log = KeeperLog(str(tmp_path / "log"), selector)
        for number in range(300):
            _say(log, "program", b"line %03d\n" % number)
    kept = (tmp_path / "log").read_bytes()
    assert len(kept) <= 1000
    assert kept.endswith(b"line 298\nline 299\n")


def test_a_line_for_people_is_short(tmp_path: Path) -> None:
    with selectors.DefaultSelector() as selector:
        log = KeeperLog(str(tmp_path / "log"), selector)
        _say(log, "program", b"\xff" * 5000)
        assert len(log.last_line_of("program")) == 200


def test_what_a_role_prints_is_told_on(tmp_path: Path) -> None:
    heard: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        log = KeeperLog(str(tmp_path / "log"), selector)
        writer = log.writer("program", heard.append)
        os.write(writer, b"hello")
        os.close(writer)
        log.drain()
    assert heard == [b"hello"]
