"""Typesetting of running text: «ёлочки», dashes and blanks that do not break.

Every rule may be applied twice without harm, so texts already set right pass unchanged.
"""

from __future__ import annotations

import re
from typing import Final

from language.grammar import NBSP

_BLANK: Final = r"[ \u00a0]"
_STRAIGHT: Final = re.compile(r'"')
_OPENS_AFTER: Final = frozenset(" \t\n\u00a0([{«„—–-/")
_SHORT_WORDS: Final = re.compile(
    rf"(?<![\w-])(в|во|на|по|о|об|от|до|за|из|к|ко|с|со|у|и|а|не|ни|но|для|при|без|под|над){_BLANK}(?=\S)",
    re.IGNORECASE,
)
_RULES: Final = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # № 5, § 3
        (rf"([№§]){_BLANK}?(?=[\d\wА-Яа-яЁё])", rf"\1{NBSP}"),
        # ст. 5, п. 1.1, ч. 2, гл. 6, г. Москва, ул. Ленина, д. 5, кв. 7, оф. 12, стр. 3, рис. 1, табл. 2
        (
            rf"(?<!\w)((?:ст|п|пп|ч|гл|абз|подп|разд|прил|рис|табл|стр|с|г|ул|пер|пр|д|кв|оф|корп|тел|доб|л)\.)"
            rf"{_BLANK}(?=[\dА-ЯЁ«])",
            rf"\1{NBSP}",
        ),
        # И. О. Фамилия and Фамилия И. О.
        (rf"(?<!\w)([А-ЯЁ]\.){_BLANK}?(?=[А-ЯЁ]\.)", rf"\1{NBSP}"),
        (rf"(?<!\w)([А-ЯЁ]\.){_BLANK}?(?=[А-ЯЁ][а-яё])", rf"\1{NBSP}"),
        (rf"([А-ЯЁ][а-яё]+){_BLANK}(?=[А-ЯЁ]\.{_BLANK}?[А-ЯЁ]\.)", rf"\1{NBSP}"),
        # 1 234 567
        (rf"(?<![\d.,])(\d{{1,3}}){_BLANK}(?=\d{{3}}(?!\d))", rf"\1{NBSP}"),
        (rf"({NBSP}\d{{3}}){_BLANK}(?=\d{{3}}(?!\d))", rf"\1{NBSP}"),
        # 5 ₽, 5 руб., 5 %, 5 млн, 10 шт.
        (
            rf"(\d){_BLANK}(?=(?:₽|%|руб|коп|тыс|млн|млрд|шт|чел|мес|л\.|экз|м²|кг|т\b|ч\b|мин\b|МСК))",
            rf"\1{NBSP}",
        ),
        # 20 ноября 2026 г.
        (
            rf"(\d{{1,2}}){_BLANK}(?=(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря))",
            rf"\1{NBSP}",
        ),
        (
            rf"(января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря){_BLANK}(?=\d{{4}})",
            rf"\1{NBSP}",
        ),
        (rf"(\d{{4}}){_BLANK}(?=(?:гг?\.|года\b|году\b|годом\b))", rf"\1{NBSP}"),
        # Words that belong together: и т. д., и т. п., т. е.
        (rf"(?<!\w)(т\.){_BLANK}?(?=[деокпч]\.)", rf"\1{NBSP}"),
        # A dash between words keeps to the word before it
        (rf"(?<=\S){_BLANK}(?:-|–|—){_BLANK}(?=\S)", f"{NBSP}— "),
        (r"(?<!\.)\.\.\.(?!\.)", "…"),
    )
)


def quotes(text: str) -> str:
    """Straight quotes become «ёлочки», inner ones „лапки“; an odd quote (24" screen) is left as it is."""
    result: list[str] = []
    depth = text_depth = 0
    balance = len(_STRAIGHT.findall(text)) % 2 == 0
    for index, char in enumerate(text):
        if char != '"' or not balance:
            text_depth += {"«": 1, "»": -1}.get(char, 0)
            result.append(char)
            continue
        opens = (
            index == 0 or text[index - 1] in _OPENS_AFTER or (text[index - 1] == '"' and result[-1] in "«„")
        )
        if opens:
            result.append("«" if depth + text_depth <= 0 else "„")
            depth += 1
        else:
            depth -= 1
            result.append("»" if depth + text_depth <= 0 else "“")
    return "".join(result)


def typeset(text: str, *, short_words: bool = False) -> str:
    """Set a sentence: quotes, dashes, blanks by №, initials, sums, dates; prepositions only when asked."""
    result = quotes(text)
    for pattern, replacement in _RULES:
        result = pattern.sub(replacement, result)
    if short_words:
        result = _SHORT_WORDS.sub(rf"\1{NBSP}", result)
    return result


def quoted(name: str) -> str:
    """Put a name into «ёлочки»; quotes already inside become „лапки“."""
    inner = name.strip()
    if inner.startswith("«") and inner.endswith("»") and inner.count("«") == 1:
        return inner
    return f"«{quotes(inner).replace('«', '„').replace('»', '“')}»"


def number_sign(number: str) -> str:
    """«№ 51-17»: the sign and the number stay together; a hyphen inside must not break either."""
    return f"№{NBSP}{number}"


def enumeration(items: list[str], last: str = "и") -> str:
    """«приём, отчёт и выписка»."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"
