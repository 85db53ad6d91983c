"""Machines, and applications."""

from __future__ import annotations

from footlight.sdk.collection import (
    action,
    change,
    creation,
    existence,
    item,
    member_action,
    pages,
    pages_of,
    search,
)
from footlight.sdk.operation import Resource, S
from footlight.sdk.types.machine import Machine, MachineDetail
from footlight.sdk.types.session import Session


class Machines(Resource[S]):
    """`client.machines`. A machine is named by its id, HOST, DOMAIN\\HOST or DNS name."""

    list = pages("GET /Machines", "All machines.", Machine)
    list_v2 = pages("GET /MachinesV2", "All machines, by default with fewer members.", Machine)
    search = search("POST /Machines/$search", "The machines that match.", Machine)
    group = creation(
        "POST /Machines/$group", "How many match, by the values of `MachinePropertyName`."
    )
    get = item("GET /Machines/{nameOrId}", "One machine. Raises NotFound.", MachineDetail)
    exists = existence("HEAD /Machines/{nameOrId}", "Whether there is such a machine.")
    update = change(
        "PATCH /Machines/{nameOrId}", "Change what the body names, such as InMaintenanceMode."
    )
    delete = action("DELETE /Machines/{nameOrId}", "Remove a machine from the site.")
    catalog = item("GET /Machines/{nameOrId}/MachineCatalog", "The catalog that it is in.")
    delivery_group = item("GET /Machines/{nameOrId}/DeliveryGroup", "The group that it serves.")
    desktop = item("GET /Machines/{nameOrId}/Desktop", "Its desktop; None where it has none.")
    applications = pages_of("GET /Machines/{nameOrId}/Applications", "What it offers.")
    logoff = action("POST /Machines/{nameOrId}/$logoff", "End all its sessions.", MachineDetail)
    disconnect = action(
        "POST /Machines/{nameOrId}/$disconnect", "Close all its viewers.", MachineDetail
    )
    start = action("POST /Machines/{nameOrId}/$start", "Switch it on.", MachineDetail)
    shutdown = action("POST /Machines/{nameOrId}/$shutdown", "Switch it off.", MachineDetail)
    reboot = action("POST /Machines/{nameOrId}/$reboot", "Start it anew.", MachineDetail)
    suspend = action("POST /Machines/{nameOrId}/$suspend", "Let it sleep.", MachineDetail)
    resume = action("POST /Machines/{nameOrId}/$resume", "Wake it.", MachineDetail)
    administrators = pages_of("GET /Machines/{nameOrId}/Administrators", "Who may administer it.")
    tags = pages_of("GET /Machines/{nameOrId}/Tags", "The tags on a machine.")
    set_tags = change("PUT /Machines/{nameOrId}/Tags", "Tag it with these `Items` and no others.")
    add_tag = member_action("POST /Machines/{nameOrId}/Tags/{tagNameOrId}", "Tag a machine.")
    remove_tag = member_action(
        "DELETE /Machines/{nameOrId}/Tags/{tagNameOrId}", "Take a tag from a machine."
    )
    sessions = pages_of(
        "GET /Machines/{nameOrId}/Sessions",
        "All sessions on a machine. Raises NotFound.",
        Session,
    )


class Applications(Resource[S]):
    """`client.applications`. One in a folder is named `Folder|Name`."""

    list = pages("GET /Applications", "All applications.")
    list_v2 = pages("GET /ApplicationsV2", "All applications, by default with fewer members.")
    search = search("POST /Applications/$search", "The applications that match.")
    get = item("GET /Applications/{nameOrId}", "One application. Raises NotFound.")
    exists = existence("HEAD /Applications/{nameOrId}", "Whether there is such an application.")
    create = creation(
        "POST /Applications", "Publish applications (`NewApplications`, `DeliveryGroups`)."
    )
    update = change("PATCH /Applications/{nameOrId}", "Change what the body names.")
    delete = action("DELETE /Applications/{nameOrId}", "Publish it no more.")
    duplicate = change("POST /Applications/{nameOrId}/$duplicate", "Make another one like it.")
    recommend_name = item(
        "GET /Applications/{nameOrId}/RecommendName", "A name like it that is free."
    )
    delivery_groups = pages_of(
        "GET /Applications/{nameOrId}/DeliveryGroups", "The groups that offer it."
    )
    tags = pages_of("GET /Applications/{nameOrId}/Tags", "The tags on an application.")
    set_tags = change(
        "PUT /Applications/{nameOrId}/Tags", "Tag it with these `Items` and no others."
    )
    add_tag = member_action(
        "POST /Applications/{nameOrId}/Tags/{tagNameOrId}", "Tag an application."
    )
    remove_tag = member_action(
        "DELETE /Applications/{nameOrId}/Tags/{tagNameOrId}", "Take a tag from an application."
    )
    sessions = pages_of(
        "GET /Applications/{nameOrId}/Sessions",
        "The sessions in which an application runs. Raises NotFound.",
        Session,
    )
