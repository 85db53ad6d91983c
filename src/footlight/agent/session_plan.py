"""What a keeper is told to run: from an order and a Linux user to the session's folder and the keeper's plan."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from footlight.agent import desktop, desktop_environment
from footlight.agent.accounts import LinuxUser
from footlight.agent.desktop_environment import Environment
from footlight.agent.target_program import program_of
from footlight.agent.xvnc import authority_file
from footlight.errors import Unavailable
from footlight.wire.file_names import FOLDER
from footlight.wire.host import Launch, SessionOrder
from footlight.wire.target import target_of

PATH = "/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
LONGEST_SOCKET_PATH = 107
COOKIE_BYTES = 16
UMASK = 0o022
# Variables that PAM modules may set otherwise than we do; an order may too.
YIELDING = ("LANG", "PATH", "HOME", "SHELL", "XDG_RUNTIME_DIR")
IDLE_AFTER_S = 30.0  # without a key or a movement of the pointer


def prepare(folder: Path, user: LinuxUser, cookie: bytes) -> None:
    """Make the session's folder with the parts that are its user's. Raises Unavailable."""
    if len(str(folder / "keeper.sock")) > LONGEST_SOCKET_PATH:
        raise Unavailable(f"the run folder's path is too long for sockets: {folder}")
    as_root = os.geteuid() == 0
    folder.mkdir(mode=0o711, exist_ok=True)
    folder.chmod(0o711)
    for name in ("x", "auth", "run", "desk"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(mode=0o700)
    authorities = [folder / name / "Xauthority" for name in ("x", "auth")]
    for authority in authorities:
        authority.touch(0o600)
        authority.write_bytes(authority_file(cookie))
    (folder / "desk").chmod(0o755)
    if as_root:
        # The contents first: once the folder is the user's, paths in it can't be trusted.
        # The keeper may give `x` on to the X server's own account.
        for path in (*authorities, folder / "x", folder / "auth", folder / "run"):
            os.chown(path, user.uid, user.gid)


def plan(
    order: SessionOrder,
    folder: Path,
    user: LinuxUser,
    cookie: bytes,
    cgroup: str | None,
    resource_group: str | None = None,
    resources: Mapping[str, int] | None = None,
    moments: Mapping[str, int] | None = None,
    *,
    hold_s: float = 0.0,
    default_desktop: str = desktop_environment.LIGHT,
) -> dict[str, Any]:
    """The keeper's plan (JSON values); the desktop's settings are written on the way. Raises Unavailable."""
    launch = order.launch
    asked = desktop_environment.named(launch.command)
    is_desktop = asked is not None or launch.session_type == "Desktop"
    whole = _environment_of(asked or default_desktop) if is_desktop and not _runs(launch) else None
    bus_path = f"{folder}/run/bus"
    furniture = _write_settings(folder / "desk", maximised=not is_desktop, panel=is_desktop)
    dbus = shutil.which("dbus-daemon", path=PATH)
    return {
        "session_id": order.session_id,
        "transaction": order.transaction,
        "user": {"name": user.name, "uid": user.uid, "gid": user.gid},
        "home": user.home,
        "width": min(max(launch.width, 320), 16_384),
        "height": min(max(launch.height, 200), 16_384),
        "title": f"{launch.resource_name} - {launch.user_name}"[:200],
        "cookie": cookie.hex(),
        "environment": {
            **environment(order, folder, user),
            **({} if whole is None else whole.variables),
        },
        "yields": [name for name in YIELDING if name not in launch.environment],
        "groups": None,  # those of the user database; logon.py writes what PAM makes of them
        "umask": UMASK,
        "logon": None,
        "bus": [dbus, "--session", "--nofork", "--nopidfile", f"--address=unix:path={bus_path}"]
        if dbus
        else [],
        "bus_path": bus_path,
        "window_manager": ["openbox", "--sm-disable", "--config-file", f"{folder}/desk/rc.xml"]
        if whole is None
        else list(whole.manager),
        # Of a desktop with a session manager: that is `window_manager`, which starts all else.
        "inner_manager": [] if whole is None else list(whole.windows),
        "log_off": [] if whole is None else list(whole.log_off),
        "extras": [
            *(furniture if whole is None else []),
            ["mkdir", "-p", "-m", "700", "--", f"{user.home}/{FOLDER}"],
        ],
        "program": _program(launch, folder) if _runs(launch) else [],
        "one_application": not is_desktop,
        "working_dir": launch.working_dir,
        "idle_after_ms": int(IDLE_AFTER_S * 1000),
        "end_reason": "program ended" if _runs(launch) else "desktop left",
        "cgroup": cgroup,
        "resource_group": resource_group,
        "resources": dict(resources or {}),
        "moments": dict(moments or {}),
        "hold_s": hold_s,  # after the X server, until told to go on
    }


def _runs(launch: Launch) -> bool:
    """Whether a program, or a target, is published, rather than a desktop."""
    return bool(launch.command) and desktop_environment.named(launch.command) is None


def _environment_of(name: str) -> Environment | None:
    try:
        return desktop_environment.chosen(name, lambda program: shutil.which(program, path=PATH))
    except desktop_environment.NotThere as missing:
        raise Unavailable(f"the desktop can't be started: {missing}") from None


def _program(launch: Launch, folder: Path) -> list[str]:
    try:
        target = target_of(launch.command)
    except ValueError as error:
        raise Unavailable(f"what is published can't be started: {error}") from None
    return list(launch.command) if target is None else program_of(target, f"{folder}/run")


def environment(order: SessionOrder, folder: Path, user: LinuxUser) -> dict[str, str]:
    """All that the session's processes see; DISPLAY is added by the keeper. Nothing of the agent's own
    environment is passed on; what says where the session is can't be changed by an order."""
    return {
        "LANG": "C.UTF-8",
        "PATH": PATH,
        **order.launch.environment,
        "HOME": user.home,
        "USER": user.name,
        "LOGNAME": user.name,
        "SHELL": user.shell,
        "XAUTHORITY": f"{folder}/auth/Xauthority",
        "XDG_RUNTIME_DIR": f"{folder}/run",
        "XDG_SESSION_TYPE": "x11",
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/run/bus",
    }


def _write_settings(folder: Path, *, maximised: bool, panel: bool) -> list[list[str]]:
    """Write openbox's and the panel's settings; the commands that dress the screen."""
    programs = desktop.installed(lambda name: shutil.which(name, path=PATH))
    (folder / "menu.xml").write_text(desktop.openbox_menu(programs, log_off=panel))
    settings = desktop.openbox_settings(str(folder / "menu.xml"), maximised=maximised)
    (folder / "rc.xml").write_text(settings)
    commands = [["xsetroot", "-solid", desktop.BACKGROUND]]
    if panel:
        launchers = []
        for program in programs:
            path = folder / f"{program.key}.desktop"
            path.write_text(desktop.launcher_entry(program))
            launchers.append(str(path))
        (folder / "tint2rc").write_text(desktop.panel_settings(launchers))
        commands.append(["tint2", "-c", str(folder / "tint2rc")])
    for path in folder.iterdir():
        path.chmod(0o644)
    return commands
