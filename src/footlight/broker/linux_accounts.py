"""As which Linux account a session runs: a pure choice (design notes, "Which account")."""

from __future__ import annotations

from footlight.access.accounts import Account
from footlight.errors import Conflict
from footlight.site.machines import Machine
from footlight.wire.host import Account as LinuxAccount


def linux_account(account: Account, machine: Machine, logon: str = "") -> LinuxAccount:
    """What the machine is told. `logon`: of the sign-in of who launches for itself (access/tokens.py); without one,
    sessions of an account of a host are refused. A name of the site is never taken for one of the host, whatever it
    is. Raises Conflict."""
    kind = "managed" if machine.as_root else "invoker"
    if account.source == "visitor":
        if not machine.as_root:
            raise _refused("Visitors need a host that runs as root.", machine)
        kind = "anonymous"
    elif account.source == "os" and machine.as_root:
        return _of_host(account, machine, logon)
    elif account.os_name is not None and machine.as_root:
        return LinuxAccount(kind="os", account_id=account.id, name=account.os_name)
    return LinuxAccount(kind=kind, account_id=account.id, name=account.name)  # type: ignore[arg-type]


def _of_host(account: Account, machine: Machine, logon: str) -> LinuxAccount:
    host = machine.name.rpartition("\\")[2]
    whole = f"{account.domain}\\{account.name}"
    if host.lower() != account.domain.lower():
        raise _refused(f"{whole} has no account on {host}.", machine)
    machine_id, _, logon_id = logon.partition("/")
    if not logon_id:
        raise _refused(
            f"Sessions of {whole} are launched by itself, signed in with its password.", machine
        )
    return LinuxAccount(
        kind="os",
        account_id=account.id,
        name=account.name,
        logon_id=logon_id if machine_id == machine.id else None,
    )


def _refused(sentence: str, machine: Machine) -> Conflict:
    return Conflict(sentence, code="UserNotAuthorized", name=machine.name)
