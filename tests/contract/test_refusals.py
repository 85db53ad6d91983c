"""What every inventory route refuses: calls without a token, calls without the right, names that nothing has.

Each case is a call that would else pass; its marker says which refusals it shows.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

CASES = [
    pytest.param("GET", "/me/Preferences", marks=pytest.mark.covers("GET /me/Preferences", 401)),
    pytest.param("PUT", "/me/Preferences", marks=pytest.mark.covers("PUT /me/Preferences", 401)),
    pytest.param(
        "GET",
        "/me/Preferences/none",
        marks=pytest.mark.covers("GET /me/Preferences/{name}", 401, 404),
    ),
    pytest.param(
        "DELETE",
        "/me/Preferences/none",
        marks=pytest.mark.covers("DELETE /me/Preferences/{name}", 401, 404),
    ),
    pytest.param("GET", "/Icons", marks=pytest.mark.covers("GET /Icons", 401, 403)),
    pytest.param("POST", "/Icons", marks=pytest.mark.covers("POST /Icons", 401, 403)),
    pytest.param("GET", "/Icons/0", marks=pytest.mark.covers("GET /Icons/{id}", 401, 403, 404)),
    pytest.param(
        "DELETE", "/Icons/x", marks=pytest.mark.covers("DELETE /Icons/{id}", 401, 403, 404)
    ),
    pytest.param("GET", "/AdminFolders", marks=pytest.mark.covers("GET /AdminFolders", 401, 403)),
    pytest.param("POST", "/AdminFolders", marks=pytest.mark.covers("POST /AdminFolders", 401, 403)),
    pytest.param(
        "GET",
        "/AdminFolders/A%7CB",
        marks=pytest.mark.covers("GET /AdminFolders/{pathOrId}", 401, 403, 404),
    ),
    pytest.param(
        "PATCH",
        "/AdminFolders/A%7CB",
        marks=pytest.mark.covers("PATCH /AdminFolders/{pathOrId}", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/AdminFolders/A%7CB",
        marks=pytest.mark.covers("DELETE /AdminFolders/{pathOrId}", 401, 403, 404),
    ),
    pytest.param(
        "GET", "/ApplicationFolders", marks=pytest.mark.covers("GET /ApplicationFolders", 401, 403)
    ),
    pytest.param(
        "POST",
        "/ApplicationFolders",
        marks=pytest.mark.covers("POST /ApplicationFolders", 401, 403),
    ),
    pytest.param(
        "GET",
        "/ApplicationFolders/A",
        marks=pytest.mark.covers("GET /ApplicationFolders/{pathOrId}", 401, 403, 404),
    ),
    pytest.param(
        "HEAD",
        "/ApplicationFolders/A",
        marks=pytest.mark.covers("HEAD /ApplicationFolders/{pathOrId}", 401, 403, 404),
    ),
    pytest.param(
        "PATCH",
        "/ApplicationFolders/A",
        marks=pytest.mark.covers("PATCH /ApplicationFolders/{pathOrId}", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/ApplicationFolders/A",
        marks=pytest.mark.covers("DELETE /ApplicationFolders/{pathOrId}", 401, 403, 404),
    ),
    pytest.param("GET", "/Tags", marks=pytest.mark.covers("GET /Tags", 401, 403)),
    pytest.param("POST", "/Tags", marks=pytest.mark.covers("POST /Tags", 401, 403)),
    pytest.param(
        "GET", "/Tags/none", marks=pytest.mark.covers("GET /Tags/{nameOrId}", 401, 403, 404)
    ),
    pytest.param(
        "HEAD", "/Tags/none", marks=pytest.mark.covers("HEAD /Tags/{nameOrId}", 401, 403, 404)
    ),
    pytest.param(
        "PATCH", "/Tags/none", marks=pytest.mark.covers("PATCH /Tags/{nameOrId}", 401, 403, 404)
    ),
    pytest.param(
        "DELETE", "/Tags/none", marks=pytest.mark.covers("DELETE /Tags/{nameOrId}", 401, 403, 404)
    ),
    pytest.param(
        "GET", "/Admin/EffectiveRights", marks=pytest.mark.covers("GET /Admin/EffectiveRights", 401)
    ),
    pytest.param(
        "GET",
        "/Admin/Administrators",
        marks=pytest.mark.covers("GET /Admin/Administrators", 401, 403),
    ),
    pytest.param(
        "POST",
        "/Admin/Administrators",
        marks=pytest.mark.covers("POST /Admin/Administrators", 401, 403),
    ),
    pytest.param(
        "POST",
        "/Admin/Administrators/$PreviewReport",
        marks=pytest.mark.covers("POST /Admin/Administrators/$PreviewReport", 401, 403),
    ),
    pytest.param(
        "GET",
        "/Admin/Administrators/none",
        marks=pytest.mark.covers("GET /Admin/Administrators/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "HEAD",
        "/Admin/Administrators/none",
        marks=pytest.mark.covers("HEAD /Admin/Administrators/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "PATCH",
        "/Admin/Administrators/none",
        marks=pytest.mark.covers("PATCH /Admin/Administrators/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/Admin/Administrators/none",
        marks=pytest.mark.covers("DELETE /Admin/Administrators/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Admin/Administrators/none/Report",
        marks=pytest.mark.covers("GET /Admin/Administrators/{nameOrId}/Report", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Admin/Administrators/none/PreviewDeleteConsequence",
        marks=pytest.mark.covers(
            "GET /Admin/Administrators/{nameOrId}/PreviewDeleteConsequence", 401, 403, 404
        ),
    ),
    pytest.param(
        "GET",
        "/Admin/Administrators/none/NamePreview",
        marks=pytest.mark.covers("GET /Admin/Administrators/{nameOrId}/NamePreview", 401, 403),
    ),
    pytest.param("GET", "/Admin/Roles", marks=pytest.mark.covers("GET /Admin/Roles", 401, 403)),
    pytest.param("POST", "/Admin/Roles", marks=pytest.mark.covers("POST /Admin/Roles", 401, 403)),
    pytest.param(
        "GET",
        "/Admin/Roles/none",
        marks=pytest.mark.covers("GET /Admin/Roles/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "HEAD",
        "/Admin/Roles/none",
        marks=pytest.mark.covers("HEAD /Admin/Roles/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "PATCH",
        "/Admin/Roles/none",
        marks=pytest.mark.covers("PATCH /Admin/Roles/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/Admin/Roles/none",
        marks=pytest.mark.covers("DELETE /Admin/Roles/{nameOrId}", 401, 403, 404),
    ),
    pytest.param("GET", "/Admin/Scopes", marks=pytest.mark.covers("GET /Admin/Scopes", 401, 403)),
    pytest.param("POST", "/Admin/Scopes", marks=pytest.mark.covers("POST /Admin/Scopes", 401, 403)),
    pytest.param(
        "GET",
        "/Admin/Scopes/none",
        marks=pytest.mark.covers("GET /Admin/Scopes/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "HEAD",
        "/Admin/Scopes/none",
        marks=pytest.mark.covers("HEAD /Admin/Scopes/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "PATCH",
        "/Admin/Scopes/none",
        marks=pytest.mark.covers("PATCH /Admin/Scopes/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/Admin/Scopes/none",
        marks=pytest.mark.covers("DELETE /Admin/Scopes/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Admin/Scopes/none/ScopedObjects",
        marks=pytest.mark.covers("GET /Admin/Scopes/{nameOrId}/ScopedObjects", 401, 403, 404),
    ),
    pytest.param(
        "GET", "/Admin/Permissions", marks=pytest.mark.covers("GET /Admin/Permissions", 401, 403)
    ),
    pytest.param(
        "GET",
        "/Admin/PermissionGroups",
        marks=pytest.mark.covers("GET /Admin/PermissionGroups", 401, 403),
    ),
    pytest.param(
        "GET",
        "/Admin/PermissionGroups/none/Permissions",
        marks=pytest.mark.covers("GET /Admin/PermissionGroups/{id}/Permissions", 401, 403, 404),
    ),
]


CASES += [
    pytest.param(
        "GET",
        "/Machines/none/Administrators",
        marks=pytest.mark.covers("GET /Machines/{nameOrId}/Administrators", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/MachineCatalogs/none/Administrators",
        marks=pytest.mark.covers("GET /MachineCatalogs/{nameOrId}/Administrators", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/DeliveryGroups/none/Administrators",
        marks=pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/Administrators", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/MachineCatalogs",
        marks=pytest.mark.covers("GET /MachineCatalogs", 401, 403),
    ),
    pytest.param(
        "GET",
        "/MachineCatalogsV2",
        marks=pytest.mark.covers("GET /MachineCatalogsV2", 401, 403),
    ),
    pytest.param(
        "POST",
        "/MachineCatalogs/$search",
        marks=pytest.mark.covers("POST /MachineCatalogs/$search", 401, 403),
    ),
    pytest.param(
        "POST",
        "/MachineCatalogs",
        marks=pytest.mark.covers("POST /MachineCatalogs", 401, 403),
    ),
    pytest.param(
        "POST",
        "/MachineCatalogs/$checkCatalogName",
        marks=pytest.mark.covers("POST /MachineCatalogs/$checkCatalogName", 401, 403),
    ),
    pytest.param(
        "GET",
        "/MachineCatalogs/none",
        marks=pytest.mark.covers("GET /MachineCatalogs/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "HEAD",
        "/MachineCatalogs/none",
        marks=pytest.mark.covers("HEAD /MachineCatalogs/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "PATCH",
        "/MachineCatalogs/none",
        marks=pytest.mark.covers("PATCH /MachineCatalogs/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/MachineCatalogs/none",
        marks=pytest.mark.covers("DELETE /MachineCatalogs/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/MachineCatalogs/none/Tags",
        marks=pytest.mark.covers("GET /MachineCatalogs/{nameOrId}/Tags", 401, 403, 404),
    ),
    pytest.param(
        "PUT",
        "/MachineCatalogs/none/Tags",
        marks=pytest.mark.covers("PUT /MachineCatalogs/{nameOrId}/Tags", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/MachineCatalogs/none/Tags/x",
        marks=pytest.mark.covers(
            "POST /MachineCatalogs/{nameOrId}/Tags/{tagNameOrId}", 401, 403, 404
        ),
    ),
    pytest.param(
        "DELETE",
        "/MachineCatalogs/none/Tags/x",
        marks=pytest.mark.covers(
            "DELETE /MachineCatalogs/{nameOrId}/Tags/{tagNameOrId}", 401, 403, 404
        ),
    ),
    pytest.param(
        "GET",
        "/MachineCatalogs/none/Machines",
        marks=pytest.mark.covers("GET /MachineCatalogs/{nameOrId}/Machines", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/DeliveryGroups",
        marks=pytest.mark.covers("GET /DeliveryGroups", 401, 403),
    ),
    pytest.param(
        "GET",
        "/DeliveryGroupsV2",
        marks=pytest.mark.covers("GET /DeliveryGroupsV2", 401, 403),
    ),
    pytest.param(
        "POST",
        "/DeliveryGroups/$search",
        marks=pytest.mark.covers("POST /DeliveryGroups/$search", 401, 403),
    ),
    pytest.param(
        "POST",
        "/DeliveryGroups",
        marks=pytest.mark.covers("POST /DeliveryGroups", 401, 403),
    ),
    pytest.param(
        "POST",
        "/DeliveryGroups/$checkName",
        marks=pytest.mark.covers("POST /DeliveryGroups/$checkName", 401, 403),
    ),
    pytest.param(
        "GET",
        "/DeliveryGroups/none",
        marks=pytest.mark.covers("GET /DeliveryGroups/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "HEAD",
        "/DeliveryGroups/none",
        marks=pytest.mark.covers("HEAD /DeliveryGroups/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "PATCH",
        "/DeliveryGroups/none",
        marks=pytest.mark.covers("PATCH /DeliveryGroups/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/DeliveryGroups/none",
        marks=pytest.mark.covers("DELETE /DeliveryGroups/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/DeliveryGroups/none/Tags",
        marks=pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/Tags", 401, 403, 404),
    ),
    pytest.param(
        "PUT",
        "/DeliveryGroups/none/Tags",
        marks=pytest.mark.covers("PUT /DeliveryGroups/{nameOrId}/Tags", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/DeliveryGroups/none/Tags/x",
        marks=pytest.mark.covers(
            "POST /DeliveryGroups/{nameOrId}/Tags/{tagNameOrId}", 401, 403, 404
        ),
    ),
    pytest.param(
        "DELETE",
        "/DeliveryGroups/none/Tags/x",
        marks=pytest.mark.covers(
            "DELETE /DeliveryGroups/{nameOrId}/Tags/{tagNameOrId}", 401, 403, 404
        ),
    ),
    pytest.param(
        "GET",
        "/DeliveryGroups/none/Machines",
        marks=pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/Machines", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/MachineCatalogs/none/Machines",
        marks=pytest.mark.covers("POST /MachineCatalogs/{nameOrId}/Machines", 401),
    ),
    pytest.param(
        "DELETE",
        "/MachineCatalogs/none/Machines/x",
        marks=pytest.mark.covers(
            "DELETE /MachineCatalogs/{nameOrId}/Machines/{machine}", 401, 403, 404
        ),
    ),
    pytest.param(
        "GET",
        "/MachineCatalogs/none/DeliveryGroupAssociations",
        marks=pytest.mark.covers(
            "GET /MachineCatalogs/{nameOrId}/DeliveryGroupAssociations", 401, 403, 404
        ),
    ),
    pytest.param(
        "POST",
        "/DeliveryGroups/none/Machines",
        marks=pytest.mark.covers("POST /DeliveryGroups/{nameOrId}/Machines", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/DeliveryGroups/none/Machines/x",
        marks=pytest.mark.covers(
            "DELETE /DeliveryGroups/{nameOrId}/Machines/{machineNameOrId}", 401, 403, 404
        ),
    ),
    pytest.param(
        "GET",
        "/DeliveryGroups/none/Desktops",
        marks=pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/Desktops", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/DeliveryGroups/none/MachineCatalogs",
        marks=pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/MachineCatalogs", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/DeliveryGroups/none/Usage",
        marks=pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/Usage", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/DeliveryGroups/none/MachineCatalogs/x",
        marks=pytest.mark.covers(
            "GET /DeliveryGroups/{nameOrId}/MachineCatalogs/{id}", 401, 403, 404
        ),
    ),
    pytest.param(
        "GET",
        "/DeliveryGroups/none/Applications",
        marks=pytest.mark.covers("GET /DeliveryGroups/{nameOrId}/Applications", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/DeliveryGroups/none/Applications",
        marks=pytest.mark.covers("POST /DeliveryGroups/{nameOrId}/Applications", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/DeliveryGroups/none/Applications/x",
        marks=pytest.mark.covers(
            "DELETE /DeliveryGroups/{nameOrId}/Applications/{appNameOrId}", 401, 403, 404
        ),
    ),
    pytest.param(
        "GET",
        "/Machines/none/MachineCatalog",
        marks=pytest.mark.covers("GET /Machines/{nameOrId}/MachineCatalog", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Machines/none/DeliveryGroup",
        marks=pytest.mark.covers("GET /Machines/{nameOrId}/DeliveryGroup", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Machines/none/Desktop",
        marks=pytest.mark.covers("GET /Machines/{nameOrId}/Desktop", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Machines/none/Applications",
        marks=pytest.mark.covers("GET /Machines/{nameOrId}/Applications", 401, 403, 404),
    ),
    pytest.param("GET", "/Machines", marks=pytest.mark.covers("GET /Machines", 401, 403)),
    pytest.param("GET", "/MachinesV2", marks=pytest.mark.covers("GET /MachinesV2", 401, 403)),
    pytest.param(
        "POST", "/Machines/$search", marks=pytest.mark.covers("POST /Machines/$search", 401, 403)
    ),
    pytest.param(
        "POST", "/Machines/$group", marks=pytest.mark.covers("POST /Machines/$group", 401, 403)
    ),
    pytest.param(
        "GET",
        "/Machines/none",
        marks=pytest.mark.covers("GET /Machines/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "HEAD",
        "/Machines/none",
        marks=pytest.mark.covers("HEAD /Machines/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "PATCH",
        "/Machines/none",
        marks=pytest.mark.covers("PATCH /Machines/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/Machines/none",
        marks=pytest.mark.covers("DELETE /Machines/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Machines/none/$logoff",
        marks=pytest.mark.covers("POST /Machines/{nameOrId}/$logoff", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Machines/none/$disconnect",
        marks=pytest.mark.covers("POST /Machines/{nameOrId}/$disconnect", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Machines/none/$start",
        marks=pytest.mark.covers("POST /Machines/{nameOrId}/$start", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Machines/none/$shutdown",
        marks=pytest.mark.covers("POST /Machines/{nameOrId}/$shutdown", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Machines/none/$reboot",
        marks=pytest.mark.covers("POST /Machines/{nameOrId}/$reboot", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Machines/none/$suspend",
        marks=pytest.mark.covers("POST /Machines/{nameOrId}/$suspend", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Machines/none/$resume",
        marks=pytest.mark.covers("POST /Machines/{nameOrId}/$resume", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Machines/none/Tags",
        marks=pytest.mark.covers("GET /Machines/{nameOrId}/Tags", 401, 403, 404),
    ),
    pytest.param(
        "PUT",
        "/Machines/none/Tags",
        marks=pytest.mark.covers("PUT /Machines/{nameOrId}/Tags", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Machines/none/Tags/x",
        marks=pytest.mark.covers("POST /Machines/{nameOrId}/Tags/{tagNameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/Machines/none/Tags/x",
        marks=pytest.mark.covers("DELETE /Machines/{nameOrId}/Tags/{tagNameOrId}", 401, 403, 404),
    ),
]


CASES += [
    pytest.param("GET", "/Applications", marks=pytest.mark.covers("GET /Applications", 401, 403)),
    pytest.param(
        "GET", "/ApplicationsV2", marks=pytest.mark.covers("GET /ApplicationsV2", 401, 403)
    ),
    pytest.param("POST", "/Applications", marks=pytest.mark.covers("POST /Applications", 401, 403)),
    pytest.param(
        "POST",
        "/Applications/$search",
        marks=pytest.mark.covers("POST /Applications/$search", 401, 403),
    ),
    pytest.param(
        "GET",
        "/Applications/x",
        marks=pytest.mark.covers("GET /Applications/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "HEAD",
        "/Applications/x",
        marks=pytest.mark.covers("HEAD /Applications/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "PATCH",
        "/Applications/x",
        marks=pytest.mark.covers("PATCH /Applications/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/Applications/x",
        marks=pytest.mark.covers("DELETE /Applications/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Applications/x/$duplicate",
        marks=pytest.mark.covers("POST /Applications/{nameOrId}/$duplicate", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Applications/x/RecommendName",
        marks=pytest.mark.covers("GET /Applications/{nameOrId}/RecommendName", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Applications/x/Tags",
        marks=pytest.mark.covers("GET /Applications/{nameOrId}/Tags", 401, 403, 404),
    ),
    pytest.param(
        "PUT",
        "/Applications/x/Tags",
        marks=pytest.mark.covers("PUT /Applications/{nameOrId}/Tags", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Applications/x/Tags/y",
        marks=pytest.mark.covers("POST /Applications/{nameOrId}/Tags/{tagNameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/Applications/x/Tags/y",
        marks=pytest.mark.covers(
            "DELETE /Applications/{nameOrId}/Tags/{tagNameOrId}", 401, 403, 404
        ),
    ),
]


CASES += [
    pytest.param("GET", "/Zones", marks=pytest.mark.covers("GET /Zones", 401, 403)),
    pytest.param("POST", "/Zones", marks=pytest.mark.covers("POST /Zones", 401, 403)),
    pytest.param(
        "GET", "/Zones/x", marks=pytest.mark.covers("GET /Zones/{nameOrId}", 401, 403, 404)
    ),
    pytest.param(
        "HEAD", "/Zones/x", marks=pytest.mark.covers("HEAD /Zones/{nameOrId}", 401, 403, 404)
    ),
    pytest.param(
        "PATCH", "/Zones/x", marks=pytest.mark.covers("PATCH /Zones/{nameOrId}", 401, 403, 404)
    ),
    pytest.param(
        "DELETE", "/Zones/x", marks=pytest.mark.covers("DELETE /Zones/{nameOrId}", 401, 403, 404)
    ),
    pytest.param(
        "POST",
        "/Zones/x/$addItems",
        marks=pytest.mark.covers("POST /Zones/{nameOrId}/$addItems", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Zones/x/$moveItems",
        marks=pytest.mark.covers("POST /Zones/{nameOrId}/$moveItems", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Zones/$removeItems",
        marks=pytest.mark.covers("POST /Zones/$removeItems", 401, 403),
    ),
    pytest.param(
        "POST", "/Zones/$search", marks=pytest.mark.covers("POST /Zones/$search", 401, 403)
    ),
    pytest.param(
        "GET",
        "/Tags/x/Machines",
        marks=pytest.mark.covers("GET /Tags/{nameOrId}/Machines", 401, 403, 404),
    ),
    pytest.param(
        "PUT",
        "/Tags/x/DeliveryGroups",
        marks=pytest.mark.covers("PUT /Tags/{nameOrId}/DeliveryGroups", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Tags/x/Applications",
        marks=pytest.mark.covers("GET /Tags/{nameOrId}/Applications", 401, 403, 404),
    ),
    pytest.param(
        "PUT",
        "/Tags/x/Applications",
        marks=pytest.mark.covers("PUT /Tags/{nameOrId}/Applications", 401, 403, 404),
    ),
]


CASES += [
    pytest.param(
        "GET",
        "/Sites/x/Settings",
        marks=pytest.mark.covers("GET /Sites/{nameOrId}/Settings", 401, 403, 404),
    ),
    pytest.param(
        "PATCH",
        "/Sites/x/Settings",
        marks=pytest.mark.covers("PATCH /Sites/{nameOrId}/Settings", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Sites/x/Status",
        marks=pytest.mark.covers("GET /Sites/{nameOrId}/Status", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Sites/x/$test",
        marks=pytest.mark.covers("POST /Sites/{nameOrId}/$test", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Sites/x/ErrorWarning",
        marks=pytest.mark.covers("GET /Sites/{nameOrId}/ErrorWarning", 401, 403, 404),
    ),
    pytest.param(
        "GET", "/StoreFrontServers", marks=pytest.mark.covers("GET /StoreFrontServers", 401, 403)
    ),
    pytest.param(
        "POST", "/StoreFrontServers", marks=pytest.mark.covers("POST /StoreFrontServers", 401, 403)
    ),
    pytest.param(
        "GET",
        "/StoreFrontServers/x",
        marks=pytest.mark.covers("GET /StoreFrontServers/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "PATCH",
        "/StoreFrontServers/x",
        marks=pytest.mark.covers("PATCH /StoreFrontServers/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "DELETE",
        "/StoreFrontServers/x",
        marks=pytest.mark.covers("DELETE /StoreFrontServers/{nameOrId}", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/StoreFrontServers/x/DeliveryGroups",
        marks=pytest.mark.covers("GET /StoreFrontServers/{nameOrId}/DeliveryGroups", 401, 403, 404),
    ),
    pytest.param("GET", "/About", marks=pytest.mark.covers("GET /About", 401)),
    pytest.param("GET", "/TimeZones/All", marks=pytest.mark.covers("GET /TimeZones/All", 401)),
    pytest.param(
        "GET", "/RebootSchedules", marks=pytest.mark.covers("GET /RebootSchedules", 401, 403)
    ),
    pytest.param(
        "GET",
        "/ConfigLog/Operations",
        marks=pytest.mark.covers("GET /ConfigLog/Operations", 401, 403),
    ),
    pytest.param(
        "POST",
        "/ConfigLog/Operations/$search",
        marks=pytest.mark.covers("POST /ConfigLog/Operations/$search", 401, 403),
    ),
    pytest.param(
        "POST",
        "/ConfigLog/Operations/$fetchExistingLabels",
        marks=pytest.mark.covers("POST /ConfigLog/Operations/$fetchExistingLabels", 401, 403),
    ),
    pytest.param(
        "GET",
        "/ConfigLog/Operations/none",
        marks=pytest.mark.covers("GET /ConfigLog/Operations/{id}", 401, 403, 404),
    ),
    pytest.param(
        "PATCH",
        "/ConfigLog/Operations/none",
        marks=pytest.mark.covers("PATCH /ConfigLog/Operations/{id}", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/ConfigLog/Operations/none/LowLevelOperations",
        marks=pytest.mark.covers(
            "GET /ConfigLog/Operations/{id}/LowLevelOperations", 401, 403, 404
        ),
    ),
    pytest.param(
        "GET",
        "/ConfigLog/GetFirstLogDate",
        marks=pytest.mark.covers("GET /ConfigLog/GetFirstLogDate", 401, 403),
    ),
    pytest.param(
        "GET",
        "/ConfigLog/LoggingSite",
        marks=pytest.mark.covers("GET /ConfigLog/LoggingSite", 401, 403),
    ),
    pytest.param(
        "PATCH",
        "/ConfigLog/LoggingSite",
        marks=pytest.mark.covers("PATCH /ConfigLog/LoggingSite", 401, 403),
    ),
    pytest.param(
        "POST",
        "/ConfigLog/ExportReport",
        marks=pytest.mark.covers("POST /ConfigLog/ExportReport", 401, 403),
    ),
    pytest.param(
        "DELETE", "/ConfigLog/Logs", marks=pytest.mark.covers("DELETE /ConfigLog/Logs", 401, 403)
    ),
]


CASES += [
    pytest.param(
        "GET",
        "/Tags/x/MachineCatalogs",
        marks=pytest.mark.covers("GET /Tags/{nameOrId}/MachineCatalogs", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Tags/x/DeliveryGroups",
        marks=pytest.mark.covers("GET /Tags/{nameOrId}/DeliveryGroups", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/AdminFolders/x/Applications",
        marks=pytest.mark.covers("GET /AdminFolders/{pathOrId}/Applications", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/AdminFolders/x/MachineCatalogs",
        marks=pytest.mark.covers("GET /AdminFolders/{pathOrId}/MachineCatalogs", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/ApplicationFolders/x/Applications",
        marks=pytest.mark.covers("GET /ApplicationFolders/{pathOrId}/Applications", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Applications/x/DeliveryGroups",
        marks=pytest.mark.covers("GET /Applications/{nameOrId}/DeliveryGroups", 401, 403, 404),
    ),
]


CASES += [
    pytest.param(
        "GET", "/Identity/Users", marks=pytest.mark.covers("GET /Identity/Users", 401, 403)
    ),
    pytest.param(
        "GET",
        "/Identity/Users/no-such-one",
        marks=pytest.mark.covers("GET /Identity/Users/{userOrGroup}", 401, 403, 404),
    ),
    pytest.param(
        "PATCH",
        "/Identity/Users/no-such-one",
        marks=pytest.mark.covers("PATCH /Identity/Users/{userOrGroup}", 401, 403, 404),
    ),
    pytest.param(
        "POST",
        "/Identity/Users/$validate",
        marks=pytest.mark.covers("POST /Identity/Users/$validate", 401, 403),
    ),
    pytest.param(
        "GET", "/Identity/Domains", marks=pytest.mark.covers("GET /Identity/Domains", 401, 403)
    ),
    pytest.param(
        "GET",
        "/Identity/Domains/x",
        marks=pytest.mark.covers("GET /Identity/Domains/{domain}", 401, 403, 404),
    ),
    pytest.param(
        "GET", "/Identity/Forests", marks=pytest.mark.covers("GET /Identity/Forests", 401, 403)
    ),
    pytest.param(
        "GET",
        "/Identity/Forests/x",
        marks=pytest.mark.covers("GET /Identity/Forests/{forest}", 401, 403, 404),
    ),
    pytest.param(
        "GET",
        "/Identity/Directories",
        marks=pytest.mark.covers("GET /Identity/Directories", 401, 403),
    ),
    pytest.param(
        "GET",
        "/Identity/Containers",
        marks=pytest.mark.covers("GET /Identity/Containers", 401, 403),
    ),
    pytest.param(
        "GET", "/Identity/Machines", marks=pytest.mark.covers("GET /Identity/Machines", 401, 403)
    ),
    pytest.param(
        "GET",
        "/Identity/Machines/x",
        marks=pytest.mark.covers("GET /Identity/Machines/{machine}", 401, 403, 404),
    ),
]


@pytest.mark.parametrize(("method", "path"), CASES)
def test_refused(
    request: pytest.FixtureRequest,
    staff: httpx.Client,
    nobody: httpx.Client,
    method: str,
    path: str,
) -> None:
    (marker,) = request.node.iter_markers("covers")
    body: dict[str, Any] = {
        "Name": "refused",
        "Items": [],
        "MachinePropertyName": "OSType",
        "MachineCatalog": "x",
    }
    sent: dict[str, Any] = {} if method in ("GET", "HEAD", "DELETE") else {"json": body}
    for status in marker.args[1:]:
        caller = nobody if status == 403 else staff
        headers = {"Authorization": ""} if status == 401 else {}
        answer = caller.request(method, path, headers=headers, **sent)
        assert answer.status_code == status, answer.text
        if method != "HEAD":
            assert answer.json()["SdkErrorId"]
            assert isinstance(answer.json()["parameters"], list)
