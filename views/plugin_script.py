"""The vendor's script of the signing plug-in, from the folder of the installation: it is not ours to keep.

An operator puts `cadesplugin_api.js` and `cadesplugin_api.js.sha256` into `cryptopro/` of the instance.
Without the digest, or with another one, it is not served: what runs on the page is what was looked at.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from pathlib import Path

from flask import Blueprint, Response, current_app, url_for
from flask.typing import ResponseReturnValue

from records.errors import NotFound
from signatures import trust

bp = Blueprint("plugin_script", __name__)

FOLDER, NAME = "cryptopro", "cadesplugin_api.js"
_log = logging.getLogger(__name__)


@bp.get("/signing/cadesplugin_api.js")
def script() -> ResponseReturnValue:
    """The script, the same for everybody: the login page asks for it too."""
    content = _pinned()
    if content is None:
        raise NotFound
    return Response(content, mimetype="text/javascript", headers={"Cache-Control": "public, max-age=3600"})


@bp.app_context_processor
def _context() -> dict[str, object]:
    return {"crypto_plugin": address}


def address() -> dict[str, object]:
    """Where the script is, what its bytes must be (Subresource Integrity), and is this the test mode."""
    content = _pinned()
    if content is None:
        return {"url": "", "integrity": "", "is_test": trust.is_test_mode()}
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return {
        "url": url_for("plugin_script.script"),
        "integrity": f"sha384-{digest}",
        "is_test": trust.is_test_mode(),
    }


def _pinned() -> bytes | None:
    path = Path(current_app.instance_path) / FOLDER / NAME
    pin = path.with_name(f"{NAME}.sha256")
    if not path.is_file():
        return None
    content = path.read_bytes()
    wanted = pin.read_text("utf-8").split() if pin.is_file() else []
    if not wanted or wanted[0].lower() != hashlib.sha256(content).hexdigest():
        _log.warning("%s is not served: its SHA-256 is not the one in %s", NAME, pin.name)
        return None
    return content
