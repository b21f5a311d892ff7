"""The reference section: requisites, contacts of the curator, terms of services,
questions and answers (C-52)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import login_required

from desk import tuning
from language.plural import counted
from records import parameters
from records.database import db
from records.people import Organisation, User
from workflows.terms import DeadlineRule

from . import _menu
from ._security import actor

bp = Blueprint("reference", __name__)

MENU = (_menu.Item("help", "Справочник СРО", "reference.index", "info", order=10),)

QUESTIONS = (
    (
        "Где увидеть номер моего документа?",
        "Номер присваивается сразу после отправки и стоит вверху карточки; там же — квитанция "
        "с контрольными суммами файлов.",
    ),
    (
        "Документ вернули. Что делать?",
        "Откройте его: замечания показаны вверху формы. Исправьте и нажмите «Отправить» — "
        "номер останется прежним.",
    ),
    (
        "Можно ли удалить отправленный документ?",
        "Нет, зарегистрированный документ не удаляется. Пока его не взяли в работу, его можно "
        "отозвать с причиной.",
    ),
    (
        "Кто видит наши документы?",
        "Только представители вашей организации и сотрудники СРО. Другие члены СРО не видят их нигде.",
    ),
)


@bp.get("/reference")
@login_required
def index() -> ResponseReturnValue:
    """What a new member looks for first."""
    who = actor()
    company = db.session.get(Organisation, who.organisation_id) if who.organisation_id else None
    curator = db.session.get(User, company.curator_id) if company and company.curator_id else None
    office = parameters.office()
    requisites = [
        (label, office.get(name))
        for name, label in tuning.OFFICE_FIELDS.items()
        if office.get(name) and name != "zone"
    ]
    terms = [_term(rule, value) for rule, value in tuning.terms() if rule.owner == "СРО"]
    return render_template(
        "desk/reference.html", requisites=requisites, curator=curator, terms=terms, questions=QUESTIONS
    )


def _term(rule: DeadlineRule, value: object) -> dict[str, object]:
    """«3 рабочих дня», «в тот же день»."""
    number = int(str(value)) if str(value).isdigit() else 0
    words = counted(number, rule.unit.forms) if number else "в тот же день"
    return {"id": rule.code, "cells": {"title": rule.title_ru, "term": words, "since": rule.counted_from}}
