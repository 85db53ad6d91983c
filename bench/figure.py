"""One measured figure: what `bench/run` prints."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """value None: it could not be measured; `details` says why, and `holds` is then False."""

    name: str
    value: float | None
    unit: str
    bar: float
    holds: bool
    details: dict[str, Any] = field(default_factory=dict)
