"""Floor 0: electronic signatures. Bytes in, a verdict out: no network, no clock, no database inside."""

from __future__ import annotations

from signing.model import (
    INTERNAL,
    POLICIES,
    RU_LENIENT,
    RU_QUALIFIED,
    CertificateFacts,
    Indication,
    Policy,
    Report,
    Revocation,
    SignerReport,
    SubIndication,
    TimestampReport,
)
from signing.people import TEST_POLICY, certificate_facts
from signing.trust import TrustStore
from signing.verification import verify

__all__ = [
    "INTERNAL",
    "POLICIES",
    "RU_LENIENT",
    "RU_QUALIFIED",
    "TEST_POLICY",
    "CertificateFacts",
    "Indication",
    "Policy",
    "Report",
    "Revocation",
    "SignerReport",
    "SubIndication",
    "TimestampReport",
    "TrustStore",
    "certificate_facts",
    "verify",
]
