"""Hands the chosen providers to the ports: storage, search, mail, and the handlers of the outbox."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask import Flask

from providers.http_post import HttpPoster
from providers.mail import open_source
from providers.mail.mailbox import LocalMailbox
from providers.search import opening
from providers.signing import FolderVault, HttpTimestamper
from providers.storage.local import LocalStorage
from records import indexing, outbox, ports, storage
from settings import Settings
from signatures import ports as signing_ports


def connect(app: Flask, settings: Settings) -> None:
    """Choose and connect the providers of this installation."""
    storage.use(_storage(settings))
    indexing.use_backends(opening.Choice(settings))
    _connect_post(settings)
    _connect_signing(settings)
    outbox.on("extract", indexing.extract_jobs, batch=10)
    outbox.on("index", indexing.index_jobs, batch=200)
    outbox.on("print", _print_jobs, batch=20)
    outbox.on("reindex", _rebuild, batch=1)


def _storage(settings: Settings) -> storage.Storage:
    """A folder, or a bucket; the library of the bucket loads with it alone."""
    if not settings.storage.startswith("s3:"):
        return LocalStorage(Path(settings.storage))
    from providers.storage.s3 import open_s3

    return open_s3(settings.storage, settings.instance / "cache")


def _connect_post(settings: Settings) -> None:
    """Outgoing mail, the office's letter box and webhooks; the libraries of a server load with it alone."""
    if settings.mail_url == "mailbox":
        ports.use_transport(LocalMailbox())
    else:
        from providers.mail.smtp import SmtpTransport

        ports.use_transport(SmtpTransport(settings.mail_url))
    ports.use_sources(*([lambda: open_source(settings.intake_url)] if settings.intake_url else []))
    ports.use_poster(HttpPoster(allow_private=settings.webhook_allow_private))


def _connect_signing(settings: Settings) -> None:
    """Sealed keys in the instance; a time-stamping service when one is named."""
    signing_ports.use_vault(FolderVault(settings.instance / "keys", settings.secret_key))
    signing_ports.use_list_folder(settings.instance / "crl")
    signing_ports.use_timestamper(HttpTimestamper(settings.tsa_url) if settings.tsa_url else None)


def _rebuild(jobs: Sequence[outbox.Job]) -> None:
    """However many asked, the index is made anew once."""
    indexing.rebuild()


def _print_jobs(jobs: Sequence[outbox.Job]) -> None:
    """Loaded when first needed: the typesetter is heavy, and a process that serves pages never prints."""
    from printing.handler import print_jobs

    print_jobs(jobs)
