"""The commands on a real site with real sessions."""

from __future__ import annotations

import json
import shutil
import stat
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.long

NOBODY = "00000000-0000-4000-8000-000000000000"


def test_the_site_is_found_and_names_itself(footlight: Any, site: dict[str, Any]) -> None:
    assert footlight("site-id").stdout.strip() == site["site_id"]
    token = json.loads(footlight("token", "--json").stdout)
    assert token["CustomerId"] == site["customer_id"]
    assert "=" not in token["Token"]
    names = [r["name"] for r in json.loads(footlight("resources", "list", "--json").stdout)]
    assert names[:2] == ["Desktop", "Terminal"]


def test_a_session_is_listed_shown_and_logged_off(footlight: Any, session_id: str) -> None:
    listed = json.loads(footlight("sessions", "list", "--json", "--page-size", "1").stdout)
    assert session_id in [session["Id"] for session in listed]
    shown = footlight("sessions", "show", session_id, "--json")
    assert shown.stdout.count("\n") == 1
    session = json.loads(shown.stdout)
    assert session["Id"] == session_id
    assert session["SessionType"] == "Application"
    assert session_id in footlight("sessions", "list").stdout
    assert footlight("sessions", "disconnect", session_id).returncode == 0
    ended = footlight("sessions", "logoff", session_id)
    assert (ended.returncode, ended.stdout) == (0, "")
    deadline = time.monotonic() + 20
    while (gone := footlight("sessions", "show", session_id)).returncode == 0:
        assert time.monotonic() < deadline
    assert gone.returncode == 3
    assert "has ended" in gone.stderr


def test_launching_again_takes_the_session_up(footlight: Any, session_id: str) -> None:
    again = json.loads(footlight("launch", "terminal", "--json").stdout)
    assert again["sessionId"] == session_id


def test_a_recording_from_start_to_files(
    footlight: Any, bare: Any, site: dict[str, Any], session_id: str, tmp_path: Path
) -> None:
    assert footlight("record", "status", session_id).stdout == "not recording\n"
    assert footlight("record", "start", session_id).returncode == 0
    assert footlight("record", "start", session_id).returncode == 0  # no change
    assert json.loads(footlight("record", "status", session_id, "--json").stdout) == {
        "IsSessionBeingRecorded": True
    }
    running = json.loads(footlight("recordings", "list", "--json").stdout)
    recording = next(r for r in running if r["sessionId"] == session_id)["id"]
    assert footlight("recordings", "verify", recording).returncode == 1  # unfinished
    assert footlight("record", "stop", session_id).returncode == 0
    facts = json.loads(footlight("recordings", "show", recording, "--json").stdout)
    assert facts["state"] == "completed"
    assert facts["segmentCount"] >= 1

    verdict = footlight("recordings", "verify", recording, "--json")
    assert verdict.returncode == 0, verdict.stdout
    assert json.loads(verdict.stdout)["status"] == "verified"

    video, picture = tmp_path / "r.mp4", tmp_path / "r.png"
    exported = footlight("recordings", "export", recording, "--out", str(video))
    assert exported.returncode == 0, exported.stderr
    assert video.read_bytes()[4:8] == b"ftyp"
    framed = footlight("recordings", "frame", recording, "--at", "0.5", "--out", str(picture))
    assert framed.returncode == 0, framed.stderr
    assert picture.read_bytes().startswith(b"\x89PNG")
    check_copies(footlight, bare, site, recording, tmp_path)


