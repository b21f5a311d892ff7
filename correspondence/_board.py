"""Words shared by announcements and news."""

from __future__ import annotations

from workflows.engine import Workflow
from workflows.reference import moves

AUTHORS = ("sro_clerk", "sro_director", "council_secretary", "sro_admin", "sro_curator")
TOPICS = {
    "law": "Законодательство",
    "events": "Мероприятия",
    "dues": "Взносы",
    "reports": "Отчётность",
    "sro": "Жизнь СРО",
}
AUDIENCE = {
    "member_head": "Директор",
    "member_proxy": "Представитель по доверенности",
    "member_spec": "Специалист",
}


def board(name: str) -> Workflow:
    """Draft, published, taken off."""
    return moves(
        ("draft", "published", "Опубликовать", AUTHORS),
        ("published", "closed", "Снять с публикации", AUTHORS),
        ("closed", "archived", "Сдать в архив", ("sro_archivist",)),
        ("draft", "annulled", "Отменить", AUTHORS),
        name=name,
    )
