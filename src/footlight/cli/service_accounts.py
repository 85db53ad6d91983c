"""`footlight admin service-accounts`: API clients that expire."""

from __future__ import annotations

from typing import Annotated

import typer

from footlight.cli.call import Call, command
from footlight.cli.output import print_line, print_members, print_table, say
from footlight.sdk.types.own import ServiceAccountSecret

app = typer.Typer(help="API clients that act as an account and expire.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="Client id.")]
Expiry = Annotated[
    str | None,
    typer.Option("--expires-at", metavar="TIME", help="When it expires, as 2027-03-31T12:00:00Z."),
]


@command(app, "list")
def list_service_accounts(call: Call) -> None:
    """List them, the expired ones too."""
    found = call.client.service_accounts.list()

    def for_people() -> None:
        columns = ("NAME", "ACCOUNT", "EXPIRES", "EXPIRED", "LAST USED", "ID")
        members = ("name", "accountName", "expiresAt", "expired", "lastUsedAt", "id")
        print_table(columns, [[one.get(member) for member in members] for one in found])

    call.show(found, for_people)


@command(app, "show")
def show(call: Call, id: Id) -> None:
    """Show one."""
    found = call.client.service_accounts.get(id)
    call.show(found, lambda: print_members(found))


@command(app, "add")
def add(
    call: Call,
    name: Annotated[str, typer.Argument(help="What it is for.")],
    account: Annotated[
        str | None, typer.Option("--account", help="Account that it acts as; else your own.")
    ] = None,
    expires_at: Expiry = None,
) -> None:
    """Make one and print its id and secret. It expires in 90 days unless told otherwise."""
    _show(call, call.client.service_accounts.create(name, account=account, expires_at=expires_at))


@command(app, "rotate")
def rotate(
    call: Call,
    id: Id,
    old_valid: Annotated[
        int | None,
        typer.Option(
            "--old-valid", metavar="SECONDS", help="How long the old secret stays good; else not."
        ),
    ] = None,
    expires_at: Expiry = None,
) -> None:
    """Change its secret and print the new one."""
    rotated = call.client.service_accounts.rotate(
        id, old_valid_seconds=old_valid, expires_at=expires_at
    )
    _show(call, rotated)


@command(app, "revoke")
def revoke(call: Call, id: Id) -> None:
    """End it: its secret and its tokens are good no more."""
    call.client.service_accounts.revoke(id)
    call.show({"id": id, "revoked": True}, lambda: say(f"{id} is revoked"))


def _show(call: Call, made: ServiceAccountSecret) -> None:
    def for_people() -> None:
        print_line(made["clientId"])
        print_line(made["clientSecret"])
        say(f"good until {made['serviceAccount']['expiresAt']}; the secret is not shown again")

    call.show(made, for_people)
