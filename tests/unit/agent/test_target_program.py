from __future__ import annotations

import subprocess

from footlight.agent.target_program import program_of
from footlight.wire.target import target_of


def _program(*command: str) -> list[str]:
    target = target_of(command)
    assert target is not None
    return program_of(target, "/run/s/run")


def _after(words: list[str], word: str) -> list[str]:
    return words[words.index(word) :]


def test_ssh_runs_in_a_terminal() -> None:
    words = _program("ssh://ada@host:2222", "top", "-d 5")
    assert words[0] == "xterm"
    assert _after(words, "ssh") == [
        "ssh", "-t", "-p", "2222", "-l", "ada", "--", "host", "top", "-d 5",
    ]  # fmt: skip


def test_rdp_asks_in_a_terminal_and_fills_the_screen() -> None:
    words = _after(_program("rdp://CORP\\ada@host"), "xfreerdp")
    assert {"/v:host:3389", "/u:CORP\\ada", "/f", "/cert:tofu"} <= set(words)
    assert "/v:[fe80::1]:3390" in _program("rdp://[fe80::1]:3390")
    assert not any(word.startswith(("/p:", "/u:")) for word in _program("rdp://host"))


def test_a_page_has_a_profile_of_the_session() -> None:
    words = _program("https://wiki.example/a?b=c")
    assert words[0] == "chromium"
    assert {"--kiosk", "--user-data-dir=/run/s/run/web", "--app=https://wiki.example/a?b=c"} <= set(
        words
    )


def _in_the_terminal(code: int, pressed: str) -> subprocess.CompletedProcess[str]:
    words = _after(_program("ssh://host"), "sh")
    words = [*words[: words.index("ssh")], "sh", "-c", f"exit {code}"]
    return subprocess.run(
        words, input=pressed, capture_output=True, text=True, timeout=10, check=False
    )


def test_a_failed_connection_stays_until_it_is_read() -> None:
    failed = _in_the_terminal(255, "\n")
    assert (failed.returncode, "failed (255)" in failed.stdout) == (255, True)
    left = _in_the_terminal(130, "")
    assert (left.returncode, left.stdout) == (130, "")
