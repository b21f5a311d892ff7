"""How much of a stranger's file the program is willing to look at."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of inspection and extraction; the defaults suit an office."""

    max_bytes: int = 200 * MEGABYTE
    max_media_bytes: int = 8 * 1024 * MEGABYTE
    max_name_bytes: int = 255
    # Office text packs ten to fifty times; only a trap packs a hundred and fifty times and stays large.
    max_ratio: int = 150
    ratio_floor: int = 24 * MEGABYTE
    max_unpacked: int = 600 * MEGABYTE
    max_xml_part: int = 256 * MEGABYTE
    max_xml_depth: int = 512
    max_parts: int = 10_000
    max_archive_depth: int = 3
    max_mail_depth: int = 10
    max_mail_parts: int = 500
    # An A0 drawing at 300 dots per inch is 140 megapixels.
    max_pixels: int = 150_000_000
    max_pages: int = 3_000
    max_signature_references: int = 100
    # Extraction.
    max_text_chars: int = 5_000_000
    max_text_pages: int = 1_000
    max_ocr_pages: int = 30
    ocr_pixels: int = 12_000_000
    cpu_seconds: int = 60
    ocr_seconds: int = 300
    memory_bytes: int = 512 * MEGABYTE
    ocr_memory_bytes: int = 1024 * MEGABYTE


DEFAULT = Limits()
