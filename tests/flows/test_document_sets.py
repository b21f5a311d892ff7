"""An application names the documents usually attached; an incomplete set warns and does not block
(C-23, U-15)."""

from __future__ import annotations

import re

import pytest

from records import query
from records.database import db
from tests.world import draft

LEVEL = {"change": "ootsu", "level": "2", "comment": "x", "version": ""}


@pytest.mark.requirement("C-23")
def test_a_change_of_level_lists_its_documents_and_warns_of_an_incomplete_set(head, browser_of):
    record = draft(head, "level_change_application", change="ootsu", level="2")
    page = browser_of("head")
    assert "Положение о контроле качества" in page.get(f"/records/{record.id}/edit").text
    answer = page.post(f"/records/{record.id}/edit", {**LEVEL, "verb": "submit"})
    assert answer.location.endswith(f"/records/{record.id}/act/submit")
    warned = page.get(answer.location).text
    assert "Неполный комплект могут вернуть" in warned
    version = re.search(r'name="version" value="(\d+)"', warned).group(1)
    filed = page.post(answer.location, {"version": version, "note": ""})
    assert filed.location.endswith(f"/records/{record.id}"), filed.text
    db.session.expire_all()  # the browser wrote meanwhile
    assert query.get(head, record.id).state == "registered"


@pytest.mark.requirement("U-15")
def test_leaving_the_sro_names_the_consequences_before_it_is_done(head, browser_of):
    record = draft(head, "withdrawal_application", knows=True)
    page = browser_of("head")
    answer = page.post(f"/records/{record.id}/edit", {"knows": "y", "version": "1", "verb": "submit"})
    assert answer.location.endswith(f"/records/{record.id}/act/submit")
    assert "Уплаченные взносы не возвращаются" in page.get(answer.location).text
    assert query.get(head, record.id).state == "draft"
