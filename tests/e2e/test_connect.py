"""`footlight connect` with a small VNC client on its port."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.e2e.conftest import clean_environment


def test_a_vnc_client_sees_the_session_and_leaving_ends_the_command(
    site: dict[str, Any], session_id: str, tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "footlight", "connect", session_id, "--json", "--wait", "30"]
    environment = {**clean_environment(tmp_path), "FOOTLIGHT_DATA_DIR": site["data_dir"]}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        place = json.loads(process.stdout.readline())
        with socket.create_connection((place["host"], place["port"]), 10) as viewer:
            assert viewer.recv(12, socket.MSG_WAITALL) == b"RFB 003.008\n"
            viewer.sendall(b"RFB 003.008\n")
            assert viewer.recv(2, socket.MSG_WAITALL) == b"\x01\x01"
            viewer.sendall(b"\x01")
            assert viewer.recv(4, socket.MSG_WAITALL) == b"\0\0\0\0"
            viewer.sendall(b"\x01")
            head = viewer.recv(24, socket.MSG_WAITALL)
            assert int.from_bytes(head[:2], "big") >= 640
        assert process.wait(20) == 0


def test_a_session_that_is_not_there_opens_no_port(footlight: Any) -> None:
    refused = footlight("connect", "00000000-0000-4000-8000-000000000000")
    assert refused.returncode == 3
    assert refused.stdout == ""


def test_without_a_viewer_it_ends(footlight: Any, session_id: str) -> None:
    waited = footlight("connect", session_id, "--wait", "1")
    assert waited.returncode == 1
    assert "no viewer has come" in waited.stderr
    assert waited.stdout.startswith("127.0.0.1::")
