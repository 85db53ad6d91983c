"""Writes src/api/wire.gen.ts: the shapes of the site's API, from the document that the server gives of itself.

Usage: wire_types.py [--check]   (--check writes nothing and fails when the file is out of date)
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from footlight.api.app import BOUND
from footlight.api.openapi.description import Description
from footlight.caller import Permission

FILE = Path(__file__).resolve().parent / "src" / "api" / "wire.gen.ts"
NOTE = "/** Written by console/wire_types.py from the server's models. Do not edit. */"
METHODS = ("get", "post", "put", "patch", "delete")
PLAIN = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}
NAME = re.compile(r"^[A-Za-z_$][\w$]*$")
Schema = dict[str, Any]


def text() -> str:
    """The whole file."""
    document = json.loads(Description(BOUND).json.body)
    schemas: dict[str, Schema] = document["components"]["schemas"]
    rights = " | ".join(f'"{permission}"' for permission in Permission)
    lines = [NOTE, "", "/** What a role may do. */", f"export type Permission = {rights};"]
    for name, schema in schemas.items():
        lines += ["", *_declaration(name, schema)]
    lines += ["", "/** What each operation takes and gives. */", "export interface Operations {"]
    for path, operations in document["paths"].items():
        for method in METHODS:
            if method in operations:
                lines.append(_operation(method, path, operations[method]))
    return "\n".join([*lines, "}", ""])


def _declaration(name: str, schema: Schema) -> Iterator[str]:
    if "description" in schema:
        yield f"/** {_flat(schema['description'])} */"
    if "properties" not in schema:
        yield f"export type {_identifier(name)} = {_type(schema)};"
        return
    yield f"export interface {_identifier(name)} {{"
    yield from _members(schema, "  ")
    yield "}"


def _members(schema: Schema, indent: str) -> Iterator[str]:
    required = set(schema.get("required", ()))
    for member, kind in schema["properties"].items():
        key = member if NAME.match(member) else json.dumps(member)
        mark = "" if member in required else "?"
        yield f"{indent}{key}{mark}: {_type(kind)};"


def _type(schema: Schema) -> str:
    """A schema as an expression of TypeScript's types."""
    if "$ref" in schema:
        return _identifier(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_type(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return " | ".join(json.dumps(value) for value in schema["enum"])
    kind = schema.get("type")
    if kind == "array":
        if "prefixItems" in schema:
            return "[" + ", ".join(_type(one) for one in schema["prefixItems"]) + "]"
        inner = _type(schema.get("items") or {})
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if kind == "object":
        if "properties" in schema:
            return "{ " + " ".join(_members(schema, "")) + " }"
        rest = schema.get("additionalProperties")
        return f"Record<string, {_type(rest) if isinstance(rest, dict) else 'unknown'}>"
    return PLAIN[kind] if isinstance(kind, str) else "unknown"


def _operation(method: str, path: str, operation: Schema) -> str:
    queries = [one for one in operation.get("parameters", ()) if one.get("in") == "query"]
    query = " ".join(f"{_key(one['name'])}?: {_type(one['schema'])};" for one in queries)
    body = _content(operation.get("requestBody", {}))
    answers = [v for k, v in operation["responses"].items() if k.startswith("2")]
    gives = " | ".join(dict.fromkeys(_content(one) or "null" for one in answers)) or "null"
    return f'  "{method.upper()} {path}": {{ query: {{ {query} }}; takes: {body or "undefined"}; gives: {gives} }};'


def _content(part: Schema) -> str | None:
    """The type of a body of JSON; None: it has none."""
    schema = part.get("content", {}).get("application/json", {}).get("schema")
    return None if schema is None else _type(schema)


def _key(name: str) -> str:
    return name if NAME.match(name) else json.dumps(name)


def _identifier(name: str) -> str:
    return re.sub(r"\W", "_", name)


def _flat(words: str) -> str:
    return " ".join(words.split()).replace("*/", "* /")


def main() -> int:
    """Write the file, or say that it is out of date."""
    wanted = text()
    if "--check" not in sys.argv[1:]:
        FILE.write_text(wanted)
        return 0
    if FILE.exists() and FILE.read_text() == wanted:
        return 0
    print(f"{FILE} is out of date: run console/build.sh wire", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
