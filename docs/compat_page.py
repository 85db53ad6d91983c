"""The list of operations in compat.md: what is served, from the route table; how far, from tests and operations.toml.

A served operation is *full* when contract tests that name it (`covers`) show each of its statuses, and for each
status of success one of them changes state and looks at it again. That is read from the tests' text: such a test,
with its fixtures and the functions of its file that it calls, sends something that changes state and then asks.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from footlight.api.app import BOUND
from footlight.api.openapi.catalogue import Group, groups, key, operation_of
from footlight.api.routing import Bound

ROOT = Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- operations -->\n", "<!-- /operations -->\n"
CHANGES = frozenset({"post", "put", "patch", "delete"})
READS = frozenset({"get", "head"})
SIGNING = re.compile("/tokens|/me$")  # where signing in is the change


@dataclass(frozen=True)
class Remarks:
    """operations.toml: by `METHOD /Path` what is to be said, what is missing, what never changes."""

    said: dict[str, str]
    missing: dict[str, str]
    constant: dict[str, str]


@dataclass
class Shown:
    """What tests show of a route: statuses, and those with state that was changed and read back."""

    statuses: set[int] = field(default_factory=set)
    read_back: set[int] = field(default_factory=set)


def section() -> str:
    """The generated part of the page."""
    remarks, shown = read_remarks(), evidence(ROOT / "tests" / "contract")
    served = {key(b.route.method, b.route.template): b for b in BOUND if in_contract(b)}
    states = {route: state(bound, remarks, shown) for route, bound in served.items()}
    full = sum(one == "full" for one in states.values())
    partial = len(states) - full
    total = sum(group.count for group in groups())
    lines = [
        f"Of the {total} operations in {len(groups())} groups {full} are full and {partial} partial;",
        "the others are absent.",
        "",
        "| group | operations | full | partial | absent | what |",
        "|---|---|---|---|---|---|",
        *(_count(group, states) for group in groups()),
        "",
    ]
    for group in groups():
        rows = [served[k] for one in group.operations if (k := key(one.method, one.path)) in served]
        if rows:
            lines += [f"### {group.name}", "", *_table(rows, states, remarks)]
            absent = [o for o in group.operations if key(o.method, o.path) not in served]
            lines += _absent(f"`{one.method} {one.path}`" for one in absent)
    beside = [bound for route, bound in served.items() if _published(bound) is None]
    lines += ["### Beside the contract", "", *_table(beside, states, remarks)]
    unserved = [group for group in groups() if group.operations and not _served(group, served)]
    lines += ["### Groups that are known and absent", ""]
    lines += [
        f"- {g.name}: " + ", ".join(f"`{o.method} {o.path}`" for o in g.operations)
        for g in unserved
    ]
    return "\n".join(lines) + "\n"


def page(text: str) -> str:
    """The page with its generated part made anew."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"compat.md has lost {BEGIN.strip()} or {END.strip()}")
    return before + BEGIN + section() + END + after


def in_contract(bound: Bound) -> bool:
    """Whether the route is CVAD's."""
    return bound.cvad or bound.route.template.startswith("/cctrustoauth2/")


def state(bound: Bound, remarks: Remarks, shown: dict[str, Shown]) -> str:
    """`full`, or `partial: why`."""
    name = _name(bound)
    if name in remarks.missing:
        return f"partial: {remarks.missing[name]}"
    if name in remarks.constant:
        return f"constant: {remarks.constant[name]}"
    tests = shown.get(name, Shown())
    untested = sorted(bound.told.statuses - tests.statuses)
    unchanged = sorted(s for s in bound.told.statuses - tests.read_back if s < 400)
    if untested or not bound.told.statuses:
        return f"partial: no test of {', '.join(map(str, untested)) or 'its statuses'}"
    if unchanged:
        return (
            f"partial: no test changes state and reads it back for {', '.join(map(str, unchanged))}"
        )
    return "full"


def read_remarks() -> Remarks:
    """operations.toml. Raises SystemExit when it names a route that is not served."""
    found = tomllib.loads((ROOT / "docs" / "operations.toml").read_text())
    remarks = Remarks(found["said"], found["missing"], found["constant"])
    served = {_name(bound) for bound in BOUND if in_contract(bound)}
    unknown = {*remarks.said, *remarks.missing, *remarks.constant} - served
    if unknown:
        raise SystemExit(f"operations.toml names what is not served: {', '.join(sorted(unknown))}")
    return remarks