def check_copies(
    footlight: Any, bare: Any, site: dict[str, Any], recording: str, tmp_path: Path
) -> None:
    """A folder is verified without the site; what is known of the signer decides the exit code."""
    stored = Path(site["data_dir"]) / "recordings" / recording
    copy = tmp_path / "copy"
    shutil.copytree(stored, copy)
    assert footlight("recordings", "verify", str(copy)).returncode == 0  # key pinned by the site
    alone = bare("recordings", "verify", str(copy))
    assert alone.returncode == 1
    assert "signer unknown" in alone.stdout
    assert bare("recordings", "verify", str(copy), "--allow-unknown-signer").returncode == 0
    key = tmp_path / "site.key"
    facts = json.loads((Path(site["data_dir"]) / "run" / "site.json").read_text())
    key.write_text(facts["site_public_key"])
    assert bare("recordings", "verify", str(copy), "--key", str(key)).returncode == 0
    assert footlight("recordings", "verify", recording, "--key", str(key)).returncode == 0
    first = copy / "000000.flseg"
    content = bytearray(first.read_bytes())
    content[len(content) // 2] ^= 1
    first.write_bytes(content)
    assert footlight("recordings", "verify", str(copy)).returncode == 1
    key.write_text("00" * 32)
    assert bare("recordings", "verify", str(stored), "--key", str(key)).returncode == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("sessions", "show", NOBODY),
        ("sessions", "logoff", NOBODY),
        ("record", "start", NOBODY),
        ("record", "status", NOBODY),
        ("recordings", "show", NOBODY),
        ("recordings", "verify", NOBODY),
        ("launch", "No Such Program"),
    ],
)
def test_what_is_not_there_is_3_in_one_line(footlight: Any, arguments: tuple[str, ...]) -> None:
    ended = footlight(*arguments)
    assert ended.returncode == 3, ended.stderr
    assert ended.stdout == ""
    assert ended.stderr.startswith("footlight: ")
    assert ended.stderr.count("\n") == 1


def test_another_site_by_flags_and_login(bare: Any, site: dict[str, Any], tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    password = site["admin_password"]
    secret.write_text(password)
    there = ("--url", site["base_url"], "--ca-file", site["ca_file"])
    whom = ("--user", site["admin_user"], "--password-file", str(secret))
    assert bare("site-id", *there, *whom).stdout.strip() == site["site_id"]
    assert bare("site-id", *there).returncode == 3  # nothing to sign in with
    assert bare("site-id", "--url", site["base_url"], *whom).returncode == 4  # not trusted
    secret.write_text("wrong password")
    refused = bare("site-id", *there, *whom)
    assert refused.returncode == 3
    assert "Traceback" not in refused.stderr
    secret.write_text(password)
    assert bare("login", *there, *whom).returncode == 0
    kept = tmp_path / "config" / "footlight" / "login.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert bare("site-id").stdout.strip() == site["site_id"]


def test_accounts_are_added_and_may_not_do_everything(
    footlight: Any, bare: Any, site: dict[str, Any], tmp_path: Path, session_id: str
) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a long password")
    added = footlight("accounts", "add", "mia", "--new-password-file", str(secret), "--json")
    assert added.returncode == 0, added.stderr
    people = json.loads(footlight("accounts", "list", "--json").stdout)
    assert {"admin", "mia"} <= {account["name"] for account in people}
    as_mia = ("--url", site["base_url"], "--ca-file", site["ca_file"], "--user", "mia")
    as_mia = (*as_mia, "--password-file", str(secret))
    assert json.loads(bare("sessions", "list", "--json", *as_mia).stdout) == []
    assert bare("sessions", "logoff", session_id, *as_mia).returncode == 3
    assert bare("accounts", "list", *as_mia).returncode == 3
    reset = json.loads(footlight("admin", "reset-password", "mia", "--json").stdout)
    assert reset["name"] == "mia"
    assert bare("sessions", "list", *as_mia).returncode == 3  # the old password is dead
    secret.write_text(reset["password"])
    assert bare("sessions", "list", *as_mia).returncode == 0


def test_a_second_start_on_the_data_folder_is_refused(bare: Any, site: dict[str, Any]) -> None:
    ended = bare("up", "--data-dir", site["data_dir"], "--listen", "127.0.0.1:0")
    assert ended.returncode == 1
    assert "running" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "flags", [("--listen", "nowhere"), ("--tls", "off", "--listen", "0.0.0.0:0"), ("--tls", "x")]
)
def test_options_that_make_no_sense_are_2(bare: Any, flags: tuple[str, ...]) -> None:
    ended = bare("up", *flags)
    assert ended.returncode == 2
    assert ended.stderr.count("\n") == 1


def test_no_site_is_4(bare: Any) -> None:
    assert bare("sessions", "list").returncode == 4
    assert bare("sessions", "list", "--url", "http://127.0.0.1:9", "--user", "x").returncode == 2
    unreachable = bare(
        "sessions", "list", "--url", "http://127.0.0.1:9", environ={"FOOTLIGHT_TOKEN": "x"}
    )
    assert unreachable.returncode == 4
