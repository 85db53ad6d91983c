"""Commands of a resource whose operations are declared by their route (sdk/collection.py): one command for each,
made from its declaration."""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main
from typer.core import TyperGroup

from footlight.cli.call import Call, command
from footlight.cli.conditions import AnyOf, Sort, TimeZone, Where, search_body
from footlight.cli.exits import ExitCode, UsageProblem
from footlight.cli.output import print_line, print_members, print_table, say
from footlight.sdk.collection import Route
from footlight.sdk.operation import ListOperation, Operation, Resource, parameters_of
from footlight.sdk.pages import read_page

MAX_BODY_CHARACTERS = 16 * 1024 * 1024

PageSize = Annotated[
    int | None, typer.Option("--page-size", min=1, max=1000, help="Items asked for at once.")
]
Fields = Annotated[
    str | None, typer.Option("--fields", metavar="A,B,...", help="Only these members.")
]
Query = Annotated[
    list[str] | None,
    typer.Option(
        "--query", metavar="NAME=VALUE", help="A further query parameter; more than once."
    ),
]
Body = Annotated[
    str | None,
    typer.Option(
        "--body", metavar="JSON|FILE|-", help="The object to send; - reads it from input."
    ),
]
Members = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="NAME=VALUE", help="A member of the body, as JSON or text; more than once."
    ),
]
InBackground = Annotated[
    bool, typer.Option("--in-background", help="Begin a job, print it, and do not wait.")
]

# By the parameter of the operation: the options of the command that give it.
_OPTIONS: dict[str, dict[str, Any]] = {
    "limit": {"limit": PageSize},
    "fields": {"fields": Fields},
    "skip": {"skip": Annotated[int | None, typer.Option("--skip", min=0, help="Leave out.")]},
    "time_zone": {"time_zone": TimeZone, "where": Where, "any_of": AnyOf, "sort": Sort},
    "body": {"body": Body, "members": Members},
    "query": {"query": Query},
}
_FLAGS = ("any_of", "in_background")

AnyOperation = Operation[..., Any] | ListOperation[..., Any]


@dataclass(frozen=True)
class Group:
    """`footlight NAME`: the declared operations of `client.ATTRIBUTE` (dots allowed). `columns` are the members that
    its tables show, `Zone.Name` for one within another."""

    name: str
    attribute: str
    resource: type[Resource[Any]]
    help: str
    columns: Sequence[str] = ("Name", "Id")
    own: Callable[[typer.Typer], None] | None = None  # adds commands that are no operation


def declared(resource: type[Resource[Any]]) -> dict[str, AnyOperation]:
    """The operations of a resource that were declared by their route, by name."""
    found = {}
    for name, member in vars(resource).items():
        if isinstance(member, Operation | ListOperation) and member.route:
            found[name] = member
    return found


def add_commands(app: typer.Typer, group: Group) -> None:
    """Add the commands of the group to `app`."""
    for name, operation in declared(group.resource).items():
        command(app, name.replace("_", "-"))(_command(group, name, operation))


def lazy_group(group: Group) -> type[TyperGroup]:
    """A class of click group that makes the group's commands when somebody looks: hundreds would hold up each
    start of the command line."""

    class Lazy(TyperGroup):
        _made: dict[str, Any] | None = None

        @property
        def commands(self) -> dict[str, Any]:
            if self._made is None:
                app = typer.Typer()
                add_commands(app, group)
                if group.own is not None:
                    group.own(app)
                self._made = dict(typer.main.get_group(app).commands)
            return self._made

        @commands.setter
        def commands(self, given: Mapping[str, Any]) -> None:
            """Those that it is built with are none."""

    return Lazy


