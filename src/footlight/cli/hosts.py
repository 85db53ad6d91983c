"""`footlight hosts`: hosts that enrol, and the codes by which they do."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from footlight.cli.call import Call, command
from footlight.cli.output import print_line, print_members, print_table, say

app = typer.Typer(help="Hosts of the site, and codes to enrol them.", no_args_is_help=True)

Host = Annotated[str, typer.Argument(help="Name or machine id of the host.")]
_COLUMNS = ("NAME", "STATUS", "REGISTERED", "LAST SEEN", "VERSION", "CREDENTIALS UNTIL", "ID")
_MEMBERS = ("name", "status", "registered", "lastSeenAt", "agentVersion", "expiresAt", "id")


@command(app, "enroll")
def enroll(
    call: Call,
    minutes: Annotated[
        int, typer.Option("--minutes", help="How long the code is good: 7 days (10080) at most.")
    ] = 60,
    description: Annotated[str, typer.Option("--description", help="What it is for.")] = "",
    zone: Annotated[str | None, typer.Option("--zone", help="Zone of the machine.")] = None,
    catalog: Annotated[str | None, typer.Option("--catalog", help="Its machine catalog.")] = None,
    delivery_group: Annotated[
        str | None, typer.Option("--delivery-group", help="Its delivery group.")
    ] = None,
    machine: Annotated[
        str | None, typer.Option("--machine", help="Machine that is enrolled again.")
    ] = None,
) -> None:
    """Make a code for one host and print the command to run there."""
    wanted: dict[str, Any] = {
        "minutes": minutes,
        "description": description,
        "zone": zone,
        "catalog": catalog,
        "deliveryGroup": delivery_group,
        "machine": machine,
    }
    made = call.client.hosts.enroll({k: v for k, v in wanted.items() if v is not None})

    def for_people() -> None:
        if made.get("warning"):  # a server of an earlier release gives none
            say(made["warning"])
        say(f"Run this on the host, until {made['expiresAt']}. The code is good once:")
        print_line(made["command"])

    call.show(made, for_people)


@command(app, "list")
def list_hosts(call: Call) -> None:
    """List the enrolled hosts."""
    found = list(call.client.hosts.list())
    rows = [[one.get(member) for member in _MEMBERS] for one in found]
    call.show(found, lambda: print_table(_COLUMNS, rows))


@command(app, "show")
def show(call: Call, host: Host) -> None:
    """Show one."""
    found = call.client.hosts.get(host)
    call.show(found, lambda: print_members(found))


@command(app, "revoke")
def revoke(call: Call, host: Host) -> None:
    """The host is the site's no more, at once. Its sessions go on there, and nobody reaches them."""
    found = call.client.hosts.revoke(host)
    call.show(found, lambda: say(f"{found['name']} is revoked"))


@command(app, "rotate")
def rotate(call: Call, host: Host) -> None:
    """Have the host make all its keys anew. Its sessions stay."""
    found = call.client.hosts.rotate(host)
    call.show(found, lambda: say(f"{found['name']} makes new keys as soon as it can"))


@command(app, "forget")
def forget(call: Call, host: Host) -> None:
    """Forget a host that is revoked. Its machine stays until `footlight machines delete`."""
    call.client.hosts.forget(host)
    call.show({"id": host, "forgotten": True}, lambda: say(f"{host} is forgotten"))


@command(app, "codes")
def codes(call: Call) -> None:
    """List the enrolment codes, the newest first."""
    found = list(call.client.hosts.codes())
    members = ("description", "status", "createdBy", "expiresAt", "usedMachineId", "id")
    columns = ("DESCRIPTION", "STATUS", "MADE BY", "GOOD UNTIL", "USED BY", "ID")
    rows = [[one.get(member) for member in members] for one in found]
    call.show(found, lambda: print_table(columns, rows))


@command(app, "revoke-code")
def revoke_code(call: Call, id: Annotated[str, typer.Argument(help="Id of the code.")]) -> None:
    """A code that has not been used is good for nothing any more."""
    call.client.hosts.revoke_code(id)
    call.show({"id": id, "revoked": True}, lambda: say(f"code {id} is revoked"))
