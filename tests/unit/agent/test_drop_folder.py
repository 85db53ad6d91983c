from __future__ import annotations

import os
import socket
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from footlight.agent import drop_folder
from footlight.agent.drop_folder import Arrival, Refused
from footlight.wire.file_names import FOLDER, PARTIAL


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def folder(home: Path) -> Iterator[int]:
    opened = drop_folder.open_folder(str(home))
    yield opened
    os.close(opened)


def names(folder: int, after: str = "", count: int = 100) -> list[str]:
    return [one["name"] for one in drop_folder.listed(folder, after, count)[0]]


def test_the_folder_is_made_for_its_user_alone(home: Path) -> None:
    for _ in range(2):
        os.close(drop_folder.open_folder(str(home)))
    assert stat.S_IMODE((home / FOLDER).stat().st_mode) == 0o700


@pytest.mark.parametrize("kind", ["link", "dangling", "file"])
def test_what_is_called_like_the_folder_and_is_none(home: Path, kind: str) -> None:
    match kind:
        case "link":
            (home / "elsewhere").mkdir()
            (home / FOLDER).symlink_to(home / "elsewhere")
        case "dangling":
            (home / FOLDER).symlink_to(home / "nothing")
        case "file":
            (home / FOLDER).touch()
    with pytest.raises(Refused, match="no-folder"):
        drop_folder.open_folder(str(home))


def make_all_sorts(place: Path) -> dict[str, str]:
    """Names of what is no ordinary file, and why each is refused."""
    (place.parent / "secret").write_text("secret")
    (place / "link").symlink_to(place.parent / "secret")
    (place / "dangling").symlink_to(place.parent / "nothing")
    os.link(place.parent / "secret", place / "hard")
    os.mkfifo(place / "fifo")
    (place / "folder").mkdir()
    listening = socket.socket(socket.AF_UNIX)
    here = os.getcwd()
    os.chdir(place)  # the path may be too long for a socket
    try:
        listening.bind("socket")
    finally:
        os.chdir(here)
        listening.close()
    return dict.fromkeys(("link", "dangling", "hard", "fifo", "folder", "socket"), "not-a-file")


def test_only_ordinary_files_are_shown_and_opened(home: Path, folder: int) -> None:
    refused = make_all_sorts(home / FOLDER)
    (home / FOLDER / "plain").write_text("abc")
    (home / FOLDER / "bad\nname").touch()
    (home / FOLDER / (PARTIAL + "1")).touch()
    assert names(folder) == ["plain"]
    for name, reason in refused.items():
        with pytest.raises((Refused, OSError)) as caught:
            os.close(drop_folder.open_file(folder, name)[0])
        error = caught.value
        found = drop_folder.reason_of(error) if isinstance(error, OSError) else str(error)
        assert found == reason, name
    with pytest.raises(FileNotFoundError):
        drop_folder.open_file(folder, "nothing")
    file, facts = drop_folder.open_file(folder, "plain")
    assert (os.read(file, 10), facts.st_size) == (b"abc", 3)
    os.close(file)


def test_files_are_listed_page_by_page(home: Path, folder: int) -> None:
    for name in ("c", "a", "B", "d"):
        (home / FOLDER / name).touch()
    assert drop_folder.listed(folder, "", 2)[1] is True
    assert names(folder, "", 2) == ["B", "a"]
    assert names(folder, "a", 2) == ["c", "d"]
    assert drop_folder.listed(folder, "a", 2)[1] is False


@pytest.mark.parametrize("nameless", [True, False])
def test_a_file_is_seen_once_it_is_whole(
    home: Path, folder: int, nameless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not nameless:
        monkeypatch.setattr(os, "O_TMPFILE", os.O_DIRECTORY)  # as where it is not known: EISDIR
    arrival = Arrival(folder, "new", overwrite=False)
    arrival.write(b"abc")
    assert names(folder) == []
    assert bool(os.listdir(home / FOLDER)) is not nameless
    arrival.keep()
    arrival.close()
    assert os.listdir(home / FOLDER) == ["new"] or not nameless
    assert (home / FOLDER / "new").read_bytes() == b"abc"
    assert names(folder) == ["new"]
    dropped = Arrival(folder, "other", overwrite=False)
    dropped.write(b"x")
    dropped.close()
    assert os.listdir(home / FOLDER) == ["new"]


@pytest.mark.parametrize("nameless", [True, False])
def test_a_file_is_replaced_only_if_asked(
    home: Path, folder: int, nameless: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not nameless:
        monkeypatch.setattr(os, "O_TMPFILE", os.O_DIRECTORY)
    (home / FOLDER / "there").write_text("old")
    with pytest.raises(Refused, match="exists"):
        Arrival(folder, "there", overwrite=False)
    # One that comes while the other is under way is not replaced either.
    late = Arrival(folder, "late", overwrite=False)
    (home / FOLDER / "late").write_text("first")
    with pytest.raises(Refused, match="exists"):
        late.keep()
    late.close()
    arrival = Arrival(folder, "there", overwrite=True)
    arrival.write(b"new")
    arrival.keep()
    arrival.close()
    assert {one.name: one.read_text() for one in (home / FOLDER).iterdir()} == {
        "there": "new",
        "late": "first",
    }
    assert names(folder) == ["late", "there"]


def test_nothing_but_a_file_is_replaced_or_removed(home: Path, folder: int) -> None:
    for name in make_all_sorts(home / FOLDER):
        if name == "hard":
            continue  # a name of a file, which may go
        with pytest.raises(Refused, match="not-a-file"):
            Arrival(folder, name, overwrite=True)
        with pytest.raises(Refused, match="not-a-file"):
            drop_folder.remove(folder, name)
    drop_folder.remove(folder, "hard")
    assert (home / "secret").read_text() == "secret"
    with pytest.raises(FileNotFoundError):
        drop_folder.remove(folder, "nothing")


def test_what_killed_arrivals_left_goes_after_a_while(home: Path, folder: int) -> None:
    old, new = (home / FOLDER / (PARTIAL + name) for name in ("old", "new"))
    for one in (old, new):
        one.touch()
    before = time.time() - drop_folder.PARTIAL_LIFE_S - 60
    os.utime(old, (before, before))
    drop_folder.clear_partials(folder)
    assert (old.exists(), new.exists()) == (False, True)
