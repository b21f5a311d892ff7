"""Whom we trust: versions, the wall between test and real (S-20), lists of revoked certificates."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from records.actor import SYSTEM_ACTOR
from records.database import now
from records.errors import Forbidden, Invalid, Refused
from signatures import test_authority, test_root, trust
from signatures.ports import list_folder, use_list_folder


def real_root() -> bytes:
    """A root that is not the test authority's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Настоящий УЦ (вымышленный)")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=900))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return made.public_bytes(Encoding.DER)


@pytest.mark.requirement("S-20")
def test_the_test_authority_never_stands_beside_a_real_one(authority):
    assert trust.is_test_mode()
    with pytest.raises(Refused, match="не ставится рядом"):
        trust.put(SYSTEM_ACTOR, trust.read([authority.root.der, real_root()]))
    assert trust.is_test_mode()


@pytest.mark.requirement("S-20")
def test_once_real_always_real(authority, head):
    trust.put(SYSTEM_ACTOR, trust.read([real_root()]), policy_code="internal")
    assert not trust.is_test_mode()
    with pytest.raises(Refused, match="учебный режим в ней невозможен"):
        trust.put(SYSTEM_ACTOR, trust.read([authority.root.der]))
    with pytest.raises(Refused):
        test_authority.certificate_for(head, b"")


def test_versions_are_kept_and_named(authority, admin, clerk):
    first = trust.current().name
    with pytest.raises(Forbidden):
        trust.put(clerk, trust.read([real_root()]))
    der = real_root()
    change = trust.preview(trust.read([der]), "internal")
    assert change.added == ("Настоящий УЦ (вымышленный)",) and len(change.removed) == 1
    trust.put(admin, trust.read([der]), policy_code="internal", note="Перечень")
    assert [v.name for v in trust.versions()][1] == first != trust.current().name


@pytest.mark.requirement("S-09")
def test_a_list_of_a_stranger_or_garbage_is_refused(authority):
    stranger = test_root.make(now())
    with pytest.raises(Invalid, match="не доверенным"):
        trust.add_list(SYSTEM_ACTOR, stranger.crl(at=now()))
    with pytest.raises(Invalid, match="не принят"):
        trust.add_list(SYSTEM_ACTOR, b"rubbish")
    with pytest.raises(Invalid):
        trust.read([b"rubbish"])


@pytest.mark.requirement("S-09")
def test_a_real_list_of_the_vectors_goes_with_its_real_roots(ctx):
    data = Path(__file__).parents[1] / "data" / "signing"
    folder = next(path for path in sorted((data / "trust").iterdir()) if path.is_dir())
    found = trust.read(path.read_bytes() for path in sorted(folder.glob("*.c*r*")))
    trust.put(SYSTEM_ACTOR, found)
    lists = sorted((data / "crls").glob("*.crl"))
    taken = 0
    for path in lists:
        try:
            trust.add_list(SYSTEM_ACTOR, path.read_bytes())
            taken += 1
        except Invalid:
            continue
    assert taken and len(trust.revocation_lists()) == taken


@pytest.mark.requirement("S-09", "S-18")
def test_lists_laid_into_the_folder_are_taken_and_bad_ones_left(authority, tmp_path):
    before = list_folder()
    use_list_folder(tmp_path)
    (tmp_path / "fresh.crl").write_bytes(authority.root.crl(at=now()))
    (tmp_path / "bad.crl").write_bytes(b"rubbish")
    assert trust.take_folder() == 1
    assert trust.take_folder() == 0
    use_list_folder(before)
    assert len(trust.revocation_lists()) == 2
