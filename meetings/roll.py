"""The roll: who is a member at a moment, who may speak for it, who is present."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from .facts import Case, Member, Proxy


@dataclass
class Seat:
    """A member admitted to the live part: by whom it is represented, on which proxy, whether connected."""

    member: str
    person: str
    proxy: str | None
    connected: bool = True


def snapshot_at(case: Case) -> datetime | None:
    """The moment of the register that every quorum is counted from.

    Live: the start of the session (004, прил. 6). Absentee: the count (W.10, W.12). Combined: by the charter
    (004, прил. 8: «на дату проведения собрания»).
    """
    plan = case.plan
    if plan.form == "absentee" or (plan.is_combined and case.charter.says("combined_register", "count")):
        return plan.counting_at
    return plan.starts_at


def snapshot(case: Case) -> frozenset[str]:
    """The members on the register at that moment: the denominator of every quorum."""
    at = snapshot_at(case)
    if at is None:
        return frozenset()
    return frozenset(member.id for member in case.members.values() if member.belongs(at, case.zone))


def may_act(case: Case, register: frozenset[str], member_id: str, at: datetime) -> bool:
    """To act one must be a member at the moment, and once the snapshot is taken, be in it as well."""
    if not case.members[member_id].belongs(at, case.zone):
        return False
    taken_at = snapshot_at(case)
    return taken_at is None or at < taken_at or member_id in register


# --- authority -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Authority:
    """By what a person speaks for a member, or why he may not."""

    fault: str | None
    proxy: str | None = None

    @property
    def is_good(self) -> bool:
        return self.fault is None


_AS_HEAD = Authority(None)


def authority(case: Case, member: Member, person: str, at: datetime, item: str | None = None) -> Authority:
    """Whether a person may act for a member at a moment (about an item, if one is named).

    The head needs no proxy. Of several proxies the first good one serves; if none is good, the last
    listed gives the reason.
    """
    if person == member.head:
        return _AS_HEAD
    found = Authority("proxy_missing")
    for proxy in case.held.get(person, ()):
        if member.id not in proxy.principals:
            continue
        fault = next(_faults(case, proxy, member.id, at, item), None)
        found = Authority(fault, proxy.id)
        if fault is None:
            break
    return found


def _faults(case: Case, proxy: Proxy, member: str, at: datetime, item: str | None) -> Iterator[str]:
    """What is wrong with a proxy, in the order in which a reason is named.

    A delegated proxy rests on others: it is no better than any of them (ГК ст. 187 п. 4, 188 п. 3).
    """
    chain = _chain(case, proxy)
    today = at.astimezone(case.zone).date()
    if any(link.issued_on is None for link in chain):
        yield "proxy_undated"
    if not all(link.signed for link in chain):
        yield "proxy_unsigned"
    if any(today < _first_day(link) for link in chain):
        yield "proxy_not_yet_valid"
    bases = chain[1:]
    if bases and case.charter.says("delegation", "barred"):
        yield "delegation_barred"
    if any(not base.may_delegate or member not in base.principals for base in bases):
        yield "delegation_not_allowed"
    # Holders are individuals, so a delegated proxy always needs a notary (ГК ст. 187 п. 3).
    if any(not link.notarised for link in chain if link.delegated_from is not None):
        yield "delegation_not_notarised"
    if any(link.revoked_at is not None and at >= link.revoked_at for link in chain):
        yield "proxy_revoked"
    if any(today > last_day(link) for link in chain):
        yield "proxy_expired"
    if item is not None and any(link.items is not None and item not in link.items for link in chain):
        yield "proxy_scope"


def _chain(case: Case, proxy: Proxy) -> list[Proxy]:
    chain = [proxy]
    while (base := chain[-1].delegated_from) is not None:
        chain.append(case.proxies[base])
    return chain


def _first_day(proxy: Proxy) -> date:
    issued = proxy.issued_on or date.min
    return max(issued, proxy.valid_from or issued)


def last_day(proxy: Proxy) -> date:
    """The last whole day of a proxy; without a term it lasts a year from its issue (ГК ст. 186 п. 1, 192)."""
    if proxy.valid_until is not None:
        return proxy.valid_until
    issued = proxy.issued_on or date.min
    year, month = issued.year + 1, issued.month
    return date(year, month, min(issued.day, calendar.monthrange(year, month)[1]))


# --- presence --------------------------------------------------------------------------------------


def is_present(
    case: Case, register: frozenset[str], seat: Seat, at: datetime, item: str | None = None
) -> bool:
    """Connected, still a member, the representative's authority good; for a question within its scope."""
    if not seat.connected or not may_act(case, register, seat.member, at):
        return False
    if case.charter.says("limited_proxy", "present"):
        item = None
    return authority(case, case.members[seat.member], seat.person, at, item).is_good
