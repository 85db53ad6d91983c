"""The pages for people, and whether the server is well. Files are those that the console's build has made."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path
from typing import Any

from litestar import Request, Response
from litestar.params import FromPath

from footlight.api.given import GivenParts
from footlight.api.parts import Parts
from footlight.api.routing import Routes
from footlight.errors import NotFound, Unavailable

routes = Routes(cvad=False)

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
# Of text the framework says the charset.
_TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".map": "application/json",
    ".json": "application/json",
}
# What is not small already. Some of the largest of these files are a quarter of a megabyte.
_PACKED = frozenset((".js", ".css", ".svg", ".json", ".map"))
_PACKED_KEPT = 128  # files: more than a build has


@lru_cache(maxsize=_PACKED_KEPT)
def _gzipped(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


@routes.add("GET", "/", open=True, answer="any", gives="text/html", statuses=(200, 503))
async def home(parts: GivenParts) -> Response[bytes]:
    """Sign-in, then the console or the portal, by what the caller may."""
    return _page(parts, "index.html")


@routes.add(
    "GET", "/console/{path...}", open=True, answer="any", gives="text/html", statuses=(200, 503)
)
async def console(parts: GivenParts, path: FromPath[Path]) -> Response[bytes]:
    """A page of the console; which one, its script reads from the address."""
    return _page(parts, "index.html")


@routes.add("GET", "/portal", open=True, answer="any", gives="text/html", statuses=(200, 503))
async def portal(parts: GivenParts) -> Response[bytes]:
    """What the caller may start, and its sessions."""
    return _page(parts, "index.html")


@routes.add("GET", "/s/{id}", open=True, answer="any", gives="text/html", statuses=(200, 503))
async def session_page(parts: GivenParts) -> Response[bytes]:
    """Work in a session."""
    return _page(parts, "index.html")


@routes.add("GET", "/r/{id}", open=True, answer="any", gives="text/html", statuses=(200, 503))
async def recording_page(parts: GivenParts) -> Response[bytes]:
    """Play a recording."""
    return _page(parts, "index.html")


@routes.add("GET", "/docs", open=True, answer="any", gives="text/html", statuses=(200, 503))
async def explorer(parts: GivenParts) -> Response[bytes]:
    """The API explorer over /openapi.json; it signs in by itself."""
    return _page(parts, "docs.html")


@routes.add("GET", "/assets/{path...}", open=True, answer="any", gives="*/*", statuses=(200, 404))
async def asset(
    request: Request[Any, Any, Any], parts: GivenParts, path: FromPath[Path]
) -> Response[bytes]:
    """A built file, as gzip for who takes that. Their names carry a hash of their content, so they may be kept for
    good."""
    file = _asset(parts.console_dir / "assets", str(path))
    if file is None:
        raise NotFound("There is no such file.", entityType="Asset", id=str(path)[:200])
    headers = {
        **_HEADERS,
        "cache-control": "public, max-age=31536000, immutable",
        "vary": "accept-encoding",
    }
    body = file.read_bytes()
    if file.suffix in _PACKED and "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        body = _gzipped(body)
    return Response(body, media_type=_TYPES[file.suffix], headers=headers)


@routes.add(
    "GET",
    "/favicon.ico",
    open=True,
    answer="any",
    status=204,
    gives="image/x-icon",
    statuses=(204,),
)
async def favicon() -> None:
    """None: pages name their own."""


@routes.add("GET", "/healthz", open=True, statuses=(200,))
async def healthz() -> bool:
    """The process answers."""
    return True


@routes.add("GET", "/readyz", open=True, statuses=(200, 503))
async def readyz(parts: GivenParts) -> bool:
    """The store answers too."""
    try:
        await parts.store.read(lambda c: c.exec_driver_sql("SELECT 1").scalar())
    except Exception as error:
        raise Unavailable("The store does not answer.") from error
    return True


def page_headers() -> dict[str, str]:
    """Of every page."""
    return dict(_HEADERS)


def _asset(root: Path, name: str) -> Path | None:
    """The file of that name below the folder, of a type that is served."""
    folder = root.resolve()
    try:
        file = (folder / name.lstrip("/")).resolve()
        known = file.is_relative_to(folder) and file.is_file() and file.suffix in _TYPES
    except OSError:  # longer than any name of a file
        return None
    return file if known else None


def _page(parts: Parts, name: str) -> Response[bytes]:
    file = parts.console_dir / name
    if not file.is_file():
        raise Unavailable("The pages are not built; ./run builds them.")
    headers = {**_HEADERS, "cache-control": "no-cache"}
    return Response(file.read_bytes(), media_type=_TYPES[".html"], headers=headers)
