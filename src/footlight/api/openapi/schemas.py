"""JSON schemas of the models on the wire, each under one name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec

REF = "#/components/schemas/"
_COLLECTION = re.compile(r"Collection_(.+)_")


class Schemas:
    """The schemas of a set of models: `of` refers to one, `components` holds all that is referred to."""

    def __init__(self, models: Iterable[Any]) -> None:
        """Every model that will be asked for: names are settled over all of them at once."""
        kinds = list(dict.fromkeys(models))
        found, components = msgspec.json.schema_components(kinds, ref_template=REF + "{name}")
        named = {name: _name(name) for name in components}
        self._of: dict[Any, dict[str, Any]] = {
            kind: _renamed(schema, named) for kind, schema in zip(kinds, found, strict=True)
        }
        self.components: dict[str, dict[str, Any]] = {
            named[name]: _renamed(schema, named) for name, schema in components.items()
        }

    def of(self, model: Any) -> dict[str, Any]:
        """The schema of a model that was given at the start."""
        return self._of[model]

    def selection(self, model: Any) -> dict[str, Any]:
        """The same under a `fields` projection: no member of the object, or of a collection's items, needs
        to be there."""
        reference: str = self._of[model].get("$ref", "")
        return self._selection(reference.removeprefix(REF)) if reference else self._of[model]

    def _selection(self, name: str) -> dict[str, Any]:
        whole = self.components[name]
        items = whole["properties"].get("Items", {}).get("items", {}).get("$ref")
        chosen = name + "Selection"
        if items is None:
            part = {key: value for key, value in whole.items() if key != "required"}
        else:
            inner = self._selection(items.removeprefix(REF))
            properties = {**whole["properties"], "Items": {"type": "array", "items": inner}}
            part = {**whole, "properties": properties}
        self.components[chosen] = {**part, "title": chosen}
        return {"$ref": REF + chosen}


def _name(name: str) -> str:
    """`Collection_Session_` is SessionCollection; what else an OpenAPI name may not hold becomes `_`."""
    return re.sub(r"[^A-Za-z0-9._-]", "_", _COLLECTION.sub(r"\1Collection", name))


def _renamed(schema: Any, named: dict[str, str]) -> Any:
    if isinstance(schema, list):
        return [_renamed(one, named) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _renamed(value, named) for key, value in schema.items()}
    reference = found.get("$ref")
    if isinstance(reference, str):
        found["$ref"] = REF + named[reference.removeprefix(REF)]
    if isinstance(description := found.get("description"), str):
        found["description"] = " ".join(description.split())
    return found
