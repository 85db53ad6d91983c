"""`footlight agent doctor`: all checks of a host, one after the other. It changes nothing."""

from __future__ import annotations

import fcntl
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from footlight.agent import doctor_host, doctor_site, xvnc
from footlight.agent.finding import Finding
from footlight.agent.logons import PAM_FOLDERS
from footlight.agent.session_plan import PATH
from footlight.clock import Clock


@dataclass(frozen=True)
class Patient:
    """The host that is looked at. `listen`: HOST:PORT of its listener, or "off"."""

    data_dir: Path
    listen: str
    pam_service: str
    version: str


def examine(patient: Patient, clock: Clock) -> list[Finding]:
    """Everything that was looked at. Blocking, for some seconds where something does not answer."""
    return [*of_site(patient, clock), *of_machine(patient)]


def of_site(patient: Patient, clock: Clock) -> list[Finding]:
    """What is between the host and its site; nothing more where it belongs to none."""
    enrolled, identity = doctor_site.enrolment(patient.data_dir / "agent")
    if identity is None:
        return [enrolled]
    found = [enrolled, doctor_site.credentials(identity, clock.now_ms())]
    reached = doctor_site.reach("address", identity.server)
    found.append(reached)
    standing = None
    if reached.how == "good":
        asked_ms = clock.now_ms()
        known, standing = doctor_site.server(identity, asked_ms)
        found.append(known)
        if standing is not None:
            found.append(doctor_site.clock(standing, asked_ms, clock.now_ms()))
            found.append(doctor_site.versions(patient.version, standing))
    return [*found, *doctor_site.bus(identity, standing)]


def of_machine(patient: Patient) -> list[Finding]:
    """What the machine has for sessions."""
    uid = os.geteuid()
    folders = [Path(folder) for folder in PAM_FOLDERS]
    return [
        doctor_host.python(),
        doctor_host.user(uid),
        *doctor_host.programs(lambda name: shutil.which(name, path=PATH)),
        doctor_host.pam(folders, patient.pam_service, uid),
        doctor_host.cgroups(),
        doctor_host.namespaces(),
        doctor_host.spool(patient.data_dir / "spool"),
        doctor_host.x_sockets(Path(xvnc.X_FOLDER), uid),
        doctor_host.listener(patient.listen, is_running(patient.data_dir)),
    ]


def is_running(data_dir: Path) -> bool:
    """Whether an agent, or a site, holds the data folder."""
    try:
        held = os.open(data_dir / "lock", os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(held)
    return False
