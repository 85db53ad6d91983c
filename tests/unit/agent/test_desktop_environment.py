from __future__ import annotations

import pytest

from footlight.agent.desktop_environment import NotThere, chosen, named

ALL = {"xfce4-session", "xfwm4", "xfce4-panel", "xfdesktop"}


def on(*programs: str):  # type: ignore[no-untyped-def]
    return lambda name: f"/usr/bin/{name}" if name in programs else None


def test_a_command_names_a_desktop_or_is_a_program() -> None:
    assert named(["desktop:xfce"]) == "xfce"
    for command in ([], ["xterm"], ["desktop:xfce", "more"], ["/bin/desktop:xfce"]):
        assert named(command) is None


def test_xfce_is_there_when_all_of_it_is() -> None:
    for name in ("xfce", "auto"):
        found = chosen(name, on(*ALL))
        assert found is not None
        assert (found.manager, found.windows) == (("xfce4-session",), ("xfwm4",))
    assert chosen("light", on(*ALL)) is None
    assert chosen("auto", on(*ALL - {"xfwm4"})) is None
    with pytest.raises(NotThere, match="xfce4-panel"):
        chosen("xfce", on(*ALL - {"xfce4-panel"}))


def test_other_desktops_are_refused() -> None:
    with pytest.raises(NotThere, match="kde"):
        chosen("kde", on(*ALL))
