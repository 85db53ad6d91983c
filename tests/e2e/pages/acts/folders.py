"""Folders of applications, and their icons."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

from PIL import Image
from playwright.sync_api import FilePayload, Locator
from tests.e2e.pages.acts.act import (
    Act,
    Told,
    at,
    both,
    choose,
    ensured,
    gone,
    make,
    name_it,
    opened,
    there,
    told,
)
from tests.e2e.pages.acts.ground import CVAD, Ground
from tests.e2e.pages.acts.groups import APPLICATIONS, application, application_panel

from footlight.caller import Permission as P

FOLDERS = "ApplicationFolders"
ICONS = "Icons"

_folder = ensured(FOLDERS, make(FOLDERS))
_folder_panel = opened("/console/folders", FOLDERS)


def picture() -> bytes:
    """A PNG file."""
    file = io.BytesIO()
    Image.new("RGBA", (48, 48), (200, 40, 40, 255)).save(file, "PNG")
    return file.getvalue()


def pick_file(dialog: Locator, content: bytes) -> None:
    """Gives the dialog a file, as from the desk."""
    chosen = FilePayload(name="own.png", mimeType="image/png", buffer=content)
    dialog.locator("input[type=file]").set_input_files(chosen)


def _another_name(ground: Ground) -> str:
    return f"renamed-{ground.role}"


def _named(ground: Ground, name: str) -> dict[str, Any] | None:
    return next((one for one in ground.items(FOLDERS) if one["Name"] == name), None)


def _not_renamed(ground: Ground) -> None:
    renamed = _named(ground, _another_name(ground))
    if renamed is not None:
        ground.do("DELETE", f"{CVAD}/{FOLDERS}/{renamed['Id']}")


def _rename(dialog: Locator, ground: Ground) -> None:
    dialog.get_by_role("textbox", name="Name").fill(_another_name(ground))


def _above(ground: Ground) -> str:
    return f"above-{ground.role}"


def _ensure_above(ground: Ground) -> None:
    if _named(ground, _above(ground)) is None:
        ground.do("POST", f"{CVAD}/{FOLDERS}", {"Name": _above(ground)})


def _lies_above(ground: Ground) -> bool:
    folder = ground.named(FOLDERS)
    return folder is not None and folder["Parent"]["Name"] == f"{_above(ground)}\\"


def _folder_of_application(ground: Ground) -> str:
    found = ground.named(APPLICATIONS)
    assert found is not None
    return str(found["ApplicationFolder"]["Name"])


def _take_application_out(ground: Ground) -> None:
    if ground.named(APPLICATIONS) is not None:
        ground.do("PATCH", ground.path(APPLICATIONS), {"ApplicationFolder": ""})


def _icons(ground: Ground, *, built_in: bool) -> list[str]:
    listed = ground.read(f"{CVAD}/{ICONS}", builtIn=str(built_in).lower())["Items"]
    return [str(one["Id"]) for one in listed]


def _second(ground: Ground) -> str:
    return _icons(ground, built_in=True)[1]


def _icon_of_application(ground: Ground) -> str:
    return str((ground.named(APPLICATIONS) or {})["IconId"])


def _new_icon(ground: Ground) -> Told:
    return "POST", f"{CVAD}/{ICONS}", {"RawData": base64.b64encode(picture()).decode()}


def _own_icons(wanted: int) -> Callable[[Ground], None]:
    def ensure(ground: Ground) -> None:
        there_are = _icons(ground, built_in=False)
        for one in there_are[wanted:]:
            ground.do("DELETE", f"{CVAD}/{ICONS}/{one}")
        for _ in range(wanted - len(there_are)):
            ground.do(*_new_icon(ground))

    return ensure


def _own_icon(ground: Ground) -> str:
    return _icons(ground, built_in=False)[0]


FOLDER_ACTS = (
    Act("make a folder", P.FOLDER_MANAGE, at("/console/folders"), "New folder", make(FOLDERS),
        there(FOLDERS), fill=name_it(FOLDERS), asked="Make"),
    Act("rename a folder", P.FOLDER_MANAGE, _folder_panel, "Rename or move",
        lambda ground: ("PATCH", ground.path(FOLDERS), {"Name": _another_name(ground)}),
        lambda ground: _named(ground, _another_name(ground)) is not None,
        before=both(_not_renamed, _folder), fill=_rename, asked="Save"),
    Act("move an application into a folder", P.APPLICATION_EDIT, application_panel, "Move",
        lambda ground: ("PATCH", ground.path(APPLICATIONS),
                        {"ApplicationFolder": ground.name(FOLDERS)}),
        lambda ground: _folder_of_application(ground) == f"{ground.name(FOLDERS)}\\",
        before=both(application, _folder),
        fill=lambda dialog, ground: choose(dialog, "Lies in", ground.name(FOLDERS)), asked="Move"),
    Act("delete a folder", P.FOLDER_MANAGE, _folder_panel, "Delete", told("DELETE", FOLDERS),
        gone(FOLDERS), before=both(_take_application_out, _folder), asked="Delete"),
    Act("move a folder", P.FOLDER_MANAGE, _folder_panel, "Rename or move",
        lambda ground: ("PATCH", ground.path(FOLDERS), {"Parent": _above(ground)}), _lies_above,
        before=both(_ensure_above, _folder),
        fill=lambda dialog, ground: choose(dialog, "Lies in", _above(ground)), asked="Save"),
    Act("choose an icon", P.APPLICATION_EDIT, application_panel, "Icon",
        lambda ground: ("PATCH", ground.path(APPLICATIONS), {"Icon": _second(ground)}),
        lambda ground: _icon_of_application(ground) == _second(ground), before=application,
        fill=lambda dialog, ground: dialog.get_by_role("button", name="Icon 2", exact=True).click(),
        asked="Save"),
    Act("add an icon", P.ICON_MANAGE, at("/console/icons"), "Add an icon", _new_icon,
        lambda ground: len(_icons(ground, built_in=False)) == 1, before=_own_icons(0),
        fill=lambda dialog, ground: pick_file(dialog, picture()), asked="Add"),
    Act("delete an icon", P.ICON_MANAGE,
        lambda ground: f"/console/icons?open={_own_icon(ground)}", "Delete",
        lambda ground: ("DELETE", f"{CVAD}/{ICONS}/{_own_icon(ground)}", None),
        lambda ground: _icons(ground, built_in=False) == [], before=_own_icons(1), asked="Delete"),
)  # fmt: skip
