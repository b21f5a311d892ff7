"""Новость (C-18): анонс, полный текст, дата, вложения; кто прочёл — видно СРО."""

from __future__ import annotations

from ._publication import publication

KIND = publication("news", "Новость", "Новость СРО в разделе «Информирование».")
