from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from footlight.agent.folder_process import Broken, FolderProcess
from footlight.wire.file_names import FOLDER
from footlight.wire.frames import DATA, END, FROM, HEAD, HEADER, frame


def run(home: Path, *said: bytes, **plan: Any) -> list[tuple[bytes, Any]]:
    """What the process answers to the plan and the frames: JSON as objects."""
    given: dict[str, Any] = {"home": str(home), "name": "f", "overwrite": False, "after": ""}
    sink = io.BytesIO()
    FolderProcess(io.BytesIO(b"".join(said)), sink).run({**given, "count": 10, **plan})
    left, answers = sink.getvalue(), []
    while left:
        kind, length = HEAD.unpack_from(left)
        payload, left = left[HEAD.size : HEAD.size + length], left[HEAD.size + length :]
        answers.append((kind, payload if kind == DATA else json.loads(payload)))
    return answers


def test_a_file_goes_in_is_listed_comes_out_and_goes(tmp_path: Path) -> None:
    put = run(tmp_path, frame(DATA, b"hel"), frame(DATA, b"lo"), frame(END), do="put")
    assert put == [(HEADER, {}), (END, {})]
    ((kind, head),) = run(tmp_path, do="list")
    assert kind == HEADER
    assert [(one["name"], one["size_bytes"]) for one in head["entries"]] == [("f", 5)]
    span = frame(FROM, json.dumps({"first": 1, "length": 3}).encode())
    (_, head), *rest = run(tmp_path, span, do="get")
    assert head["file"]["size_bytes"] == 5
    assert rest == [(DATA, b"ell"), (END, {})]
    marked = head["mark"]
    assert run(tmp_path, span, do="get")[0][1]["mark"] == marked
    run(tmp_path, frame(DATA, b"other"), frame(END), do="put", overwrite=True)
    assert run(tmp_path, span, do="get")[0][1]["mark"] != marked
    assert run(tmp_path, do="delete") == [(HEADER, {})]
    assert run(tmp_path, do="delete") == [(HEADER, {"refused": "missing"})]


def test_a_file_that_shrinks_meanwhile_does_not_end_well(tmp_path: Path) -> None:
    run(tmp_path, frame(DATA, b"abc"), frame(END), do="put")
    span = frame(FROM, json.dumps({"first": 0, "length": 10}).encode())
    assert run(tmp_path, span, do="get")[1:] == [(DATA, b"abc"), (END, {"refused": "failed"})]


def test_refusals_are_answers(tmp_path: Path) -> None:
    assert run(tmp_path, do="get") == [(HEADER, {"refused": "missing"})]
    (tmp_path / FOLDER / "f").symlink_to("/etc/hostname")
    assert run(tmp_path, do="get") == [(HEADER, {"refused": "not-a-file"})]
    assert run(tmp_path / "none", do="list") == [(HEADER, {"refused": "missing"})]


@pytest.mark.parametrize(
    "said", [b"", frame(DATA, b"abc"), frame(DATA, b"abc")[:-1], frame(HEADER)]
)
def test_an_arrival_that_breaks_off_leaves_nothing(tmp_path: Path, said: bytes) -> None:
    with pytest.raises(Broken):
        run(tmp_path, said, do="put")
    assert list((tmp_path / FOLDER).iterdir()) == []
