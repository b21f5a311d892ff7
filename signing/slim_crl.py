"""Huge lists of revoked certificates: a serial number is found in hundredths of a second, nothing is walked.

A list of an accredited authority has some 300,000 entries, and asn1crypto walks 37,000 a second. So the chain
library is handed a slim copy with the entries in question, and the signature is checked over the bytes of the
whole list.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from datetime import datetime

from asn1crypto import core, crl
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

LARGE = 256 * 1024
_UNSPECIFIED = "unspecified"
_SLIM_MOST = 512

# The signed bytes that a slim copy stands for, by the digest of its own; filled here and nowhere else.
_whole: dict[bytes, bytes] = {}


def only(parsed: crl.CertificateList, der: bytes, serials: Iterable[int]) -> crl.CertificateList:
    """The list itself when small; otherwise a copy with the entries of these serial numbers alone."""
    if len(der) < LARGE:
        return parsed
    return _slim(der, frozenset(serials))


def signed_bytes(tbs: bytes) -> bytes:
    """What the signature is over: for the tbs of a slim copy, the tbs of the list it was made of."""
    if not _whole:
        return tbs
    return _whole.get(hashlib.sha256(tbs).digest(), tbs)


def entry(parsed: crl.CertificateList, der: bytes, serial: int) -> tuple[datetime, str] | None:
    """When and why the list calls a serial number revoked."""
    if len(der) >= LARGE:
        parsed = _slim(der, frozenset({serial}))
        return _entries(parsed).get(serial)
    return _small_entries(der).get(serial)


@functools.lru_cache(maxsize=256)
def _small_entries(der: bytes) -> dict[int, tuple[datetime, str]]:
    return _entries(crl.CertificateList.load(der))


def _entries(parsed: crl.CertificateList) -> dict[int, tuple[datetime, str]]:
    found = {}
    for item in parsed["tbs_cert_list"]["revoked_certificates"] or ():
        reason = item.crl_reason_value
        why = _UNSPECIFIED if reason is None else str(reason.native)
        found[item["user_certificate"].native] = item["revocation_date"].native, why
    return found


@functools.lru_cache(maxsize=_SLIM_MOST)
def _slim(der: bytes, serials: frozenset[int]) -> crl.CertificateList:
    whole = crl.CertificateList.load(der)
    tbs = whole["tbs_cert_list"].dump()
    copy = crl.CertificateList.load(der)
    copy["tbs_cert_list"]["revoked_certificates"] = [
        item for serial in sorted(serials) if (item := _found(der, serial)) is not None
    ]
    if len(_whole) >= _SLIM_MOST:
        _whole.clear()
        _slim.cache_clear()
    _whole[hashlib.sha256(copy["tbs_cert_list"].dump()).digest()] = tbs
    return copy


def _found(der: bytes, serial: int) -> crl.RevokedCertificate | None:
    item = _loaded(der).get_revoked_certificate_by_serial_number(serial)
    if item is None:
        return None
    return crl.RevokedCertificate(
        {
            "user_certificate": serial,
            "revocation_date": crl.Time({"utc_time": item.revocation_date_utc}),
            "crl_entry_extensions": [
                {
                    "extn_id": extension.oid.dotted_string,
                    "critical": extension.critical,
                    "extn_value": core.ParsableOctetString(extension.value.public_bytes()),
                }
                for extension in item.extensions
            ],
        }
    )


@functools.lru_cache(maxsize=16)
def _loaded(der: bytes) -> x509.CertificateRevocationList:
    try:
        return x509.load_der_x509_crl(der)
    except UnsupportedAlgorithm as error:
        raise ValueError(str(error)) from error
