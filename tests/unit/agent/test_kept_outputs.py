from __future__ import annotations

from pathlib import Path

import pytest

from footlight.agent import kept_outputs
from footlight.agent.kept_outputs import KEPT_S, KeptOutputs, read
from footlight.wire.host import ProgramOutput, SessionOutputs, encode

ONE = ProgramOutput(
    role="program", argv=["x"], pid=1, started_at_ms=1, ended_at_ms=2, exit_code=3, dropped=0,
    pieces=[],
)  # fmt: skip


def _file(folder: Path) -> Path:
    path = folder / "outputs.json"
    path.write_bytes(encode(SessionOutputs(programs=[ONE])))
    return path


def test_what_ended_sessions_printed_is_kept_for_a_day(tmp_path: Path) -> None:
    kept = KeptOutputs(tmp_path / "kept")
    path = _file(tmp_path)
    kept.keep("a", path, 1000)
    path.unlink()
    assert kept.of("a").programs == [ONE]
    assert (tmp_path / "kept" / "a.json").stat().st_mode & 0o777 == 0o600
    kept.keep("b", _file(tmp_path), 1000 + KEPT_S)
    assert kept.of("a").found
    kept.keep("c", _file(tmp_path), 1001 + KEPT_S)
    assert not kept.of("a").found
    assert kept.of("b").found


def test_no_more_than_so_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_outputs, "MOST_KEPT", 2)
    kept = KeptOutputs(tmp_path / "kept")
    for number in range(4):
        kept.keep(str(number), _file(tmp_path), 1000 + number)
    assert [kept.of(str(number)).found for number in range(4)] == [False, False, True, True]


def test_nothing_readable_is_not_kept(tmp_path: Path) -> None:
    kept = KeptOutputs(tmp_path / "kept")
    kept.keep("a", tmp_path / "outputs.json", 1000)
    (tmp_path / "outputs.json").write_bytes(b"{")
    kept.keep("a", tmp_path / "outputs.json", 1000)
    assert read(tmp_path / "outputs.json") == kept.of("a") == SessionOutputs(found=False)
    assert not (tmp_path / "kept").exists()
