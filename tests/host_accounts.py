"""Accounts of the operating system and a PAM service for tests, which remove both."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "korrekt-Pferd 7"

# What runs as a module: it notes the step and who asked (its parent holds the transaction).
_NOTE = """#!/bin/sh
echo "$PAM_TYPE $PPID $PAM_USER $PAM_RHOST" >> {folder}/steps
"""
# In "auth" the password comes on standard input; what is made of it stands for a ticket.
_TICKET = """#!/bin/sh
read -r password
printf 'auth %s %s\\n' "$PPID" "$PAM_USER" >> {folder}/steps
printf 'ticket of %s' "$password" > {folder}/ticket
chown "$PAM_USER" {folder}/ticket
chmod 400 {folder}/ticket
"""


@dataclass(frozen=True)
class Person:
    """A person with an account of the host; the home is made by the PAM service at the first session."""

    name: str
    password: str
    home: Path

    @property
    def uid(self) -> int:
        return pwd.getpwnam(self.name).pw_uid


@dataclass(frozen=True)
class Service:
    """A PAM service of a test's own."""

    name: str
    folder: Path

    @property
    def steps(self) -> list[list[str]]:
        """The words of each step that its modules have noted: type, pid of who holds the transaction, user."""
        try:
            return [line.split() for line in (self.folder / "steps").read_text().splitlines()]
        except FileNotFoundError:
            return []

    def write(self, *lines: str) -> None:
        """These are the stack now."""
        Path("/etc/pam.d", self.name).write_text("\n".join(lines) + "\n")


@contextlib.contextmanager
def person(*, shell: str = "/bin/bash", gecos: str = "Pia Person,,,") -> Iterator[Person]:
    """An account with a password and no home yet."""
    name = f"flt{secrets.token_hex(4)}"
    home = Path("/home", name)
    run("useradd", "--no-create-home", "--home-dir", str(home), "--user-group", "--shell", shell,
        "--comment", gecos, name)  # fmt: skip
    try:
        subprocess.run(["chpasswd"], input=f"{name}:{PASSWORD}\n".encode(), check=True, timeout=30)
        yield Person(name, PASSWORD, home)
    finally:
        _end_all_of(name)
        run("userdel", name)
        shutil.rmtree(home, ignore_errors=True)


def _end_all_of(name: str) -> None:
    """Until none is left: killed ones are there for a moment more, and keep their account."""
    for _ in range(100):
        killed = subprocess.run(["pkill", "-KILL", "-U", name], check=False, timeout=30)
        if killed.returncode == 1:  # there is none
            return
        time.sleep(0.1)


@contextlib.contextmanager
def service() -> Iterator[Service]:
    """pam_unix, and modules that make a home, variables and something out of the password."""
    name = f"footlight-test-{secrets.token_hex(4)}"
    folder = Path(tempfile.mkdtemp(prefix="fl-pam-"))
    os.chmod(folder, 0o711)
    for script, text in (("note", _NOTE), ("make-ticket", _TICKET)):
        path = folder / script
        path.write_text(text.format(folder=folder))
        path.chmod(0o755)
    (folder / "variables").write_text(f"TICKET={folder}/ticket\nLANG=de_DE.UTF-8\n")
    skeleton = folder / "skel"
    skeleton.mkdir()
    (skeleton / "welcome").write_text("made by PAM")
    made = Service(name, folder)
    made.write(
        "auth required pam_unix.so",
        f"auth required pam_exec.so quiet expose_authtok {folder}/make-ticket",
        "account required pam_unix.so",
        f"session required pam_mkhomedir.so skel={skeleton} umask=0077",
        f"session required pam_env.so conffile=/dev/null envfile={folder}/variables",
        "session required pam_umask.so umask=0027",
        f"session required pam_exec.so quiet {folder}/note",
    )
    try:
        yield made
    finally:
        Path("/etc/pam.d", name).unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)


def run(*argv: str) -> None:
    """Raises CalledProcessError."""
    subprocess.run(argv, check=True, capture_output=True, timeout=30)
