"""Agreement of a noun with a number: 1 голос, 2 голоса, 5 голосов."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from language.grammar import NBSP
from language.numbers import number

Forms = tuple[str, str, str]

VOTE: Final[Forms] = ("голос", "голоса", "голосов")
MEMBER: Final[Forms] = ("член", "члена", "членов")
PARTICIPANT: Final[Forms] = ("участник", "участника", "участников")
RECORD: Final[Forms] = ("запись", "записи", "записей")
DOCUMENT: Final[Forms] = ("документ", "документа", "документов")
FILE: Final[Forms] = ("файл", "файла", "файлов")
SHEET: Final[Forms] = ("лист", "листа", "листов")
COPY: Final[Forms] = ("экземпляр", "экземпляра", "экземпляров")
BALLOT: Final[Forms] = ("бюллетень", "бюллетеня", "бюллетеней")
PROXY: Final[Forms] = ("доверенность", "доверенности", "доверенностей")
REMARK: Final[Forms] = ("замечание", "замечания", "замечаний")
QUESTION: Final[Forms] = ("вопрос", "вопроса", "вопросов")
ERROR: Final[Forms] = ("ошибка", "ошибки", "ошибок")
ROW: Final[Forms] = ("строка", "строки", "строк")
SECOND: Final[Forms] = ("секунда", "секунды", "секунд")
MINUTE: Final[Forms] = ("минута", "минуты", "минут")
HOUR: Final[Forms] = ("час", "часа", "часов")
DAY: Final[Forms] = ("день", "дня", "дней")
WORKING_DAY: Final[Forms] = ("рабочий день", "рабочих дня", "рабочих дней")
CALENDAR_DAY: Final[Forms] = ("календарный день", "календарных дня", "календарных дней")
MONTH: Final[Forms] = ("месяц", "месяца", "месяцев")
YEAR: Final[Forms] = ("год", "года", "лет")
ROUBLE: Final[Forms] = ("рубль", "рубля", "рублей")
KOPECK: Final[Forms] = ("копейка", "копейки", "копеек")


def plural(n: int | Decimal, one: str, few: str, many: str) -> str:
    """Choose the form that agrees with the number; a fraction always takes «few» (1,5 голоса)."""
    if n != int(n):
        return few
    whole = abs(int(n))
    if whole % 100 in (11, 12, 13, 14):
        return many
    if whole % 10 == 1:
        return one
    return few if whole % 10 in (2, 3, 4) else many


def counted(n: int | Decimal, forms: Forms) -> str:
    """Number and noun that stay on one line: «1 234 голоса»."""
    return f"{number(n)}{NBSP}{plural(n, *forms)}"
