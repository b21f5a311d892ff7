"""Excel of any list: types kept, the same rows in the same order (X-08)."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_login import login_required

from attachments.serving import serving_headers
from documents.printable import Cell, Kind
from documents.printing import XLSX, as_xlsx
from records import parameters, query
from records.database import now
from records.kinds import registry
from records.model import Record

from . import _record_list
from ._list_query import list_query
from ._security import actor

bp = Blueprint("export", __name__)

COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("Номер", "text"),
    ("Дата регистрации", "date"),
    ("Вид", "text"),
    ("Заголовок", "text"),
    ("Организация", "text"),
    ("ИНН", "text"),
    ("Состояние", "text"),
    ("Исполнитель", "text"),
    ("Срок", "date"),
    ("Способ", "text"),
    ("Изменён", "moment"),
)


@bp.get("/records.xlsx")
@login_required
def records() -> ResponseReturnValue:
    """All rows of the list in the address, at most 5,000."""
    who = actor()
    ids = query.all_ids(who, list_query(request.args, who), parameters.today())
    found = {r.id: r for r in query.some(who, ids)}
    rows = [_row(found[i]) for i in ids if i in found]
    content = as_xlsx("Документы", COLUMNS, rows, made_at=now().astimezone(parameters.zone()))
    response = Response(content, mimetype=XLSX)
    for name, value in serving_headers(XLSX, f"Документы {parameters.today():%d.%m.%Y}.xlsx").items():
        response.headers[name] = value
    return response


def _row(record: Record) -> list[Cell]:
    company = record.organisation
    kind = registry.of(record)
    return [
        record.number_text,
        record.registered_on,
        kind.title,
        record.title,
        company.short_name if company else record.correspondent,
        company.inn if company else None,
        kind.state_title(record.state),
        record.assignee.name if record.assignee else None,
        record.due_on,
        _record_list.CHANNELS.get(record.channel, record.channel),
        record.updated_at.astimezone(parameters.zone()),
    ]
