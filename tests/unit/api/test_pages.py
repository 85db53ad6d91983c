from __future__ import annotations

from typing import Any


async def test_pages_are_open_and_strict(door: Any) -> None:
    folder = door.parts.console_dir
    (folder / "assets").mkdir(parents=True)
    for name in ("index.html", "docs.html"):
        (folder / name).write_text(f"<p>{name}</p>")
    (folder / "assets" / "a-1.js").write_text("1")
    (folder / "secret.txt").write_text("no")
    pages = {
        "/": "index",
        "/console/a/b": "index",
        "/portal": "index",
        "/s/x": "index",
        "/r/x": "index",
        "/docs": "docs",
    }
    for path, text in pages.items():
        answer = await door.client.get(path)
        assert answer.status_code == 200
        assert text in answer.text
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
    script = await door.client.get("/assets/a-1.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["content-encoding"] == "gzip"
    assert script.text == "1"
    plain = await door.client.get("/assets/a-1.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == "1"
    for path in (
        "/assets/../secret.txt",
        "/assets/%2e%2e/secret.txt",
        "/assets/none.js",
        "/assets/a",
        "/assets/" + "a" * 4000 + ".js",
    ):
        assert (await door.client.get(path)).status_code == 404


async def test_unbuilt_pages_say_so(door: Any) -> None:
    answer = await door.client.get("/")
    assert answer.status_code == 503
    assert "build" in answer.json()["detail"]


async def test_health(door: Any) -> None:
    for path in ("/healthz", "/readyz", "/cvad/manage/HealthCheck", "/cvad/manage/ping"):
        answer = await door.client.get(path)
        assert (answer.status_code, answer.json()) == (200, True)
