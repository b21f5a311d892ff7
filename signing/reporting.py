"""The parts of a report that CMS and XML have in common."""

from __future__ import annotations

from datetime import datetime

from signing.chain import ChainCheck, Status
from signing.model import (
    INTERNAL,
    ChainLink,
    Policy,
    Report,
    RevocationFact,
    SignerReport,
    TimestampReport,
)
from signing.people import short_name
from signing.revocation import StatusData
from signing.trust import TrustStore
from signing.verdict import text_of, worst

_UNCERTIFIED = "проверка техническая: средство не сертифицировано (63-ФЗ, ст. 5)"
_LEVELS = ("CMS", "XMLDSig", "BES", "T", "XL")


def report_of(
    signers: tuple[SignerReport, ...],
    form: str,
    trust: TrustStore,
    at: datetime,
    policy: Policy,
    status: StatusData,
    *,
    content: bytes | None = None,
    stamps: tuple[TimestampReport, ...] = (),
) -> Report:
    """The file's report: the worst verdict, the lowest level."""
    verdict = worst([(item.indication, item.sub_indication) for item in signers])
    warnings = [*status.warnings, _UNCERTIFIED]
    if policy == INTERNAL:
        warnings.append("подпись не является квалифицированной")
    warnings += [f"архивный штамп времени: {stamp.reason}" for stamp in stamps if stamp.reason]
    return Report(
        verdict[0],
        verdict[1],
        signers,
        form,
        min((item.level for item in signers), key=_LEVELS.index, default=None),
        text_of(verdict),
        at,
        policy.code,
        trust.version,
        tuple(warnings),
        signed_content=content,
    )


def links_of(chain: ChainCheck | None) -> tuple[ChainLink, ...]:
    if chain is None or chain.status is Status.NO_CHAIN:
        return ()
    return tuple(
        ChainLink(item.sha256, f"{item.serial:X}", short_name(item), item.not_before, item.not_after)
        for item in chain.path
    )


def sources_of(chain: ChainCheck | None) -> tuple[RevocationFact, ...]:
    """What told of the chain's statuses: the newest list of every authority, and the answers."""
    if chain is None:
        return ()
    newest = {item.issuer: item for item in sorted(chain.lists, key=lambda one: one.this_update)}
    return tuple(item.fact() for item in newest.values()) + tuple(item.fact() for item in chain.answers)
