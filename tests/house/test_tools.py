"""Set-up and the runner of tests do what they tell."""

import pytest

from tests import postgres
from tools import run_tests, vendor


def test_set_up_has_brought_every_browser_file():
    assert vendor.missing() == []


def test_every_browser_package_comes_with_its_licence():
    packages = [vendor.PAGES / name for name in vendor.FILES]
    assert [folder.name for folder in packages if not list(folder.glob("LICEN[CS]E*"))] == []


def test_the_summary_adds_up_both_passes():
    closings = ["2 failed, 810 passed, 1 warning in 61.10s (0:01:01)", "640 passed, 3 deselected in 50.01s"]
    line = run_tests.summary(closings, 111.5)
    assert line.strip("= ") == "2 failed, 1450 passed, 3 deselected, 1 warning in 111.50s"


def test_the_summary_counts_errors_in_one_word():
    assert "3 error " in run_tests.summary(["1 error in 1.00s", "2 errors in 1.00s"], 2)


@pytest.mark.parametrize("form", ["dsn", "url"])
def test_a_server_of_your_own_is_addressed_by_database(form):
    server = postgres.Server("postgresql://clerk@db.example:5433/postgres")
    assert getattr(server, form)("veche").endswith("://clerk@db.example:5433/veche")
