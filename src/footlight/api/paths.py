"""The route table and its matcher: from any spelling of a path to one canonical route. Pure.

CVAD's clients write the same route in many ways: five prefixes, any case, doubled and trailing
slashes, `$` raw or as %24. Segments are split before they are percent-decoded, so that a %2F or %5C
stays inside its parameter, and parameters keep their case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, unquote_to_bytes

MAX_SEGMENTS = 64
CVAD_PREFIX = "/cvad/manage"
_ORCHESTRATION = ("citrix", "orchestration", "api")

# Query names in the spelling that handlers declare; clients write them in any case.
_QUERY_NAMES = {
    name.lower(): name
    for name in (
        "adminFolder",
        "after",
        "applicationFolder",
        "async",
        "at",
        "builtIn",
        "configured",
        "contains",
        "continuationToken",
        "customerId",
        "days",
        "detailResponseRequired",
        "domain",
        "endDate",
        "fields",
        "force",
        "forest",
        "iconFormat",
        "id",
        "intervalLength",
        "kind",
        "limit",
        "matches",
        "mode",
        "namePrefix",
        "notifyUser",
        "objectId",
        "overwrite",
        "propertiesToRetrieve",
        "provider",
        "searchDateOption",
        "sessionId",
        "sessionSupport",
        "since",
        "skip",
        "startDate",
        "startsWith",
        "text",
        "ticket",
        "timeDiff",
        "until",
        "user",
        "userType",
    )
}


@dataclass(frozen=True)
class Route:
    """One method on one path template (`/Sessions/{id}`; `{rest...}` as the last segment takes all
    that follows). `method` is an HTTP method or "WS".

    open: needs no caller. any_site: `Citrix-InstanceId` is not looked at (routes that tell a site's
    id in the first place; open ones never look). body: what a non-empty body must be; a "stream" of bytes the handler
    reads by itself, within limits of its own. answer: "json" is negotiated by Accept, "any" is not. job: the JobType
    that `async=true` opens (background.py), None where there is none or the handler opens it itself; always_job: also
    without `async=true`.
    """

    method: str
    template: str
    open: bool = False
    any_site: bool = False
    body: Literal["json", "form", "any", "stream"] = "json"
    answer: Literal["json", "any"] = "json"
    job: str | None = None
    always_job: bool = False


@dataclass(frozen=True)
class Matched:
    """A known path. `path` is canonical, parameters encoded so far that `/` and `%` in them survive
    another split (decode_parameter undoes it); `base` is the prefix as the caller wrote it, for
    Location headers; customer and site are those named in the path."""

    template: str
    path: str
    parameters: Mapping[str, str]
    methods: Mapping[str, Route]
    base: str
    cvad: bool
    customer: str | None = None
    site: str | None = None


@dataclass
class _Node:
    literals: dict[str, tuple[str, _Node]] = field(default_factory=dict)
    parameter: tuple[str, _Node] | None = None
    rest: tuple[str, _Node] | None = None
    template: str | None = None
    methods: dict[str, Route] = field(default_factory=dict)


@dataclass(frozen=True)
class _Hit:
    node: _Node
    canonical: tuple[str, ...]
    parameters: dict[str, str]


def encode_parameter(value: str) -> str:
    """A decoded parameter as it stands in Matched.path: only `%`, `/` and `?` are escaped."""
    return value.replace("%", "%25").replace("/", "%2F").replace("?", "%3F")


def decode_parameter(value: str) -> str:
    """The parameter as the caller meant it, from a segment of Matched.path."""
    return unquote(value)


class RouteTable:
    """All routes: `cvad` templates are relative to CVAD's prefixes, `own` ones are whole paths."""

    def __init__(self, cvad: Iterable[Route], own: Iterable[Route] = ()) -> None:
        self._cvad = _Node()
        self._own = _Node()
        self.routes: list[Route] = []  # templates whole and canonical
        for route in cvad:
            self._add(self._cvad, route, CVAD_PREFIX)
        for route in own:
            self._add(self._own, route, "")

    def _add(self, node: _Node, route: Route, prefix: str) -> None:
        for segment in _split(route.template):
            node = _child(node, segment)
        whole = Route(**{**vars(route), "template": prefix + route.template})
        if route.method in node.methods:
            raise ValueError(f"{route.method} {whole.template} is declared twice")
        node.template = whole.template
        node.methods[route.method] = whole
        self.routes.append(whole)

    def match(self, raw_path: bytes | str) -> Matched | None:
        """The route of a path as it came over the wire (percent-encoded, without query), or None.
        The method is not looked at: a known path may still lack it."""
        raw = raw_path.decode("latin-1") if isinstance(raw_path, bytes) else raw_path
        raw_segments = _split(raw.partition("?")[0])
        if len(raw_segments) > MAX_SEGMENTS:
            return None
        segments = [_decode(segment) for segment in raw_segments]
        if any(segment is None for segment in segments):
            return None
        known = [segment for segment in segments if segment is not None]
        return self._match_cvad(raw_segments, known) or self._match_own(known)

    def _match_own(self, segments: list[str]) -> Matched | None:
        hit = _walk(self._own, segments, 0)
        return None if hit is None else _matched(hit, "", cvad=False)

    def _match_cvad(self, raw: Sequence[str], segments: list[str]) -> Matched | None:
        for length, customer, site in _scopes([segment.lower() for segment in segments]):
            hit = _walk(self._cvad, segments, length)
            if hit is not None:
                return _matched(
                    hit,
                    "/" + "/".join(raw[:length]),
                    cvad=True,
                    customer=None if customer is None else segments[customer],
                    site=None if site is None else segments[site],
                )
        return None


