"""Text of HTML pages, plain files and lists of archives."""

from __future__ import annotations

from lxml import etree

from attachments import charset, zips
from attachments.content import Content
from attachments.extract.model import Job, Unreadable
from attachments.findings import Refusal

_READ = 64 * 1024 * 1024
_HIDDEN = frozenset(
    {
        "script",
        "style",
        "template",
        "noscript",
        "object",
        "embed",
        "iframe",
        "svg",
        "math",
        "del",
        "s",
        "strike",
    }
)
_BLOCKS = frozenset(
    """
    address article aside blockquote br caption center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5
    h6 header hr li main nav ol option p pre section table tbody tfoot thead title tr ul
    """.split()
)
_CELLS = frozenset({"td", "th"})


def read_text(content: Content, job: Job) -> None:
    """A plain text in whatever encoding."""
    job.tool = "text"
    job.add(charset.decode(content.head(_READ)))


def read_html(content: Content, job: Job) -> None:
    """A page as its reader sees it: no scripts, no struck-out text, no address opened."""
    job.tool = "lxml"
    data = content.head(_READ)
    add_html(charset.decode(data, charset.declared_in_html(data)), job)


def add_html(page: str, job: Job) -> None:
    """The text of a page that is already decoded."""
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    raw = page.replace("\0", "").encode("utf-8", "replace")
    if not raw.strip():
        return
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable from error
    if root is None:
        return
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if job.is_full:
            return
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _HIDDEN:
                walk.skip_subtree()
            else:
                job.add(_before(tag) + _line(element.text))
        else:
            job.add(_after(tag) + _line(element.tail))


def _before(tag: str) -> str:
    return "\n" if tag in _BLOCKS else ""


def _after(tag: str) -> str:
    return "\n" if tag in _BLOCKS and tag != "br" else "\t" if tag in _CELLS else ""


def _line(text: str | None) -> str:
    """Line ends in the source are blanks on the page."""
    return "" if text is None else text.replace("\r", " ").replace("\n", " ")


def read_listing(content: Content, job: Job) -> None:
    """An archive: the names of what is inside; the files themselves are not unpacked."""
    job.tool = "zip"
    try:
        parts = zips.directory(content)
    except (zips.BrokenZip, Refusal) as error:
        raise Unreadable from error
    for info in parts.infolist()[: job.limits.max_parts]:
        job.line(info.filename)
