"""Requests as nobody should send them: where they go, who sends them, and what is wrong with them.

Everything is drawn from one random generator, so a number names a request.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec
from odd_values import (
    CONTENT_TYPES,
    HEADER_NAMES,
    HEADER_VALUES,
    ODD_PATHS,
    ODD_TEXT,
    ODD_VALUES,
)

from footlight.api.app import BOUND
from footlight.api.openapi.operation import takes
from footlight.api.openapi.parameters import query

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
BIG = 60_000
DEEP = 20_000


@dataclass(frozen=True)
class Target:
    """A route and a method on it; `model` is that of its body, `names` those of its query."""

    method: str
    path: str
    model: Any
    names: tuple[str, ...]
    told: frozenset[int]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


@dataclass
class Draft:
    """A request in the making. `whole`: its framing is right, so that the connection goes on after it."""

    method: bytes
    path: bytes
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    query: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""
    content_type: bytes | None = b"application/json"

    def raw(self) -> bytes:
        """The bytes of the request."""
        target = self.path
        if self.query:
            target += b"?" + b"&".join(name + b"=" + value for name, value in self.query)
        lines = [self.method + b" " + target + b" HTTP/1.1"]
        headers = [(b"Host", b"127.0.0.1"), *self.headers]
        if self.body:
            headers.append((b"Content-Length", str(len(self.body)).encode()))
            if self.content_type is not None:
                headers.append((b"Content-Type", self.content_type))
        lines += [name + b": " + value for name, value in headers]
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body


def targets(left_out: re.Pattern[str]) -> list[Target]:
    """Each route with each of its methods, and once with methods that it lacks."""
    found: list[Target] = []
    by_path: dict[str, set[str]] = {}
    for bound in BOUND:
        method = "GET" if bound.route.method == "WS" else bound.route.method
        if left_out.search(f"{method} {bound.path}"):
            continue
        http = bound.route.method != "WS"
        names = tuple(one["name"] for one in query(bound)) if http else ("ticket",)
        model = takes(bound) if http else None
        found.append(Target(method, bound.path, model, names, bound.told.statuses))
        by_path.setdefault(bound.path, set()).add(method)
    lacking = [Target("", path, None, (), frozenset()) for path in by_path]
    return found + lacking


def draft(target: Target, rng: random.Random, names: Sequence[str]) -> Draft:
    """A request for the target, often with one of these names or ids in its path; what is wrong comes later."""
    taken = {one.route.method for one in BOUND if one.path == target.path}
    method = target.method or rng.choice([m for m in METHODS if m not in taken])
    path = re.sub(r"\{[^}]*\}", lambda _: quote(_segment(rng, names), safe=""), target.path)
    made = Draft(method.encode(), path.encode())
    if target.model is not None:
        made.body = json.dumps(body_of(target.model, rng, 0)).encode()
    return made


def _segment(rng: random.Random, names: Sequence[str]) -> str:
    strange = ("x", "1", "00000000-0000-0000-0000-000000000001", "a\\b", "a|b", "..", "\u00fc")
    return rng.choice(names if names and rng.random() < 0.6 else strange)


def body_of(model: Any, rng: random.Random, wrong: float) -> Any:
    """A body of the model; a share `wrong` of its members is of another type or missing."""
    return _value(msgspec.inspect.type_info(model), rng, wrong, 0)


def _value(kind: Any, rng: random.Random, wrong: float, depth: int) -> Any:
    if rng.random() < wrong:
        return rng.choice(ODD_VALUES + ODD_TEXT)
    match kind:
        case msgspec.inspect.StructType() if depth < 6:
            shown = [one for one in kind.fields if one.required or rng.random() < 0.5]
            return {one.encode_name: _value(one.type, rng, wrong, depth + 1) for one in shown}
        case msgspec.inspect.ListType() if depth < 6:
            return [_value(kind.item_type, rng, wrong, depth + 1) for _ in range(rng.randint(0, 3))]
        case msgspec.inspect.UnionType():
            return _value(rng.choice(kind.types), rng, wrong, depth)
        case msgspec.inspect.LiteralType():
            return rng.choice(kind.values)
        case msgspec.inspect.StrType():
            return rng.choice(("x", "Desktop", "admin", "2026-11-22T10:00:00Z", *ODD_TEXT))
        case msgspec.inspect.IntType():
            return rng.choice((0, 1, 7, -1, 2**31, 2**63))
        case msgspec.inspect.FloatType():
            return rng.choice((0.0, 1.5, -1e300))
        case msgspec.inspect.BoolType():
            return rng.random() < 0.5
        case _:
            return None


def bad_json(made: Draft, rng: random.Random) -> None:
    """Text that is no JSON, or only nearly."""
    good = made.body or b'{"Name": "x"}'
    made.body = rng.choice(
        (
            good[: rng.randrange(len(good))] or b"{",
            good + b",",
            good.replace(b'"', b"'"),
            b"\xef\xbb\xbf" + good,
            good.decode("latin-1").encode("utf-16"),
            b'{"a": NaN}',
            b"[1, 2",
            b"nul",
            b"\xff\xfe\x00",
            b'{"a": "\\ud800"}',
            b'{"a": "\xff"}',
            b"// x\n{}",
            b'{"a":1,"a":2}',
            b'"' + b"x" * BIG + b'"',
            b"true",
            b"7",
            b"\x00" * 100,
            b"{" * 50,
        )
    )


def wrong_types(made: Draft, rng: random.Random, model: Any = None) -> None:
    """Members of the right names and wrong types."""
    body = body_of(model, rng, 0.4) if model is not None else rng.choice(ODD_VALUES)
    made.body = json.dumps(body).encode()


def huge_numbers(made: Draft, rng: random.Random, model: Any = None) -> None:
    """Numbers that no machine word holds, in the body and in the query."""
    number = rng.choice(
        (
            b"1e400",
            b"-1e400",
            b"9" * 4000,
            b"1" + b"0" * 400,
            b"-0",
            b"1e-400",
            b"0x10",
            b"1.",
            b".5",
            b"2" * 20,
        )
    )
    names = (
        [f.encode_name.encode() for f in msgspec.structs.fields(model)]
        if _is_struct(model)
        else [b"Limit"]
    )
    made.body = b"{" + b", ".join(b'"' + name + b'": ' + number for name in names[:20]) + b"}"
    made.query.append((b"limit", number))


def deep(made: Draft, rng: random.Random, model: Any = None) -> None:
    """Nesting that no reader should follow."""
    depth = rng.choice((65, 200, 990, DEEP))
    name = b'{"SearchFilterGroups":[' if rng.random() < 0.3 else rng.choice((b"[", b'{"a":'))
    close = {b"[": b"]", b'{"a":': b"}"}.get(name, b"]}")
    made.body = name * depth + b"1" + close * depth


def bad_path(made: Draft, rng: random.Random) -> None:
    """Percent-encoding and segments that are wrong or mean something elsewhere."""
    parts = made.path.split(b"/")
    for _ in range(rng.randint(1, 3)):
        parts.insert(rng.randrange(1, len(parts) + 1), rng.choice(ODD_PATHS))
    made.path = b"/".join(parts)


def bad_segment(made: Draft, rng: random.Random) -> None:
    """The same in the place of the last segment, where a name or an id may stand."""
    made.path = made.path.rpartition(b"/")[0] + b"/" + rng.choice(ODD_PATHS).replace(b"/", b"")


def odd_headers(made: Draft, rng: random.Random) -> None:
    """Headers that are known, with values that are not."""
    for name in rng.sample(HEADER_NAMES, rng.randint(1, 4)):
        made.headers.append((name, rng.choice(HEADER_VALUES)))


def double_headers(made: Draft, rng: random.Random) -> None:
    """A header twice, with other values."""
    for name in rng.sample((*HEADER_NAMES, b"Authorization", b"Content-Type"), rng.randint(1, 3)):
        made.headers += [(name, rng.choice(HEADER_VALUES)) for _ in range(2)]


def wrong_content_type(made: Draft, rng: random.Random) -> None:
    """A body of another kind than it says, or in another charset."""
    made.body = made.body or b"{}"
    made.content_type = rng.choice(CONTENT_TYPES)
    if rng.random() < 0.3:
        made.body = made.body.decode("latin-1").encode(rng.choice(("utf-16", "utf-32", "utf-7")))


def giant_query(made: Draft, rng: random.Random) -> None:
    """Query values by the kilobyte, or very many of them."""
    name = rng.choice((b"continuationToken", b"fields", b"limit", b"id", b"text", b"x"))
    if rng.random() < 0.5:
        made.query.append(
            (name, rng.choice((b"a", b"9", b"%41", b",", b"%00")) * rng.choice((2000, 20_000)))
        )
    else:
        made.query += [(name, b"1")] * 3000


def odd_query(made: Draft, rng: random.Random, names: Sequence[str] = ()) -> None:
    """Known parameters with values that they do not take, in any case, twice, or badly encoded."""
    known = [*names, "limit", "continuationToken", "fields", "async", "skip", "id", "unknown"]
    values = (
        "",
        "-1",
        "0",
        "1001",
        "99999999999999999999",
        "1.5",
        "abc",
        "true",
        "TRUE",
        "%",
        "%zz",
        "%00",
        "%ff",
        "a,b,,c",
        "%5B%5D",
        "null",
        "1e3",
        "+1",
    )
    for _ in range(rng.randint(1, 4)):
        name = rng.choice(known)
        spelled = rng.choice((name, name.upper(), name + "[]", f"%{ord(name[0]):02x}{name[1:]}"))
        made.query.append((spelled.encode(), rng.choice(values).encode()))


def nuls(made: Draft, rng: random.Random) -> None:
    """NUL bytes in the path, the query, a member, or the whole body."""
    place = rng.randrange(4)
    if place == 0:
        made.path += b"%00"
    elif place == 1:
        made.query.append((b"id", b"a%00b"))
    elif place == 2:
        made.body = b'{"Name": "a\\u0000b", "\\u0000": "\\u0000", "Text": "\\u0000"}'
    else:
        made.body = b"\x00" + made.body


def good(made: Draft, rng: random.Random) -> None:
    """Nothing wrong: what fits the model may still be refused, but not badly."""


KINDS: dict[str, Callable[..., None]] = {
    "bad JSON": bad_json,
    "wrong types": wrong_types,
    "huge numbers": huge_numbers,
    "deep nesting": deep,
    "bad path": bad_path,
    "bad segment": bad_segment,
    "odd headers": odd_headers,
    "double headers": double_headers,
    "wrong content type": wrong_content_type,
    "giant query": giant_query,
    "odd query": odd_query,
    "NULs": nuls,
    "nothing wrong": good,
}


def spoil(made: Draft, kind: str, target: Target, rng: random.Random) -> None:
    """Make the draft wrong in that way."""
    harm = KINDS[kind]
    if harm in (wrong_types, huge_numbers, deep):
        harm(made, rng, target.model)
    elif harm is odd_query:
        harm(made, rng, target.names)
    else:
        harm(made, rng)


def _is_struct(model: Any) -> bool:
    return isinstance(model, type) and issubclass(model, msgspec.Struct)
