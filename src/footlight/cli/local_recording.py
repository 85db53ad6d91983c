"""A recording's folder at hand, and what its encrypted segments are read with."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Annotated

import typer

from footlight.archive.keys import RecordingKeys
from footlight.cli.call import Call
from footlight.cli.exits import UsageProblem
from footlight.cli.place import data_dir_of
from footlight.datadir import DataDir, read_recording_keys
from footlight.errors import Invalid
from footlight.recording.cipher import DATA_KEY_BYTES, DataKey
from footlight.recording.format import FormatError
from footlight.recording.frames import read_header
from footlight.recording.source import FolderSource

MAX_KEY_FILE_BYTES = 16 * 1024

DataKeyFile = Annotated[
    Path | None,
    typer.Option(
        "--data-key",
        help="Data key of a recording in a folder: what `recordings data-key --json` gives, base64, or hex digits.",
    ),
]


def local_source(call: Call, folder: Path, key_file: Path | None) -> FolderSource:
    """The recording in that folder, with the key in the file, else with that which the keys of the site in the
    command's data folder unwrap. Raises UsageProblem when the file holds none."""
    if key_file is not None:
        return FolderSource(folder, read_data_key(key_file))
    source = FolderSource(folder)
    wrapped = _wrapped_key(source)
    file = DataDir(data_dir_of(call.selection, os.environ)).recording_key_file
    if wrapped and file.exists():
        try:
            return FolderSource(folder, _keys(file).unwrap(wrapped))
        except Invalid as other:
            raise UsageProblem(f"{folder}: {other}; give --data-key") from None
    if wrapped:
        raise UsageProblem(f"{folder} is encrypted; give --data-key")
    return source


def read_data_key(file: Path) -> DataKey:
    """The key in a file. Raises UsageProblem."""
    with file.open("rb") as opened:
        text = opened.read(MAX_KEY_FILE_BYTES).decode("utf-8", "replace").strip()
    try:
        if text.startswith("{"):
            text = str(json.loads(text)["dataKey"])
        secret = (
            bytes.fromhex(text)
            if len(text) == 2 * DATA_KEY_BYTES
            else base64.b64decode(text, validate=True)
        )
        return DataKey(secret)
    except (ValueError, KeyError):
        raise UsageProblem(
            f"{file} holds no data key: the answer of `recordings data-key --json`, base64, or 64 hex digits"
        ) from None


def _keys(file: Path) -> RecordingKeys:
    try:
        return read_recording_keys(file)
    except OSError as error:
        raise Invalid(f"{file}: {error.strerror}") from None


def _wrapped_key(source: FolderSource) -> str:
    """That of the first encrypted segment; "" when there is none."""
    for segment in source.segments():
        try:
            with source.open(segment.number) as file:
                header, _ = read_header(file)
        except (FormatError, FileNotFoundError):
            continue
        if header.encrypted:
            return header.wrapped_key
    return ""
