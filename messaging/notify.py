"""Notices: one useful line per event, several events of a record within an hour in one line (U-08, C-43).

The cabinet always has the line; the e-mail follows the person's choice. A letter waits a little, so that a
burst of events is one letter, and what was read meanwhile in the cabinet is not sent at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select, update

from records import outbox, parameters
from records.actor import Actor
from records.database import db, now
from records.kinds import registry
from records.model import History, Record
from records.people import Organisation, User

from . import mail, preferences, pulse, recipients, words
from .model import MailMessage, Notification
from .recipients import Person
from .unit import alone

TOGETHER = timedelta(hours=1)
NOTICE_DELAY = timedelta(seconds=20)
STALE = timedelta(days=2)
"""What is older is history, not news (a restored or imported archive): a line, but no letters."""
MOST_EVENTS = 20
RANK = ("documents", "deadlines", "views", "service", "incoming", "messages", "legal")


@dataclass(frozen=True, kw_only=True)
class News:
    """One thing to tell one person."""

    user_id: int
    organisation_id: int
    subject: str
    text: str
    url: str
    group: str
    at: datetime
    record_id: int | None = None
    seq: int = 0
    key: str | None = None
    by_mail: bool = True


def event_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic "event": tell people of what happened to records. Safe to repeat."""
    wanted: dict[int, set[int]] = {}
    for job in jobs:
        wanted.setdefault(int(str(job.payload["record"])), set()).add(int(str(job.payload["seq"])))
    for record_id, seqs in wanted.items():
        with alone():
            _tell_of(record_id, seqs)


def _tell_of(record_id: int, seqs: set[int]) -> None:
    record = db.session.get(Record, record_id)
    kind = registry.get(record.kind) if record is not None else None
    if record is None or kind is None or record.trashed_at is not None:
        return
    today = parameters.today()
    entries = db.session.scalars(
        select(History).where(History.record_id == record_id, History.seq.in_(seqs)).order_by(History.seq)
    )
    best: dict[tuple[int, int, datetime], News] = {}
    for entry in entries:
        if entry.verb == "record.assign":
            _no_longer_new(record)
        for person in recipients.of_event(record, kind, entry, on=today):
            news = _news(record, entry, person)
            place = (person.user_id, person.organisation_id, entry.at)  # one act is one event
            if place not in best or RANK.index(news.group) >= RANK.index(best[place].group):
                best[place] = news
        _official(record, entry)
    for news in best.values():
        put(news)


def _news(record: Record, entry: History, person: Person) -> News:
    given = {"to_staff": person.is_staff, "is_assignee": record.assignee_id == person.user_id}
    return News(
        user_id=person.user_id,
        organisation_id=person.organisation_id,
        subject=words.subject_of(record),
        text=words.text_of(record, registry[record.kind], entry, **given),
        url=record_url(record.id),
        group=words.group_of(record, entry, **given),
        at=entry.at,
        record_id=record.id,
        seq=entry.seq,
    )


def record_url(record_id: int) -> str:
    return f"/records/{record_id}"


def put(news: News) -> Notification | None:
    """Write a line, or add to the line of the same record; the caller commits. None when told already."""
    user = db.session.get(User, news.user_id)
    if user is None or not user.is_active:
        return None
    pulse.hold(news.user_id, news.organisation_id)
    if _told(news):
        return None
    line = _same_line(news)
    if line is None:
        line = _new_line(news)
    else:
        _add(line, news)
    _letter(line, user, news)
    pulse.refresh(news.user_id, news.organisation_id)
    return line


def _told(news: News) -> bool:
    if news.key is not None:
        mine = select(Notification.id).where(
            Notification.user_id == news.user_id, Notification.key == news.key
        )
        return db.session.scalar(mine) is not None
    if not news.seq:
        return False
    lines = db.session.scalars(_lines_of(news).order_by(Notification.id.desc()).limit(5))
    return any(event.get("seq") == news.seq for line in lines for event in line.events)


def _lines_of(news: News) -> Select[Notification]:
    return select(Notification).where(
        Notification.record_id == news.record_id,
        Notification.user_id == news.user_id,
        Notification.organisation_id == news.organisation_id,
    )


