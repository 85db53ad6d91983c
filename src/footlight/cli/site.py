"""`footlight token`, `site-id` and `resources list`: what a caller needs to know of the site."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from footlight.cli.call import Call, command
from footlight.cli.exits import Failed
from footlight.cli.output import print_line, print_table
from footlight.sdk.types.site import AuthToken, MySite

resources_app = typer.Typer(help="Published desktops and applications.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    command(app, "token")(token)
    command(app, "site-id")(site_id)


def token(call: Call) -> None:
    """Print a bearer token, for `Authorization: CWSAuth bearer=TOKEN`."""
    text = call.client.token().text
    if not call.as_json:
        print_line(text)
        return
    me = call.client.me()
    answer: AuthToken = {
        "Token": text,
        "Principal": me["DisplayName"],
        "UserId": me["UserId"],
        "CustomerId": me["Customers"][0]["Id"] if me["Customers"] else None,
        "ExpiresAt": me["ExpiryTime"],
    }
    call.show(answer, lambda: None)


def site_id(call: Call) -> None:
    """Print the site's id."""
    site = own_site(call)
    call.show(site, lambda: print_line(site["Id"]))


def own_site(call: Call) -> MySite:
    """The caller's first site. Raises Failed when there is none."""
    sites = [site for customer in call.client.me()["Customers"] for site in customer["Sites"]]
    if not sites:
        raise Failed("the site names no site of yours")
    return sites[0]


@command(resources_app, "list")
def list_resources(call: Call) -> None:
    """List what can be launched."""
    resources = call.client.resources.list()

    def for_people() -> None:
        print_table(("NAME", "KIND", "ID"), [(r["name"], r["kind"], r["id"]) for r in resources])

    call.show(resources, for_people)


@command(resources_app, "icon")
def save_icon(
    call: Call,
    id: Annotated[str, typer.Argument(help="Id of the resource.")],
    out: Annotated[Path, typer.Option("--out", help="PNG file to write.")],
) -> None:
    """Write the picture of a resource to a file."""
    picture = call.client.resources.icon(id)
    out.write_bytes(picture)
    call.show({"path": str(out), "bytes": len(picture)}, lambda: print_line(str(out)))
