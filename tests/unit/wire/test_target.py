from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footlight.wire.target import Target, target_of


@pytest.mark.parametrize(
    ("command", "kind", "host", "port", "user", "arguments"),
    [
        (["ssh://db.example"], "ssh", "db.example", 22, None, ()),
        (["ssh://ada@10.0.0.1:2222", "top"], "ssh", "10.0.0.1", 2222, "ada", ("top",)),
        (["RDP://CORP\\ada@host"], "rdp", "host", 3389, "CORP\\ada", ()),
        (["rdp://[fe80::1]:3390/"], "rdp", "fe80::1", 3390, None, ()),
        (["https://wiki.example/a?b=c#d"], "web", "wiki.example", 0, None, ()),
        (["http://127.0.0.1:8080"], "web", "127.0.0.1", 8080, None, ()),
    ],
)
def test_addresses(
    command: list[str],
    kind: str,
    host: str,
    port: int,
    user: str | None,
    arguments: tuple[str, ...],
) -> None:
    found = target_of(command)
    assert isinstance(found, Target)
    assert (found.kind, found.host, found.port, found.user) == (kind, host, port, user)
    assert (found.address, found.arguments) == (command[0], arguments)


@pytest.mark.parametrize("command", [[], ["xterm"], ["/opt/my app"], ["firefox", "https://x.test"]])
def test_programs(command: list[str]) -> None:
    assert target_of(command) is None


@pytest.mark.parametrize(
    "command",
    [
        ["ftp://host"],
        ["file:///etc/passwd"],
        ["ssh://"],
        ["ssh://-oProxyCommand=x"],
        ["ssh://-l@host"],
        ["ssh://ada:secret@host"],
        ["ssh://host/path"],
        ["ssh://ho st"],
        ["ssh://host\n"],
        ["ssh://host:99999"],
        ["rdp://host", "/drive:all"],
        ["rdp://host?x"],
        ["https://host", "--no-sandbox"],
        ["https://user:secret@host"],
    ],
)
def test_what_is_no_address(command: list[str]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        target_of(command)


@given(st.text(max_size=40))
def test_no_host_or_user_is_an_option(text: str) -> None:
    try:
        found = target_of([f"ssh://{text}"])
    except ValueError:
        return
    assert found is not None
    assert not found.host.startswith("-")
    assert not (found.user or "x").startswith("-")


def test_a_desktop_of_the_host_is_no_address() -> None:
    for name in ("auto", "xfce", "light"):
        assert target_of([f"desktop:{name}"]) is None
    for command in (["desktop:kde"], ["desktop:"], ["desktop:xfce", "more"]):
        with pytest.raises(ValueError, match="desktop:"):
            target_of(command)
