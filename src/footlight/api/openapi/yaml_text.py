"""Plain values as YAML 1.2: blocks for what holds something, JSON for the rest (JSON is YAML)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

# Keys that no reader of YAML takes for anything but text.
_PLAIN = re.compile(r"[A-Za-z$/_][A-Za-z0-9$/_{}.-]*")
# What JSON writes as it is and YAML does not take so.
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_WORDS = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"}


def yaml_text(value: Any) -> str:
    """The value (objects, arrays, text, numbers, booleans, null) as a YAML document."""
    return "\n".join(_lines(value, "")) + "\n"


def _lines(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _entry(f"{indent}{_key(str(key))}:", inner, indent)
    elif isinstance(value, list) and value:
        for inner in value:
            yield from _entry(f"{indent}-", inner, indent)
    else:
        yield indent + _json(value)


def _entry(head: str, inner: Any, indent: str) -> Iterator[str]:
    if isinstance(inner, dict | list) and inner:
        yield head
        yield from _lines(inner, indent + "  ")
    else:
        yield f"{head} {_json(inner)}"


def _key(name: str) -> str:
    plain = _PLAIN.fullmatch(name) and name.lower() not in _WORDS
    return name if plain else _json(name)


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
