"""Icons over the wire, on a real site."""

from __future__ import annotations

import base64
import io

import httpx
import pytest
from PIL import Image


def png(side: int, colour: str = "teal") -> str:
    file = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.covers("POST /Icons", 201, 400)
@pytest.mark.covers("GET /Icons/{id}", 200, 400)
@pytest.mark.covers("DELETE /Icons/{id}", 204)
def test_an_icon_is_kept_and_shown_in_any_size(staff: httpx.Client) -> None:
    added = staff.post("/Icons", json={"RawData": png(64), "IconFormat": "image/png"})
    assert added.status_code == 201, added.text
    url = added.headers["location"]
    assert url.startswith(str(staff.base_url)) or "/cvad/manage/Icons/" in url
    shown = staff.get(f"{url}?iconFormat=image/png;32x32x24").json()
    assert (shown["Id"], shown["IsBuiltIn"]) == (added.json()["Id"], False)
    assert shown["RawData"] == png(64)
    picture = Image.open(io.BytesIO(base64.b64decode(shown["FormattedData"])))
    assert (picture.format, picture.size, picture.mode) == ("PNG", (32, 32), "RGB")
    assert picture.getpixel((5, 5)) == (0, 128, 128)
    for wrong in ("image/webp;32x32x24", "image/png;0x9x24", "image/png;32x32x7", "png"):
        refused = staff.get(url, params={"iconFormat": wrong})
        assert refused.status_code == 400, wrong
    for raw in ("%%%", base64.b64encode(b"GIF89a no").decode(), png(513), png(64)[:80]):
        assert staff.post("/Icons", json={"RawData": raw}).status_code == 400, raw[:20]
    assert staff.post("/Icons", json={}).status_code == 400
    assert staff.delete(url).status_code == 204
    assert staff.get(url).status_code == 404


@pytest.mark.covers("GET /Icons", 200, 400)
@pytest.mark.covers("DELETE /Icons/{id}", 409)
def test_built_in_icons_stay(staff: httpx.Client) -> None:
    added = staff.post("/Icons", json={"RawData": png(16)}).json()["Id"]
    own = staff.get("/Icons?builtin=true&iconformat=image/png;16x16x32").json()["Items"]
    assert len(own) == 5
    assert all(one["IsBuiltIn"] and one["FormattedData"] for one in own)
    others = staff.get("/Icons?builtIn=false&fields=Id").json()["Items"]
    assert {"Id": added} in others
    assert staff.get("/Icons?limit=0").status_code == 400
    assert staff.delete(f"/Icons/{own[0]['Id']}").status_code == 409
    assert staff.delete(f"/Icons/{added}").status_code == 204
