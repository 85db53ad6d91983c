"""The operations of the published contract, by group (operations.txt beside this file)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Operation:
    """A published operation and its name there."""

    group: str
    method: str
    path: str
    name: str


@dataclass(frozen=True)
class Group:
    """A group of the contract. `count`: of its operations; those whose path is known are listed."""

    name: str
    count: int
    what: str
    operations: tuple[Operation, ...]


@cache
def groups() -> tuple[Group, ...]:
    """All groups in the order of the file."""
    text = (files(__package__) / "operations.txt").read_text()
    plain = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    return tuple(_group(block.splitlines()) for block in plain.split("\n\n") if block.strip())


def operation_of(method: str, template: str) -> Operation | None:
    """The published operation of a route, whatever the parameters are called; None beside the contract."""
    return _by_key().get(key(method, template))


def key(method: str, template: str) -> str:
    """What two spellings of one route have in common."""
    return f"{method} {re.sub(r'{[^}]*}', '{}', template).lower()}"


@cache
def _by_key() -> dict[str, Operation]:
    return {key(one.method, one.path): one for group in groups() for one in group.operations}


def _group(lines: list[str]) -> Group:
    head, *rest = [line for line in lines if line]
    name, count, what = head.split(" ", 2)
    listed = (line.split(" ") for line in rest)
    operations = tuple(Operation(name, method, path, called) for method, path, called in listed)
    return Group(name, int(count), what, operations)
