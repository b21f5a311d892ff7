"""XML signatures: ours and signxml's agree; what is beside the signed is never taken for signed."""

from __future__ import annotations

import pytest
from lxml import etree
from signxml import SignatureConfiguration, XMLVerifier

from signing import Indication, SubIndication, verify
from signing.asn1 import Malformed
from signing.xades import second_opinion
from tests.signing.authority import NOW
from tests.signing.conftest import VECTORS, checked, signature

PLAIN = b"<report><form>7</form><total>12</total></report>"
CYRILLIC = '<Отчёт xml:lang="ru"><Форма номер="7"/><Итог>12</Итог></Отчёт>'.encode()


@pytest.fixture
def signer(authority):
    return authority.person().signer(chain=(authority.issuer.der,))


def report(authority, xml, **how):
    return verify(xml, None, authority.store(), at=NOW, revocation=authority.revocation(), **how)


@pytest.mark.parametrize("xml", [PLAIN, CYRILLIC], ids=["latin", "cyrillic"])
@pytest.mark.requirement("S-04")
def test_a_report_signed_here_verifies_here(authority, signer, xml):
    found = report(authority, signer.sign_xades(xml))
    assert (found.passed, found.format, found.level) == (True, "XAdES", "BES")
    assert found.signers[0].claimed_time == NOW
    assert etree.fromstring(found.signed_content).tag == etree.fromstring(xml).tag


@pytest.mark.requirement("S-04")
def test_a_report_signed_here_verifies_by_an_independent_tool(authority, signer):
    config = SignatureConfiguration(location="./", expect_references=3, verification_time=NOW)
    made = signer.sign_xades(PLAIN)
    found = XMLVerifier().verify(made, x509_cert=authority_cert(made), expect_config=config)
    assert len(found) == 3


def authority_cert(xml: bytes) -> str:
    path = ".//{http://www.w3.org/2000/09/xmldsig#}X509Certificate"
    return etree.fromstring(xml).find(path).text


@pytest.mark.requirement("S-04")
def test_a_changed_figure_fails(authority, signer):
    made = signer.sign_xades(PLAIN).replace(b"<total>12<", b"<total>13<")
    found = report(authority, made)
    assert (found.indication, found.sub_indication) == (Indication.TOTAL_FAILED, SubIndication.HASH_FAILURE)


def test_a_signed_file_is_not_signed_over(signer):
    with pytest.raises(Malformed, match="уже подписан"):
        signer.sign_xades(signer.sign_xades(PLAIN))


def test_a_separate_document_is_not_what_the_xml_signs(authority, signer):
    made = signer.sign_xades(PLAIN)
    found = verify(made, b"other", authority.store(), at=NOW, revocation=authority.revocation())
    assert found.sub_indication is SubIndication.HASH_FAILURE
    assert verify(made, made, authority.store(), at=NOW, revocation=authority.revocation()).passed


def test_a_signature_that_signxml_refuses_is_not_passed(monkeypatch):
    monkeypatch.setattr(second_opinion._Verifier, "_match_key_values", lambda self, **_: 1 / 0)
    monkeypatch.setattr(second_opinion, "UNREADABLE", (ZeroDivisionError,))
    found = checked(VECTORS["xades-rsa-whole"])
    assert (found.indication, found.sub_indication) == (
        Indication.INDETERMINATE,
        SubIndication.SIG_CONSTRAINTS_FAILURE,
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"http://www.w3.org/2001/10/xml-exc-c14n#", b"http://www.w3.org/TR/1999/REC-xslt-19991116"),
        (b"http://www.w3.org/2001/10/xml-exc-c14n#", b"http://www.w3.org/TR/1999/REC-xpath-19991116"),
        (b"urn:example:sro", b"relative/name"),
        (b'URI="#ext-1"', b'URI="http://sro.example.test/x"'),
        (b'URI="#ext-1"', b'URI="#nowhere"'),
        (b'Target="#sig-1"', b'Target="#other"'),
        (b"<ds:SignedInfo>", b"<ds:SignedInfo></ds:SignedInfo><ds:SignedInfo>"),
    ],
)
def test_what_the_rules_do_not_allow_is_a_format_failure(old, new):
    vector = VECTORS["xades-gost256"]
    whole = signature(vector)
    assert old in whole
    assert checked(vector, signature=whole.replace(old, new)).sub_indication is SubIndication.FORMAT_FAILURE


def test_a_shared_key_is_nobodys_signature():
    vector = VECTORS["xades-gost256"]
    method = b"urn:ietf:params:xml:ns:cpxmlsec:algorithms:gostr34102012-gostr34112012-256"
    hmac = signature(vector).replace(method, b"http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
    assert checked(vector, signature=hmac).sub_indication is SubIndication.CRYPTO_CONSTRAINTS_FAILURE


def test_a_comment_does_not_split_what_was_signed():
    """«element.text» stops at a comment; canonical bytes have none."""
    vector = VECTORS["xades-gost256"]
    split = signature(vector).replace(b"<Number>000123<", b"<Number>000<!-- -->123<")
    found = checked(vector, signature=split)
    assert found.passed and b"<Number>000123</Number>" in found.signed_content


def test_unsigned_neighbours_of_another_kind_are_told():
    vector = VECTORS["xades-gost256"]
    more = signature(vector).replace(b"<ds:Signature ", b"<Note>x</Note><ds:Signature ", 1)
    found = checked(vector, signature=more)
    assert found.passed and found.signers[0].warnings == ("в файле XML есть неподписанные элементы",)
    assert b"Note" not in found.signed_content
