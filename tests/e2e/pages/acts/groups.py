"""Delivery groups, what they publish, and applications."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator
from tests.e2e.pages.acts.act import (
    WORDS,
    Act,
    Told,
    at,
    both,
    choose,
    ensured,
    gone,
    has,
    make,
    name_it,
    opened,
    pick,
    there,
    told,
    write,
)
from tests.e2e.pages.acts.ground import CVAD, OWN, Ground

from footlight.caller import Permission as P

GROUPS = "DeliveryGroups"
APPLICATIONS = "Applications"
RULES = {"clipboard": "off"}
OPEN_TO_ALL = {"SimpleAccessPolicy": {"AllowAnonymous": True}}

group = ensured(GROUPS, make(GROUPS))
group_panel = opened("/console/groups", GROUPS)
application_panel = opened("/console/applications", APPLICATIONS)


def _new_application(ground: Ground) -> Told:
    name = ground.name(APPLICATIONS)
    new = {
        "Name": name,
        "PublishedName": name,
        "ApplicationType": "HostedOnDesktop",
        "InstalledAppProperties": {"CommandLineExecutable": "/usr/bin/true"},
    }
    body = {"NewApplications": [new], "DeliveryGroups": [{"Item": ground.items(GROUPS)[0]["Id"]}]}
    return "POST", f"{CVAD}/{APPLICATIONS}", body


application = ensured(APPLICATIONS, _new_application)


def _fill_application(dialog: Locator, ground: Ground) -> None:
    name_it(APPLICATIONS)(dialog, ground)
    dialog.get_by_label("Program").fill("/usr/bin/true")
    choose(dialog, "Delivery group", 0)


def _copied(ground: Ground) -> bool:
    copy = f"{ground.name(APPLICATIONS)}_1"
    return copy in [one["Name"] for one in ground.items(APPLICATIONS)]


def _gives(ground: Ground) -> bool:
    """Whether the group gives the application."""
    given = ground.items(f"{GROUPS}/{ground.name(GROUPS)}/{APPLICATIONS}")
    return ground.among(given, APPLICATIONS) is not None


def _give(ground: Ground) -> Told:
    wanted = {"ExistingApplications": [{"Item": ground.name(APPLICATIONS)}]}
    return "POST", f"{ground.path(GROUPS)}/{APPLICATIONS}", wanted


def _take(ground: Ground) -> Told:
    name = ground.name(APPLICATIONS)
    return "DELETE", f"{ground.path(GROUPS)}/{APPLICATIONS}/{name}", None


def _given(wanted: bool) -> Callable[[Ground], None]:
    def ensure(ground: Ground) -> None:
        if _gives(ground) is not wanted:
            ground.do(*(_give if wanted else _take)(ground))

    return both(group, application, ensure)


def _pick_application(dialog: Locator, ground: Ground) -> None:
    pick(dialog, "Applications", ground.name(APPLICATIONS))


def _detail(ground: Ground) -> dict[str, Any]:
    return dict(ground.read(ground.path(GROUPS)))


def _access(ground: Ground) -> str:
    return f"{OWN}/delivery-groups/{_detail(ground)['Id']}/access"


def _desktops(ground: Ground) -> list[str]:
    found = ground.items(f"{GROUPS}/{ground.name(GROUPS)}/Desktops")
    return [one["PublishedName"] for one in found]


GROUP_ACTS = (
    Act("make a delivery group", P.GROUP_CREATE, at("/console/groups"), "New delivery group",
        make(GROUPS), there(GROUPS), fill=name_it(GROUPS), asked="Make"),
    Act("begin maintenance of a group", P.GROUP_MAINTENANCE, group_panel, "Begin maintenance",
        told("PATCH", GROUPS, {"InMaintenanceMode": True}),
        has(GROUPS, "InMaintenanceMode", True), before=group),
    Act("disable a group", P.GROUP_EDIT, group_panel, "Disable",
        told("PATCH", GROUPS, {"Enabled": False}), has(GROUPS, "Enabled", False), before=group),
    Act("edit a group", P.GROUP_EDIT, group_panel, "Edit",
        told("PATCH", GROUPS, {"Description": WORDS}), has(GROUPS, "Description", WORDS),
        before=group, fill=write("Description"), asked="Save"),
    Act("let visitors use a group", P.GROUP_EDIT, group_panel, "Who may use it",
        told("PATCH", GROUPS, OPEN_TO_ALL),
        lambda ground: _detail(ground)["SimpleAccessPolicy"]["AllowAnonymous"], before=group,
        fill=lambda dialog, ground: dialog.get_by_label("Also visitors").check(), asked="Save"),
    Act("rule the sessions of a group", P.GROUP_EDIT, group_panel, "Rules of its sessions",
        lambda ground: ("PATCH", _access(ground), RULES),
        lambda ground: ground.read(_access(ground))["clipboard"] == "off", before=group,
        fill=lambda dialog, ground: choose(dialog, "Clipboard", "Off"), asked="Save"),
    Act("publish a desktop", P.GROUP_EDIT, group_panel, "Publish a desktop",
        told("PATCH", GROUPS, {"Desktops": [{"PublishedName": WORDS}]}),
        lambda ground: _desktops(ground) == [WORDS], before=group,
        fill=write("Shown as"), asked="Save"),
    Act("publish an application", P.APPLICATION_CREATE, at("/console/applications"),
        "Publish an application", _new_application, there(APPLICATIONS),
        fill=_fill_application, asked="Make"),
    Act("add an application to a group", P.GROUP_ADD_APPLICATIONS, group_panel,
        "Add applications", _give, _gives, before=_given(False),
        fill=_pick_application, asked="Add"),
    Act("take an application out of a group", P.GROUP_REMOVE_APPLICATIONS, group_panel,
        "Take applications-{role} out", _take, lambda ground: not _gives(ground),
        before=_given(True), state="text=applications-"),
    Act("disable an application", P.APPLICATION_EDIT, application_panel, "Disable",
        told("PATCH", APPLICATIONS, {"Enabled": False}), has(APPLICATIONS, "Enabled", False),
        before=application),
    Act("edit an application", P.APPLICATION_EDIT, application_panel, "Edit",
        told("PATCH", APPLICATIONS, {"Description": WORDS}),
        has(APPLICATIONS, "Description", WORDS), before=application,
        fill=write("Description"), asked="Save"),
    Act("copy an application", P.APPLICATION_CREATE, application_panel, "Duplicate",
        told("POST", APPLICATIONS, {}, below="/$duplicate"), _copied, before=application),
    Act("delete an application", P.APPLICATION_DELETE, application_panel, "Delete",
        told("DELETE", APPLICATIONS), gone(APPLICATIONS), before=application, asked="Delete"),
    Act("delete a group", P.GROUP_DELETE, group_panel, "Delete", told("DELETE", GROUPS),
        gone(GROUPS), before=group, asked="Delete"),
)  # fmt: skip
