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
