"""Pages speak Russian, work under a strict content policy and load nothing from strangers."""

import re
from functools import cache
from html.parser import HTMLParser

import jinja2
import pytest

from tests.house.tree import ROOT, named, short

SPOKEN = ("title", "placeholder", "alt", "aria-label")
# Names that Russian leaves in Latin letters: formats, keys, programs.
LATIN = set(
    "API CRL CSV DOCX Excel HTML ID IP JSON LibreOffice OK OpenAPI PDF PIN PKCS PostgreSQL QR SHA SMS "
    "SQLite TSV Telegram URL UTC Whoosh Windows Word XLSX XML XSD ZIP Zoom docx pdf xlsx xml zip "
    "Alt Ctrl Enter Esc Shift Tab".split()
)


class Page(HTMLParser):
    """The text a person meets and the tags a browser meets."""

    def __init__(self):
        super().__init__()
        self.tags = []
        self.spoken = []
        self.silent = 0

    def handle_starttag(self, tag, attrs):
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append((tag, attributes))
        self.spoken += [attributes[name] for name in SPOKEN if name in attributes]
        self.silent += tag in ("script", "style", "code", "kbd", "pre")

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style", "code", "kbd", "pre")

    def handle_data(self, data):
        if self.silent <= 0:
            self.spoken.append(data)


@cache
def page(path):
    """The template without the language of templates: what is written as it stands."""
    tokens = jinja2.Environment().lex(path.read_text("utf-8"))
    parsed = Page()
    parsed.feed("".join(value if kind == "data" else "" for _line, kind, value in tokens))
    parsed.close()
    return parsed


@cache
def templates():
    return [path for path in named(".html") if path.relative_to(ROOT).parts[0] == "templates"]


def tags():
    return [(short(path), tag, attributes) for path in templates() for tag, attributes in page(path).tags]


def test_there_are_templates_to_look_at():
    assert templates()


def test_every_whole_page_says_that_it_is_russian():
    languages = {name: attributes.get("lang") for name, tag, attributes in tags() if tag == "html"}
    assert set(languages.values()) == {"ru"}


def test_pages_speak_russian():
    foreign = [
        f"{short(path)}: {text.strip()[:60]}"
        for path in templates()
        for text in page(path).spoken
        if set(re.findall(r"[A-Za-z]{2,}", text)) - LATIN
    ]
    assert foreign == []


def test_no_script_is_written_into_a_page():
    inline = [
        name
        for name, tag, attributes in tags()
        if tag == "script" and "src" not in attributes and "json" not in attributes.get("type", "")
    ]
    assert inline == []


def test_no_handler_is_written_into_a_tag():
    handlers = [
        f"{name}: <{tag} {attribute}>"
        for name, tag, attributes in tags()
        for attribute in attributes
        if re.match(r"on[a-z]+$|hx-on", attribute)
    ]
    assert handlers == []


@pytest.mark.parametrize("attribute", ["src", "href", "action"])
def test_pages_load_nothing_from_strangers(attribute):
    outside = [
        f"{name}: {attributes[attribute]}"
        for name, tag, attributes in tags()
        if tag in ("script", "link", "img", "iframe", "form")
        and re.match(r"(https?:)?//", attributes.get(attribute, ""))
    ]
    assert outside == []


def test_every_picture_has_words_for_those_who_do_not_see():
    assert [name for name, tag, attributes in tags() if tag == "img" and "alt" not in attributes] == []
