"""An evidence file opened from the disk: it plays, it checks itself, and what is damaged is told."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from footlight.assembly import CONSOLE_DIR
from footlight.playback.evidence import Told, read_player, write_evidence
from footlight.recording.cipher import DataKey
from footlight.recording.source import FolderSource

DATA = Path(__file__).parents[2] / "data"
WITHIN_MS = 60_000


def expected(name: str) -> Any:
    return json.loads((DATA / name / "expected.json").read_text())


def made(name: str, out: Path) -> Path:
    known = expected(name)
    secret = bytes.fromhex(known["dataKey"]) if known.get("dataKey") else None
    manifest = json.loads((DATA / name / "manifest.json").read_text())["manifest"]
    told = Told(
        recording_id=manifest["recordingId"],
        user_name=manifest["userName"],
        exported_at="2026-01-01T00:00:00Z",
        exported_by="FOOTLIGHT\\admin",
        site_name="FOOTLIGHT",
        site_key=bytes.fromhex(known["siteKey"]),
        data_key=secret,
        openings=[],
    )
    key = None if secret is None else DataKey(secret, "")
    write_evidence(FolderSource(DATA / name, key), out, told, read_player(CONSOLE_DIR))
    return out


def opened(browser: Browser, file: Path) -> tuple[Page, list[str]]:
    page = browser.new_page()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: told.append(request.url))
    page.goto(file.as_uri())
    page.wait_for_selector("body[data-ready]", timeout=WITHIN_MS)
    return page, told


@pytest.mark.parametrize("name", ["golden-1", "golden-1-clear", "golden-0"])
def test_it_plays_without_a_network_and_shows_what_python_shows(
    browser: Browser, tmp_path: Path, name: str
) -> None:
    file = made(name, tmp_path / "evidence.html")
    page, told = opened(browser, file)
    assert told == [file.as_uri()]  # nothing else was asked for, nothing complained of
    verdict = page.locator("#verdict")
    assert verdict.get_attribute("class") == "good", page.locator("#findings").inner_text()
    for moment in expected(name)["moments"]:
        shown = page.evaluate("atMs => pictureHash(atMs)", moment["atNs"] / 1_000_000)
        assert shown == moment["rgbSha256"], moment
    assert (
        page.evaluate("fetch('https://x.test/').then(() => 'sent', () => 'refused')") == "refused"
    )
    page.close()


def test_a_flipped_byte_is_shown_as_damage(browser: Browser, tmp_path: Path) -> None:
    file = made("golden-1", tmp_path / "evidence.html")
    lines = file.read_bytes().split(b"\n")
    at = next(n for n, line in enumerate(lines) if b'data-name="000001.flseg"' in line) + 1
    data = bytearray(base64.b64decode(lines[at]))
    data[len(data) // 2] ^= 1
    lines[at] = base64.b64encode(bytes(data))
    file.write_bytes(b"\n".join(lines))
    page, _ = opened(browser, file)
    assert page.locator("#verdict").get_attribute("class") == "bad"
    assert "Segment 1 is damaged" in page.locator("#findings").inner_text()
    page.close()


def test_another_sites_key_is_told(browser: Browser, tmp_path: Path) -> None:
    file = made("golden-1", tmp_path / "evidence.html")
    lines = file.read_bytes().split(b"\n")
    at = next(n for n, line in enumerate(lines) if b'data-name="evidence.json"' in line) + 1
    data = base64.b64decode(lines[at])
    known = expected("golden-1")["siteKey"].encode()
    lines[at] = base64.b64encode(data.replace(known, b"00" * 32))
    file.write_bytes(b"\n".join(lines))
    page, _ = opened(browser, file)
    assert "did not certify" in page.locator("#findings").inner_text()
    page.close()
