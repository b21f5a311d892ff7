"""An XML file with one signature, taken apart under guard: no DTD, one signature, unique Ids, plain
transforms only.

Every rule here is an attack that has worked elsewhere: entities, wrapping, two elements of one Id, a
stylesheet among the transforms. After the check only canonical bytes are used; nobody reads the tree that
came.
"""

from __future__ import annotations

import base64
import binascii
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from lxml import etree

from signing.asn1 import Malformed

DS = "http://www.w3.org/2000/09/xmldsig#"
XADES = "http://uri.etsi.org/01903/v1.3.2#"
SIGNED_PROPERTIES = "http://uri.etsi.org/01903#SignedProperties"
_ENVELOPED = f"{DS}enveloped-signature"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_INCLUSIVE = ("http://www.w3.org/TR/2001/REC-xml-c14n-20010315", "http://www.w3.org/2006/12/xml-c14n11")
_XML = "http://www.w3.org/XML/1998/namespace"
_ID_NAMES = ("Id", "ID", "id", f"{{{_XML}}}id")
_MAX_SIZE = 32 * 1024 * 1024
_MAX_REFERENCES = 16
NS = {"ds": DS, "xades": XADES}
# lxml has no types of its own.
_Element: TypeAlias = Any


@dataclass(frozen=True)
class Canonical:
    """One canonicalization: exclusive or not, with comments or not, prefixes kept."""

    is_exclusive: bool = False
    has_comments: bool = False
    prefixes: tuple[str, ...] = ()
    # Canonical XML 1.1 does not hand xml:id and xml:base down.
    is_newer: bool = False


@dataclass(frozen=True)
class Reference:
    """One ds:Reference as it stands in the signed SignedInfo."""

    uri: str
    kind: str
    is_enveloped: bool
    canonical: Canonical
    digest_uri: str
    digest: bytes


@dataclass(frozen=True)
class SignedXml:
    """The file, its signature, and what SignedInfo says; SignedInfo is read from its own canonical bytes."""

    data: bytes
    root: _Element
    signature: _Element
    signed_info: bytes
    method_uri: str
    references: tuple[Reference, ...]
    value: bytes


def parse(data: bytes) -> SignedXml:
    """Raises Malformed for whatever breaks a rule."""
    root = guarded_tree(data)
    signatures = list(root.iter(f"{{{DS}}}Signature"))
    if not signatures:
        raise Malformed("в файле XML нет подписи")
    if len(signatures) > 1:
        raise Malformed("в файле XML несколько подписей")
    signature = signatures[0]
    if signature.getparent() is not root:
        raise Malformed("подпись стоит не сразу под корневым элементом")
    _check_ids(root)
    info = _only(signature, "ds:SignedInfo")
    method = canonical_method(_only(info, "ds:CanonicalizationMethod"))
    signed_info = canonical_bytes(info, method)
    read = parsed(signed_info)
    references = tuple(_reference(item) for item in read.iterfind("ds:Reference", NS))
    if not 0 < len(references) <= _MAX_REFERENCES:
        raise Malformed("в подписи XML нет ссылок на подписанное или их слишком много")
    return SignedXml(
        data=data,
        root=root,
        signature=signature,
        signed_info=signed_info,
        method_uri=_only(read, "ds:SignatureMethod").get("Algorithm", ""),
        references=references,
        value=_base64(_only(signature, "ds:SignatureValue")),
    )


def guarded_tree(data: bytes) -> _Element:
    """The root of a stranger's XML: no DTD, no entities, nothing fetched, no giant."""
    if len(data) > _MAX_SIZE:
        raise Malformed("файл XML слишком велик")
    root = parsed(data)
    information = root.getroottree().docinfo
    if information.doctype or information.internalDTD is not None or information.externalDTD is not None:
        raise Malformed("в файле XML есть DOCTYPE: такие файлы не принимаются")
    if any(True for _ in root.iter(etree.Entity)):
        raise Malformed("в файле XML есть ссылки на сущности")
    return root


def parsed(data: bytes) -> _Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Malformed(f"файл XML не читается: {error}") from None


def _check_ids(root: _Element) -> None:
    seen: set[str] = set()
    for element in root.iter(etree.Element):
        own = {element.get(name) for name in _ID_NAMES} - {None}
        for value in own:
            if value in seen:
                raise Malformed("в файле XML два элемента с одним Id")
            seen.add(str(value))


def by_id(root: _Element, value: str) -> _Element | None:
    """The element of this Id; Ids are unique by now."""
    for element in root.iter(etree.Element):
        if any(element.get(name) == value for name in _ID_NAMES):
            return element
    return None


def _only(parent: _Element, path: str) -> _Element:
    found = parent.findall(path, NS)
    if len(found) != 1:
        raise Malformed(f"в подписи XML должен быть один элемент {path}")
    return found[0]


def canonical_method(element: _Element) -> Canonical:
    uri = element.get("Algorithm", "")
    plain = uri.removesuffix("WithComments").removesuffix("#") if uri.endswith("#WithComments") else uri
    has_comments = uri.endswith("WithComments")
    if plain.rstrip("#") == _EXCLUSIVE.rstrip("#"):
        inclusive = element.find(f"{{{_EXCLUSIVE}}}InclusiveNamespaces")
        prefixes = inclusive.get("PrefixList", "").split() if inclusive is not None else []
        return Canonical(True, has_comments, tuple(prefixes))
    if plain in _INCLUSIVE:
        return Canonical(False, has_comments, is_newer=plain == _INCLUSIVE[1])
    raise Malformed(f"преобразование не допускается: {uri[:120]}")


