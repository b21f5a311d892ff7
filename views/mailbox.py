"""The mailbox of a demonstration: shows the letters that would have been sent. Absent in a real office."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from messaging.model import MailMessage
from records import parameters
from records.database import db

bp = Blueprint("mailbox", __name__)

PAGE = 50


@bp.before_request
def _only_in_a_demonstration() -> None:
    settings = current_app.extensions["settings"]
    if not (settings.demo and settings.mail_url == "mailbox"):
        raise NotFound


@bp.get("/mailbox")
def index() -> ResponseReturnValue:
    """The letters of everybody, newest first, or of one address."""
    to = request.args.get("to", "").strip().lower()
    query = db.select(MailMessage).order_by(MailMessage.id.desc()).limit(PAGE)
    if to:
        query = query.where(MailMessage.to_address == to)
    rows = [
        {
            "id": letter.id,
            "url": url_for("mailbox.show", mail_id=letter.id),
            "cells": {
                "subject": letter.subject,
                "to": letter.to_address,
                "at": letter.created_at.astimezone(parameters.zone()).strftime("%d.%m.%Y %H:%M"),
            },
        }
        for letter in db.session.scalars(query)
    ]
    return render_template("notifications/mailbox.html", rows=rows, to=to)


@bp.get("/mailbox/<int:mail_id>")
def show(mail_id: int) -> ResponseReturnValue:
    letter = db.session.get(MailMessage, mail_id)
    if letter is None:
        raise NotFound
    return render_template("notifications/mailbox_letter.html", letter=letter)
