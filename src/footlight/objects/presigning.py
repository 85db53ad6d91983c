"""URLs that let somebody without keys do one thing to one object for some time. Pure.

Source: AWS Signature Version 4, "Authenticating Requests: Using Query Parameters". Headers that are signed must
be sent as they were signed, so what they say (create only, this checksum, this length) is part of the permission.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit

from footlight.objects.bucket import Bucket

_ALGORITHM = "AWS4-HMAC-SHA256"
LONGEST_S = 7 * 24 * 3600


def presigned(
    bucket: Bucket,
    method: str,
    key: str,
    headers: Mapping[str, str],
    now_ms: int,
    lasts_s: int,
) -> str:
    """The URL. `headers` (names in lower case) have to be sent with it; `lasts_s` at most LONGEST_S."""
    at = datetime.fromtimestamp(now_ms // 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{at[:8]}/{bucket.region}/s3/aws4_request"
    signed = dict(sorted({**headers, "host": urlsplit(bucket.endpoint).netloc}.items()))
    names = ";".join(signed)
    query = {
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{bucket.credentials.key_id}/{scope}",
        "X-Amz-Date": at,
        "X-Amz-Expires": str(lasts_s),
        "X-Amz-SignedHeaders": names,
    }
    if bucket.credentials.session_token is not None:
        query["X-Amz-Security-Token"] = bucket.credentials.session_token
    path = quote(bucket.path(key), safe="/-_.~")
    words = "&".join(
        f"{quote(k, safe='')}={quote(v, safe='-_.~')}" for k, v in sorted(query.items())
    )
    lines = "".join(f"{name}:{value.strip()}\n" for name, value in signed.items())
    request = f"{method}\n{path}\n{words}\n{lines}\n{names}\nUNSIGNED-PAYLOAD"
    digest = hashlib.sha256(request.encode()).hexdigest()
    signature = _sign(bucket, scope, f"{_ALGORITHM}\n{at}\n{scope}\n{digest}")
    return f"{bucket.endpoint}{path}?{words}&X-Amz-Signature={signature}"


def _sign(bucket: Bucket, scope: str, text: str) -> str:
    key = f"AWS4{bucket.credentials.secret}".encode()
    for word in scope.split("/"):
        key = hmac.digest(key, word.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()
