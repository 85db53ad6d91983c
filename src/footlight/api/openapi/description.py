"""The document as bytes, made once when it is first asked for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from importlib.resources import files

from footlight.api.openapi.document import document
from footlight.api.openapi.operation import Examples
from footlight.api.openapi.yaml_text import yaml_text
from footlight.api.routing import Bound


@dataclass(frozen=True)
class Text:
    """A document and its ETag, quoted as it goes into the header."""

    body: bytes
    etag: str


class Description:
    """What the server says of its routes."""

    def __init__(self, routes: Sequence[Bound]) -> None:
        self._routes = routes

    @cached_property
    def json(self) -> Text:
        """As JSON."""
        return _text(json.dumps(self._document, ensure_ascii=False, indent=1))

    @cached_property
    def yaml(self) -> Text:
        """As YAML."""
        return _text(yaml_text(self._document))

    @cached_property
    def _document(self) -> dict[str, object]:
        return document(self._routes, version("footlight"), read_examples())


def read_examples() -> Examples:
    """Bodies of real exchanges by `METHOD /whole/path` (examples.json beside this file)."""
    found: Examples = json.loads((files(__package__) / "examples.json").read_text())
    return found


def _text(text: str) -> Text:
    body = text.encode()
    return Text(body, f'"{hashlib.sha256(body).hexdigest()[:32]}"')
