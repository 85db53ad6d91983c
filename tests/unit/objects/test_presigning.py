from urllib.parse import parse_qs, urlsplit

from footlight.objects.bucket import Bucket, Credentials
from footlight.objects.presigning import presigned

# Of the example in "Authenticating Requests: Using Query Parameters (AWS Signature Version 4)".
KEYS = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
AT_MS = 1_369_353_600_000


def test_the_signature_is_that_of_the_published_example() -> None:
    # There the bucket is in the host's name; here a bucket without a name gives the same request.
    bucket = Bucket("", "", "https://examplebucket.s3.amazonaws.com", "us-east-1", KEYS)
    url = presigned(bucket, "GET", "test.txt", {}, AT_MS, 86400)
    assert url == (
        "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
    )


def test_headers_and_a_session_are_part_of_it() -> None:
    bucket = Bucket("b", "p", "http://127.0.0.1:1", "r", Credentials("i", "s", "a token"))
    one = presigned(bucket, "PUT", "k", {"if-none-match": "*"}, AT_MS, 60)
    query = parse_qs(urlsplit(one).query)
    assert urlsplit(one).path == "/b/p/k"
    assert query["X-Amz-SignedHeaders"] == ["host;if-none-match"]
    assert query["X-Amz-Security-Token"] == ["a token"]
    others = [
        presigned(bucket, "PUT", "k", {"if-none-match": "x"}, AT_MS, 60),
        presigned(bucket, "GET", "k", {"if-none-match": "*"}, AT_MS, 60),
    ]
    signatures = {parse_qs(urlsplit(u).query)["X-Amz-Signature"][0] for u in (one, *others)}
    assert len(signatures) == 3
