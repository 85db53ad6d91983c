"""A real session's display and files, over lines between machines."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.host.test_files import Folder
from tests.host.test_tap import Vnc

from footlight.bus.bus import Bus
from footlight.bus.line_stream import LineStream
from footlight.wire.files import FileEnd
from line_ground import MACHINE, LinedBus, ends


@pytest.fixture(params=["direct", "tunnel"])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[Bus]:
    async with ends(request.param) as both:
        yield LinedBus(both)


@pytest.fixture
def machine_id() -> str:
    return MACHINE


async def test_a_screen_is_seen_and_files_go_in_and_out(stage: Any) -> None:
    session = await stage.launch(["xterm"])
    stream = await stage.view(session)
    assert isinstance(stream, LineStream)
    viewer = await Vnc(stream).sign_in()
    assert any(await viewer.picture())
    folder = Folder(stage, session)
    await stage.eventually(folder.path.is_dir)
    data = os.urandom(3_000_000)
    end = await folder.put("a.bin", data[:1_000_000], data[1_000_000:2_000_000], data[2_000_000:])
    assert end == FileEnd(size_bytes=3_000_000, sha256=hashlib.sha256(data).hexdigest())
    assert await folder.get("a.bin") == data
    assert any(await viewer.picture())
    await viewer.stream.close()
    await stage.until(session, lambda facts: not facts.viewers)