def _same_line(news: News) -> Notification | None:
    """The unread line of the same record, not older than an hour. An official notice stands alone."""
    if news.record_id is None or news.key is not None:
        return None
    line = db.session.scalars(_lines_of(news).order_by(Notification.id.desc()).limit(1)).first()
    if line is None or line.read_at is not None or line.key is not None:
        return None
    if (line.group == "legal") != (news.group == "legal") or news.at - line.first_at >= TOGETHER:
        return None
    return line


def _new_line(news: News) -> Notification:
    line = Notification(
        user_id=news.user_id,
        organisation_id=news.organisation_id,
        record_id=news.record_id,
        group=news.group,
        subject=news.subject[:500],
        text=news.text[:500],
        url=news.url[:500],
        count=1,
        events=[_event(news)],
        key=news.key,
        first_at=news.at,
        at=news.at,
        mail_state="",
    )
    db.session.add(line)
    db.session.flush()
    return line


def _event(news: News) -> dict[str, object]:
    return {"seq": news.seq, "text": news.text[:500], "at": news.at.isoformat()}


def _add(line: Notification, news: News) -> None:
    line.count += 1
    line.events = [*line.events, _event(news)][-MOST_EVENTS:]
    line.subject, line.text, line.at = news.subject[:500], news.text[:500], news.at
    if RANK.index(news.group) > RANK.index(line.group):
        line.group = news.group


def _letter(line: Notification, user: User, news: News) -> None:
    """Plan the letter by the person's choice."""
    way = preferences.chosen(user, news.group)
    moment = now()
    if not news.by_mail or way == preferences.OFF or moment - news.at > STALE or line.mail_state == "pending":
        return
    if way == preferences.DAILY:
        line.mail_state = line.mail_state or "digest"
        return
    delay = timedelta() if news.group == "legal" else NOTICE_DELAY
    if line.mailed_at is not None:
        delay = max(delay, line.mailed_at + TOGETHER - moment)
    line.mail_state = "pending"
    outbox.put("notice", str(line.id), {"notification": line.id}, delay=delay)


def notice_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic "notice": write the letters of lines that are still unread."""
    for job in jobs:
        with alone():
            line = db.session.get(Notification, int(str(job.payload["notification"])), with_for_update=True)
            if line is not None and line.mail_state == "pending":
                _write(line)


def _write(line: Notification) -> None:
    user = db.session.get(User, line.user_id)
    if user is None or not user.is_active or (line.read_at is not None and line.group != "legal"):
        line.mail_state = ""
        return
    zone = parameters.zone()
    unsent = [e for e in line.events if line.mailed_at is None or str(e["at"]) > line.mailed_at.isoformat()]
    context = {
        "heading": line.subject,
        "lines": [
            (datetime.fromisoformat(str(e["at"])).astimezone(zone).strftime("%d.%m.%Y %H:%M"), e["text"])
            for e in unsent or line.events
        ],
        "url": mail.public_url(line.url) if line.url else "",
        "mandatory": line.group == "legal",
    }
    subject = f"{line.subject}: {line.text}"
    about = "service" if line.group == "service" else "notice"
    mail.send(
        user.email, subject, "notice", context, record_id=line.record_id, about=about, to_name=user.name
    )
    line.mail_state, line.mailed_at = "mailed", now()


def _official(record: Record, entry: History) -> None:
    """An official paper also goes to the company's e-mail of the register (M-20), once."""
    if record.direction != "out" or entry.to_state != "sent" or record.organisation_id is None:
        return
    organisation = db.session.get(Organisation, record.organisation_id)
    if organisation is None or not organisation.email or now() - entry.at > STALE:
        return
    about = f"official:{entry.seq}"
    known = select(MailMessage.id).where(MailMessage.record_id == record.id, MailMessage.about == about)
    if db.session.scalar(known) is not None:
        return
    subject = words.subject_of(record)
    when = entry.at.astimezone(parameters.zone()).strftime("%d.%m.%Y %H:%M")
    context = {
        "heading": subject,
        "lines": [(when, "вам направлен документ")],
        "url": mail.public_url(record_url(record.id)),
        "mandatory": True,
    }
    name = organisation.short_name
    mail.send(organisation.email, subject, "notice", context, record_id=record.id, about=about, to_name=name)


