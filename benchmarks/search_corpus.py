"""A synthetic archive of Russian records: words by Zipf's law over real forms, the same at every run."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from language.morphology import analyzer
from records.search import IndexDoc

WORDS = 300
COMMON = (
    "и в на с по о об от из к для при до за не что это который если через их его все так как или между "
    "под над без"
).split()
TRADE = (
    "саморегулируемый организация член ассоциация собрание протокол бюллетень голосование доверенность "
    "представитель директор заявление выписка реестр взнос компенсационный фонд договор подряд "
    "строительство проектирование изыскание проверка контроль дисциплинарный комиссия решение повестка "
    "кворум счётный приём исключение приостановление право уровень ответственность страхование полис "
    "специалист квалификация аттестация отчёт деятельность объект капитальный технический заказчик ремонт "
    "снос форма таблица приложение подпись электронный кабинет личный куратор эксперт замечание "
    "комментарий документ входящий исходящий номер дата регистрация уведомление письмо запрос ответ"
).split()
KINDS = (
    "application",
    "report",
    "proxy",
    "letter",
    "protocol",
    "extract",
    "inspection_act",
    "contract",
    "policy",
)
STATES = ("draft", "submitted", "registered", "in_review", "returned", "accepted", "refused", "archived")
MEMBERS = 1500


@lru_cache(maxsize=1)
def forms() -> list[list[str]]:
    """Forms of each word, the most frequent words first."""
    found = [[word] for word in COMMON]
    found += [sorted({form.word for form in analyzer().parse(word)[0].lexeme}) for word in TRADE]
    beginnings = itertools.product(
        "абвгдежзийклмнопрстуфхцчшщэюя", "абвгдежзийклмнопрстуфхцчшщъыьэюя", "аеиоуырлнтсквдм"
    )
    words = (
        word
        for beginning in beginnings
        for word, _place in itertools.islice(
            analyzer().dictionary.words.iteritems("".join(beginning)), 0, 900, 45
        )
    )
    seen = set(TRADE)
    tail = []
    for word in words:
        parse = analyzer().parse(word)[0]
        if parse.normal_form in seen or not 4 <= len(word) <= 14:
            continue
        seen.add(parse.normal_form)
        tail.append(sorted({form.word for form in parse.lexeme if len(form.word) < 20})[:24])
    random.Random(17).shuffle(tail)
    return [*found, *(several for several in tail if several)]


def records(count: int, *, seed: int = 7) -> Iterator[IndexDoc]:
    """Records with rights: the staff sees all, a member its own."""
    choice = np.random.default_rng(seed)
    words = forms()
    weights = 1.0 / (np.arange(len(words)) + 2.7) ** 1.05
    edges = np.cumsum(weights / weights.sum())
    for number in range(1, count + 1):
        size = max(60, int(choice.normal(WORDS, WORDS / 4)))
        ranks = np.searchsorted(edges, choice.random(size)).clip(max=len(words) - 1)
        picks = choice.random(size)
        text = [words[rank][int(pick * len(words[rank]))] for rank, pick in zip(ranks, picks, strict=True)]
        member = int(choice.random() ** 2 * MEMBERS)
        kind, state = (
            KINDS[int(choice.random() ** 1.7 * len(KINDS))],
            STATES[int(choice.random() * len(STATES))],
        )
        day = date(2012, 1, 1) + timedelta(days=number * 5000 // count)
        lines = [" ".join(text[start : start + 12]) for start in range(0, size, 12)]
        yield IndexDoc(
            id=number,
            title=" ".join(text[:5]).capitalize(),
            numbers=[f"ВХ-{day.year}/{number:06d}"],
            organisation=f"ООО «Член {member}» ИНН {7_700_000_000 + member * 7919}",
            body=". ".join(lines),
            kind=kind,
            state=state,
            organisation_id=member,
            date=day,
            labels=frozenset({"staff", f"org:{member}"}),
        )
