"""`footlight recordings verify`: whether a recording is whole and unchanged, and whose word that is."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from footlight.cli.call import Call
from footlight.cli.exits import ExitCode, Failed, NoSite, UsageProblem
from footlight.cli.output import print_line
from footlight.cli.place import data_dir_of
from footlight.datadir import DataDir
from footlight.errors import NotFound
from footlight.ids import is_guid
from footlight.recording.chain import load_private_key
from footlight.recording.evidence import extract
from footlight.recording.format import MANIFEST_NAME, FormatError, open_name, segment_name
from footlight.recording.source import FolderSource
from footlight.recording.verify import verify_recording
from footlight.sdk import Footlight
from footlight.sdk import NotFound as NotOnSite

MAX_KEY_BYTES = 16 * 1024
UNKNOWN_SIGNER = "unchanged-unknown-signer"
_WORDS = {
    "verified": "verified: whole, unchanged, signed for this site",
    UNKNOWN_SIGNER: "unchanged since sealing, signer unknown",
    "unfinished": "unfinished: it still runs, or its host died",
    "truncated": "truncated: segments are missing",
    "damaged": "damaged",
}


def verify(
    call: Call,
    recording: Annotated[
        str,
        typer.Argument(
            metavar="ID_OR_PATH", help="Id of a recording, its folder, or an evidence file."
        ),
    ],
    key: Annotated[
        Path | None, typer.Option("--key", help="The site's public key (PEM, or hex digits).")
    ] = None,
    allow_unknown_signer: Annotated[
        bool, typer.Option("--allow-unknown-signer", help="Be content with an unchanged one.")
    ] = False,
) -> ExitCode:
    """Verify a recording. Ends with 0 only when it is whole, unchanged and of a known signer.

    An id is verified by the site, or here when --key is given; a folder or a file always here."""
    pinned = None if key is None else read_key(key)
    folder = Path(recording)
    if folder.is_dir():
        verdict = _verify_folder(folder, pinned or _pinned_by_site(call))
    elif folder.is_file():
        verdict = _verify_evidence(folder, pinned or _pinned_by_site(call))
    elif not is_guid(recording):
        raise NotFound(f"there is no folder {recording}, and it is no recording's id")
    elif pinned is not None:
        verdict = _verify_fetched(call.client, recording, pinned)
    else:
        verdict = dict(call.client.recordings.verification(recording))
    call.show(verdict, lambda: _print(verdict))
    return exit_for(str(verdict.get("status")), allow_unknown_signer=allow_unknown_signer)


def exit_for(status: str, *, allow_unknown_signer: bool) -> ExitCode:
    """Done only for verified, and for an unknown signer where that is allowed."""
    good = status == "verified" or (allow_unknown_signer and status == UNKNOWN_SIGNER)
    return ExitCode.DONE if good else ExitCode.FAILED


def read_key(file: Path) -> bytes:
    """A raw Ed25519 public key from PEM or 64 hex digits. Raises UsageProblem."""
    with file.open("rb") as source:
        content = source.read(MAX_KEY_BYTES)
    try:
        if b"-----BEGIN" in content:
            loaded = load_pem_public_key(content)
            if isinstance(loaded, Ed25519PublicKey):
                return loaded.public_bytes_raw()
        elif len(raw := bytes.fromhex(content.decode("ascii").strip())) == 32:
            return raw
    except (ValueError, UnsupportedAlgorithm):
        pass
    raise UsageProblem(f"{file} holds no Ed25519 public key (PEM, or 64 hex digits)")


def _pinned_by_site(call: Call) -> bytes | None:
    """The key of the site that the command means, which need not run on this machine's own data
    folder; None when there is no such site."""
    try:
        text = call.place.public_key
        return None if text is None else bytes.fromhex(text)
    except NoSite:
        file = DataDir(data_dir_of(call.selection, os.environ)).site_key_file
    try:
        return load_private_key(file.read_bytes()).public_key().public_bytes_raw()
    except (OSError, ValueError):
        return None


def _verify_folder(folder: Path, site_key: bytes | None) -> dict[str, Any]:
    verdict: dict[str, Any] = msgspec.to_builtins(
        verify_recording(FolderSource(folder), site_key, every_record=True)
    )
    return verdict


def _verify_evidence(file: Path, site_key: bytes | None) -> dict[str, Any]:
    """Verify what an evidence file holds. Raises Failed for a file that holds none."""
    with tempfile.TemporaryDirectory(prefix="footlight-verify-") as name, file.open("rb") as source:
        try:
            extract(source, Path(name))
        except FormatError as fault:
            raise Failed(f"{file}: {fault}") from None
        return _verify_folder(Path(name), site_key)


def _verify_fetched(client: Footlight, recording_id: str, site_key: bytes) -> dict[str, Any]:
    """Fetch the recording and verify it here: the site's word is not taken."""
    with tempfile.TemporaryDirectory(prefix="footlight-verify-") as name:
        folder = Path(name)
        manifest = client.recordings.manifest(recording_id)
        if manifest["signed"] is not None:
            (folder / MANIFEST_NAME).write_text(json.dumps(manifest["signed"]))
        open_ones = {segment["number"] for segment in manifest["segments"] if segment["open"]}
        for number in range(client.recordings.get(recording_id)["segmentCount"]):
            file = open_name(number) if number in open_ones else segment_name(number)
            with suppress(NotOnSite):  # verifying will miss it
                (folder / file).write_bytes(client.recordings.segment(recording_id, number))
        return _verify_folder(folder, site_key)


def _print(verdict: Mapping[str, Any]) -> None:
    status = str(verdict.get("status"))
    print_line(_WORDS.get(status, status))
    for finding in verdict.get("findings", []):
        place = "" if finding.get("segment") is None else f"segment {finding['segment']}"
        if finding.get("offset") is not None:
            place += f", byte {finding['offset']}"
        print_line(f"  {place + ': ' if place else ''}{finding.get('reason')}")
