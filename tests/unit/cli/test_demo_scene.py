"""The demo's scenes against a scripted viewer."""

from __future__ import annotations

from typing import Any, cast

import pytest

from footlight.cli import demo_scene
from footlight.cli.demo_viewer import Viewer
from footlight.cli.exits import Failed


class ScriptedViewer:
    """Notes what is typed and dragged; draws all that is waited for but `missing`."""

    def __init__(self, missing: str = "", drawn: int = 500) -> None:
        self.missing = missing
        self.drawn = drawn
        self.typed: list[str] = []
        self.drags: list[Any] = []

    def attach(self) -> tuple[int, int]:
        return 1280, 800

    def await_change(self, pixels: int, what: str) -> None:
        assert pixels > 0
        if what == self.missing:
            raise Failed(what)

    def type(self, text: str) -> None:
        self.typed.append(text)

    def drag(self, *places: tuple[int, int]) -> None:
        self.drags.append(places)

    def changes(self, seconds: float) -> int:
        return self.drawn

    def click(self, *_: int) -> None: ...
    def press(self, keysym: int) -> None: ...


@pytest.mark.parametrize(
    ("scene", "drags"), [(demo_scene.work_on_desktop, 2), (demo_scene.work_in_terminal, 0)]
)
def test_the_sentence_is_typed_into_the_large_terminal(scene: Any, drags: int) -> None:
    viewer = ScriptedViewer()
    told = scene(cast(Viewer, viewer), "one two")
    assert viewer.typed == [demo_scene.LARGE_TERMINAL, "# one two\n"]
    assert len(viewer.drags) == drags
    assert "'one two'" in told


@pytest.mark.parametrize("scene", [demo_scene.work_on_desktop, demo_scene.work_in_terminal])
def test_what_is_not_drawn_fails_the_scene(scene: Any) -> None:
    with pytest.raises(Failed, match="did not appear"):
        scene(cast(Viewer, ScriptedViewer("the sentence did not appear")), "one")


@pytest.mark.parametrize("drawn", [0, 1_000_000])
def test_a_window_that_opens_is_no_shell_that_answers(drawn: int) -> None:
    with pytest.raises(Failed, match="does not answer"):
        demo_scene.work_in_terminal(cast(Viewer, ScriptedViewer(drawn=drawn)), "one")


@pytest.mark.parametrize(
    ("manager", "light"), [("openbox", True), ("/usr/bin/openbox", True), ("xfce4-session", False)]
)
def test_the_light_desktop_is_told_from_others(manager: str, light: bool) -> None:
    roles = {"x": ["Xvnc"], "wm": [manager, "--sm-disable"], "panel": ["tint2"]}
    programs = [{"role": role, "command": words} for role, words in roles.items()]
    assert demo_scene.is_light_desktop(cast(Any, {"programs": programs})) is light
