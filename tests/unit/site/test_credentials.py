from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509

from enrolling import SERVERS, NewHost, make_issuer
from footlight.bus.credentials import claims_of
from footlight.errors import Invalid
from footlight.recording.chain import Certificate, certificate_holds

ID = "11111111-1111-4111-8111-111111111111"


async def test_all_that_a_host_is_given_is_of_its_own_keys(rooms: Any, tmp_path: Path) -> None:
    issuer, host = make_issuer(rooms, tmp_path), NewHost()
    given = issuer.issue(ID, "FOOTLIGHT\\DESK7", host.keys, 1_760_000_000_000)
    certificate = msgspec.convert(given.certificate, Certificate)
    site_key = issuer.site_key.public_key().public_bytes_raw()
    assert certificate_holds(certificate, site_key, bytes.fromhex(host.keys.signing_key))
    assert (certificate.body.machine_id, certificate.body.machine_name) == (ID, "FOOTLIGHT\\DESK7")
    leaf = x509.load_pem_x509_certificate(given.tls_certificate.encode())
    leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(given.ca_certificate.encode()))
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [ID]
    assert names.get_values_for_type(x509.UniformResourceIdentifier) == [f"urn:uuid:{ID}"]
    claims = claims_of(given.bus_jwt)
    assert (claims.sub, claims.name, claims.exp) == (host.keys.bus_key, ID, 1_762_592_000)
    assert given.bus_servers == SERVERS
    assert given.expires_at_ms - given.issued_at_ms == 30 * 86_400_000


@pytest.mark.parametrize(
    "broken",
    [
        {"signing_key": "AA" * 32},
        {"signing_key": "aa"},
        {"bus_key": "UABC"},
        {"tls_key": "no key"},
        {"tls_key": "x" * 100_000},
    ],
)
async def test_what_is_no_key_gets_nothing(rooms: Any, tmp_path: Path, broken: Any) -> None:
    keys = msgspec.structs.replace(NewHost().keys, **broken)
    with pytest.raises(Invalid):
        make_issuer(rooms, tmp_path).issue(ID, "FOOTLIGHT\\DESK7", keys, 1_760_000_000_000)
