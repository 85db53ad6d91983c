from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from Xlib import xauth

from footlight.agent import xvnc


def _command() -> list[str]:
    return xvnc.command(
        display=12,
        rfb_path="/r/x/rfb",
        authority="/r/x/Xauthority",
        width=800,
        height=600,
        title="T",
    )


def test_the_x_server_is_closed_to_the_network_and_to_overrides() -> None:
    words = " ".join(_command())
    for expected in (
        "Xvnc :12 ",
        "-nolisten tcp",
        "-rfbport -1",
        "-rfbunixpath /r/x/rfb",
        "-rfbunixmode 0600",
        "-AllowOverride=",
        "-auth /r/x/Xauthority",
        "-AlwaysShared",
        "-ZlibLevel 0",
        "-geometry 800x600",
        "-depth 24",
    ):
        assert expected in words


def test_a_local_authority_file_is_read_by_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "Xauthority"
    path.write_bytes(xvnc.authority_file(b"c" * 16, xvnc.FAMILY_LOCAL, b"host"))
    monkeypatch.setenv("XAUTHORITY", str(path))
    found = xauth.Xauthority().get_best_auth(xauth.FamilyLocal, b"host", 7)
    assert found == (b"MIT-MAGIC-COOKIE-1", b"c" * 16)


def test_a_wild_authority_file() -> None:
    assert xvnc.authority_file(b"\x01\x02") == (
        b"\xff\xff" + b"\0\0" + b"\0\0" + b"\0\x12MIT-MAGIC-COOKIE-1" + b"\0\x02\x01\x02"
    )


@pytest.fixture
def display(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(xvnc, "X_FOLDER", str(tmp_path))
    monkeypatch.setattr(xvnc, "lock_path", lambda n: f"{tmp_path}/.X{n}-lock")
    return xvnc.FIRST_DISPLAY


def _first() -> int:
    number, held = next(xvnc.free_displays())
    held.close()
    return number


def test_a_reserved_display_is_not_given_twice(display: int) -> None:
    displays = xvnc.free_displays()
    first, held = next(displays)
    second, other = next(xvnc.free_displays())
    assert (first, second) == (display, display + 1)
    held.close()
    other.close()
    assert _first() == display


def test_a_live_x_server_keeps_its_display(display: int, tmp_path: Path) -> None:
    (tmp_path / f".X{display}-lock").write_text(f"{os.getpid():>10}\n")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(xvnc.socket_path(display + 1))
        listening.listen(1)
        assert _first() == display + 2


def test_what_a_dead_x_server_left_is_removed(display: int, tmp_path: Path) -> None:
    lock = tmp_path / f".X{display}-lock"
    lock.write_text("   4194303\n")  # above pid_max's usual limits: nobody's
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(xvnc.socket_path(display))
    stale.close()
    assert _first() == display
    assert not lock.exists()
    assert not Path(xvnc.socket_path(display)).exists()
