from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.agent.events.command_line import LEFT_OUT, LONGEST_CHARACTERS, cleaned


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["ls", "-la", "my files"], "ls -la 'my files'"),
        (["git", "commit", "-m", ""], "git commit -m ''"),
        (["tool", "--password=hunter2"], "tool --password=***"),
        (["tool", "--password", "hunter2", "x"], "tool --password *** x"),
        (["tool", "--db-password", "hunter2"], "tool --db-password ***"),
        (["tool", "--api_key=abc", "--token:abc"], "tool --api_key=*** --token:***"),
        (["env", "PGPASSWORD=hunter2", "psql"], "env PGPASSWORD=*** psql"),
        (["xfreerdp", "/u:ada", "/p:hunter2", "/v:host"], "xfreerdp /u:ada /p:*** /v:host"),
        (["curl", "https://ada:hunter2@h.test/x"], "curl https://ada:***@h.test/x"),
        (["curl", "-u", "ada:hunter2", "h"], "curl -u *** h"),
        (["/usr/bin/mysql", "-phunter2", "-h", "db"], "/usr/bin/mysql -p*** -h db"),
        (["sshpass", "-p", "hunter2", "ssh", "h"], "sshpass -p *** ssh h"),
        (["curl", "-H", "Authorization: Bearer hunter2"], "curl -H 'Authorization: ***'"),
        (["sh", "-c", "API_TOKEN=hunter2 run"], "sh -c 'API_TOKEN=*** run'"),
        (["sh", "-c", "run --password hunter2 on"], "sh -c 'run --password *** on'"),
        (["sh", "-c", "a\nb\x1b[2J"], "sh -c 'a b [2J'"),
        (["passwd", "ada"], "passwd ada"),
        ([], ""),
    ],
)
def test_secrets_are_left_out_and_the_rest_is_not(arguments: list[str], shown: str) -> None:
    assert cleaned(arguments) == shown
    assert "hunter2" not in cleaned(arguments)


def test_names_alone() -> None:
    assert cleaned(["/usr/bin/tool", "--user", "ada"], all_of_them=False) == "/usr/bin/tool"


@given(st.lists(st.text(max_size=300), max_size=40))
def test_it_is_bounded_and_printable(arguments: list[str]) -> None:
    shown = cleaned(arguments)
    assert len(shown) <= LONGEST_CHARACTERS
    assert not any(ord(letter) < 32 for letter in shown)


@pytest.mark.parametrize(
    "one", ["a=" * 200_000, "password" * 50_000, "-" * 400_000, "x://" * 99_999]
)
def test_a_mad_argument_costs_little(one: str) -> None:
    began = time.process_time()
    assert len(cleaned(["x", one, f"{one} {one}"])) <= LONGEST_CHARACTERS
    assert time.process_time() - began < 2
    assert LEFT_OUT == "***"
