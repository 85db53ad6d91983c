"""`footlight login` and `logout`: sign in to a site and keep the token, and end it."""

from __future__ import annotations

import os

import typer

from footlight.cli.call import Call, command
from footlight.cli.exits import NoSite, UsageProblem
from footlight.cli.output import say
from footlight.cli.place import client_of_login, password_for
from footlight.cli.store import Login, forget_login, read_login, save_login
from footlight.sdk import Footlight, Unauthorized


def register(app: typer.Typer) -> None:
    """Add the command."""
    command(app, "login")(login)
    command(app, "logout")(logout)


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


def logout(call: Call) -> None:
    """End the token that `footlight login` keeps: it is dead at once, and forgotten here."""
    login = read_login(os.environ)
    if login is None:
        raise NoSite("nothing is kept: there is no sign-in to end")
    try:
        with client_of_login(login) as client:
            client.tokens.revoke()
    except Unauthorized:
        pass  # it had ended by itself
    forget_login(os.environ)
    call.show({"baseUrl": login.base_url}, lambda: say(f"signed out of {login.base_url}"))