def _no_longer_new(record: Record) -> None:
    """Somebody took the paper: it is no longer new for the rest of the department."""
    others = (
        Notification.record_id == record.id,
        Notification.organisation_id == 0,
        Notification.group == "incoming",
        Notification.read_at.is_(None),
        Notification.user_id != (record.assignee_id or 0),
    )
    users = list(db.session.scalars(select(Notification.user_id).where(*others)))
    if users:
        db.session.execute(update(Notification).where(*others).values(read_at=now()))
        for user_id in sorted(set(users)):
            pulse.refresh(user_id, 0)


def tell(
    users: Iterable[int],
    text: str,
    url: str,
    *,
    subject: str = "",
    group: str = "documents",
    record_id: int | None = None,
    organisation_id: int = 0,
    key: str | None = None,
    by_mail: bool = True,
) -> int:
    """Tell people of anything (a saved view has news, an import is done). The caller commits.

    `key` makes it once for ever: a timer may call again and again. Returns how many were told now.
    """
    told = 0
    for user_id in sorted(set(users)):
        news = News(
            user_id=user_id,
            organisation_id=organisation_id,
            subject=subject or text,
            text=text,
            url=url,
            group=group if group in RANK else "documents",
            at=now(),
            record_id=record_id,
            key=key,
            by_mail=by_mail,
        )
        told += put(news) is not None
    return told


def lost_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Topic "lost": a letter was refused or came back; tell those who answer for it, in the cabinet first."""
    for job in jobs:
        with alone():
            letter = db.session.get(MailMessage, int(str(job.payload["mail"])))
            if letter is not None and letter.about != "service":
                _tell_lost(letter)


def _tell_lost(letter: MailMessage) -> None:
    on = parameters.today()
    record = db.session.get(Record, letter.record_id) if letter.record_id else None
    people = recipients.answering_for(record, on=on) if record else recipients.with_role("sro_admin", on=on)
    text = f"письмо на {letter.to_address} не доставлено: {letter.error}"
    tell(
        [p.user_id for p in people],
        text,
        record_url(record.id) if record else f"/mail/{letter.id}",
        subject=words.subject_of(record) if record else letter.subject,
        group="service",
        record_id=record.id if record else None,
        key=f"lost:{letter.id}:{letter.message_id}"[:120],
    )


def seen(actor: Actor, record_id: int) -> None:
    """The person has opened a record: its lines are read. Writes nothing when there are none."""
    if actor.user_id is None or actor.read_only:
        return
    _read(actor.user_id, Notification.record_id == record_id)


def read(actor: Actor, notification_id: int) -> Notification | None:
    """Open one line; None when it is not the person's."""
    if actor.user_id is None:
        return None
    line = db.session.get(Notification, notification_id)
    if line is None or line.user_id != actor.user_id or line.organisation_id not in pulse.places(actor):
        return None
    if line.read_at is None:
        _read(actor.user_id, Notification.id == notification_id)
    return line


def read_all(actor: Actor) -> None:
    """«Отметить всё прочитанным», in the company the person works for now."""
    if actor.user_id is not None:
        _read(actor.user_id, Notification.organisation_id.in_(pulse.places(actor)))


def _read(user_id: int, which: ColumnElement[bool]) -> None:
    unread = (Notification.user_id == user_id, which, Notification.read_at.is_(None))
    if db.session.scalar(select(Notification.id).where(*unread).limit(1)) is None:
        return
    with alone():
        places = set(db.session.scalars(select(Notification.organisation_id).where(*unread)))
        db.session.execute(update(Notification).where(*unread).values(read_at=now()))
        for place in sorted(places):
            pulse.refresh(user_id, place)


def lines(
    actor: Actor, *, group: str = "", unread: bool = False, before: int = 0, limit: int = 30
) -> list[Notification]:
    """A person's lines, newest first, a page by key."""
    query = select(Notification).where(
        Notification.user_id == (actor.user_id or 0), Notification.organisation_id.in_(pulse.places(actor))
    )
    if group:
        query = query.where(Notification.group.in_(pulse.INCOMING if group == "incoming" else (group,)))
    if unread:
        query = query.where(Notification.read_at.is_(None))
    if before:
        query = query.where(Notification.id < before)
    return list(db.session.scalars(query.order_by(Notification.id.desc()).limit(limit)))
