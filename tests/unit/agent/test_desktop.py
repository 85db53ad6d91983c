from __future__ import annotations

import shlex
import xml.etree.ElementTree as ElementTree

from footlight.agent import desktop
from footlight.agent.desktop import Program

OPENBOX = "{http://openbox.org/3.4/rc}"


def test_an_application_is_maximised_and_a_desktop_is_not() -> None:
    for maximised in (True, False):
        root = ElementTree.fromstring(
            desktop.openbox_settings("/m & n.xml", maximised=maximised).encode()
        )
        found = root.find(f".//{OPENBOX}maximized")
        assert (found is not None and found.text == "yes") is maximised
        assert root.findtext(f".//{OPENBOX}file") == "/m & n.xml"


def test_the_menu_starts_programs_and_leaves() -> None:
    programs = [Program("x", "A & B", "icon", ("prog", "a b", "<c>"))]
    text = desktop.openbox_menu(programs, log_off=True)
    root = ElementTree.fromstring(text.encode())
    names = {"m": "http://openbox.org/3.4/menu"}
    assert [item.get("label") for item in root.findall(".//m:item", names)] == ["A & B", "Log off"]
    command = root.findtext(".//m:command", namespaces=names)
    assert command is not None
    assert shlex.split(command) == ["prog", "a b", "<c>"]
    assert root.find(".//m:action[@name='Exit']", names) is not None
    assert "Exit" not in desktop.openbox_menu(programs, log_off=False)


def test_only_installed_programs_are_offered() -> None:
    found = desktop.installed(lambda name: "/usr/bin/xterm" if name == "xterm" else None)
    assert [program.key for program in found] == ["terminal"]


def test_the_panel_has_launchers_and_no_clock() -> None:
    text = desktop.panel_settings(["/d/a.desktop", "/d/b.desktop"])
    assert "launcher_item_app = /d/a.desktop\nlauncher_item_app = /d/b.desktop" in text
    assert "panel_items = LT\n" in text


def test_a_launcher_quotes_its_words() -> None:
    entry = desktop.launcher_entry(Program("x", "X", "i", ("prog", 'say "hi"')))
    assert 'Exec="prog" "say \\"hi\\""\n' in entry
