"""What the tests of attached files share: a place to put bytes and ask about them."""

import pytest

from attachments.extract import extract_text
from attachments.inspection import inspect


@pytest.fixture
def examined(tmp_path):
    """Inspect bytes under a name."""

    def ask(data: bytes, name: str, **limits):
        path = tmp_path / "upload"
        path.write_bytes(data)
        return inspect(path, name, **limits)

    return ask


@pytest.fixture
def text_of(tmp_path):
    """The text of bytes of a known type, on one line."""

    def read(data: bytes, media_type: str, **options) -> str:
        path = tmp_path / "stored"
        path.write_bytes(data)
        return " ".join(extract_text(path, media_type, **options).text.split())

    return read


@pytest.fixture
def extracted(tmp_path):
    """Everything extraction says of bytes of a known type."""

    def read(data: bytes, media_type: str, **options):
        path = tmp_path / "stored"
        path.write_bytes(data)
        return extract_text(path, media_type, **options)

    return read
