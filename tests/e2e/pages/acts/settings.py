"""Administrators, roles, scopes, accounts, tags and zones."""

from __future__ import annotations

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
    there,
    told,
    write,
)
from tests.e2e.pages.acts.ground import CVAD, OWN, Ground
from tests.e2e.pages.acts.groups import GROUPS, group, group_panel

from footlight.caller import Permission as P

ADMINISTRATORS = "Admin/Administrators"
ROLES = "Admin/Roles"
SCOPES = "Admin/Scopes"
READ_ONLY = {"Role": "Read Only Administrator", "Scope": "All"}
ROLE = {"Permissions": [P.SITE_READ.value]}

_administrator_panel = opened("/console/settings", ADMINISTRATORS)
_role_panel = opened("/console/settings/roles", ROLES)
_scope_panel = opened("/console/settings/scopes", SCOPES)
_tag_panel = opened("/console/settings/tags", "Tags")
_zone_panel = opened("/console/settings/zones", "Zones")
_tag = ensured("Tags", make("Tags"))
_zone = ensured("Zones", make("Zones"))


def _new_account(ground: Ground, name: str) -> Told:
    return "POST", f"{OWN}/accounts", {"name": name}


def _has_account(ground: Ground, name: str) -> bool:
    return name in [one["name"] for one in ground.read(f"{OWN}/accounts")["items"]]


def _account(ground: Ground) -> None:
    """Of who becomes an administrator."""
    name = ground.name(ADMINISTRATORS)
    if not _has_account(ground, name):
        ground.do(*_new_account(ground, name))


def _new_administrator(ground: Ground) -> Told:
    body = {"User": ground.name(ADMINISTRATORS), "Enabled": True, "Rights": [READ_ONLY]}
    return "POST", f"{CVAD}/{ADMINISTRATORS}", body


_administrator = both(_account, ensured(ADMINISTRATORS, _new_administrator))


def _fill_administrator(dialog: Locator, ground: Ground) -> None:
    dialog.get_by_label("Account").fill(ground.name(ADMINISTRATORS))
    choose(dialog, "Role", READ_ONLY["Role"])
    choose(dialog, "Scope", READ_ONLY["Scope"])


def _fill_role(dialog: Locator, ground: Ground) -> None:
    name_it(ROLES)(dialog, ground)
    dialog.get_by_role("checkbox").first.check()


def _mark(ground: Ground) -> str:
    return f"mark-{ground.role}"


def _marked(ground: Ground) -> bool:
    tags = ground.items(f"{GROUPS}/{ground.name(GROUPS)}/Tags")
    return _mark(ground) in [one["Name"] for one in tags]


def _put_mark(ground: Ground) -> Told:
    return "PUT", f"{ground.path(GROUPS)}/Tags", {"CreateTags": [{"Name": _mark(ground)}]}


SETTINGS_ACTS = (
    Act("add an administrator", P.ADMIN_MANAGE, at("/console/settings"), "Add an administrator",
        _new_administrator, there(ADMINISTRATORS), before=_account,
        fill=_fill_administrator, asked="Add"),
    Act("disable an administrator", P.ADMIN_MANAGE, _administrator_panel, "Disable",
        told("PATCH", ADMINISTRATORS, {"Enabled": False}),
        has(ADMINISTRATORS, "Enabled", False), before=_administrator),
    Act("remove an administrator", P.ADMIN_MANAGE, _administrator_panel, "Remove",
        told("DELETE", ADMINISTRATORS), gone(ADMINISTRATORS), before=_administrator,
        asked="Remove"),
    Act("make a role", P.ADMIN_MANAGE, at("/console/settings/roles"), "New role",
        make(ROLES, **ROLE), there(ROLES), fill=_fill_role, asked="Make"),
    Act("delete a role", P.ADMIN_MANAGE, _role_panel, "Delete", told("DELETE", ROLES),
        gone(ROLES), before=ensured(ROLES, make(ROLES, **ROLE)), asked="Delete"),
    Act("make a scope", P.ADMIN_MANAGE, at("/console/settings/scopes"), "New scope",
        make(SCOPES), there(SCOPES), fill=name_it(SCOPES), asked="Make"),
    Act("delete a scope", P.ADMIN_MANAGE, _scope_panel, "Delete", told("DELETE", SCOPES),
        gone(SCOPES), before=ensured(SCOPES, make(SCOPES)), asked="Delete"),
    Act("make an account", P.SITE_CONFIGURE, at("/console/settings/accounts"), "New account",
        lambda ground: _new_account(ground, ground.name("accounts")),
        lambda ground: _has_account(ground, ground.name("accounts")),
        fill=write("User name", "accounts-{role}"), asked="Make"),
    Act("make a tag", P.TAG_MANAGE, at("/console/settings/tags"), "New tag", make("Tags"),
        there("Tags"), fill=name_it("Tags"), asked="Make"),
    Act("edit a tag", P.TAG_MANAGE, _tag_panel, "Edit",
        told("PATCH", "Tags", {"Description": WORDS}), has("Tags", "Description", WORDS),
        before=_tag, fill=write("Description"), asked="Save"),
    Act("delete a tag", P.TAG_MANAGE, _tag_panel, "Delete", told("DELETE", "Tags"), gone("Tags"),
        before=_tag, asked="Delete"),
    Act("change the tags of a group", P.TAG_MANAGE, group_panel, "Change tags", _put_mark,
        _marked, before=group, fill=write("Tags", "mark-{role}"), asked="Save"),
    Act("make a zone", P.ZONE_MANAGE, at("/console/settings/zones"), "New zone", make("Zones"),
        there("Zones"), fill=name_it("Zones"), asked="Make"),
    Act("edit a zone", P.ZONE_MANAGE, _zone_panel, "Edit",
        told("PATCH", "Zones", {"Description": WORDS}), has("Zones", "Description", WORDS),
        before=_zone, fill=write("Description"), asked="Save"),
    Act("delete a zone", P.ZONE_MANAGE, _zone_panel, "Delete", told("DELETE", "Zones"),
        gone("Zones"), before=_zone, asked="Delete"),
)  # fmt: skip
