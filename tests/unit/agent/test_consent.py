from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest

from footlight.agent import consent
from footlight.wire.host import ViewerFacts

VIEWER = ViewerFacts(
    viewer_id="v-1",
    user_name="F\\root",
    own=False,
    mode="view",
    address="127.0.0.1",
    via_address=None,
    client_name="",
    platform="Linux",
    version="1",
    attached_at_ms=1,
)
READ = (
    "import sys, json; id = json.loads(sys.stdin.readline())['message_id']; print(id, flush=True); "
)


@pytest.mark.parametrize(
    ("answer", "agreed"),
    [
        ("print('answer', id, 0)", True),
        ("print('answer', id, 1)", False),
        ("print('answer', 'another', 0)", False),
        ("pass", False),
        ("sys.stdin.read()", False),  # never an answer
    ],
)
async def test_only_allow_is_a_yes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answer: str, agreed: bool
) -> None:
    async def window(*_: object, **__: object) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-SEc", READ + answer),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )

    (tmp_path / "cookie").write_bytes(b"c")
    monkeypatch.setattr(consent, "start_window", window)
    limit_s = 0.3 if "read()" in answer else 10.0
    assert await consent.ask(tmp_path, ":1", VIEWER, limit_s) is agreed


async def test_without_a_window_the_answer_is_no(tmp_path: Path) -> None:
    assert await consent.ask(tmp_path, ":1", VIEWER) is False


def test_the_question_says_who_and_what() -> None:
    def words(**members: Any) -> str:
        viewer = ViewerFacts(
            **{**{n: getattr(VIEWER, n) for n in VIEWER.__struct_fields__}, **members}
        )
        return str(consent.question(viewer)["text"])

    assert words().startswith("F\\root asks to watch this session.")
    assert words(mode="interactive").startswith(
        "F\\root asks to watch this session and work in it."
    )
