"""A remote signing service (КриптоПро DSS and the like) over REST: it is certified and keeps the key."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from signing.signers.base import SignerHealth, SigningFailed, check_term

# POST of a JSON body to a path of the service gives a JSON body; raises OSError when it does not answer.
Post = Callable[[str, Mapping[str, object]], Mapping[str, object]]
# КриптоПро DSS, REST API v1: SignatureType CAdES, CADESType BES.
_CADES = 2
_BES = "CADES_BES"


class DssSigner:
    """The transport is handed in: nothing in this room opens a connection."""

    def __init__(self, post: Post, certificate: bytes, certificate_id: int, *, pin: str = "") -> None:
        self._post, self._certificate = post, certificate
        self._certificate_id, self._pin = certificate_id, pin

    def certificate(self) -> bytes:
        return self._certificate

    def health(self, *, at: datetime) -> SignerHealth:
        return check_term(self._certificate, at)

    def sign_cades(self, data: bytes | Path, *, detached: bool = True) -> bytes:
        content = data.read_bytes() if isinstance(data, Path) else data
        body = {
            "Content": base64.b64encode(content).decode(),
            "Signature": {
                "Type": _CADES,
                "Parameters": {"CADESType": _BES, "IsDetached": detached},
                "CertificateId": self._certificate_id,
                "PinCode": self._pin,
            },
        }
        try:
            answer = self._post("/rest/api/documents", body)
        except OSError as error:
            raise SigningFailed(f"Служба подписи не отвечает: {error}.") from error
        try:
            return base64.b64decode(str(answer["Content"]), validate=True)
        except (KeyError, binascii.Error) as error:
            raise SigningFailed("Служба подписи ответила не подписью.") from error
