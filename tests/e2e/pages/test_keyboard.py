"""Keyboards of other layouts than the session's own: what is on the viewer's key arrives."""

from __future__ import annotations

import struct
from typing import Any

import pytest
from playwright.sync_api import BrowserContext
from tests.e2e.pages.vnc import Vnc

from footlight.agent.run_folder import run_folder

RETURN = 0xFF0D
# By the layout that has them: letters, and for each the place of its key (XT scan code) and the browser's name of it.
LAYOUTS = {
    "German": [
        ("ü", 0x1A, "BracketLeft"),
        ("z", 0x15, "KeyY"),
        ("ß", 0x0C, "Minus"),
        ("€", 0x12, "KeyE"),
    ],
    "French": [("é", 0x03, "Digit2"), ("a", 0x10, "KeyQ"), ("ç", 0x0A, "Digit9")],
    "Polish": [("ł", 0x26, "KeyL"), ("ż", 0x2C, "KeyZ")],
    "Russian": [("я", 0x2C, "KeyZ"), ("Ж", 0x27, "Semicolon")],
    "Greek": [("λ", 0x26, "KeyL"), ("ς", 0x11, "KeyW")],
}
PRESS = """([key, code]) => {
  for (const kind of ["keydown", "keyup"])
    document.querySelector("#screen canvas").dispatchEvent(
      new KeyboardEvent(kind, { key, code, bubbles: true, cancelable: true }));
}"""


def keysym(letter: str) -> int:
    """Source: X11 protocol, appendix A: Latin 1 as it is, others with the Unicode bit."""
    return ord(letter) if ord(letter) < 0x100 else 0x01000000 | ord(letter)


def plain(vnc: Vnc, letter: str, scan: int) -> None:
    for down in (1, 0):
        vnc.send(struct.pack(">BBHI", 4, down, 0, keysym(letter)))


def with_place(vnc: Vnc, letter: str, scan: int) -> None:
    """QEMU's message, which browsers send."""
    for down in (1, 0):
        vnc.send(struct.pack(">BBHII", 255, 0, down, keysym(letter), scan))


def words(vnc: Vnc, text: str) -> None:
    for letter in text:
        code = RETURN if letter == "\n" else keysym(letter)
        for down in (1, 0):
            vnc.send(struct.pack(">BBHI", 4, down, 0, code))


def until_typed(site: Any, session_id: str, until: Any, begin: Any) -> Any:
    """The file that the terminal writes, once it takes what is typed: `begin` types the line that makes it."""
    file = run_folder(site.facts["site_id"]) / session_id[:8] / "run" / "typed"

    def begun() -> bool:
        begin("cat > $XDG_RUNTIME_DIR/typed\n")
        return file.exists()

    until(begun, "the terminal")
    return file


@pytest.mark.parametrize("send", [plain, with_place])
def test_each_layouts_letters_arrive(site: Any, terminal: str, until: Any, send: Any) -> None:
    vnc = Vnc(site, terminal, extended=False)
    vnc.picture()
    file = until_typed(site, terminal, until, lambda text: words(vnc, text))
    wanted = ""
    for letters in LAYOUTS.values():
        for letter, scan, _ in letters:
            send(vnc, letter, scan)
            wanted += letter
    words(vnc, "\n")
    until(lambda: wanted in file.read_text().splitlines(), f"{wanted} in the session")
    vnc.close()


def test_a_browsers_layout_counts(
    signed_in: BrowserContext, site: Any, terminal: str, until: Any, open_session: Any
) -> None:
    page = open_session(signed_in, terminal)

    def begin(text: str) -> None:
        page.keyboard.type(text.strip())
        page.keyboard.press("Enter")

    file = until_typed(site, terminal, until, begin)
    wanted = ""
    for letters in LAYOUTS.values():
        for letter, _, code in letters:
            page.evaluate(PRESS, [letter, code])
            wanted += letter
    page.keyboard.press("Enter")
    until(lambda: wanted in file.read_text().splitlines(), f"{wanted} in the session")
    page.close()
