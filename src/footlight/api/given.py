"""What handlers are given besides the request: the server's parts and the caller."""

from __future__ import annotations

from litestar.di import NamedDependency

from footlight.api.openapi.description import Description
from footlight.api.parts import Parts
from footlight.caller import Caller

GivenParts = NamedDependency[Parts]
GivenCaller = NamedDependency[Caller]
GivenDescription = NamedDependency[Description]
