"""Small collections of the inventory. Objects are named by name or id, in folders by `Folder|Name`."""

from __future__ import annotations

from footlight.sdk.collection import (
    action,
    change,
    creation,
    existence,
    item,
    pages,
    pages_of,
    search,
)
from footlight.sdk.operation import Resource, S
from footlight.sdk.types.machine import Machine


class Tags(Resource[S]):
    """`client.tags`."""

    list = pages("GET /Tags", "All tags.")
    get = item("GET /Tags/{nameOrId}", "One tag, with what it is on. Raises NotFound.")
    exists = existence("HEAD /Tags/{nameOrId}", "Whether there is such a tag.")
    create = creation("POST /Tags", "A new tag (`Name`). Raises Conflict when the name is taken.")
    update = change("PATCH /Tags/{nameOrId}", "Rename or describe a tag.")
    delete = action("DELETE /Tags/{nameOrId}", "Take a tag from all objects, and away.")
    machines = pages_of("GET /Tags/{nameOrId}/Machines", "The machines that carry it.", Machine)
    applications = pages_of("GET /Tags/{nameOrId}/Applications", "The applications that carry it.")
    catalogs = pages_of("GET /Tags/{nameOrId}/MachineCatalogs", "The catalogs that carry it.")
    delivery_groups = pages_of("GET /Tags/{nameOrId}/DeliveryGroups", "The groups that carry it.")
    set_applications = change(
        "PUT /Tags/{nameOrId}/Applications", "Let these `Items` carry it and no others."
    )
    set_delivery_groups = change(
        "PUT /Tags/{nameOrId}/DeliveryGroups", "Let these `Items` carry it and no others."
    )


class Zones(Resource[S]):
    """`client.zones`."""

    list = pages("GET /Zones", "All zones.")
    get = item("GET /Zones/{nameOrId}", "One zone. Raises NotFound.")
    exists = existence("HEAD /Zones/{nameOrId}", "Whether there is such a zone.")
    create = creation("POST /Zones", "A new zone (`Name`).")
    update = change("PATCH /Zones/{nameOrId}", "Change what the body names.")
    delete = action("DELETE /Zones/{nameOrId}", "Remove an empty zone.")
    search = search("POST /Zones/$search", "What lies in zones.")
    add_items = change("POST /Zones/{nameOrId}/$addItems", "Put objects into a zone.")
    move_items = change("POST /Zones/{nameOrId}/$moveItems", "Move objects into a zone.")
    remove_items = creation("POST /Zones/$removeItems", "Put objects back into the primary zone.")


class StoreFrontServers(Resource[S]):
    """`client.storefront_servers`: addresses that are kept for clients."""

    list = pages("GET /StoreFrontServers", "All of them.")
    get = item("GET /StoreFrontServers/{nameOrId}", "One of them. Raises NotFound.")
    create = creation("POST /StoreFrontServers", "Keep an address.")
    update = change("PATCH /StoreFrontServers/{nameOrId}", "Change what the body names.")
    delete = action("DELETE /StoreFrontServers/{nameOrId}", "Forget an address.")
    delivery_groups = pages_of(
        "GET /StoreFrontServers/{nameOrId}/DeliveryGroups", "The delivery groups that name it."
    )


class Icons(Resource[S]):
    """`client.icons`."""

    list = pages("GET /Icons", "All icons; `built_in` and `icon_format` choose.")
    get = item("GET /Icons/{id}", "One icon; `icon_format` such as image/png;32x32x24.")
    create = creation("POST /Icons", "A new icon (`RawData`, base64).")
    delete = action("DELETE /Icons/{id}", "Remove an icon. Raises Conflict while it is used.")


class AdminFolders(Resource[S]):
    """`client.admin_folders`: folders of catalogs, groups and applications."""

    list = pages("GET /AdminFolders", "All folders.")
    get = item("GET /AdminFolders/{pathOrId}", "One folder. Raises NotFound.")
    create = creation("POST /AdminFolders", "A new folder (`Name`, `Parent`).")
    update = change("PATCH /AdminFolders/{pathOrId}", "Rename or move a folder.")
    delete = action("DELETE /AdminFolders/{pathOrId}", "Remove an empty folder.")
    applications = pages_of("GET /AdminFolders/{pathOrId}/Applications", "Those in a folder.")
    catalogs = pages_of("GET /AdminFolders/{pathOrId}/MachineCatalogs", "Those in a folder.")


class ApplicationFolders(Resource[S]):
    """`client.application_folders`."""

    list = pages("GET /ApplicationFolders", "All folders.")
    get = item("GET /ApplicationFolders/{pathOrId}", "One folder. Raises NotFound.")
    exists = existence("HEAD /ApplicationFolders/{pathOrId}", "Whether there is such a folder.")
    create = creation("POST /ApplicationFolders", "A new folder (`Name`, `Parent`).")
    update = change("PATCH /ApplicationFolders/{pathOrId}", "Rename or move a folder.")
    delete = action("DELETE /ApplicationFolders/{pathOrId}", "Remove an empty folder.")
    applications = pages_of("GET /ApplicationFolders/{pathOrId}/Applications", "Those in a folder.")
