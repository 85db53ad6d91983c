from __future__ import annotations

from pathlib import Path
from typing import Any

import footlight.agent.doctor
import footlight.host_process
from footlight.agent.finding import bad, good, note
from footlight.host_process import HostOptions


def test_what_is_given_goes_to_the_hosts_process(
    run: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    ran: list[HostOptions] = []
    monkeypatch.setattr(footlight.host_process, "run_host", lambda o: ran.append(o) or 0)
    ended = run(
        *("agent", "--server", "https://x:1", "--enroll", "fle1-x", "--name", "desk7"),
        *("--data-dir", str(tmp_path), "--end-sessions", "--log-level", "warning"),
    )
    assert ended.code == 0
    (options,) = ran
    assert (options.server, options.enroll, options.name) == ("https://x:1", "fle1-x", "desk7")
    assert (options.site.data_dir, options.site.log_level) == (tmp_path, "warning")
    assert not options.keep_sessions


def test_sessions_stay_and_the_folder_is_the_hosts_own(
    run: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    ran: list[HostOptions] = []
    monkeypatch.setattr(footlight.host_process, "run_host", lambda o: ran.append(o) or 0)
    monkeypatch.setattr(footlight.host_process, "default_data_dir", lambda: tmp_path / "own")
    monkeypatch.delenv("FOOTLIGHT_DATA_DIR", raising=False)
    run("agent")
    monkeypatch.setenv("FOOTLIGHT_DATA_DIR", str(tmp_path / "said"))
    run("agent")
    assert [one.site.data_dir for one in ran] == [tmp_path / "own", tmp_path / "said"]
    assert ran[0].keep_sessions


def test_a_host_of_no_site_is_told_what_to_do(run: Any, tmp_path: Path) -> None:
    ended = run("agent", "--data-dir", str(tmp_path))
    assert ended.code == 2
    assert "footlight hosts enroll" in ended.err


def test_the_doctor_says_what_to_do_and_ends_with_it(
    run: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    found = [good("a", "Fine."), note("b", "Less.", "More."), bad("c", "Broken.", "Mend it.")]
    monkeypatch.setattr(footlight.agent.doctor, "examine", lambda *_: found)
    ended = run("agent", "doctor", "--data-dir", str(tmp_path))
    assert ended.code == 1
    assert "BAD   c: Broken.\n      -> Mend it." in ended.out
    told = run("agent", "doctor", "--data-dir", str(tmp_path), "--json").json
    assert not told["healthy"]
    assert told["findings"][1] == {"check": "b", "how": "note", "says": "Less.", "do": "More."}
    found.pop()
    assert run("agent", "doctor", "--data-dir", str(tmp_path)).code == 0
