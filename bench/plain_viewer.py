"""Somebody who watches a display: takes every update as it comes and throws it away. `plain_viewer.py RFB_PATH`."""

from __future__ import annotations

import socket
import sys

from footlight.rfb.client import Client, Ready, Update


def main() -> None:
    client = Client()
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(sys.argv[1])
        while data := line.recv(1 << 17):
            for event in client.receive(data):
                if isinstance(event, Ready | Update):
                    client.request_update(incremental=isinstance(event, Update))
            line.sendall(client.take_outgoing())


if __name__ == "__main__":
    main()