def _scopes(lower: list[str]) -> list[tuple[int, int | None, int | None]]:
    """Ways to read the prefix, in the order to try: (its length, index of the customer segment,
    index of the site segment)."""
    if lower[:2] == ["cvad", "manage"]:
        return [(2, None, None)]
    if lower[:1] == ["cvadapis"]:
        return [(1, None, None), (2, None, 1)]
    if tuple(lower[:3]) == _ORCHESTRATION:
        at = 4 if lower[3:4] == ["techpreview"] else 3
        return [(at, None, None), (at + 1, at, None), (at + 2, at, at + 1)]
    return []


def _matched(
    hit: _Hit, base: str, *, cvad: bool, customer: str | None = None, site: str | None = None
) -> Matched:
    assert hit.node.template is not None
    path = (CVAD_PREFIX if cvad else "") + "/" + "/".join(hit.canonical)
    return Matched(
        template=hit.node.template,
        path=path,
        parameters=hit.parameters,
        methods=hit.node.methods,
        base=base,
        cvad=cvad,
        customer=customer,
        site=site,
    )


def _split(path: str) -> list[str]:
    return [segment for segment in path.split("/") if segment]


def _decode(segment: str) -> str | None:
    try:
        text = unquote_to_bytes(segment.encode("latin-1")).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError):
        return None
    return text if text.isprintable() else None


def _child(node: _Node, segment: str) -> _Node:
    if segment.startswith("{") and segment.endswith("...}"):
        node.rest = node.rest or (segment[1:-4], _Node())
        return node.rest[1]
    if segment.startswith("{"):
        node.parameter = node.parameter or (segment[1:-1], _Node())
        if node.parameter[0] != segment[1:-1]:
            raise ValueError(f"{segment} has another name in another template")
        return node.parameter[1]
    spelled, child = node.literals.setdefault(segment.lower(), (segment, _Node()))
    if spelled != segment:
        raise ValueError(f"{segment} is spelled {spelled} in another template")
    return child


def _walk(node: _Node, segments: list[str], at: int) -> _Hit | None:
    """The node that takes all segments from `at` on: literals before parameters, then the rest."""
    if at > len(segments):
        return None
    if at == len(segments):
        return _Hit(node, (), {}) if node.template is not None else None
    segment = segments[at]
    literal = node.literals.get(segment.lower())
    if literal and (hit := _walk(literal[1], segments, at + 1)):
        return _Hit(hit.node, (literal[0], *hit.canonical), hit.parameters)
    if node.parameter and (hit := _walk(node.parameter[1], segments, at + 1)):
        name = node.parameter[0]
        canonical = (encode_parameter(segment), *hit.canonical)
        return _Hit(hit.node, canonical, {name: segment, **hit.parameters})
    tail = segments[at:]
    if node.rest and not any("/" in part or part in (".", "..") for part in tail):
        canonical = tuple(encode_parameter(part) for part in tail)
        return _Hit(node.rest[1], canonical, {node.rest[0]: "/".join(tail)})
    return None


def canonical_query(query: bytes) -> bytes:
    """The query with known names in their canonical spelling; all else untouched."""
    if not query:
        return query
    return b"&".join(_canonical_pair(pair) for pair in query.split(b"&"))


def _canonical_pair(pair: bytes) -> bytes:
    name, equals, value = pair.partition(b"=")
    known = _QUERY_NAMES.get(unquote_to_bytes(name).decode("latin-1").lower())
    return pair if known is None else known.encode() + equals + value
