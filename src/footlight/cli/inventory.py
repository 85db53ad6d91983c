"""The groups of commands that are made from what the SDK declares."""

from __future__ import annotations

import typer

from footlight.cli import audit
from footlight.cli.collection import Group, lazy_group
from footlight.sdk.resources import administration, groups, inventory, machines
from footlight.sdk.resources.identity import Identity
from footlight.sdk.resources.recordings import Reports, RetentionClasses
from footlight.sdk.resources.server import Preferences, Server
from footlight.sdk.resources.sites import Sites

MACHINE = (
    *("Name", "RegistrationState", "InMaintenanceMode", "SessionCount", "MachineCatalog.Name"),
    *("DeliveryGroup.Name", "User.Name", "State", "Id"),
)
PUBLISHED = ("Name", "Enabled", "ApplicationFolder.Name", "User.Name", "State", "Id")
CATALOG = (
    *("Name", "SessionSupport", "AllocationType", "TotalCount", "Zone.Name", "RegistrationState"),
    *("InMaintenanceMode", "Id"),
)
DELIVERING = (
    *("Name", "Enabled", "InMaintenanceMode", "TotalDesktops", "SessionCount"),
    *("RegistrationState", "Id"),
)
FOLDER = ("Path", "TotalApplications", "TotalMachineCatalogs", "Id")

GROUPS = (
    Group("machines", "machines", machines.Machines, "The site's machines.", MACHINE),
    Group(
        "applications", "applications", machines.Applications, "Published applications.", PUBLISHED
    ),
    Group("catalogs", "catalogs", groups.Catalogs, "Machine catalogs.", CATALOG),
    Group(
        "delivery-groups", "delivery_groups", groups.DeliveryGroups, "Delivery groups.", DELIVERING
    ),
    Group("tags", "tags", inventory.Tags, "Tags.", ("Name", "Description", "NumMachines", "Id")),
    Group("zones", "zones", inventory.Zones, "Zones.", ("Name", "IsPrimary", "Description", "Id")),
    Group(
        "storefront-servers",
        "storefront_servers",
        inventory.StoreFrontServers,
        "Addresses that are kept for clients.",
        ("Name", "Url", "Enabled", "Id"),
    ),
    Group("icons", "icons", inventory.Icons, "Icons of applications.", ("Id", "IsBuiltIn")),
    Group("admin-folders", "admin_folders", inventory.AdminFolders, "Folders of objects.", FOLDER),
    Group(
        "application-folders",
        "application_folders",
        inventory.ApplicationFolders,
        "Folders of applications.",
        FOLDER,
    ),
    Group(
        "administrators",
        "administrators",
        administration.Administrators,
        "Administrators and their rights.",
        ("User.SamName", "User.DisplayName", "Enabled", "Role.Name", "Scope.Name"),
    ),
    Group("roles", "roles", administration.Roles, "Roles.", ("Name", "IsBuiltIn", "Id")),
    Group(
        "scopes",
        "scopes",
        administration.Scopes,
        "Scopes.",
        ("Name", "IsAllScope", "ObjectType", "Id"),
    ),
    Group(
        "permissions",
        "permissions",
        administration.Permissions,
        "What roles are made of.",
        ("Id", "Name", "GroupName"),
    ),
    Group(
        "audit",
        "audit",
        administration.Audit,
        "What was done, by whom.",
        ("seq", "entry.atMs", "entry.userName", "entry.text", "entry.objectName"),
        audit.register,
    ),
    Group(
        "webhooks",
        "webhooks",
        administration.Webhooks,
        "Who is told of changes, by HTTPS.",
        ("url", "event", "objectId", "enabled", "delivered", "failures", "attempts", "at", "id"),
    ),
    Group(
        "spools",
        "spools",
        administration.Spools,
        "What session hosts still hold of recordings.",
        ("machineName", "sizeBytes", "limitBytes", "oldestAt", "text"),
    ),
    Group(
        "config-log",
        "config_log",
        administration.ConfigLog,
        "Operations of administrators.",
        ("FormattedStartTime", "User", "Text", "IsSuccessful", "OperationType", "Id"),
    ),
    Group(
        "identity",
        "identity",
        Identity,
        "Users and groups.",
        ("SamName", "DisplayName", "IsGroup", "Enabled", "Sid", "Name"),
    ),
    Group("preferences", "preferences", Preferences, "Your own preferences.", ("Name", "Value")),
    Group(
        "reports",
        "reports",
        Reports,
        "Problems in sessions, as people reported them.",
        ("reportedAt", "reportedBy", "userName", "machineName", "text", "link", "id"),
    ),
    Group(
        "retention-classes",
        "retention_classes",
        RetentionClasses,
        "How long recordings are kept.",
        ("name", "keepDays", "isDefault", "description"),
    ),
    Group("sites", "sites", Sites, "The site."),
    Group("server", "server", Server, "The server itself, and several requests in one."),
)


def register(app: typer.Typer) -> None:
    """Add the groups."""
    for group in GROUPS:
        made = typer.Typer(cls=lazy_group(group), help=group.help, no_args_is_help=True)
        app.add_typer(made, name=group.name)
