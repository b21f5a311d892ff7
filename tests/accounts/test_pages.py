"""Every page of accounts opens for those whose it is, and says no to the rest."""

from __future__ import annotations

import pytest

ADMIN = (
    "/people",
    "/people/new",
    "/rights",
    "/rights/explain",
    "/security",
    "/members/import",
    "/substitutions",
)
CLERK = ("/invitations", "/invitations/new", "/registrations", "/view-as", "/support/requests", "/rights")
HEAD = (
    "/representatives",
    "/representatives/new",
    "/welcome",
    "/help",
    "/help/extract",
    "/support",
    "/workstation",
)
OWN = ("/profile", "/profile/password", "/profile/sessions", "/profile/second-factor", "/profile/keys")
STRANGERS = (
    "/login",
    "/register",
    "/password/forgot",
    "/help",
    "/help/activation",
    "/support",
    "/workstation",
)


@pytest.mark.parametrize(
    ("who", "page"),
    [
        *(("admin", page) for page in (*ADMIN, *OWN)),
        *(("clerk", page) for page in CLERK),
        *(("head", page) for page in (*HEAD, *OWN)),
    ],
)
def test_the_page_opens(browser_of, who, page):
    answer = browser_of(who).get(page, follow_redirects=True)
    assert answer.status_code == 200, answer.text[:500]
    assert "<h1>" in answer.text


@pytest.mark.parametrize("page", STRANGERS)
def test_the_page_opens_before_login(browser, page):
    assert browser.get(page, follow_redirects=True).status_code == 200


@pytest.mark.requirement("C-01", "C-02")
@pytest.mark.parametrize("page", [*ADMIN, "/invitations", "/registrations", "/view-as", "/support/requests"])
def test_a_member_is_told_no(browser_of, page):
    assert browser_of("head").get(page).status_code == 403


@pytest.mark.requirement("C-03")
@pytest.mark.parametrize("page", ["/representatives", "/representatives/new", "/people", "/security"])
def test_a_specialist_manages_nobody(browser_of, page):
    assert browser_of("specialist").get(page).status_code == 403


@pytest.mark.parametrize("page", [*ADMIN, *CLERK, "/representatives", *OWN])
def test_a_stranger_is_asked_to_log_in_and_comes_back(browser, page):
    answer = browser.get(page)
    if page == "/support":
        assert answer.status_code == 200
    else:
        assert answer.status_code == 302
        assert answer.location == f"/login?next={page}"
