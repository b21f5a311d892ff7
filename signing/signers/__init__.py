"""Who signs for the organisation: one port, several keepers of the key."""

from __future__ import annotations

from signing.signers.base import Signer, SignerHealth, SigningFailed, check_term, checked
from signing.signers.dss import DssSigner
from signing.signers.openssl_file import OpenSslFileSigner
from signing.signers.pkcs11 import Pkcs11Signer
from signing.signers.software import SoftwareSigner

__all__ = [
    "DssSigner",
    "OpenSslFileSigner",
    "Pkcs11Signer",
    "Signer",
    "SignerHealth",
    "SigningFailed",
    "SoftwareSigner",
    "check_term",
    "checked",
]
