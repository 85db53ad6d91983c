"""A session's JSON as two halves of text: its own, which the store keeps (sessions/pieces.py), and its machine's.

Both are cut from one object (render.session), rendered once with marks in place of its values: what stands
between the marks is the same for every session, and rendering is to fill in the marks.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from itertools import chain
from typing import Any

import msgspec

from footlight.api import render
from footlight.api.render import OfMachine, Own
from footlight.sessions.pieces import Pieces

_MARK = re.compile(rb'"\\u0001(\w)(\d+)\\u0001"')
_OWN, _MACHINE = b"s", b"m"


class Half:
    """Constant text and the places in it for values. `pieces`: text, number of a value, text, ..., text."""

    def __init__(self, pieces: list[bytes]) -> None:
        texts = [text.replace(b"%", b"%%") for text in pieces[::2]]
        self.text = b"%b".join(texts)
        self._order = [int(number) for number in pieces[1::2]]
        self._encode = msgspec.json.Encoder().encode

    def filled(self, values: Own | OfMachine) -> bytes:
        """With these values in their places."""
        encoded = [self._encode(value) for value in values]
        return self.text % tuple([encoded[number] for number in self._order])


def _halves() -> tuple[Half, Half]:
    own = Own._make(f"\x01s{n}\x01" for n in range(len(Own._fields)))
    machine = OfMachine._make(f"\x01m{n}\x01" for n in range(len(OfMachine._fields)))
    split = _MARK.split(msgspec.json.encode(render.session(own, machine)))
    first, rest = split[0], list(zip(split[1::3], split[2::3], split[3::3], strict=True))
    count = sum(kind == _OWN for kind, _, _ in rest)
    if {kind for kind, _, _ in rest[:count]} != {_OWN}:
        raise TypeError("a session's own members stand before its machine's")
    # What is constant after the last own value is the machine's: it need not be kept for each session.
    between = rest[count - 1][2]
    left = [
        first,
        *chain(*((n, text) for _, n, text in rest[: count - 1])),
        rest[count - 1][1],
        b"",
    ]
    right = [between, *chain(*((n, text) for _, n, text in rest[count:]))]
    return Half(left), Half(right)


_LEFT, _RIGHT = _halves()

# One more when render.own says something else of the same row: what is kept by an older release is then dropped.
_VERSION = 1
SHAPE = hashlib.sha256(_LEFT.text + bytes([_VERSION])).hexdigest()


def own_half(row: Any) -> bytes:
    """The session's own half, of its row with its machine's name as `m_name`."""
    return _LEFT.filled(render.own(row))


def machine_half(row: Any) -> bytes:
    """The half that all sessions of a machine have in common, of a joined row or a ShownMachine."""
    return _RIGHT.filled(render.of_machine(row))


# For as long as the same is read of the machine, the same is shown: values are compared, nothing is outdated.
_machine_half = lru_cache(maxsize=4096)(machine_half)


def body(row: Any) -> bytes:
    """The whole object of a joined row."""
    return own_half(row) + machine_half(row)


def projected(body: bytes, fields: frozenset[str] | None) -> bytes:
    """The object with only the members that `fields` names (wire/rest/paging.py); itself without."""
    if fields is None:
        return body
    members = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    return msgspec.json.encode({n: raw for n, raw in members.items() if n.lower() in fields})


def bodies(pieces: Pieces) -> list[bytes]:
    """The whole objects."""
    machines = {uid: _machine_half(row) for uid, row in pieces.machines.items()}
    return [
        (own_half(pieces.rows[place]) if piece is None else piece) + machines[machine_uid]
        for place, (piece, machine_uid) in enumerate(pieces.kept)
    ]


def page(pieces: Pieces, token: str | None, total: int, fields: frozenset[str] | None) -> bytes:
    """The objects as a list's answer (wire/rest/paging.py Collection)."""
    if fields is not None:
        return collection([projected(one, fields) for one in bodies(pieces)], token, total)
    machines = {uid: _machine_half(row) + b"," for uid, row in pieces.machines.items()}
    halves: list[Any] = []
    for piece, machine_uid in pieces.kept:
        halves += (piece, machines[machine_uid])
    for place, row in pieces.rows.items():
        halves[2 * place] = own_half(row)
    if halves:
        halves[-1] = halves[-1][:-1]
    return _framed(halves, token, total)


def collection(bodies: list[bytes], token: str | None, total: int) -> bytes:
    """The objects as a list's answer."""
    return _framed([b",".join(bodies)], token, total)


def _framed(items: list[bytes], token: str | None, total: int) -> bytes:
    # Joined once: the whole is some megabytes, and each copy of it is felt.
    encode = msgspec.json.encode
    end = b'],"ContinuationToken":%b,"TotalItems":%b}' % (encode(token), encode(total))
    return b"".join([b'{"Items":[', *items, end])
