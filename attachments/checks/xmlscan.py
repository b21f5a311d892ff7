"""XML read as a stream by expat: no entity is ever expanded, no address opened, no tree built."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from xml.parsers import expat

from attachments.findings import Refusal
from attachments.limits import Limits

OnStart = Callable[[str, dict[str, str]], None]
OnEnd = Callable[[str], None]
OnText = Callable[[str], None]
OnInstruction = Callable[[str, str], None]

# Document type declarations of honest programs; they name a DTD nobody loads and declare nothing themselves.
_KNOWN_DOCTYPES = ("-//W3C//DTD", "-//OpenOffice.org//DTD", "-//WAPFORUM//DTD", "-//Apple")


_LONGEST_TOKEN = 8 * 1024 * 1024


class Malformed(ValueError):
    """Not well-formed XML."""


def scan(
    chunks: Iterable[bytes],
    limits: Limits,
    *,
    on_start: OnStart | None = None,
    on_end: OnEnd | None = None,
    on_text: OnText | None = None,
    on_instruction: OnInstruction | None = None,
) -> None:
    """Feed a document through; names come as «uri local» or plain local.

    Refuses declared entities (the avalanche and the foreign file both need them) and absurd depth.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_foreign_doctype
    parser.EntityDeclHandler = _refuse_entity
    if on_start is not None or on_end is not None:
        _count_depth(parser, on_start, on_end, limits.max_xml_depth)
    if on_text is not None:
        parser.CharacterDataHandler = on_text
    if on_instruction is not None:
        parser.ProcessingInstructionHandler = on_instruction
    read = 0
    try:
        for chunk in chunks:
            read += len(chunk)
            if read > limits.max_xml_part:
                raise Refusal("expands_too_much")
            parser.Parse(chunk, False)
            # A name or a comment without an end is read again with every chunk.
            if read - max(parser.CurrentByteIndex, 0) > _LONGEST_TOKEN:
                raise Refusal("expands_too_much")
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, UnicodeError, ValueError) as error:
        raise Malformed(str(error)) from error


def local(name: str) -> str:
    """The name of an element or an attribute without its namespace."""
    return name.rpartition(" ")[2]


def attribute(attributes: dict[str, str], name: str) -> str:
    """The value of an attribute by its local name."""
    return next((value for key, value in attributes.items() if local(key) == name), "")


def _count_depth(
    parser: expat.XMLParserType, on_start: OnStart | None, on_end: OnEnd | None, deepest: int
) -> None:
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > deepest:
            raise Refusal("nested_too_deep")
        if on_start is not None:
            on_start(name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        if on_end is not None:
            on_end(name)

    parser.StartElementHandler = start
    parser.EndElementHandler = end


def _refuse_foreign_doctype(_name: str, system: str | None, public: str | None, _internal: bool) -> None:
    if system and not (public or "").startswith(_KNOWN_DOCTYPES):
        raise Refusal("xml_entities")


def _refuse_entity(*_declaration: object) -> None:
    raise Refusal("xml_entities")
