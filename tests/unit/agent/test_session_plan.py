from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import session_plan
from footlight.agent.accounts import LinuxUser
from footlight.agent.xvnc import authority_file
from footlight.errors import Unavailable
from footlight.wire.host import Account, Launch, SessionOrder

USER = LinuxUser("fl-ada", os.geteuid(), os.getegid(), "/home/fl-ada", "/bin/bash")


def _order(**launch: Any) -> SessionOrder:
    given: dict[str, Any] = {
        "resource_id": "r",
        "resource_name": "Terminal",
        "session_type": "Application",
        "account": Account(kind="managed", account_id="a", name="ada"),
        "user_name": "F\\ada",
        "machine_name": "F\\HOST",
        "command": ["xterm", "-fs", "11"],
        **launch,
    }
    return SessionOrder(session_id="s", generation=1, want="run", launch=Launch(**given))


def test_the_folder_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "abcd"
    session_plan.prepare(folder, USER, b"c" * 16)
    assert folder.stat().st_mode & 0o777 == 0o711
    for name in ("x", "auth", "run"):
        assert (folder / name).stat().st_mode & 0o777 == 0o700
    assert (folder / "x" / "Xauthority").stat().st_mode & 0o777 == 0o600
    assert (folder / "auth" / "Xauthority").read_bytes() == authority_file(b"c" * 16)


def test_a_path_too_long_for_sockets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="too long"):
        session_plan.prepare(tmp_path / ("x" * 100), USER, b"")


def test_the_plan_is_json_and_has_the_program_as_a_list(tmp_path: Path) -> None:
    session_plan.prepare(tmp_path / "s", USER, b"c" * 16)
    plan = session_plan.plan(_order(), tmp_path / "s", USER, b"c" * 16, "/cg")
    assert json.loads(json.dumps(plan)) == plan
    assert plan["program"] == ["xterm", "-fs", "11"]
    assert plan["end_reason"] == "program ended"
    assert not any("tint2" in argv for argv in plan["extras"])
    assert "<maximized>yes" in (tmp_path / "s" / "desk" / "rc.xml").read_text()


def test_a_desktop_has_a_panel_and_windows_of_their_own_size(tmp_path: Path) -> None:
    session_plan.prepare(tmp_path / "s", USER, b"c" * 16)
    order = _order(session_type="Desktop", command=[])
    plan = session_plan.plan(order, tmp_path / "s", USER, b"c" * 16, None)
    assert plan["program"] == []
    assert plan["end_reason"] == "desktop left"
    assert plan["extras"][-2][0] == "tint2"
    assert plan["extras"][-1][:2] == ["mkdir", "-p"]
    assert plan["extras"][-1][-1] == f"{USER.home}/Footlight Files"
    assert "<maximized>" not in (tmp_path / "s" / "desk" / "rc.xml").read_text()
    assert "Log off" in (tmp_path / "s" / "desk" / "menu.xml").read_text()


def test_a_whole_desktop_has_its_own_manager(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = dict.fromkeys(("xfce4-session", "xfwm4", "xfce4-panel", "xfdesktop", "dbus-daemon"))
    monkeypatch.setattr(
        session_plan.shutil, "which", lambda name, path: name if name in there else None
    )
    session_plan.prepare(tmp_path / "s", USER, b"c" * 16)

    def plan(default: str, **launch: Any) -> dict[str, Any]:
        return session_plan.plan(
            _order(**launch), tmp_path / "s", USER, b"c" * 16, None, default_desktop=default
        )

    for default, launch in (
        ("light", {"command": ["desktop:xfce"]}),
        ("light", {"command": ["desktop:auto"], "session_type": "Desktop"}),
        ("auto", {"command": [], "session_type": "Desktop"}),
    ):
        made = plan(default, **launch)
        assert made["window_manager"] == ["xfce4-session"]
        assert (made["program"], made["extras"]) == ([], [])
        assert made["log_off"]
        assert (made["one_application"], made["end_reason"]) == (False, "desktop left")
        assert made["environment"]["XDG_CURRENT_DESKTOP"] == "XFCE"
    for default, launch in (
        ("xfce", {"command": ["desktop:light"]}),
        ("light", {"command": [], "session_type": "Desktop"}),
        ("xfce", {"command": ["xterm"]}),
        ("xfce", {"command": ["xterm"], "session_type": "Desktop"}),
    ):
        made = plan(default, **launch)
        assert made["window_manager"][0] == "openbox"
        assert (made["log_off"], made["inner_manager"]) == ([], [])
        assert "XDG_CURRENT_DESKTOP" not in made["environment"]
    there.pop("xfwm4")
    with pytest.raises(Unavailable, match="xfwm4"):
        plan("light", command=["desktop:xfce"])


def test_many_at_once_are_held(tmp_path: Path) -> None:
    session_plan.prepare(tmp_path / "s", USER, b"c" * 16)
    made = session_plan.plan(_order(), tmp_path / "s", USER, b"c" * 16, None, hold_s=3.0)
    assert made["hold_s"] == 3.0


@pytest.mark.parametrize(
    ("width", "height", "size"), [(10, 10, (320, 200)), (99999, 99999, (16384, 16384))]
)
def test_screens_have_bounds(
    tmp_path: Path, width: int, height: int, size: tuple[int, int]
) -> None:
    session_plan.prepare(tmp_path / "s", USER, b"c" * 16)
    plan = session_plan.plan(
        _order(width=width, height=height), tmp_path / "s", USER, b"c" * 16, None
    )
    assert (plan["width"], plan["height"]) == size


def test_the_environment_is_of_the_session_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "s3cret")
    wanted = {
        "EDITOR": "mousepad",
        "HOME": "/root",
        "XAUTHORITY": "/elsewhere",
        "LANG": "de_DE.UTF-8",
    }
    seen = session_plan.environment(_order(environment=wanted), tmp_path, USER)
    assert seen["EDITOR"] == "mousepad"
    assert seen["LANG"] == "de_DE.UTF-8"
    assert seen["HOME"] == "/home/fl-ada"
    assert seen["XAUTHORITY"] == f"{tmp_path}/auth/Xauthority"
    assert "s3cret" not in seen.values()


def test_an_address_becomes_the_program_that_shows_it(tmp_path: Path) -> None:
    session_plan.prepare(tmp_path / "s", USER, b"c" * 16)
    order = _order(command=["https://wiki.example"])
    plan = session_plan.plan(order, tmp_path / "s", USER, b"c" * 16, None)
    assert f"--user-data-dir={tmp_path}/s/run/web" in plan["program"]
    assert plan["one_application"] is True
    with pytest.raises(Unavailable, match="begins with ssh"):
        session_plan.plan(_order(command=["ftp://x"]), tmp_path / "s", USER, b"c" * 16, None)