def evidence(folder: Path) -> dict[str, Shown]:
    """What the tests of a folder show, by route."""
    shared = _functions(ast.parse((folder / "conftest.py").read_text()))
    found: dict[str, Shown] = {}
    for path in sorted(folder.glob("test_*.py")):
        tree = ast.parse(path.read_text())
        for route, statuses in _covers_of(ast.walk(tree)):  # those of parameters of tests too
            found.setdefault(route, Shown()).statuses |= statuses
        known = {**shared, **_functions(tree)}
        for function in known.values():
            for route, statuses in _covers_of(function.decorator_list):
                shown = found.setdefault(route, Shown())
                if _reads_back(function, known, signing_in=bool(SIGNING.search(route))):
                    shown.read_back |= statuses
    return found


Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(tree: ast.AST) -> dict[str, Function]:
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {node.name: node for node in ast.walk(tree) if isinstance(node, kinds)}


def _covers_of(nodes: Iterable[ast.AST]) -> Iterator[tuple[str, set[int]]]:
    for mark in nodes:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.covers":
            route, *statuses = (ast.literal_eval(argument) for argument in mark.args)
            yield route, set(statuses)


def _reads_back(function: Function, known: dict[str, Function], *, signing_in: bool) -> bool:
    """Whether the test sends what changes state (signing in counts where it is the matter), asks, and asserts."""
    parts = _reached(function, known, set())
    calls = [node for part in parts for node in ast.walk(part) if isinstance(node, ast.Call)]
    changes = [
        call for call in calls if _sends(call, CHANGES) and (signing_in or not _signs_in(call))
    ]
    asks = [call for call in calls if _sends(call, READS)]
    asserts = any(isinstance(node, ast.Assert) for part in parts for node in ast.walk(part))
    return asserts and (len(changes) > 1 or bool(changes and asks))


def _signs_in(call: ast.Call) -> bool:
    return any(word in ast.unparse(call).lower() for word in ("tokens", "sign-in"))


def _reached(function: Function, known: dict[str, Function], seen: set[str]) -> list[Function]:
    """The function, its fixtures, and what it calls of the same file or conftest."""
    if function.name in seen:
        return []
    seen.add(function.name)
    arguments = {one.arg for one in function.args.args}
    called = {
        n.func.id
        for n in ast.walk(function)
        if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
    }
    found = [function]
    for name in sorted((arguments | called) & set(known)):
        found += _reached(known[name], known, seen)
    return found


def _sends(call: ast.Call, verbs: Iterable[str]) -> bool:
    """A call like client.post(path), or like ask(client, "POST", path)."""
    words = {
        one.value.lower()
        for one in call.args
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    }
    if words & set(verbs):
        return True
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in verbs or not call.args:
        return False
    # dict.get(name) has no path.
    return (
        call.func.attr != "get"
        or "/" in ast.unparse(call.args[0])
        or isinstance(call.args[0], ast.Name)
    )


def _count(group: Group, states: dict[str, str]) -> str:
    own = [states[k] for one in group.operations if (k := key(one.method, one.path)) in states]
    full = sum(one == "full" for one in own)
    numbers = (group.count, full, len(own) - full, max(0, group.count - len(own)))
    return f"| {group.name} | " + " | ".join(map(str, numbers)) + f" | {group.what} |"


def _table(rows: list[Bound], states: dict[str, str], remarks: Remarks) -> list[str]:
    lines = ["| operation | state | statuses | remarks |", "|---|---|---|---|"]
    for bound in rows:
        name = _name(bound)
        statuses = ", ".join(map(str, sorted(bound.told.statuses)))
        how = states[key(bound.route.method, bound.route.template)]
        lines.append(f"| `{name}` | {how} | {statuses} | {remarks.said.get(name, '')} |")
    return [*lines, ""]


def _absent(names: Iterable[str]) -> list[str]:
    listed = ", ".join(names)
    return [f"Absent: {listed}.", ""] if listed else []


def _served(group: Group, served: dict[str, Bound]) -> bool:
    return any(key(one.method, one.path) in served for one in group.operations)


def _published(bound: Bound) -> object:
    return operation_of(bound.route.method, bound.route.template) if bound.cvad else None


def _name(bound: Bound) -> str:
    return f"{bound.route.method} {bound.route.template}"
