"""Tokens on-prem and cloud, Me, Sites. Source: rest-api.md section 2."""

from __future__ import annotations

from urllib.parse import parse_qs

from litestar import Request, Response
from litestar.datastructures import State
from litestar.enums import MediaType
from litestar.params import FromPath

from footlight.access import accounts
from footlight.access.access import SignedIn
from footlight.api.authorization import Basic
from footlight.api.door import entry_of
from footlight.api.given import GivenCaller, GivenParts
from footlight.api.parts import Parts
from footlight.api.paths import decode_parameter
from footlight.api.routing import Routes
from footlight.caller import Caller
from footlight.errors import Invalid, NotFound, Unauthenticated
from footlight.store import schema
from footlight.wire.rest.auth import (
    AuthToken,
    ClientCredentials,
    CloudToken,
    CloudTokenError,
    Me,
    MeCustomer,
    MeSite,
    Site,
    SiteDetail,
    SiteService,
)
from footlight.wire.rest.dates import rfc3339_of
from footlight.wire.rest.paging import Collection
from footlight.wire.rest.reference import Ref

# What clients gate features on: these pass every check known (rest-api.md section 2.4).
PRODUCT_VERSION = "7.46"
API_VERSION = 126

Call = Request[Caller, object, State]
routes = Routes(cvad=True)
cloud = Routes(cvad=False)


@routes.add("POST", "/tokens", open=True, any_site=True, body="any", statuses=(200, 401, 429))
async def create_token(request: Call, parts: GivenParts) -> AuthToken:
    """Exchange name and password (Basic) for a token."""
    entry = entry_of(request.scope)
    match entry.authorization:
        case Basic(user, password):
            signed_in = await parts.access.sign_in(user, password, entry.address)
            return _auth_token(parts, signed_in)
        case None:
            raise Unauthenticated("Send name and password by Basic.", reason="missing")
        case _:
            raise Unauthenticated("Send name and password by Basic.", reason="invalid")


@routes.add("POST", "/tokens/$refresh", any_site=True, body="any", statuses=(200, 401))
async def refresh_token(caller: GivenCaller, parts: GivenParts) -> AuthToken:
    """A new token for a good one."""
    return _auth_token(parts, await parts.access.refresh(caller))


@routes.add("DELETE", "/tokens", status=204, any_site=True, statuses=(204, 401))
async def delete_token(caller: GivenCaller, parts: GivenParts) -> None:
    """Log off: the token is dead at once."""
    await parts.access.sign_out(caller)


@cloud.add(
    "POST",
    "/cctrustoauth2/{customer}/tokens/clients",
    open=True,
    any_site=True,
    body="form",
    takes=ClientCredentials,
    gives=CloudToken,
    refuses=CloudTokenError,
    statuses=(200, 400, 429),
)
async def create_client_token(
    request: Call, parts: GivenParts, customer: FromPath[str]
) -> Response[object]:
    """OAuth 2.0 client credentials. Failures have OAuth's own body."""
    form = parse_qs((await request.body()).decode("utf-8", "replace"), max_num_fields=20)
    field = {name: values[0] for name, values in form.items()}
    if field.get("grant_type") != "client_credentials":
        return _oauth_refusal("unsupported_grant_type", "The grant type is client_credentials.")
    known = (parts.site.customer_id.lower(), "root")
    try:
        if decode_parameter(customer).lower() not in known:
            raise Unauthenticated("unknown customer")
        signed_in = await parts.access.sign_in_client(
            field.get("client_id", ""),
            field.get("client_secret", ""),
            entry_of(request.scope).address,
        )
    except Unauthenticated:
        return _oauth_refusal("invalid_client", "Invalid client id or client secret.")
    life_s = (signed_in.token.expires_at_ms - signed_in.token.issued_at_ms) // 1000
    return Response(
        CloudToken(access_token=signed_in.text, expires_in=str(life_s), token=signed_in.text),
        media_type=MediaType.JSON,
    )


@routes.add("GET", "/me", any_site=True, statuses=(200, 401))
async def get_me(caller: GivenCaller, parts: GivenParts) -> Me:
    """Who is calling, and the site."""
    return Me(
        user_id=caller.account_id,
        display_name=caller.display_name,
        expiry_time=rfc3339_of(caller.expires_at_ms),
        refresh_expiration_time=rfc3339_of(caller.refresh_until_ms),
        customers=[
            MeCustomer(
                id=parts.site.customer_id,
                name=parts.site.name,
                sites=[MeSite(id=parts.site.id, name=parts.site.name)],
            )
        ],
    )


@routes.add("GET", "/Sites", any_site=True, statuses=(200, 401))
async def list_sites(parts: GivenParts) -> Collection[Site]:
    """The one site."""
    return Collection(items=[Site(id=parts.site.id, name=parts.site.name)], total_items=1)


@routes.add("GET", "/Sites/{nameOrId}", any_site=True, statuses=(200, 401, 404))
async def get_site(parts: GivenParts, nameOrId: FromPath[str]) -> SiteDetail:
    """The site in detail."""
    name = decode_parameter(nameOrId)
    if name.lower() not in (parts.site.id, parts.site.name.lower()):
        raise NotFound("There is no such site.", entityType="Site", id=name)
    zone = await parts.store.read(
        lambda c: c.execute(schema.zones.select().where(schema.zones.c.is_primary)).one()
    )
    return SiteDetail(
        id=parts.site.id,
        name=parts.site.name,
        orchestation_api_version=API_VERSION,
        primary_zone=Ref(id=zone.id, name=zone.name),
        product_code="Footlight",
        product_edition="Unknown",
        product_version=PRODUCT_VERSION,
        site_services=[
            SiteService(service_name=name, service_type=name)
            for name in (
                "Broker",
                "ConfigurationLogging",
                "DelegatedAdmin",
                "Monitor",
                "Orchestration",
            )
        ],
    )


@routes.add("GET", "/HealthCheck", open=True, any_site=True, statuses=(200,))
async def health_check() -> bool:
    """Bare `true` while the server answers."""
    return True


@routes.add("GET", "/ping", open=True, any_site=True, statuses=(200,))
async def ping() -> bool:
    """Bare `true` while the server answers."""
    return True


def page_limit(limit: int | None, default: int, maximum: int) -> int:
    """The page size asked for. Raises Invalid outside 1..maximum."""
    if limit is None:
        return default
    if not 1 <= limit <= maximum:
        raise Invalid(
            f"limit is 1 to {maximum}.", name="limit", value=str(limit), problem="outOfRange"
        )
    return limit


def _auth_token(parts: Parts, signed_in: SignedIn) -> AuthToken:
    return AuthToken(
        token=signed_in.text,
        principal=accounts.user_name(parts.site.name, signed_in.account),
        user_id=signed_in.account.id,
        expires_at=rfc3339_of(signed_in.token.expires_at_ms),
    )


def _oauth_refusal(error: str, description: str) -> Response[object]:
    body = CloudTokenError(error=error, error_description=description)
    return Response(body, status_code=400, media_type=MediaType.JSON)
