"""What the demo does in a session: it is a person at the screen, who waits for what is drawn."""

from __future__ import annotations

from footlight.cli.demo_viewer import DOWN, RETURN, RIGHT_BUTTON, Viewer
from footlight.cli.exits import Failed
from footlight.sdk.types.own import SessionLogs

# Letters large enough to be read on the contact sheet, by people and by machines.
LARGE_TERMINAL = (
    "xterm -fa 'DejaVu Sans Mono' -fs 22 -geometry 48x8+180+140 -e env PS1='$ ' bash --norc &\n"
)
TITLE_BAR = (400, 150)  # of that terminal
TRIES, ANSWER_S = 20, 0.7


def is_light_desktop(logs: SessionLogs) -> bool:
    """Whether the session's desktop is the light one, whose menu work_on_desktop knows."""
    managers = [one["command"] for one in logs["programs"] if one["role"] == "wm"]
    return any("openbox" in word for argv in managers for word in argv[:1])


def work_on_desktop(viewer: Viewer, sentence: str) -> str:
    """Open a terminal from the light desktop's menu, type, move windows; what was done. Raises Failed."""
    width, height = viewer.attach()
    viewer.await_change(1, "the desktop was not drawn")
    viewer.click(width * 3 // 4, height * 2 // 3, RIGHT_BUTTON)
    viewer.await_change(2_000, "the desktop's menu did not open")
    viewer.press(DOWN)
    viewer.press(RETURN)
    viewer.await_change(100_000, "the terminal did not open")
    viewer.type(LARGE_TERMINAL)
    viewer.await_change(150_000, "the large terminal did not open")
    viewer.type(f"# {sentence}\n")
    viewer.await_change(5_000, "the sentence did not appear")
    x, y = TITLE_BAR
    viewer.drag((x, y), (x + 140, y + 220))
    viewer.await_change(100_000, "the window did not move")
    viewer.drag((x + 140, y + 220), (x + 40, y + 120))
    viewer.await_change(100_000, "the window did not move back")
    return f"typed {sentence!r}, moved windows"


def work_in_terminal(viewer: Viewer, sentence: str) -> str:
    """In a terminal that fills the screen open another one over it, and type there; what was done. Raises Failed."""
    width, height = viewer.attach()
    viewer.click(width // 2, height // 2)
    _await_shell(viewer)
    viewer.type(LARGE_TERMINAL)
    viewer.await_change(400_000, "the large terminal did not open")
    _await_shell(viewer)
    viewer.type(f"# {sentence}\n")
    viewer.await_change(5_000, "the sentence did not appear")
    return f"opened a second terminal, typed {sentence!r}"


def _await_shell(viewer: Viewer) -> None:
    """Press Return until a prompt answers: a little is drawn, and not a whole window. Raises Failed."""
    for _ in range(TRIES):
        viewer.press(RETURN)
        if 100 <= viewer.changes(ANSWER_S) < 100_000:
            return
    raise Failed("the shell does not answer")
