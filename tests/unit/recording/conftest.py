"""Fixtures `studio` and `make_three`: recordings made without an X server."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_PATH = Path(__file__).with_name("studio.py")
_SPEC = importlib.util.spec_from_file_location("footlight_tests_studio", _PATH)
assert _SPEC is not None
assert _SPEC.loader is not None
_MODULE = sys.modules.setdefault(_SPEC.name, importlib.util.module_from_spec(_SPEC))
if not hasattr(_MODULE, "studio"):
    _SPEC.loader.exec_module(_MODULE)

studio = _MODULE.studio
make_three = _MODULE.make_three
