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

__all__ = [
    "INTERNAL",
    "POLICIES",
    "RU_LENIENT",
    "RU_QUALIFIED",
    "CertificateFacts",
    "Indication",
    "Policy",
    "Report",
    "Revocation",
    "SignerReport",
    "SubIndication",
    "TimestampReport",
]
