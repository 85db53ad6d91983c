"""How a host without keys of the store puts a file there. Data only.

The host asks on the topic "uploads" of the bus for leave to put one file, puts it to the URL that it is given, and
says so; once the server has seen that it is there, the host may forget its own copy.
"""

from __future__ import annotations

from typing import Literal

import msgspec

MAX_UPLOAD_BYTES = 512 * 1024 * 1024  # of one file


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """One file of a recording: a sealed segment or the manifest. Hashes are in hexadecimal."""

    recording_id: str
    name: str
    size_bytes: int
    sha256: str
    md5: str  # which stores answer with, so that a file need not be read again to be verified


class UploadQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """put: how is it put? kept: is it there, whole?"""

    ask: Literal["put", "kept"]
    upload: Upload


class UploadAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """put: send a PUT to `url` with `headers`; a url that begins with a slash is the server's own. kept: the
    store has these bytes. missing: it has none of that name. differs: it has others. refused: the recording is none
    of that host's, or the file none of a recording; `why` says which."""

    kind: Literal["put", "kept", "missing", "differs", "refused"]
    url: str = ""
    headers: dict[str, str] = {}
    why: str = ""
