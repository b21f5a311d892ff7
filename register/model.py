"""Tables of the register: dated facts of members, and the small tables that hang on a member.

`member_fact` is append-only: a correction is a later row. What was true on a date is the latest row whose
`valid_from` has come and whose `valid_to` has not passed. `member_card` holds the present values that lists
sort and filter by; it can be made anew from the rest at any time.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from records import schema
from records.database import BigId, Model, Moment, now


class Kopecks(TypeDecorator[Decimal]):
    """A sum, kept as a whole number of kopecks: exact, and either database adds it up."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((Decimal(value) * 100).to_integral_value())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-2)


class MemberFact(Model):
    """One value of one field of a member's entry, from a date on, with its ground (ст. 55.17 ГрК РФ)."""

    __tablename__ = "member_fact"
    __table_args__ = (Index("ix_member_fact_of", "organisation_id", "field", "valid_from", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    field: Mapped[str] = mapped_column(String(40))
    value: Mapped[str | None] = mapped_column(Text)
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    ground_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    ground: Mapped[str] = mapped_column(String(300), default="")
    recorded_at: Mapped[datetime] = mapped_column(Moment, default=now)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


schema.append_only("member_fact")


class MemberCard(Model):
    """Present values for lists: one row a member, made from facts, contracts, dues and policies."""

    __tablename__ = "member_card"
    __table_args__ = (
        Index("ix_member_card_list", "membership_status", "register_number"),
        Index("ix_member_card_right", "right_status"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    register_number: Mapped[str] = mapped_column(String(30), default="")
    name: Mapped[str] = mapped_column(String(300), default="")
    search: Mapped[str] = mapped_column(String(1500), default="")
    """Names and numbers in small letters, ё as е."""
    membership_status: Mapped[str] = mapped_column(String(12), default="member")
    right_status: Mapped[str] = mapped_column(String(12), default="none")
    odo_right_status: Mapped[str] = mapped_column(String(12), default="none")
    accordance_status: Mapped[str] = mapped_column(String(8), default="")
    vv_level: Mapped[int | None]
    odo_level: Mapped[int | None]
    obligations_total: Mapped[Decimal] = mapped_column(Kopecks, default=Decimal(0))
    obligations_free: Mapped[Decimal | None] = mapped_column(Kopecks)
    obligations_state: Mapped[str] = mapped_column(String(10), default="ok")
    obligations_at: Mapped[datetime | None] = mapped_column(Moment)
    debt: Mapped[Decimal] = mapped_column(Kopecks, default=Decimal(0))
    insured_until: Mapped[date | None] = mapped_column(Date)
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ObligationCount(Model):
    """Every count of obligations, with its date: «фактический совокупный размер» as it was."""

    __tablename__ = "obligation_count"
    __table_args__ = (Index("ix_obligation_count_of", "organisation_id", "id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    counted_at: Mapped[datetime] = mapped_column(Moment, default=now)
    total: Mapped[Decimal] = mapped_column(Kopecks)
    limit_sum: Mapped[Decimal | None] = mapped_column(Kopecks)
    state: Mapped[str] = mapped_column(String(10))


class Contract(Model):
    """A contract of a member; obligations are counted from these (register.md §4)."""

    __tablename__ = "member_contract"
    __table_args__ = (Index("ix_member_contract_of", "organisation_id", "status", "made_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    source_key: Mapped[str] = mapped_column(String(64), unique=True)
    """What makes it the same contract when a file is loaded again: member, number and date."""
    source: Mapped[str] = mapped_column(String(20), default="manual")
    number: Mapped[str] = mapped_column(String(100))
    made_on: Mapped[date] = mapped_column(Date)
    subject: Mapped[str] = mapped_column(String(1000), default="")
    customer: Mapped[str] = mapped_column(String(500), default="")
    customer_inn: Mapped[str] = mapped_column(String(12), default="")
    kind: Mapped[str] = mapped_column(String(30), default="construction")
    member_role: Mapped[str] = mapped_column(String(30), default="contractor")
    customer_role: Mapped[str] = mapped_column(String(30), default="developer")
    procurement: Mapped[str] = mapped_column(String(20), default="competitive")
    status: Mapped[str] = mapped_column(String(20), default="active")
    price: Mapped[Decimal] = mapped_column(Kopecks)
    accepted: Mapped[Decimal] = mapped_column(Kopecks, default=Decimal(0))
    termination_document: Mapped[bool] = mapped_column(default=False)
    final_act: Mapped[bool] = mapped_column(default=False)
    excluded_reason: Mapped[str] = mapped_column(String(500), default="")
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    ground_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
    updated_at: Mapped[datetime] = mapped_column(Moment, default=now)


class ContractStage(Model):
    """A stage of a contract: its term, its fact, its sum (C-39)."""

    __tablename__ = "contract_stage"
    __table_args__ = (UniqueConstraint("contract_id", "position"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    contract_id: Mapped[int] = mapped_column(ForeignKey("member_contract.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    due_on: Mapped[date | None] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(Kopecks, default=Decimal(0))


class DuesPosting(Model):
    """A charge or a payment; a payment of nobody known waits with no member («неопознанные»)."""

    __tablename__ = "dues_posting"
    __table_args__ = (Index("ix_dues_posting_of", "organisation_id", "kind", "on_date"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    source_key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    on_date: Mapped[date] = mapped_column(Date)
    due_on: Mapped[date | None] = mapped_column(Date)
    charged: Mapped[Decimal] = mapped_column(Kopecks, default=Decimal(0))
    paid: Mapped[Decimal] = mapped_column(Kopecks, default=Decimal(0))
    period: Mapped[str] = mapped_column(String(60), default="")
    document: Mapped[str] = mapped_column(String(100), default="")
    purpose: Mapped[str] = mapped_column(String(500), default="")
    payer: Mapped[str] = mapped_column(String(300), default="")
    payer_inn: Mapped[str] = mapped_column(String(12), default="")
    posted_at: Mapped[datetime] = mapped_column(Moment, default=now)


class InsurancePolicy(Model):
    """A policy of civil liability or of contract risk (report form 11's set of fields)."""

    __tablename__ = "insurance_policy"
    __table_args__ = (Index("ix_insurance_policy_of", "organisation_id", "ends_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    insurer: Mapped[str] = mapped_column(String(300))
    licence: Mapped[str] = mapped_column(String(100), default="")
    address: Mapped[str] = mapped_column(String(500), default="")
    phone: Mapped[str] = mapped_column(String(60), default="")
    number: Mapped[str] = mapped_column(String(100))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    amount: Mapped[Decimal] = mapped_column(Kopecks)
    subject: Mapped[str] = mapped_column(String(300), default="")


class MemberSpecialist(Model):
    """A specialist of НРС at a member (register.md §8)."""

    __tablename__ = "member_specialist"
    __table_args__ = (Index("ix_member_specialist_of", "organisation_id", "name"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(200))
    nrs_number: Mapped[str] = mapped_column(String(20), index=True)
    nrs_on: Mapped[date | None] = mapped_column(Date)
    is_listed: Mapped[bool] = mapped_column(default=True)
    excluded_on: Mapped[date | None] = mapped_column(Date)
    work_kind: Mapped[str] = mapped_column(String(60), default="")
    main_work: Mapped[bool] = mapped_column(default=True)
    assessed_on: Mapped[date | None] = mapped_column(Date)
    order_number: Mapped[str] = mapped_column(String(60), default="")
    employed_from: Mapped[date | None] = mapped_column(Date)
    employed_to: Mapped[date | None] = mapped_column(Date)


class Inspection(Model):
    """An inspection, planned or held; its act is a record of its own."""

    __tablename__ = "inspection"
    __table_args__ = (Index("ix_inspection_of", "organisation_id", "starts_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(12), default="planned")
    form: Mapped[str] = mapped_column(String(20), default="documentary")
    subject: Mapped[str] = mapped_column(String(1000), default="")
    basis: Mapped[str] = mapped_column(String(300), default="")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    result: Mapped[str] = mapped_column(String(12), default="")  # clean found, empty while planned
    measures: Mapped[str] = mapped_column(String(500), default="")
    act_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))


class Violation(Model):
    """A violation named by an act: norm, advice, term, and when it was mended (C-34)."""

    __tablename__ = "violation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    inspection_id: Mapped[int] = mapped_column(ForeignKey("inspection.id"), index=True)
    what: Mapped[str] = mapped_column(String(1000))
    norm: Mapped[str] = mapped_column(String(300), default="")
    advice: Mapped[str] = mapped_column(String(1000), default="")
    due_on: Mapped[date | None] = mapped_column(Date)
    fixed_on: Mapped[date | None] = mapped_column(Date)


class Measure(Model):
    """A disciplinary measure (ст. 10 315-ФЗ) or a step of the right: suspension, return, restriction."""

    __tablename__ = "member_measure"
    __table_args__ = (Index("ix_member_measure_of", "organisation_id", "decided_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(20))
    decided_on: Mapped[date] = mapped_column(Date)
    basis: Mapped[str] = mapped_column(String(300), default="")
    until: Mapped[date | None] = mapped_column(Date)
    done_on: Mapped[date | None] = mapped_column(Date)
    amount: Mapped[Decimal | None] = mapped_column(Kopecks)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("record.id"))