def _command(group: Group, name: str, operation: AnyOperation) -> Any:
    route = Route.parse(operation.route)
    names = [f"path_{place}" for place, _ in enumerate(route.names)]

    def run(call: Call, **values: Any) -> ExitCode | None:
        nouns = call.client.in_background if values.pop("in_background", False) else call.client
        bound = getattr(attrgetter(group.attribute)(nouns), name)
        given = [values.pop(one) for one in names]
        answer = bound(*given, *_body_of(operation, values), **_named(values))
        if nouns is not call.client:
            job = answer.status()
            call.show(job, lambda: print_line(job["Id"]))
            return None
        return _show(call, group, answer)

    parameters = [inspect.Parameter("call", inspect.Parameter.POSITIONAL_OR_KEYWORD)]
    parameters += [
        _parameter(key, Annotated[str, typer.Argument(metavar=_metavar(spelled))], None)
        for key, spelled in zip(names, route.names, strict=True)
    ]
    parameters += [
        _parameter(key, kind, False if key in _FLAGS else None)
        for key, kind in _options(route, operation).items()
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    # What the SDK raises is no news at the command line.
    run.__doc__ = re.sub(r" Raises [^.]*\.", "", operation.__doc__ or "")
    return run


def _options(route: Route, operation: AnyOperation) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for parameter in parameters_of(operation).parameters:
        options.update(_OPTIONS.get(parameter, {}))
    if route.method not in ("GET", "HEAD"):
        options["in_background"] = InBackground
    return options


def _parameter(name: str, kind: Any, default: Any) -> inspect.Parameter:
    empty = inspect.Parameter.empty
    chosen = empty if name.startswith("path_") else default
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=chosen)


def _metavar(name: str) -> str:
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", name).upper()


def _body_of(operation: AnyOperation, values: dict[str, Any]) -> list[dict[str, Any]]:
    """The body, if the operation takes one: --body, what --where and --sort mean, and each --set over it."""
    if "body" not in parameters_of(operation).parameters:
        return []
    body = read_body(values.pop("body"))
    conditions = search_body(
        None,
        values.pop("where", None),
        values.pop("sort", None),
        any_of=values.pop("any_of", False),
    )
    body.update(conditions)
    for text in values.pop("members") or ():
        name, member = _pair("--set", text)
        try:
            body[name] = json.loads(member)
        except ValueError:
            body[name] = member
    return [body]


def read_body(text: str | None) -> dict[str, Any]:
    """The object that --body means: JSON itself, a file of it, or - for standard input. Raises UsageProblem."""
    if text is None:
        return {}
    try:
        if text == "-":
            text = sys.stdin.read(MAX_BODY_CHARACTERS)
        elif not text.lstrip().startswith("{"):
            with Path(text).open(encoding="utf-8") as source:
                text = source.read(MAX_BODY_CHARACTERS)
        body = json.loads(text)
    except ValueError as error:
        raise UsageProblem(f"--body is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise UsageProblem("--body is a JSON object")
    return body


def _named(values: dict[str, Any]) -> dict[str, Any]:
    """The keywords for the operation; a query parameter that is given twice is a list."""
    named = {name: value for name, value in values.items() if value is not None}
    if "fields" in named:
        named["fields"] = named["fields"].split(",")
    found: dict[str, list[str]] = {}
    for text in named.pop("query", ()):
        name, value = _pair("--query", text)
        found.setdefault(name, []).append(value)
    return {**named, **{name: v[0] if len(v) == 1 else v for name, v in found.items()}}


def _pair(option: str, text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise UsageProblem(f"{option} {text}: give NAME=VALUE")
    return name, value


def _show(call: Call, group: Group, answer: Any) -> ExitCode | None:
    """Print any answer: an object, a list, a value; nothing to tell is told as done."""
    if hasattr(answer, "pages"):
        items = list(answer)
        call.show(items, lambda: _print_items(group, items))
    elif isinstance(answer, dict) and isinstance(answer.get("Items"), list):
        call.show(answer, lambda: _print_items(group, read_page(answer).items))
    elif isinstance(answer, dict):
        call.show(answer, lambda: print_members(answer))
    elif answer is not None:
        call.show(answer, lambda: print_line(json.dumps(answer)))
    elif not call.as_json:
        say("done")
    return ExitCode.REFUSED if answer is False else None


def _print_items(group: Group, items: Sequence[Any]) -> None:
    """The group's columns; where none of the items has any of them, all their plain members."""
    columns = [c for c in group.columns if any(_member(one, c) is not None for one in items)]
    if not columns and items and isinstance(items[0], dict):
        columns = [n for n, value in items[0].items() if not isinstance(value, dict | list)]
    if not columns and items:
        columns = [""]
    rows = [[_member(one, column) for column in columns] for one in items]
    print_table([_heading(column) for column in columns], rows)


def _heading(column: str) -> str:
    """`MachineCatalog.Name` as MACHINE CATALOG, `entry.userName` as USER NAME."""
    words: str = re.sub(
        r"([a-z])([A-Z])", r"\1 \2", column.removesuffix(".Name").rpartition(".")[2]
    )
    return words.upper()


def _member(one: Any, path: str) -> Any:
    for name in filter(None, path.split(".")):
        one = one.get(name) if isinstance(one, Mapping) else None
    return one