def _reference(item: _Element) -> Reference:
    uri = item.get("URI")
    if uri is None or (uri and not uri.startswith("#")) or uri.startswith("#xpointer"):
        raise Malformed("ссылка подписи ведёт за пределы файла")
    is_enveloped, canonical = False, None
    for transform in item.iterfind("ds:Transforms/ds:Transform", NS):
        if transform.get("Algorithm") == _ENVELOPED and canonical is None:
            is_enveloped = True
        elif canonical is None:
            canonical = canonical_method(transform)
        else:
            raise Malformed("преобразование после приведения к каноническому виду не допускается")
    return Reference(
        uri=uri,
        kind=item.get("Type", ""),
        is_enveloped=is_enveloped,
        # XMLDSig 4.4.3.2: a node set with no transform named is hashed in Canonical XML 1.0.
        canonical=canonical or Canonical(),
        digest_uri=_only(item, "ds:DigestMethod").get("Algorithm", ""),
        digest=_base64(_only(item, "ds:DigestValue")),
    )


def _base64(element: _Element) -> bytes:
    if len(element):
        raise Malformed("в значении Base64 вложены элементы")
    return decoded("".join(element.itertext()))


def decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Malformed("значение Base64 повреждено") from None


def canonical_bytes(element: _Element, method: Canonical, *, without: str | None = None) -> bytes:
    """The element with the namespaces in scope, canonical; `without` drops that descendant (enveloped)."""
    alone = parsed(etree.tostring(element, with_tail=False, encoding="utf-8"))
    if not method.is_exclusive:
        _inherit(element, alone, method)
    if without is not None:
        _drop(alone, without)
    return _written(alone, method)


def canonical_document(root: _Element, method: Canonical, *, is_enveloped: bool) -> bytes:
    """The whole document, with processing instructions around the root."""
    tree = copy.deepcopy(root.getroottree())
    if is_enveloped:
        _drop(tree.getroot(), f"{{{DS}}}Signature")
    return _written(tree, method)


def _written(node: _Element, method: Canonical) -> bytes:
    try:
        written: bytes = etree.tostring(
            node,
            method="c14n",
            exclusive=method.is_exclusive,
            with_comments=method.has_comments,
            with_tail=False,
            inclusive_ns_prefixes=list(method.prefixes) or None,
        )
    except etree.LxmlError as error:
        # A relative namespace URI has no canonical form.
        raise Malformed(f"файл XML не приводится к каноническому виду: {error}") from None
    return written


def _inherit(element: _Element, alone: _Element, method: Canonical) -> None:
    """Canonical XML: attributes of the xml namespace come down from ancestors."""
    for ancestor in element.iterancestors():
        for name, value in ancestor.attrib.items():
            is_kept_back = method.is_newer and name in (f"{{{_XML}}}id", f"{{{_XML}}}base")
            if str(name).startswith(f"{{{_XML}}}") and name not in alone.attrib and not is_kept_back:
                alone.set(name, value)


def _drop(root: _Element, tag: str) -> None:
    for found in list(root.iter(tag)):
        parent = found.getparent()
        if parent is None:
            raise Malformed("подпись не может охватывать саму себя")
        tail, before = found.tail or "", found.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + tail
        else:
            parent.text = (parent.text or "") + tail
        parent.remove(found)


def reference_bytes(signed: SignedXml, reference: Reference) -> bytes:
    """What a reference is over. Comments are no part of what `""` and `#id` select (XMLDSig 4.4.3.3)."""
    method = Canonical(
        reference.canonical.is_exclusive, False, reference.canonical.prefixes, reference.canonical.is_newer
    )
    if not reference.uri:
        return canonical_document(signed.root, method, is_enveloped=reference.is_enveloped)
    target = target_of(signed, reference)
    without = f"{{{DS}}}Signature" if reference.is_enveloped else None
    return canonical_bytes(target, method, without=without)


def target_of(signed: SignedXml, reference: Reference) -> _Element:
    if not reference.uri:
        return signed.root
    target = by_id(signed.root, reference.uri[1:])
    if target is None:
        raise Malformed("подписанный элемент не найден")
    return target


def path_of(element: _Element) -> str:
    """The absolute path by local names."""
    line = [element, *element.iterancestors()]
    return "/" + "/".join(etree.QName(item).localname for item in reversed(line))


def data_targets(signed: SignedXml) -> Iterator[tuple[Reference, _Element]]:
    """References to the data, not to parts of the signature itself."""
    for reference in signed.references:
        target = target_of(signed, reference)
        if target is not signed.signature and signed.signature not in target.iterancestors():
            yield reference, target


def check_coverage(signed: SignedXml) -> list[str]:
    """Refuse wrapping: what is signed stands in its place and nothing beside it pretends to be the same.

    Returns warnings of what else is in the file unsigned.
    """
    targets = [target for _reference, target in data_targets(signed)]
    if not targets:
        raise Malformed("подпись не охватывает данных файла")
    if any(target is signed.root for target in targets):
        return []
    if any(target.getparent() is not signed.root for target in targets):
        raise Malformed("подписанный элемент стоит не сразу под корневым")
    names = {etree.QName(target).localname for target in targets}
    # The elements themselves, not their id(): lxml makes them anew, and a freed one's id is given to another.
    inside = {item for target in targets for item in target.iter(etree.Element)}
    for element in signed.root.iter(etree.Element):
        if element not in inside and etree.QName(element).localname in names:
            raise Malformed("рядом с подписанным элементом есть такой же неподписанный")
    others = [item for item in signed.root if item is not signed.signature and item not in targets]
    return ["в файле XML есть неподписанные элементы"] if others else []
