"""The demo: it runs by itself, its sentence can be read in its pictures, and nothing stays behind."""

from __future__ import annotations

import json
import re
import subprocess
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import av
import pytest

from footlight.agent import accounts

pytestmark = pytest.mark.long

ALIKE = 0.75  # honey is to roney 0.8, to money, too, which is no word of the demo's


def read_text(picture: Path) -> str:
    """What tesseract reads, words only."""
    done = subprocess.run(
        ["tesseract", str(picture), "-", "--psm", "11"],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return " ".join(re.findall(r"[a-z]+", done.stdout.lower()))


def stands_in(sentence: str, text: str) -> bool:
    """Whether the sentence's words stand in the text, one after the other; of each, letters may have been misread, but
    not many."""
    wanted, found = sentence.lower().split(), text.split()
    return any(
        all(map(_alike, wanted, found[start:])) for start in range(len(found) - len(wanted) + 1)
    )


def _alike(wanted: str, found: str) -> bool:
    return SequenceMatcher(None, wanted, found).ratio() >= ALIKE


def last_frame(video: Path, picture: Path) -> None:
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            last = frame
    last.to_image().save(picture)


def test_the_demo_on_a_site_of_its_own(bare: Any, tmp_path: Path) -> None:
    folder = tmp_path / "made" / "here"
    ended = bare("demo", "--keep", str(folder), "--json", timeout_s=240)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("\n") == 1
    story = json.loads(ended.stdout)
    assert all(step["done"] for step in story["steps"])
    assert len(story["sentence"].split()) >= 5
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "recording.mp4",
        "contact-sheet.png",
        "frame.png",
        "sentence.txt",
        "demo.json",
    }
    assert (folder / "sentence.txt").read_text() == story["sentence"] + "\n"
    last_frame(folder / "recording.mp4", tmp_path / "last.png")
    for picture in (folder / "contact-sheet.png", folder / "frame.png", tmp_path / "last.png"):
        text = read_text(picture)
        assert stands_in(story["sentence"], text), f"{picture.name}: {text}"
    # Its site is gone, with the accounts that were made for it.
    url = story["steps"][0]["note"]
    gone = bare("site-id", "--url", url, environ={"FOOTLIGHT_TOKEN": "x"})
    assert gone.returncode == 4
    assert story["siteId"]
    assert story["siteId"] not in {known.site_id for known in accounts.managed_accounts()}


def test_the_demo_on_a_running_site_leaves_it_running(footlight: Any, site: dict[str, Any]) -> None:
    ended = footlight("demo", timeout_s=240)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    steps = ended.stdout.splitlines()
    assert site["base_url"] in steps[0]
    assert all(re.match(r"ok +\d+\.\d\d s  ", line) for line in steps)
    session = re.search(r"session ([0-9a-f-]{36})", ended.stdout)
    assert session is not None
    assert footlight("sessions", "show", session[1]).returncode == 3  # logged off
    assert footlight("site-id").returncode == 0


def test_the_demo_where_the_desktop_is_another_one(bare: Any, tmp_path: Path) -> None:
    ended = bare(
        *("demo", "--keep", str(tmp_path), "--json"),
        environ={"FOOTLIGHT_DESKTOP": "xfce"},
        timeout_s=240,
    )
    assert ended.returncode == 0, ended.stderr
    story = json.loads(ended.stdout)
    names = [step["step"] for step in story["steps"]]
    assert "launch Terminal instead" in names
    assert names.count("log off") == 2
    assert stands_in(story["sentence"], read_text(tmp_path / "frame.png"))


def test_a_step_that_fails_is_told(bare: Any) -> None:
    ended = bare("demo", "--url", "http://127.0.0.1:9", environ={"FOOTLIGHT_TOKEN": "x"})
    assert ended.returncode == 4
    assert "FAILED" in ended.stdout
    assert "cannot be reached" in ended.stderr


@pytest.mark.parametrize("place", ["/proc/nowhere"])
def test_a_folder_that_cannot_be_made_is_told(bare: Any, place: str) -> None:
    ended = bare("demo", "--keep", place)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
