"""Объявление (C-16, C-17): анонс, полный текст, дата, вложения; кто прочёл — видно СРО."""

from __future__ import annotations

from records.fields import Flag

from ._publication import publication

KIND = publication(
    "announcement",
    "Объявление",
    "Объявление членам СРО; можно закрепить и адресовать ролям.",
    Flag(name="pinned", label="Закрепить на главной", filter=True),
)
