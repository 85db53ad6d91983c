"""Catalogs, and machines in catalogs and groups. The machines of the simulated fleet are always in use and come back by
themselves; what is moved and deleted here is a host that has enrolled and is silent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from playwright.sync_api import Locator, expect
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
from tests.e2e.pages.acts.groups import GROUPS, group, group_panel
from tests.enrolling import NewHost

from footlight.caller import Permission as P

CATALOGS = "MachineCatalogs"
MACHINES = "Machines"
KIND = {"ProvisioningType": "Manual", "SessionSupport": "MultiSession", "AllocationType": "Random"}

_catalog = ensured(CATALOGS, make(CATALOGS, **KIND))
_catalog_panel = opened("/console/catalogs", CATALOGS)


def _rack(ground: Ground) -> str:
    """The catalog in which the host is: none that is changed or deleted."""
    return f"rack-{ground.role}"


def _enrol(ground: Ground) -> None:
    """The role's host enrols into its own catalog, unless it is there."""
    if ground.named(MACHINES) is not None:
        return
    if _rack(ground) not in [one["Name"] for one in ground.items(CATALOGS)]:
        ground.do("POST", f"{CVAD}/{CATALOGS}", {"Name": _rack(ground), **KIND})
    made = ground.do("POST", f"{OWN}/enrolments", {"catalog": _rack(ground)})
    asks = NewHost(ground.name(MACHINES)).asks(made["code"])
    ground.do("POST", f"{OWN}/enroll", msgspec.to_builtins(asks))


def _machine_page(ground: Ground) -> str:
    one = ground.named(MACHINES)
    assert one is not None
    return f"/console/machines/{one['Id']}"


def _host(ground: Ground) -> dict[str, Any]:
    hosts = ground.read(f"{OWN}/hosts")["items"]
    return next(one for one in hosts if one["id"] == (ground.named(MACHINES) or {})["Id"])


def _to_host(verb: str) -> Callable[[Ground], Told]:
    return lambda ground: ("POST", f"{OWN}/hosts/{_host(ground)['id']}/{verb}", None)


def _within(ground: Ground) -> bool:
    """Whether the host is in the group."""
    return (
        ground.among(ground.items(f"{GROUPS}/{ground.name(GROUPS)}/Machines"), MACHINES) is not None
    )


def _join(ground: Ground) -> Told:
    machines = [{"Machine": ground.name(MACHINES)}]
    wanted = {"MachineCatalog": _rack(ground), "AssignMachinesToUsers": machines}
    return "POST", f"{ground.path(GROUPS)}/{MACHINES}", wanted


def _leave(ground: Ground) -> Told:
    return "DELETE", f"{ground.path(GROUPS)}/{MACHINES}/{ground.name(MACHINES)}", None


def _put(wanted: bool) -> Callable[[Ground], None]:
    def ensure(ground: Ground) -> None:
        if _within(ground) is not wanted:
            ground.do(*(_join if wanted else _leave)(ground))

    return both(group, _enrol, ensure)


def _pick_host(dialog: Locator, ground: Ground) -> None:
    choose(dialog, "Catalog", _rack(ground))
    pick(dialog, "Machines", ground.name(MACHINES).upper())


def _read_command(dialog: Locator, ground: Ground) -> None:
    dialog.get_by_label("What it is for").fill(ground.role)
    dialog.get_by_role("button", name="Make the command").click()
    expect(dialog.get_by_text("Run this on the host, as root:")).to_be_visible()
    dialog.get_by_role("button", name="Close").first.click()
    expect(dialog).to_be_hidden()


def _codes(ground: Ground) -> list[str]:
    return [one["description"] for one in ground.read(f"{OWN}/enrolments")["items"]]


MACHINE_ACTS = (
    Act("make a catalog", P.CATALOG_CREATE, at("/console/catalogs"), "New catalog",
        make(CATALOGS, **KIND), there(CATALOGS), fill=name_it(CATALOGS), asked="Make"),
    Act("edit a catalog", P.CATALOG_EDIT, _catalog_panel, "Edit",
        told("PATCH", CATALOGS, {"Description": WORDS}), has(CATALOGS, "Description", WORDS),
        before=_catalog, fill=write("Description"), asked="Save"),
    Act("delete a catalog", P.CATALOG_DELETE, _catalog_panel, "Delete", told("DELETE", CATALOGS),
        gone(CATALOGS), before=_catalog, asked="Delete"),
    Act("enrol a host", P.MACHINE_EDIT, at("/console/machines"), "Enrol a host",
        lambda ground: ("POST", f"{OWN}/enrolments", {"description": ground.role}),
        lambda ground: ground.role in _codes(ground), fill=_read_command),
    Act("add a machine to a group", P.GROUP_ADD_MACHINES, group_panel, "Add machines", _join,
        _within, before=_put(False), fill=_pick_host, asked="Add"),
    Act("take a machine out of a group", P.GROUP_REMOVE_MACHINES, group_panel,
        "Take MACHINES-{ROLE} out", _leave, lambda ground: not _within(ground),
        before=_put(True), asked="Take MACHINES-{ROLE} out", state="text=MACHINES-"),
    Act("ask a host for new credentials", P.MACHINE_EDIT, _machine_page, "New credentials",
        _to_host("rotate"), lambda ground: _host(ground)["rotating"],
        before=_enrol),
    Act("shut a host out", P.MACHINE_EDIT, _machine_page, "Shut out", _to_host("revoke"),
        lambda ground: _host(ground)["status"] == "revoked", before=_enrol, asked="Shut out"),
    Act("delete a machine", P.MACHINE_REMOVE, _machine_page, "Delete", told("DELETE", MACHINES),
        gone(MACHINES), before=_put(False), asked="Delete"),
)  # fmt: skip
