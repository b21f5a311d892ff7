"""The whole file of a company on one line of time: everything is there, once, and only for those who may."""

from __future__ import annotations

import re

import pytest

from desk import member_file
from messaging import mail
from records import parameters, service
from records.actor import SYSTEM_ACTOR
from records.database import db, gate, now, writing
from records.errors import NotFound
from tests.world import draft, submitted

OTHER = "reconciliation_request"


@pytest.fixture
def filled(world, head, curator, drain):
    """A company with papers of two kinds, a visible and an internal remark, and mail."""
    letter = submitted(head)
    change = submitted(head, OTHER, since="2026-01-01", until="2026-06-30")
    service.remark(curator, letter.id, "Уточните адрес площадки", public=True)
    service.remark(curator, letter.id, "Спросить у юриста про аренду", public=False)
    with writing(gate()):
        mail.send("head@member.example", "Письмо по делу", "plain", {"text": "…"}, record_id=letter.id)
        db.session.commit()
    drain()
    return world.company.id, letter, change


def every(actor, organisation_id, **window):
    return member_file.timeline(actor, organisation_id, member_file.Window(limit=500, **window))[0]


@pytest.mark.requirement("C-50")
def test_the_file_holds_papers_moves_remarks_and_mail_newest_first(filled, curator):
    company, letter, change = filled
    events = every(curator, company)
    assert {e.source for e in events} == {"papers", "moves", "remarks", "mail"}
    assert {e.record_id for e in events if e.source == "papers"} == {letter.id, change.id}
    assert [e.at for e in events] == sorted((e.at for e in events), reverse=True)


@pytest.mark.requirement("C-50", "R-12")
def test_a_member_sees_no_internal_remark_and_no_addresses_of_mail(filled, head, browser_of):
    company, _, _ = filled
    notes = [e.note for e in every(head, company)]
    assert "Уточните адрес площадки" in notes
    assert "Спросить у юриста про аренду" not in notes
    assert not [e for e in every(head, company) if e.source == "mail"]
    page = browser_of("head").get("/organisation/file").text
    assert "Уточните адрес площадки" in page
    assert "Спросить у юриста" not in page


@pytest.mark.requirement("C-50")
@pytest.mark.parametrize("limit", [2, 3, 6])
def test_pages_of_the_file_join_without_a_gap_or_a_double(filled, curator, limit):
    company, _, _ = filled
    whole = [e.key for e in every(curator, company)]
    pages, before = [], None
    while True:
        page, before = member_file.timeline(curator, company, member_file.Window(before=before, limit=limit))
        pages += [e.key for e in page]
        if before is None:
            break
    assert pages == whole


@pytest.mark.requirement("C-50")
def test_the_page_walks_to_its_end_by_its_own_links(filled, curator, browser_of, monkeypatch):
    company, _, _ = filled
    monkeypatch.setattr(member_file.Window, "__init__", _narrow(member_file.Window.__init__))
    browser, url, seen = browser_of("curator"), f"/organisations/{company}/file", 0
    while url:
        page = browser.get(url).text
        seen += page.count('class="file-mark"')
        link = re.search(r'rel="next" href="([^"]+)"', page)
        url = link.group(1).replace("&amp;", "&") if link else ""
    assert seen == len(every(curator, company))


def _narrow(original):
    def init(self, **given):
        original(self, **{"limit": 4, **given})

    return init


@pytest.mark.requirement("C-50")
def test_the_file_is_filtered_by_kind_year_and_sort_of_event(filled, curator, browser_of):
    company, _, change = filled
    assert {e.kind for e in every(curator, company, kind=OTHER)} == {OTHER}
    year = parameters.today().year
    assert every(curator, company, year=year) == every(curator, company)
    assert every(curator, company, year=year - 1) == []
    page = browser_of("curator").get(f"/organisations/{company}/file?what=papers&kind={OTHER}").text
    assert change.number_text in page
    assert page.count('class="file-mark"') == 1
    assert "Здесь ничего нет" in browser_of("curator").get(f"/organisations/{company}/file?year=1999").text


