"""RFC 3161 for those who ask a time-stamping service: the request, the answer, the proof."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from asn1crypto import cms, core, tsp

from signing.algorithms import OIDS_OF_DIGESTS, digest_of
from signing.asn1 import UNREADABLE, Malformed, measured
from signing.cades.build import signature_value, with_timestamp
from signing.cades.timestamp import read_token, verify_token
from signing.chain import Evidence
from signing.model import Policy, Revocation, TimestampReport
from signing.revocation import status_data
from signing.standing import Times
from signing.trust import TrustStore

__all__ = ["read_response", "request", "signature_value", "verify_timestamp", "with_timestamp"]


class _Response(core.Sequence):  # type: ignore[misc]
    """TimeStampResp, RFC 3161, 2.4.2: a refusal brings no token, which asn1crypto's own insists on."""

    _fields = [  # noqa: RUF012
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


def request(data: bytes, *, digest: str = "streebog256", nonce: int | None = None) -> bytes:
    """TimeStampReq over the bytes, DER; the service is asked to send its certificate along.

    For CAdES-T the bytes are `signature_value(signature)`, for an archive stamp the whole signature file.
    """
    imprint = tsp.MessageImprint(
        {
            "hash_algorithm": {"algorithm": OIDS_OF_DIGESTS[digest]},
            "hashed_message": digest_of(digest, data),
        }
    )
    made: bytes = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": imprint,
            "nonce": secrets.randbits(63) if nonce is None else nonce,
            "cert_req": True,
        }
    ).dump()
    return made


def read_response(response: bytes, asked: bytes) -> bytes:
    """The token out of TimeStampResp, when it answers this very request; raises Malformed.

    Whether the token is good is another question: `verify_timestamp`.
    """
    try:
        answer = _Response.load(measured(response), strict=True)
        status = answer["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            raise Malformed(f"служба времени отказала: {status}")
        token: bytes = answer["time_stamp_token"].dump()
        read = read_token(token, b"", "signature")
        if read.info is None:
            raise Malformed(read.problem or "штамп времени не читается")
        wanted = tsp.TimeStampReq.load(asked)
        if read.info["message_imprint"].dump() != wanted["message_imprint"].dump():
            raise Malformed("служба времени ответила о другом")
        if _number(read.info["nonce"]) != _number(wanted["nonce"]):
            raise Malformed("служба времени ответила на другой запрос")
        return token
    except UNREADABLE as error:
        raise Malformed(f"ответ службы времени не читается: {error}") from None


def _number(value: core.Asn1Value) -> int | None:
    return None if isinstance(value, core.Void) else value.native


def verify_timestamp(
    token: bytes,
    data: bytes,
    trust: TrustStore,
    *,
    at: datetime,
    revocation: Revocation = Revocation(),  # noqa: B008 - immutable
    policy: Policy | None = None,
    proven: datetime | None = None,
) -> TimestampReport:
    """Is this a good stamp over these bytes? `proven`: it existed by then (a later stamp over it)."""
    read = read_token(token, data, "archive")
    evidence = Evidence(trust, policy or trust.policy, (), status_data(revocation))
    evidence = replace(evidence, extra=read.certificates)
    return verify_token(read, evidence, Times(at, proven))
