"""Many sessions at once on one host, and the loss of its agent while they are worked in."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.test_lifecycle import OwnSite, wait_for

import remains
from footlight.agent import accounts
from footlight.sdk import Footlight

pytestmark = pytest.mark.long

COUNT = 50
AT_ONCE = 10  # launches; all fifty at the same moment are the bench's
AT_WORK = 10  # of the sessions are typed in
LINES = 12
LAUNCH_S, TYPED_S, BACK_S = 100, 90, 60


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[OwnSite]:
    site = OwnSite(tmp_path)
    yield site
    if site.ready:
        site.log_everything_off()
        remains.remove(site.ready["site_id"])


def launch_all(site: OwnSite) -> dict[str, str]:
    """Users by the ids of their sessions, all logged on."""
    clients = [site.client() for _ in range(AT_ONCE)]

    def launch(number: int) -> tuple[str, str]:
        user = f"m{number}-{site.ready['site_id'][:6]}"
        made = clients[number % AT_ONCE].launches.create("Terminal", user=user, timeout_s=LAUNCH_S)
        return made["sessionId"], user

    with ThreadPoolExecutor(AT_ONCE) as pool:
        users = dict(pool.map(launch, range(COUNT)))
    wait_for(lambda: not [s for s in listed(clients[0]) if s["LogonInProgress"]], LAUNCH_S)
    return users


def listed(client: Footlight) -> list[Any]:
    return list(client.sessions.list(limit=1000))


def typing(site: OwnSite, session_id: str) -> subprocess.Popen[bytes]:
    """Somebody who types commands for some seconds, into the session's terminal once its prompt, which names the
    window, is there."""
    folder = remains.run_folder(site.ready["site_id"]) / session_id[:8]
    display = wait_for(lambda: shown_on(site, session_id))
    words = "".join(f"echo {number} >> ~/typed\n" for number in range(LINES))
    find = ["search", "--sync", "--onlyvisible", "--name", "@.*: ~", "windowfocus", "--sync"]
    # Without repeating keys: one that has no turn keeps a key down for longer than it means to.
    return subprocess.Popen(
        [
            *("sh", "-c", 'xset r off && exec xdotool "$@"', "type"),
            *(*find, "type", "--delay", "40", words),
        ],
        env={"PATH": "/usr/bin:/bin", "DISPLAY": display, "XAUTHORITY": f"{folder}/x/Xauthority"},
    )


def shown_on(site: OwnSite, session_id: str) -> str | None:
    folder = remains.run_folder(site.ready["site_id"]) / session_id[:8]
    display: str | None = json.loads((folder / "state.json").read_text())["display"]
    return display


def typed(user: str) -> list[str]:
    (home,) = [a.user.home for a in accounts.managed_accounts() if a.user.name == f"fl-{user}"]
    file = Path(home) / "typed"
    return file.read_text().split() if file.exists() else []


def test_no_session_is_lost_when_the_agent_is_killed_under_load(own_site: OwnSite) -> None:
    own_site.start()
    users = launch_all(own_site)
    client = own_site.client()
    before = {one["Id"]: (one["Uid"], one["StartTime"]) for one in listed(client)}
    assert set(before) == set(users)
    recorded = next(iter(users))
    client.sessions.start_recording(recorded, notify_user=False)
    at_work = dict(list(users.items())[:AT_WORK])
    typists = [typing(own_site, session_id) for session_id in at_work]
    wait_for(lambda: typed(users[recorded]), TYPED_S)
    own_site.end(signal.SIGKILL)
    own_site.start()
    client = own_site.client()
    wait_for(lambda: client.sessions.recording_status(recorded), BACK_S)
    after = {one["Id"]: (one["Uid"], one["StartTime"]) for one in listed(client)}
    assert after == before
    deadline = time.monotonic() + TYPED_S
    assert [one.wait(max(1, deadline - time.monotonic())) for one in typists] == [0] * AT_WORK
    wanted = [str(number) for number in range(LINES)]
    for user in at_work.values():
        wait_for(lambda user=user: typed(user) == wanted, TYPED_S)  # type: ignore[misc]
    client.sessions.stop_recording(recorded)
    (recording,) = client.recordings.list(session_id=recorded)
    assert recording["state"] == "completed"
    (gap,) = client.recordings.manifest(recording["id"])["gaps"]
    assert gap["cause"]
    assert client.recordings.verification(recording["id"])["status"] == "verified"
    assert {one["Id"] for one in listed(client)} == set(users)
