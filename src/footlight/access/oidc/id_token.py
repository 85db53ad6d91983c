"""The check of an id token: signature, and every claim that says whom it is for and when. Source: OpenID Connect Core
1.0 section 3.1.3.7. The work is Authlib's and joserfc's; here are the limits that they are given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from footlight.errors import Unauthenticated

# Asymmetric ones only: neither `none`, nor those for which everybody who can check could sign too.
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA", "Ed25519"),
)
SKEW_S = 120
OLDEST_S = 600  # a fresh sign-in's token was made just now
MAX_CHARACTERS = 64 * 1024
MAX_SUBJECT_CHARACTERS = 255


@dataclass(frozen=True)
class Expected:
    """What this sign-in's token must say."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str | None = None


class UnknownKey(Exception):
    """The token is signed with a key that is not in the set: the provider may have new ones."""


def claims_of(
    text: str, keys: Mapping[str, Any], expected: Expected, now_s: float
) -> Mapping[str, Any]:
    """The claims of an id token. Raises UnknownKey, or Unauthenticated saying what is wrong."""
    if len(text) > MAX_CHARACTERS:
        raise _refused("it is too long")
    try:
        registry = JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False)
        token = jwt.decode(
            text, KeySet.import_key_set({"keys": _of_signing(keys)}), registry=registry
        )
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": expected.issuer},
                "aud": {"essential": True, "value": expected.client_id},
                "sub": {"essential": True},
            },
            {
                "nonce": expected.nonce,
                "client_id": expected.client_id,
                "access_token": expected.access_token,
            },
        )
        claims.validate(now=int(now_s), leeway=SKEW_S)
    except InvalidKeyIdError:
        raise UnknownKey from None
    except JoseError as error:
        raise _refused(f"{error.error}: {error.description or ''}".rstrip(": ")) from None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise _refused("it can't be read") from None
    if claims["iat"] < now_s - OLDEST_S - SKEW_S:
        raise _refused("it was issued too long ago")
    if not 1 <= len(claims["sub"]) <= MAX_SUBJECT_CHARACTERS:
        raise _refused("its subject is out of shape")
    return dict(claims)


def _of_signing(keys: Mapping[str, Any]) -> list[Any]:
    """Those keys of the set that sign."""
    listed = keys.get("keys")
    found = listed if isinstance(listed, list) else []
    return [one for one in found if isinstance(one, dict) and one.get("use", "sig") == "sig"]


def _refused(why: str) -> Unauthenticated:
    return Unauthenticated(f"The provider's id token is not accepted: {why}.", reason="invalid")
