"""A certification authority, a time-stamping service and people with keys, made for one test run."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from signing import INTERNAL, Revocation, TrustStore
from signing.algorithms import digest_of
from signing.signers import SoftwareSigner

SINCE = datetime(2025, 1, 1, tzinfo=UTC)
UNTIL = datetime(2035, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
INN_LEGAL = ObjectIdentifier("1.2.643.100.4")
INN = ObjectIdentifier("1.2.643.3.131.1.1")
SNILS = ObjectIdentifier("1.2.643.100.3")
Fields = Sequence[tuple[ObjectIdentifier, str]]


class Holder:
    """A key with its certificate."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self.key, self.certificate = key, certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))

    def signer(self, *, chain: tuple[bytes, ...] = (), at: datetime = NOW) -> SoftwareSigner:
        return SoftwareSigner(self.key, self.der, chain=chain, clock=lambda: at)


def name(fields: Fields) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in fields])


class Authority:
    """Root, issuing authority, and what they issue."""

    def __init__(self, title: str = "Учебный УЦ") -> None:
        self.title = title
        self.root = self._issue([(NameOID.COMMON_NAME, f"{title}, корень")], None, is_ca=True)
        self.issuer = self._issue([(NameOID.COMMON_NAME, title)], self.root, is_ca=True)

    def _issue(
        self,
        fields: Fields,
        by: Holder | None,
        *,
        is_ca: bool = False,
        since: datetime = SINCE,
        until: datetime = UNTIL,
        extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
        signs_documents: bool = True,
        key: ec.EllipticCurvePrivateKey | None = None,
    ) -> Holder:
        key = key or ec.generate_private_key(ec.SECP256R1())
        subject = name(fields)
        usage = x509.KeyUsage(
            digital_signature=not is_ca and signs_documents,
            content_commitment=False,
            key_encipherment=not signs_documents,
            data_encipherment=False,
            key_agreement=False,
            key_cert_sign=is_ca,
            crl_sign=is_ca,
            encipher_only=False,
            decipher_only=False,
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(by.certificate.subject if by else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(since)
            .not_valid_after(until)
            .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
            .add_extension(usage, critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )
        for extension, is_critical in extensions:
            builder = builder.add_extension(extension, critical=is_critical)
        return Holder(key, builder.sign(by.key if by else key, hashes.SHA256()))

    def person(self, surname: str = "Учебный", *, fields: Fields = (), **how: object) -> Holder:
        named = [(NameOID.COMMON_NAME, surname), (NameOID.SURNAME, surname), *fields]
        return self._issue(named, self.issuer, **how)  # type: ignore[arg-type]

    def timestamper(self, **how: object) -> Holder:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
        how.setdefault("extensions", [(usage, True)])
        return self._issue([(NameOID.COMMON_NAME, "Служба времени")], self.issuer, **how)  # type: ignore[arg-type]

    def store(self) -> TrustStore:
        return TrustStore.from_certificates([self.root.der, self.issuer.der], policy=INTERNAL)

    def crl(
        self,
        revoked: Sequence[tuple[int, datetime]] = (),
        *,
        by: Holder | None = None,
        since: datetime = NOW - timedelta(days=1),
        until: datetime = NOW + timedelta(days=6),
        reason: x509.ReasonFlags = x509.ReasonFlags.key_compromise,
    ) -> bytes:
        by = by or self.issuer
        builder = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(by.certificate.subject)
            .last_update(since)
            .next_update(until)
        )
        for serial, moment in revoked:
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(moment)
            builder = builder.add_revoked_certificate(
                entry.add_extension(x509.CRLReason(reason), False).build()
            )
        return builder.sign(by.key, hashes.SHA256()).public_bytes(Encoding.DER)

    @functools.cached_property
    def root_crl(self) -> bytes:
        return self.crl(by=self.root, since=SINCE, until=UNTIL)

    def revocation(self, *lists: bytes, ocsps: tuple[bytes, ...] = ()) -> Revocation:
        """The root's list, and the issuing authority's: a fresh empty one unless told."""
        return Revocation((self.root_crl, *(lists or (self.crl(),))), ocsps)

    def token(
        self, data: bytes, at: datetime, *, by: Holder | None = None, nonce: int | None = None
    ) -> bytes:
        """An RFC 3161 token over the bytes."""
        by = by or self.stamper
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3.4",
                "message_imprint": {
                    "hash_algorithm": {"algorithm": "sha256"},
                    "hashed_message": digest_of("sha256", data),
                },
                "serial_number": 7,
                "gen_time": at,
                **({} if nonce is None else {"nonce": nonce}),
            }
        ).dump()
        reference = tsp.SigningCertificateV2({"certs": [{"cert_hash": digest_of("sha256", by.der)}]})
        attributes = [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [digest_of("sha256", info)]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [reference]}),
        ]
        ordered = core.SetOf(
            spec=core.Any, contents=b"".join(sorted(item.dump() for item in attributes))
        ).dump()
        certificate = asn1_x509.Certificate.load(by.der)
        signed = {
            "version": "v3",
            "digest_algorithms": [{"algorithm": "sha256"}],
            "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(info)},
            "certificates": [certificate],
            "signer_infos": [
                {
                    "version": "v1",
                    "sid": {
                        "issuer_and_serial_number": {
                            "issuer": certificate.issuer,
                            "serial_number": certificate.serial_number,
                        }
                    },
                    "digest_algorithm": {"algorithm": "sha256"},
                    "signed_attrs": cms.CMSAttributes.load(ordered),
                    "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                    "signature": by.sign(ordered),
                }
            ],
        }
        return cms.ContentInfo({"content_type": "signed_data", "content": signed}).dump()

    @functools.cached_property
    def stamper(self) -> Holder:
        return self.timestamper()

    def response(self, request: bytes, at: datetime, data: bytes, *, nonce: int | None = None) -> bytes:
        """TimeStampResp to a request over the bytes."""
        asked = tsp.TimeStampReq.load(request)
        echoed = asked["nonce"].native if nonce is None else nonce
        token = cms.ContentInfo.load(self.token(data, at, nonce=echoed))
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()
