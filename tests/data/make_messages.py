"""Write one of each message that the modules in a release's folder declare: with all members, and with as few as it
may have. `python tests/data/make_messages.py tests/data/release-0.1`"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
from msgspec import inspect

MODULES = ("host", "logon", "files")


def module(folder: Path, name: str) -> ModuleType:
    """The module of a release, beside today's of the same name."""
    key = f"{folder.name.replace('-', '_').replace('.', '_')}_{name}"
    if key in sys.modules:
        return sys.modules[key]
    spec = importlib.util.spec_from_file_location(key, folder / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    sys.modules[key] = found  # msgspec resolves annotations there
    spec.loader.exec_module(found)
    return found


def kinds(of: ModuleType) -> Iterator[type[msgspec.Struct]]:
    """The messages that the module declares."""
    for name, value in vars(of).items():
        is_message = isinstance(value, type) and issubclass(value, msgspec.Struct)
        if is_message and value.__module__ == of.__name__ and not name.startswith("_"):
            yield value


def sample(kind: Any, *, full: bool) -> Any:
    """A value of the type, the same each time. `full`: with all its members, lists with one."""
    info = kind if isinstance(kind, inspect.Type) else inspect.type_info(kind)
    if isinstance(info, inspect.StructType):
        chosen = [f for f in info.fields if full or f.required]
        return info.cls(**{f.name: sample(f.type, full=full) for f in chosen})
    if isinstance(info, inspect.UnionType):
        return sample(next(t for t in info.types if not isinstance(t, inspect.NoneType)), full=full)
    if isinstance(info, inspect.ListType):
        return [sample(info.item_type, full=full)] if full else []
    if isinstance(info, inspect.DictType):
        return {"k": sample(info.value_type, full=full)} if full else {}
    if isinstance(info, inspect.LiteralType):
        return sorted(info.values)[-1]
    plain: dict[type, Any] = {
        inspect.StrType: "words", inspect.IntType: 7, inspect.FloatType: 7.5,
        inspect.BoolType: True, inspect.BytesType: b"bytes",
    }  # fmt: skip
    return plain[type(info)]


def main(folder: Path) -> None:
    """Write them all."""
    (folder / "messages").mkdir(exist_ok=True)
    for name in MODULES:
        for kind in kinds(module(folder, name)):
            for suffix, full in (("", True), (".least", False)):
                file = folder / "messages" / f"{name}.{kind.__name__}{suffix}.json"
                file.write_bytes(msgspec.json.encode(sample(kind, full=full)) + b"\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
