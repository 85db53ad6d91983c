"""Who may do what: administrators, roles, scopes, permissions."""

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
    value,
)
from footlight.sdk.operation import Resource, S


class Administrators(Resource[S]):
    """`client.administrators`. One is named by its account: id, name, DOMAIN\\name or SID."""

    list = pages("GET /Admin/Administrators", "All administrators.")
    get = item("GET /Admin/Administrators/{nameOrId}", "One administrator. Raises NotFound.")
    exists = existence("HEAD /Admin/Administrators/{nameOrId}", "Whether it is an administrator.")
    create = creation(
        "POST /Admin/Administrators",
        "Make an account an administrator (`User`, `Rights` of Role and Scope).",
    )
    update = change("PATCH /Admin/Administrators/{nameOrId}", "Change rights, or `Enabled`.")
    delete = action("DELETE /Admin/Administrators/{nameOrId}", "Take all rights away.")
    report = item("GET /Admin/Administrators/{nameOrId}/Report", "What one may do, as a page.")
    preview_report = creation(
        "POST /Admin/Administrators/$PreviewReport", "The report that one would have."
    )
    preview_delete = item(
        "GET /Admin/Administrators/{nameOrId}/PreviewDeleteConsequence",
        "What deleting one would take away.",
    )
    preview_name = item(
        "GET /Admin/Administrators/{nameOrId}/NamePreview",
        "Whether an account can be made an administrator.",
    )
    effective_rights = pages("GET /Admin/EffectiveRights", "The caller's own rights.")


class Roles(Resource[S]):
    """`client.roles`."""

    list = pages("GET /Admin/Roles", "All roles, built-in ones too.")
    get = item("GET /Admin/Roles/{nameOrId}", "One role with its permissions. Raises NotFound.")
    exists = existence("HEAD /Admin/Roles/{nameOrId}", "Whether there is such a role.")
    create = creation("POST /Admin/Roles", "A new role (`Name`, `Permissions`).")
    update = change("PATCH /Admin/Roles/{nameOrId}", "Change a role of one's own making.")
    delete = action("DELETE /Admin/Roles/{nameOrId}", "Remove a role that nobody has.")


class Scopes(Resource[S]):
    """`client.scopes`."""

    list = pages("GET /Admin/Scopes", "All scopes.")
    get = item("GET /Admin/Scopes/{nameOrId}", "One scope. Raises NotFound.")
    exists = existence("HEAD /Admin/Scopes/{nameOrId}", "Whether there is such a scope.")
    create = creation("POST /Admin/Scopes", "A new scope (`Name`, `ScopedObjects`).")
    update = change("PATCH /Admin/Scopes/{nameOrId}", "Change a scope, or what is in it.")
    delete = action("DELETE /Admin/Scopes/{nameOrId}", "Remove a scope that nobody has.")
    objects = pages_of("GET /Admin/Scopes/{nameOrId}/ScopedObjects", "What is in a scope.")


class Audit(Resource[S]):
    """`client.audit`: what was done, by whom, in a chain of hashes."""

    list = pages(
        "GET /footlight/v1/audit", "Entries, the newest first; `kind`, `text`, `object_id` choose."
    )
    get = item("GET /footlight/v1/audit/{id}", "One entry, by its id or its number.")
    verification = value("GET /footlight/v1/audit/verification", "Whether the chain is whole.")


class Webhooks(Resource[S]):
    """`client.webhooks`: who is told of changes."""

    list = pages("GET /footlight/v1/webhooks", "The webhooks that you see.")
    get = item("GET /footlight/v1/webhooks/{id}", "One webhook. Raises NotFound.")
    create = creation(
        "POST /footlight/v1/webhooks",
        "A new webhook (`url`, `events`, `description`); the answer holds its secret, this once.",
    )
    update = change("PATCH /footlight/v1/webhooks/{id}", "Change what the body names.")
    delete = action("DELETE /footlight/v1/webhooks/{id}", "Tell it nothing any more.")
    rotate_secret = change(
        "POST /footlight/v1/webhooks/{id}/secret",
        "Another secret, shown this once; the one before signs too for `overlapHours` (24).",
    )
    test = action("POST /footlight/v1/webhooks/{id}/test", "Deliver a test event now.")
    deliveries = pages_of("GET /footlight/v1/webhooks/{id}/deliveries", "Its newest deliveries.")


class ConfigLog(Resource[S]):
    """`client.config_log`: operations, as CVAD's configuration logging shows them."""

    list = pages(
        "GET /ConfigLog/Operations", "Operations, the newest first; `text`, `days` choose."
    )
    search = search("POST /ConfigLog/Operations/$search", "The operations that match.")
    get = item("GET /ConfigLog/Operations/{id}", "One operation. Raises NotFound.")
    update = change("PATCH /ConfigLog/Operations/{id}", "Give an operation labels.")
    low_level = pages_of(
        "GET /ConfigLog/Operations/{id}/LowLevelOperations", "What it changed, member by member."
    )
    labels = value("POST /ConfigLog/Operations/$fetchExistingLabels", "The labels in use.")
    first_date = value("GET /ConfigLog/GetFirstLogDate", "When the log begins.", str)
    settings = value("GET /ConfigLog/LoggingSite", "How the log is set.")
    set_settings = creation("PATCH /ConfigLog/LoggingSite", "Set the log.")
    export = creation("POST /ConfigLog/ExportReport", "Operations of a time as CSV or HTML.")
    clear = value("DELETE /ConfigLog/Logs", "Show nothing of before; the audit chain keeps it.")


class Permissions(Resource[S]):
    """`client.permissions`: what roles are made of."""

    list = pages("GET /Admin/Permissions", "All permissions.")
    groups = pages("GET /Admin/PermissionGroups", "The groups that they are shown in.")
    of_group = pages_of("GET /Admin/PermissionGroups/{id}/Permissions", "Those of one group.")


class Spools(Resource[S]):
    """`client.spools`: what session hosts still hold of recordings."""

    list = pages("GET /footlight/v1/spools", "The spool of each session host that you see.")
