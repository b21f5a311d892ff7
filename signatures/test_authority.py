"""Test certificates for the people of the demo (S-20): the browser makes a key and sends a request, the test
root signs it. A private key of a person never comes here.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec

from records import parameters
from records.actor import Actor
from records.database import db, now
from records.errors import Forbidden, Invalid, Refused
from records.people import Organisation, User

from . import test_root, trust

UNREADABLE = "Запрос на тестовый сертификат не читается. Обновите страницу и повторите."
OFF = "Учебный режим выключен: тестовые сертификаты не выдаются."
MOST_REQUEST = 4096


def certificate_for(actor: Actor, request: bytes) -> tuple[bytes, bytes]:
    """A test certificate for the person who asks, acting as he does now, and the root: both DER.

    The names come from the account, not from the request. Raises Refused outside the test mode.
    """
    if not trust.is_test_mode():
        raise Refused(OFF)
    if actor.read_only or actor.user_id is None:
        raise Forbidden("Вы только смотрите: сертификат не выдаётся.")
    root = test_root.load()
    if root is None:
        raise Refused(OFF)
    return root.issue(_key_of(request), owner_of(actor), at=now()), root.der


def _key_of(request: bytes) -> ec.EllipticCurvePublicKey:
    """The key of a PKCS#10 request whose sender has proved that he holds it (RFC 2986). Raises Invalid."""
    wrong = Invalid({"request": [UNREADABLE]})
    if len(request) > MOST_REQUEST:
        raise wrong
    try:
        read = x509.load_der_x509_csr(request)
        key = read.public_key()
        is_own = read.is_signature_valid
    except (ValueError, UnsupportedAlgorithm) as error:
        raise wrong from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise wrong
    if not is_own:
        raise wrong
    return key


def owner_of(actor: Actor) -> test_root.Owner:
    """The person and the company he acts for, with numbers invented from the account: they are nobody's."""
    user = db.session.get(User, actor.user_id)
    assert user is not None
    if actor.organisation_id is not None:
        company = db.session.get(Organisation, actor.organisation_id)
        assert company is not None
        title, inn_legal, ogrn = company.short_name, company.inn or "", company.ogrn or ""
    else:
        office = parameters.office()
        title, inn_legal, ogrn = (str(office.get(name) or "") for name in ("short_name", "inn", "ogrn"))
    return test_root.Owner(
        name=user.name,
        title=user.position,
        organization=title,
        inn=invented_inn(user.id),
        inn_legal=inn_legal if len(inn_legal) == 10 else "",
        ogrn=ogrn if len(ogrn) == 13 else "",
        snils=invented_snils(user.id),
    )


def invented_inn(number: int) -> str:
    """A person's ИНН of a region that does not exist, with right check digits."""
    digits = [int(char) for char in f"98{number % 10**8:08d}"]
    for weights in ((7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)):
        digits.append(sum(w * d for w, d in zip(weights, digits, strict=True)) % 11 % 10)
    return "".join(map(str, digits))


def invented_snils(number: int) -> str:
    """A СНИЛС of a range that is not given out, with a right check number."""
    digits = f"{990_000_000 + number % 10**7:09d}"
    total = sum(weight * int(digit) for weight, digit in zip(range(9, 0, -1), digits, strict=True)) % 101
    return f"{digits}{0 if total == 100 else total:02d}"
