"""For those who keep the service running: is it alive, how much it does, what waits."""

from __future__ import annotations

import logging
import time

from flask import Blueprint, Flask, Response, current_app, g, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from records import condition, indexing, outbox, policy
from records.database import db
from records.errors import NotFound
from records.search.port import IndexBroken, IndexBusy

from . import answering
from .door import optional_actor

log = logging.getLogger("api")

LOCAL = frozenset({"127.0.0.1", "::1"})


class Metrics:
    """Figures of this process; where several serve, each answers for itself."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "veche_requests",
            "Requests by route and answer",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "veche_request_seconds",
            "Time of requests by route",
            ["route"],
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
            registry=self.registry,
        )
        self.waiting = Gauge(
            "veche_outbox_waiting", "Work waiting, by topic", ["topic"], registry=self.registry
        )
        self.index_ok = Gauge("veche_index_ok", "1 when the search index answers", registry=self.registry)
        self.index_waiting = Gauge(
            "veche_index_waiting", "Records waiting to be indexed", registry=self.registry
        )


def init_app(app: Flask) -> None:
    app.extensions["api_metrics"] = Metrics()
    app.before_request(_begin)
    app.after_request(_end)


def init_blueprint(bp: Blueprint) -> None:
    bp.add_url_rule("/healthz", "healthz", healthz)
    bp.add_url_rule("/metrics", "metrics", metrics)


def _begin() -> None:
    g.began = time.perf_counter()


def _end(response: Response) -> Response:
    if request.endpoint != "static" and "began" in g:
        kept: Metrics = current_app.extensions["api_metrics"]
        # The rule, not the address: guessed addresses must not become a million series.
        route = request.url_rule.rule if request.url_rule else "(none)"
        method = request.method if request.method in _METHODS else "OTHER"
        kept.requests.labels(method, route, str(response.status_code)).inc()
        kept.seconds.labels(route).observe(time.perf_counter() - g.began)
    return response


_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"})


def healthz() -> Response:
    """200 while requests can be served; asks for no key and tells only whether writes are taken."""
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        log.error("health: %s", error)
        return answering.answer({"status": "unavailable"}, 503)
    refusal = condition.writes_refused()
    return answering.answer({"status": "ok"} if not refusal else {"status": "read_only", "detail": refusal})


def metrics() -> Response:
    """Figures for Prometheus: from this very machine, or with an administrator's key."""
    if not _from_here():
        who = optional_actor()
        if who is None or not policy.may_administer(who):
            raise NotFound
    kept: Metrics = current_app.extensions["api_metrics"]
    waiting = outbox.waiting()
    kept.waiting.clear()
    for topic, count in waiting.items():
        kept.waiting.labels(topic).set(count)
    kept.index_waiting.set(waiting.get("index", 0))
    kept.index_ok.set(1 if _index_answers() else 0)
    return Response(generate_latest(kept.registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _from_here() -> bool:
    """A request of this machine itself. Behind a proxy every request comes from here: its mark tells."""
    forwarded = {"X-Forwarded-For", "X-Real-Ip", "Forwarded"} & set(request.headers.keys())
    return request.remote_addr in LOCAL and not forwarded


def _index_answers() -> bool:
    try:
        return bool(indexing.engine().backend.check().get("ok", True))
    except (IndexBroken, IndexBusy, OSError) as error:
        log.error("index: %s", error)
        return False
