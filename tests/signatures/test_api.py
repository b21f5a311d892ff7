"""Signatures over the JSON API: checked when they come, the verdict told with the record."""

from __future__ import annotations

import io

import pytest

from accounts import keys
from tests.signatures.conftest import head_owner

BODY = b"text of the paper"


@pytest.mark.requirement("X-12", "S-05", "S-09")
def test_a_signature_is_checked_and_its_verdict_is_told(authority, letter_with, head, browser):
    record, file_id = letter_with(BODY)
    _key, token = keys.issue(head, "программа", None)
    bearer = {"Authorization": f"Bearer {token}"}

    def send(number, content):
        data = {"file": (io.BytesIO(content), "paper.txt.sig")}
        address = f"/api/v1/files/{number}/signatures"
        return browser.raw("post", address, data=data, headers=bearer, content_type="multipart/form-data")

    good = authority.signer(head_owner()).sign_cades(BODY)
    kept = send(file_id, good)
    assert kept.status_code == 201, kept.text
    told = kept.json
    assert (told["signature_of"], told["verification"], told["authority"]) == (
        file_id,
        "passed",
        "authorised",
    )
    files = browser.raw("get", f"/api/v1/records/{record.id}", headers=bearer).json["files"]
    assert [f.get("verification") for f in files] == [None, "passed"]
    refused = send(file_id, authority.signer(head_owner()).sign_cades(b"another"))
    assert refused.status_code == 422 and "не от этого файла" in refused.text
    assert send(told["id"], good).status_code == 404
