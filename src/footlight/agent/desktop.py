"""The light desktop's looks: openbox and tint2 settings as text. Pure.

Programs in menu and panel are those of PROGRAMS that are installed. There is no clock: a session in which
nothing happens must not change its picture, or its recording would grow.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass
from xml.sax.saxutils import escape

BACKGROUND = "#dfe5ec"

BROWSER_FLAGS = (
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-gpu",
    "--password-store=basic",
)


@dataclass(frozen=True)
class Program:
    """An entry of menu and panel."""

    key: str
    label: str
    icon: str
    command: tuple[str, ...]


PROGRAMS = (
    Program("terminal", "Terminal", "utilities-terminal", ("xterm", "-fa", "DejaVu Sans Mono", "-fs", "11")),
    Program("editor", "Text Editor", "accessories-text-editor", ("mousepad",)),
    Program("browser", "Web Browser", "chromium", ("chromium", *BROWSER_FLAGS, "about:blank")),
)  # fmt: skip


def installed(find: Callable[[str], str | None]) -> list[Program]:
    """The programs whose command `find` (as shutil.which) knows."""
    return [program for program in PROGRAMS if find(program.command[0])]


def openbox_settings(menu_path: str, *, maximised: bool) -> str:
    """rc.xml. `maximised`: ordinary windows fill the screen (a session of one application)."""
    window = "<maximized>yes</maximized>" if maximised else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<openbox_config xmlns="http://openbox.org/3.4/rc">
  <focus><focusNew>yes</focusNew><followMouse>no</followMouse></focus>
  <placement><policy>Smart</policy></placement>
  <theme>
    <name>Clearlooks</name><titleLayout>NLIMC</titleLayout><keepBorder>yes</keepBorder>
    <font place="ActiveWindow"><name>DejaVu Sans</name><size>10</size></font>
    <font place="InactiveWindow"><name>DejaVu Sans</name><size>10</size></font>
    <font place="MenuItem"><name>DejaVu Sans</name><size>10</size></font>
  </theme>
  <desktops><number>1</number></desktops>
  <keyboard>
    <keybind key="A-Tab"><action name="NextWindow"/></keybind>
    <keybind key="A-S-Tab"><action name="PreviousWindow"/></keybind>
    <keybind key="A-F4"><action name="Close"/></keybind>
  </keyboard>
  <mouse>
    <context name="Titlebar">
      <mousebind button="Left" action="Press"><action name="Focus"/><action name="Raise"/></mousebind>
      <mousebind button="Left" action="Drag"><action name="Move"/></mousebind>
      <mousebind button="Left" action="DoubleClick"><action name="ToggleMaximize"/></mousebind>
    </context>
    <context name="Client">
      <mousebind button="Left" action="Press"><action name="Focus"/><action name="Raise"/></mousebind>
    </context>
    <context name="Bottom Left TLCorner BLCorner Left Right Top BRCorner TRCorner">
      <mousebind button="Left" action="Drag"><action name="Resize"/></mousebind>
    </context>
    <context name="Close"><mousebind button="Left" action="Click"><action name="Close"/></mousebind></context>
    <context name="Maximize">
      <mousebind button="Left" action="Click"><action name="ToggleMaximize"/></mousebind>
    </context>
    <context name="Iconify"><mousebind button="Left" action="Click"><action name="Iconify"/></mousebind></context>
    <context name="Root">
      <mousebind button="Right" action="Press"><action name="ShowMenu"><menu>root-menu</menu></action></mousebind>
    </context>
  </mouse>
  <menu><file>{escape(menu_path)}</file></menu>
  <applications><application type="normal">{window}</application></applications>
</openbox_config>
"""


def openbox_menu(programs: list[Program], *, log_off: bool) -> str:
    """menu.xml: the programs, and the way out of a desktop."""
    items = [
        f'<item label="{escape(program.label)}"><action name="Execute"><command>'
        f"{escape(shlex.join(program.command))}</command></action></item>"
        for program in programs
    ]
    if log_off:
        items.append(
            '<separator/><item label="Log off"><action name="Exit"><prompt>no</prompt></action></item>'
        )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<openbox_menu xmlns="http://openbox.org/3.4/menu">
  <menu id="root-menu" label="Desktop">{"".join(items)}</menu>
</openbox_menu>
"""


def launcher_entry(program: Program) -> str:
    """A .desktop file for the panel's launcher. Quoting as the Desktop Entry specification has it."""
    words = " ".join(
        '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"' for word in program.command
    )
    return (
        "[Desktop Entry]\nType=Application\n"
        f"Name={program.label}\nIcon={program.icon}\nExec={words}\nTerminal=false\n"
    )


def panel_settings(launchers: list[str]) -> str:
    """tint2rc: launchers (paths of .desktop files) at the left, then the windows."""
    entries = "\n".join(f"launcher_item_app = {path}" for path in launchers)
    return f"""rounded = 0
border_width = 0
background_color = #f5f7fa 100
border_color = #c3ccd6 100
rounded = 3
border_width = 1
background_color = #ffffff 100
border_color = #c3ccd6 100
rounded = 3
border_width = 1
background_color = #d6e4f5 100
border_color = #7fa6d6 100
panel_items = LT
panel_size = 100% 34
panel_margin = 0 0
panel_padding = 4 2 6
panel_position = bottom center horizontal
panel_background_id = 1
panel_dock = 0
panel_layer = top
wm_menu = 1
taskbar_mode = single_desktop
taskbar_padding = 0 0 4
task_maximum_size = 180 30
task_padding = 6 2
task_background_id = 2
task_active_background_id = 3
task_font = DejaVu Sans 9
task_font_color = #22303f 100
task_icon = 1
task_text = 1
launcher_padding = 2 2 6
launcher_icon_size = 24
launcher_tooltip = 1
launcher_icon_theme = Adwaita
{entries}
mouse_left = toggle_iconify
"""
