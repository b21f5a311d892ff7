"""Test certificates for the signing page in the test mode, and the vendor's script of the plug-in."""

from __future__ import annotations

import base64
import binascii

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from records.errors import RecordsError
from signatures import test_authority

from ._security import actor

bp = Blueprint("test_certificates", __name__)


@bp.post("/signing/test-certificate")
@login_required
def issue() -> ResponseReturnValue:
    """Sign a request for a certificate (PKCS#10 in Base64); refused outside the test mode (S-20)."""
    given = request.get_json(silent=True)
    text = given.get("request") if isinstance(given, dict) else None
    if not isinstance(text, str):
        return jsonify(title="Запрос не понят", detail=test_authority.UNREADABLE), 400
    try:
        der = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return jsonify(title="Запрос не понят", detail=test_authority.UNREADABLE), 400
    try:
        certificate, root = test_authority.certificate_for(actor(), der)
    except RecordsError as error:
        statuses = {"invalid": 422, "forbidden": 403}
        return jsonify(title="Сертификат не выдан", detail=str(error)), statuses.get(error.code, 409)
    return jsonify(certificate=_text(certificate), chain=[_text(root)]), 201


def _text(der: bytes) -> str:
    return base64.b64encode(der).decode()
