"""Headers of downloads: never inline, never a page, one name whatever it holds."""

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from attachments.names import safe_name
from attachments.serving import content_disposition, serving_headers


def parsed(header: str) -> tuple[str, str]:
    """Disposition and name as a reader of RFC 6266 sees them: «filename*» wins over «filename»."""
    disposition, options = parse_options_header(header)
    return disposition, options["filename"]


@pytest.mark.parametrize(
    "name",
    [
        "Договор № 51-17.pdf",
        "plain.pdf",
        "100%.pdf",
        "it's.pdf",
        "a;b.pdf",
        "имя «в кавычках».docx",
        "x" * 200 + ".pdf",
    ],
)
def test_the_name_comes_back_from_the_header(name):
    assert parsed(content_disposition(name)) == ("attachment", name)


def test_a_quote_in_a_name_opens_no_second_parameter():
    header = content_disposition(safe_name('a";filename="b.html').name)
    assert parsed(header) == ("attachment", "a_;filename=_b.html")


@pytest.mark.parametrize(
    "media_type",
    ["text/html", "image/svg+xml", "application/xml", "text/plain", "text/csv", "application/x-unknown"],
)
def test_what_a_browser_could_run_is_served_as_bytes(media_type):
    assert serving_headers(media_type, "a")["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("media_type", ["application/pdf", "image/png", "application/msword"])
def test_a_harmless_type_is_told(media_type):
    assert serving_headers(media_type, "a")["Content-Type"] == media_type


@pytest.mark.parametrize(
    ("header", "value"), [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")]
)
def test_the_browser_is_told_not_to_guess(header, value):
    assert serving_headers("application/pdf", "a")[header] == value


def test_a_served_file_lives_in_a_sandbox():
    assert serving_headers("application/pdf", "a")["Content-Security-Policy"].startswith("sandbox")


@given(st.text(min_size=1, max_size=100))
def test_every_stored_name_makes_one_header_line_of_ascii(sent):
    name = safe_name(sent).name
    header = content_disposition(name)
    assert header.isascii() and header.isprintable()
    assert header.count('"') == 2 and header.startswith('attachment; filename="')
    if "filename*=" in header:
        assert unquote(header.partition("UTF-8''")[2]) == name
