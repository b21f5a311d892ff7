"""A remote meeting: sheets, the session, the list of six columns, the protocol, the end."""

from __future__ import annotations

import pytest

from meetings import people, preparing, taking
from meetings.papers import files, protocol
from meetings.service import here
from records import query
from records.errors import Forbidden, Refused

from .conftest import at


@pytest.fixture
def remote(ctx, world, plan, on) -> int:
    """Called on 23.11.2026, held on 15.12.2026; registration since 10.12."""
    body = {
        **plan,
        "form": "remote",
        "starts_at": "2026-12-15T10:00",
        "registration_opens_at": "2026-12-10T09:00",
        "tool_name": "Видеозал",
        "tool_public": True,
        "tool_free": True,
        "voting_way": "кнопки кабинета",
        "evidence": "chat",
    }
    record = preparing.begin(world.actor("secretary"), body)
    record_id = record.id
    on("11-23", preparing.call, "secretary", record_id)
    return record_id


@pytest.mark.requirement("M-25", "M-129")
def test_a_head_registers_and_a_proxy_without_a_paper_does_not(remote, on):
    filed = on("12-10", taking.hand_in_sheet, "head", remote)
    assert filed.number_text.startswith("ЛР-")
    with pytest.raises(Refused):
        on("12-10", taking.hand_in_sheet, "proxy", remote)


@pytest.mark.requirement("M-24")
def test_a_sheet_after_the_term_is_refused(remote, on):
    with pytest.raises(Refused):
        on("12-15", taking.hand_in_sheet, "head", remote, clock="09:00")


@pytest.mark.requirement("M-127", "M-130", "M-88", "M-91")
def test_the_session_becomes_lists_and_a_protocol(remote, on, world):
    members = []
    for who, company in (("head", world.company), ("stranger", world.other_company)):
        on("12-10", taking.hand_in_sheet, who, remote)
        members.append(people.member_of(company.id))
    with pytest.raises(Refused, match="не окончено"):
        on("12-15", taking.sum_up, "secretary", remote)
    here().record(taking.hall(remote), *_session(members))
    with pytest.raises(Forbidden):
        on("12-15", taking.sum_up, "head", remote)
    assert on("12-15", taking.sum_up, "secretary", remote).state == "done"

    dossier = files.dossier_of(query.get(world.actor("secretary"), remote))
    table = files.paper(dossier, "participants", is_staff=True).blocks[0]
    assert [column.title for column in table.columns][0::5] == [
        "№ п/п",
        "Регистрация фактического подключения",
    ]
    assert table.rows[0][4] == "••••"
    text = str(protocol.protocol(dossier).blocks)
    assert "видеоконференция «Видеозал»" in text
    assert "выпиской из чата" in text
    assert not protocol.missing(dossier)


def _session(members: list[str]) -> list[dict[str, object]]:
    def event(clock: str, type_: str, **fields: object) -> dict[str, object]:
        return {"at": at("12-15", clock).isoformat(), "type": type_, **fields}

    found = [
        event("09:40", "code_entered", members=members),
        event("09:45", "admitted", members=members),
        event("10:00", "list_closed"),
    ]
    for n, item in enumerate(("q1", "q2")):
        found += [
            event(f"10:{10 * n + 10}", "question_opened", item=item),
            event(f"10:{10 * n + 11}", "vote", members=members, item=item, mark="for"),
            event(f"10:{10 * n + 14}", "question_closed", item=item),
        ]
    return [*found, event("11:00", "meeting_closed")]
