"""What every inventory route refuses: calls without a token, calls without the right, names that nothing has.

Each case is a call that would else pass; its marker says which refusals it shows.
"""

from __future__ import annotations

from typing import Any

import httpx
import pytest

CASES = [
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


@pytest.mark.parametrize(("method", "path"), CASES)
def test_refused(
    request: pytest.FixtureRequest,
    staff: httpx.Client,
    nobody: httpx.Client,
    method: str,
    path: str,
) -> None:
    (marker,) = request.node.iter_markers("covers")
    body: dict[str, Any] = {"Name": "refused", "Items": []}
    sent: dict[str, Any] = {} if method in ("GET", "HEAD", "DELETE") else {"json": body}
    for status in marker.args[1:]:
        caller = nobody if status == 403 else staff
        headers = {"Authorization": ""} if status == 401 else {}
        answer = caller.request(method, path, headers=headers, **sent)
        assert answer.status_code == status, answer.text
        if method != "HEAD":
            assert answer.json()["SdkErrorId"]
            assert isinstance(answer.json()["parameters"], list)