@pytest.mark.requirement("C-50")
def test_the_counters_tell_kinds_open_papers_and_open_remarks(filled, curator):
    company, letter, _ = filled
    before = member_file.summary(curator, company)
    service.remark(curator, letter.id, "Нет печати", public=True, blocking=True)
    after = member_file.summary(curator, company)
    assert dict(after.kinds) == {"letter": 1, OTHER: 1}
    assert (after.total, after.open) == (2, 2)
    assert after.remarks == before.remarks + 1


@pytest.mark.requirement("C-50", "R-37")
def test_the_file_of_another_company_does_not_exist(filled, stranger, browser_of):
    company, _, _ = filled
    with pytest.raises(NotFound):
        member_file.company(stranger, company)
    assert browser_of("stranger").get(f"/organisations/{company}/file").status_code == 404
    assert browser_of("curator").get("/organisations/999999/file").status_code == 404
    assert browser_of("head").get("/organisations").status_code == 403


@pytest.mark.requirement("C-50", "R-37")
def test_a_draft_of_the_member_is_no_part_of_the_file_for_the_staff(world, head, curator):
    paper = draft(head)
    assert paper.id in {e.record_id for e in every(head, world.company.id)}
    assert every(curator, world.company.id) == []


@pytest.mark.requirement("C-50")
@pytest.mark.parametrize("before", ["1", "x_1_2", "99999999999999.000000_0_1", "-5.000000_1_1", "1.5_1_1"])
def test_a_torn_address_shows_the_beginning(filled, curator, browser_of, before):
    company, _, _ = filled
    page = browser_of("curator").get(f"/organisations/{company}/file?before={before}")
    assert page.status_code == 200
    assert page.text.count('class="file-mark"') > 0


@pytest.mark.requirement("C-50", "X-19")
def test_the_file_leads_to_its_export_and_opens_from_the_list_and_from_a_paper(filled, browser_of):
    company, letter, _ = filled
    browser = browser_of("curator")
    address = f"/organisations/{company}/file"
    assert f"/organisations/{company}/case.zip" in browser.get(address).text
    assert address in browser.get("/organisations?q=Ромашк").text
    assert "Организаций не найдено" in browser.get("/organisations?q=Никакая").text
    assert address in browser.get(f"/records/{letter.id}").text
    assert "/organisation/file" in browser_of("head").get("/").text


@pytest.mark.requirement("C-50")
def test_a_feature_adds_its_own_stream(filled, curator, monkeypatch):
    company, _, _ = filled
    monkeypatch.setattr(member_file, "SOURCES", dict(member_file.SOURCES))

    def fees(actor, organisation_id, window, rank):
        return [member_file.Event((now(), rank, 1), "fees", "Взнос за III квартал оплачен")]

    member_file.add_source(member_file.Source("fees", "Взносы", fees, of_kinds=False))
    assert every(curator, company)[0].title == "Взнос за III квартал оплачен"
    assert "fees" not in {e.source for e in every(curator, company, kind="letter")}


@pytest.mark.requirement("C-50")
def test_the_whole_file_costs_the_same_statements_however_long_it_is(filled, head, curator, browser_of):
    company, _, _ = filled
    from tests.views.test_statements import counted

    browser = browser_of("curator")
    browser.get(f"/organisations/{company}/file")
    with counted() as few:
        browser.get(f"/organisations/{company}/file")
    for number in range(6):
        submitted(head, "letter", subject=f"Письмо {number}", text="О сроках")
    with counted() as many:
        browser.get(f"/organisations/{company}/file")
    assert len(many) == len(few)


def test_the_program_itself_reads_every_file(filled):
    company, letter, _ = filled
    assert letter.id in {e.record_id for e in every(SYSTEM_ACTOR, company)}
