"""The text inside a file, for search and for people; read by a bounded process of its own."""

from attachments.extract.bounded import extract_text
from attachments.extract.model import Extracted

__all__ = ["Extracted", "extract_text"]
