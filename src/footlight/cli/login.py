"""`footlight login`: sign in to a site and keep the token."""

from __future__ import annotations

import os

import typer

from footlight.cli.call import Call, command
from footlight.cli.exits import UsageProblem
from footlight.cli.output import say
from footlight.cli.place import password_for
from footlight.cli.store import Login, save_login
from footlight.sdk import Footlight


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "login")(login)


def login(call: Call) -> None:
    """Sign in with --url, --user and a password, and keep the token (0600) for later commands.

    The password is not kept; sign in again when the token can no longer be renewed."""
    place = call.place
    user = call.selection.user or os.environ.get("FOOTLIGHT_USER")
    if not user:
        raise UsageProblem("name the account with --user")
    ca_file = os.path.abspath(place.ca_file) if place.ca_file else None
    password = password_for(user, call.selection, os.environ)
    with Footlight(place.base_url, user=user, password=password, ca_file=ca_file) as client:
        token, me = client.token(), client.me()
    customer = me["Customers"][0]["Id"] if me["Customers"] else None
    file = save_login(
        Login(place.base_url, user, token.text, token.expires_at_s, ca_file, customer)
    )
    call.show(me, lambda: say(f"signed in to {place.base_url} as {user}; kept in {file}"))
