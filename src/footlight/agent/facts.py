"""What the host says about its machine."""

from __future__ import annotations

import os
import platform
import socket
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from footlight.errors import Invalid
from footlight.wire.host import HostFacts


def host_facts(*, machine_id: str, machine_name: str, version: str, key_path: Path) -> HostFacts:
    """The facts of this machine now. `machine_name` is `DOMAIN\\HOST`. Blocking (names are looked up). Raises
    Invalid when the agent's key can't be read."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {"NAME": platform.system(), "VERSION_ID": platform.release()}
    name = release.get("NAME", "Linux").removesuffix(" GNU/Linux").removesuffix(" Linux")
    os_version = release.get("VERSION_ID", "")
    return HostFacts(
        machine_id=machine_id,
        host_name=machine_name.rpartition("\\")[2] or socket.gethostname(),
        dns_name=dns_name(),
        ip_address=address(),
        os_type=f"{name} {os_version}".strip(),
        os_version=os_version,
        agent_version=version,
        as_root=os.geteuid() == 0,
        agent_public_key=_public_key(key_path),
    )


def dns_name() -> str:
    """The machine's full name as `hostname --fqdn` tells it; the bare host name where nothing
    resolves. (socket.getfqdn asks backwards and says "localhost" where loopback is listed first.)"""
    name = socket.gethostname()
    try:
        canonical = socket.getaddrinfo(name, None, flags=socket.AI_CANONNAME)[0][3]
    except OSError:
        return name
    return canonical or name


def address() -> str | None:
    """The address that this machine uses towards others; a routing question only, nothing is sent.
    None without a network."""
    for family, target in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            try:
                probe.connect((target, 9))
                return str(probe.getsockname()[0])
            except OSError:
                continue
    return None


def _public_key(path: Path) -> str:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise Invalid(f"the agent's key can't be read: {error}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise Invalid("the agent's key is not an Ed25519 key")
    return key.public_key().public_bytes_raw().hex()
