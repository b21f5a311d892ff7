"""Votes and the pulse of a meeting: the same service as the room, the same rights as the user."""

from __future__ import annotations

import json
from dataclasses import asdict

from flask import Blueprint, Response, request

from meetings import live
from meetings.service import here
from meetings.taking import hall
from records import query
from records.errors import NotFound

from . import reading
from .door import actor


def init_blueprint(bp: Blueprint) -> None:
    bp.add_url_rule("/meetings/<id:record_id>/questions/<id:number>/votes", "vote", vote, methods=["POST"])
    bp.add_url_rule("/meetings/<id:record_id>/pulse", "meeting_pulse", pulse)


def vote(record_id: int, number: int) -> Response:
    """Votes for members: `{"marks": {"m12": "for"}}`. The key of the person is his simple signature.

    What the law refuses is not an error: the receipt names the reason and its norm.
    """
    who = actor()
    query.get(who, record_id)
    given = reading.body(allowed={"marks": "object"}, required=("marks",))
    marks = given["marks"]
    assert isinstance(marks, dict)  # the reader has looked
    items = list(here().room(hall(record_id)).state.agenda)
    if not 0 < number <= len(items):
        raise NotFound
    receipts = live.vote(who, record_id, items[number - 1], marks, signature="simple")
    body = json.dumps({"receipts": [asdict(row) for row in receipts]}, ensure_ascii=False)
    return Response(body, status=201, mimetype="application/json")


def pulse(record_id: int) -> Response:
    """The figures of the room; 304 by `If-None-Match` while the journal has not moved."""
    query.get(actor(), record_id)
    reading.Parameters().refuse()
    if request.if_none_match.contains(live.head_of(record_id).digest[:24]):
        return Response(status=304)
    tag, figures = live.pulse(record_id)
    response = Response(json.dumps(figures, ensure_ascii=False), mimetype="application/json")
    response.set_etag(tag)
    return response
