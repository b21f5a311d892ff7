"""Help in place: each topic names the pages it belongs to, and may have a video of the СРО's own (C-12)."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from records.actor import Actor
from records.database import db
from records.errors import Invalid, NotFound
from records.service import work
from records.storage import storage

from . import policy
from .model import HelpVideo

_FILE = Path(__file__).parent / "data" / "help.json"
LARGEST_VIDEO = 200 * 2**20
_SIGNS: Mapping[str, tuple[int, bytes]] = {
    "video/mp4": (4, b"ftyp"),
    "video/webm": (0, b"\x1a\x45\xdf\xa3"),
}
"""A video is known by its first bytes, whatever its name says."""

TOUR = (
    ("Меню слева.", "Здесь все разделы. На телефоне меню открывается кнопкой с тремя полосками."),
    ("Поиск сверху.", "Введите номер, ИНН или слова из текста. Клавиша «/» ставит курсор сразу в поиск."),
    ("Требует внимания.", "На главной странице собраны сроки, замечания и документы, которые ждут вас."),
    ("Подать документ.", "Выберите вид в меню: номер и дату программа даст сразу после отправки."),
    (
        "Вопрос в СРО.",
        "«Помощь» открывает подсказку к странице, где вы находитесь; оттуда же можно написать в поддержку.",
    ),
)


@dataclass(frozen=True)
class Topic:
    """One subject of help."""

    code: str
    title: str
    lead: str
    audience: str
    pages: tuple[str, ...]
    steps: tuple[tuple[str, str], ...]


@functools.cache
def topics() -> Mapping[str, Topic]:
    rows = json.loads(_FILE.read_text("utf-8"))
    return {
        row["code"]: Topic(
            row["code"],
            row["title"],
            row["lead"],
            row["audience"],
            tuple(row["pages"]),
            tuple((name, text) for name, text in row["steps"]),
        )
        for row in rows
    }


def topic(code: str) -> Topic:
    found = topics().get(code)
    if found is None:
        raise NotFound
    return found


def topic_of(endpoint: str, kind: str = "") -> Topic | None:
    """The topic of a page: first of the page with this kind of record, then of the page."""
    for wanted in (f"{endpoint}:{kind}", endpoint):
        for found in topics().values():
            if wanted in found.pages:
                return found
    return None


def shown_to(actor: Actor) -> list[Topic]:
    """Topics for this reader."""
    audience = "staff" if actor.is_staff else "member"
    return [t for t in topics().values() if t.audience in ("all", audience)]


def video(code: str) -> HelpVideo | None:
    return db.session.get(HelpVideo, code)


def videos() -> dict[str, HelpVideo]:
    return {entry.topic: entry for entry in db.session.scalars(db.select(HelpVideo))}


def put_video(actor: Actor, code: str, stream: IO[bytes], name: str) -> HelpVideo:
    """Keep the СРО's own video for a topic; replaces the earlier one."""
    policy.require(policy.may_edit_help(actor), "Заменять видео могут администратор и канцелярия.")
    topic(code)
    try:
        received = storage().receive(stream, limit=LARGEST_VIDEO)
    except ValueError as error:
        raise Invalid({"video": ["Файл больше 200 МБ."]}) from error
    media_type = _media_type(received.path)
    if media_type is None:
        storage().discard(received)
        raise Invalid({"video": ["Нужен файл MP4 или WebM."]})
    storage().keep(received)
    with work(actor):
        entry = db.session.get(HelpVideo, code)
        if entry is None:
            entry = HelpVideo(topic=code, sha256="", name="", media_type="", size=0)
            db.session.add(entry)
        entry.sha256, entry.size, entry.media_type = received.sha256, received.size, media_type
        entry.name, entry.uploaded_by = name[:255], actor.user_id
    return entry


def remove_video(actor: Actor, code: str) -> None:
    policy.require(policy.may_edit_help(actor))
    with work(actor):
        entry = db.session.get(HelpVideo, code)
        if entry is None:
            raise NotFound
        db.session.delete(entry)


def _media_type(path: Path) -> str | None:
    with path.open("rb") as file:
        start = file.read(16)
    for media_type, (offset, sign) in _SIGNS.items():
        if start[offset : offset + len(sign)] == sign:
            return media_type
    return None
