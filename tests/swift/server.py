"""OpenStack Swift with its S3 API, whole in one process: proxy, account, container and object server, each the
real WSGI application, on loopback ports that the system chooses, over a folder.

Run by the Python of the environment that tests/swift/install.sh makes. Prints the S3 port and serves until its
standard input ends."""

from __future__ import annotations

import sys
from pathlib import Path

import eventlet

eventlet.monkey_patch()

from eventlet import wsgi  # noqa: E402
from swift.common import constraints, storage_policy, utils  # noqa: E402
from swift.common import wsgi as swift_wsgi  # noqa: E402
from swift.common.ring import RingBuilder  # noqa: E402
from swift.common.utils import config as swift_config  # noqa: E402

STORAGE = ("account", "container", "object")
SWIFT_CONF = """
[swift-hash]
swift_hash_path_prefix = tests
swift_hash_path_suffix = tests
"""
STORAGE_CONF = """
[DEFAULT]
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
workers = 0
recon_cache_path = {folder}/recon
fallocate_reserve = 0
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
PROXY_CONF = """
[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors gatekeeper s3api tempauth bulk slo proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:gatekeeper]
use = egg:swift#gatekeeper
[filter:s3api]
use = egg:swift#s3api
location = {region}
[filter:tempauth]
use = egg:swift#tempauth
user_{account}_{user} = {secret} .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
"""


def ring(folder: Path, kind: str, port: int) -> None:
    """A ring of one device."""
    builder = RingBuilder(2, 1, 0)
    place = {"ip": "127.0.0.1", "port": port, "device": "d1", "region": 1, "zone": 1, "weight": 1}
    builder.add_dev(place)
    builder.rebalance(seed=1)
    builder.get_ring().save(str(folder / f"{kind}.ring.gz"))


class Quiet:
    """Where access lines go."""

    def debug(self, *_: object) -> None:
        """Nothing."""

    info = debug


def main() -> None:
    folder, port, region, access_key, secret = (
        Path(sys.argv[1]).absolute(),
        int(sys.argv[2]),
        *sys.argv[3:],
    )
    account, user = access_key.split(":")
    for name in ("devices/d1", "recon"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    conf = folder / "swift.conf"
    conf.write_text(SWIFT_CONF)
    for module in (utils, constraints, swift_config):
        module.SWIFT_CONF_FILE = str(conf)
    utils.validate_hash_conf()
    storage_policy.reload_storage_policies()
    sockets = {kind: eventlet.listen(("127.0.0.1", 0)) for kind in STORAGE}
    for kind in STORAGE:
        ring(folder, kind, sockets[kind].getsockname()[1])
        (folder / f"{kind}.conf").write_text(STORAGE_CONF.format(folder=folder, kind=kind))
    given = {"folder": folder, "region": region, "account": account, "user": user, "secret": secret}
    (folder / "proxy.conf").write_text(PROXY_CONF.format(**given))
    for kind in STORAGE:
        app = swift_wsgi.loadapp(str(folder / f"{kind}.conf"))
        eventlet.spawn(
            wsgi.server, sockets[kind], app, Quiet(), protocol=swift_wsgi.SwiftHttpProtocol
        )
    listener = eventlet.listen(("127.0.0.1", port), reuse_addr=True)
    proxy = swift_wsgi.loadapp(str(folder / "proxy.conf"))
    eventlet.spawn(wsgi.server, listener, proxy, Quiet(), protocol=swift_wsgi.SwiftHttpProtocol)
    print(listener.getsockname()[1], flush=True)
    eventlet.tpool.execute(sys.stdin.read)


if __name__ == "__main__":
    main()
