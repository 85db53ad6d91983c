"""Machine catalogs and delivery groups. One in a folder is named `Folder|Name`."""

from __future__ import annotations

from footlight.sdk.collection import (
    action,
    addition,
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
from footlight.sdk.types.machine import Machine
from footlight.sdk.types.own import AccessRules, PlacementRules


class Catalogs(Resource[S]):
    """`client.catalogs`: machine catalogs."""

    list = pages("GET /MachineCatalogs", "All catalogs.")
    list_v2 = pages("GET /MachineCatalogsV2", "All catalogs, by default with fewer members.")
    search = search("POST /MachineCatalogs/$search", "The catalogs that match.")
    get = item("GET /MachineCatalogs/{nameOrId}", "One catalog. Raises NotFound.")
    exists = existence("HEAD /MachineCatalogs/{nameOrId}", "Whether there is such a catalog.")
    create = creation(
        "POST /MachineCatalogs",
        "A new catalog (`Name`, `ProvisioningType`, `SessionSupport`, `AllocationType`).",
    )
    check_name = creation(
        "POST /MachineCatalogs/$checkCatalogName", "Whether a `Name` is free. Raises Conflict."
    )
    update = change("PATCH /MachineCatalogs/{nameOrId}", "Change what the body names.")
    delete = action("DELETE /MachineCatalogs/{nameOrId}", "Remove an empty catalog.")
    machines = pages_of("GET /MachineCatalogs/{nameOrId}/Machines", "Its machines.", Machine)
    add_machine = addition(
        "POST /MachineCatalogs/{nameOrId}/Machines",
        "Add a machine (`MachineName`), by a job that is waited for.",
    )
    remove_machine = member_action(
        "DELETE /MachineCatalogs/{nameOrId}/Machines/{machine}", "Take a machine out."
    )
    delivery_group_associations = pages_of(
        "GET /MachineCatalogs/{nameOrId}/DeliveryGroupAssociations",
        "The delivery groups that its machines are in.",
    )
    administrators = pages_of(
        "GET /MachineCatalogs/{nameOrId}/Administrators", "Who may administer it."
    )
    tags = pages_of("GET /MachineCatalogs/{nameOrId}/Tags", "The tags on a catalog.")
    set_tags = change(
        "PUT /MachineCatalogs/{nameOrId}/Tags", "Tag it with these `Items` and no others."
    )
    add_tag = member_action("POST /MachineCatalogs/{nameOrId}/Tags/{tagNameOrId}", "Tag a catalog.")
    remove_tag = member_action(
        "DELETE /MachineCatalogs/{nameOrId}/Tags/{tagNameOrId}", "Take a tag from a catalog."
    )


class DeliveryGroups(Resource[S]):
    """`client.delivery_groups`."""

    list = pages("GET /DeliveryGroups", "All delivery groups.")
    list_v2 = pages("GET /DeliveryGroupsV2", "All of them, by default with fewer members.")
    search = search("POST /DeliveryGroups/$search", "The delivery groups that match.")
    get = item("GET /DeliveryGroups/{nameOrId}", "One delivery group. Raises NotFound.")
    exists = existence("HEAD /DeliveryGroups/{nameOrId}", "Whether there is such a group.")
    create = creation("POST /DeliveryGroups", "A new delivery group (`Name`, `MachineCatalogs`).")
    check_name = creation(
        "POST /DeliveryGroups/$checkName", "Whether a `Name` is free. Raises Conflict."
    )
    update = change("PATCH /DeliveryGroups/{nameOrId}", "Change what the body names.")
    delete = action("DELETE /DeliveryGroups/{nameOrId}", "Remove an empty group, or by `force`.")
    access = item(
        "GET /footlight/v1/delivery-groups/{nameOrId}/access",
        "What viewers of its sessions may do.",
        AccessRules,
    )
    set_access = change(
        "PATCH /footlight/v1/delivery-groups/{nameOrId}/access",
        "Change that: `clipboard` off, in, out or both; `askBeforeShadowing`.",
        AccessRules,
    )
    machines = pages_of("GET /DeliveryGroups/{nameOrId}/Machines", "Its machines.", Machine)
    add_machines = change(
        "POST /DeliveryGroups/{nameOrId}/Machines",
        "Add machines of a `MachineCatalog` (`Count`, `AssignMachinesToUsers`).",
    )
    remove_machine = member_action(
        "DELETE /DeliveryGroups/{nameOrId}/Machines/{machineNameOrId}", "Take a machine out."
    )
    applications = pages_of("GET /DeliveryGroups/{nameOrId}/Applications", "What it offers.")
    add_applications = change(
        "POST /DeliveryGroups/{nameOrId}/Applications",
        "Offer applications (`ExistingApplications`, `NewApplications`).",
    )
    remove_application = member_action(
        "DELETE /DeliveryGroups/{nameOrId}/Applications/{appNameOrId}", "Offer one no more."
    )
    desktops = pages_of("GET /DeliveryGroups/{nameOrId}/Desktops", "The desktops that it offers.")
    catalogs = pages_of(
        "GET /DeliveryGroups/{nameOrId}/MachineCatalogs", "Where it has machines from."
    )
    catalog = member_action(
        "GET /DeliveryGroups/{nameOrId}/MachineCatalogs/{id}", "One of those catalogs."
    )
    session_limits = item(
        "GET /footlight/v1/delivery-groups/{nameOrId}/session-limits",
        "How long its sessions may be idle, be disconnected and last, in seconds.",
    )
    set_session_limits = change(
        "PUT /footlight/v1/delivery-groups/{nameOrId}/session-limits",
        "Set all limits of time: `idleSeconds`, `disconnectedSeconds`, `totalSeconds`, `warningSeconds`.",
    )
    placement_rules = item(
        "GET /footlight/v1/delivery-groups/{nameOrId}/placement",
        "How many sessions it gives, in all and to one user, and in which zone.",
        PlacementRules,
    )
    set_placement_rules = change(
        "PUT /footlight/v1/delivery-groups/{nameOrId}/placement",
        "Set that: `maxSessions`, `maxSessionsPerUser`, `zone`, `zoneOnly`; what is not named is without limit.",
        PlacementRules,
    )
    usage = item("GET /DeliveryGroups/{nameOrId}/Usage", "How much of it is in use.")
    administrators = pages_of(
        "GET /DeliveryGroups/{nameOrId}/Administrators", "Who may administer it."
    )
    tags = pages_of("GET /DeliveryGroups/{nameOrId}/Tags", "The tags on a group.")
    set_tags = change(
        "PUT /DeliveryGroups/{nameOrId}/Tags", "Tag it with these `Items` and no others."
    )
    add_tag = member_action("POST /DeliveryGroups/{nameOrId}/Tags/{tagNameOrId}", "Tag a group.")
    remove_tag = member_action(
        "DELETE /DeliveryGroups/{nameOrId}/Tags/{tagNameOrId}", "Take a tag from a group."
    )
