"""Settings: one typed object, read once from the environment (prefix VECHE_) and checked at start."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent

SEARCH_BACKENDS = frozenset({"whoosh", "fts5", "postgresql"})


class SettingsError(ValueError):
    """A setting that cannot be used; the text says which and why."""


@dataclass(frozen=True)
class Settings:
    """Everything an installation may choose. The table in docs/settings.md is made from the comments here."""

    instance: Path
    """VECHE_INSTANCE: folder of the database, files and index (default: instance/)."""
    database_url: str
    """VECHE_DATABASE_URL: SQLAlchemy address (default: SQLite in the instance)."""
    secret_key: str
    """VECHE_SECRET_KEY: signs cookies and links (default: made once and kept in the instance)."""
    search: str
    """VECHE_SEARCH: whoosh, fts5 or postgresql (default: whoosh; postgresql with that database)."""
    search_is_set: bool
    """True when VECHE_SEARCH names the backend: then no button changes it."""
    storage: str
    """VECHE_STORAGE: where files live: a folder (default: files/ in the instance), or
    s3://bucket/prefix?endpoint=…&region=… (keys in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)."""
    tasks: str
    """VECHE_TASKS: `worker` (default: `flask serve` keeps one) or `apart` (the operator runs `flask
    worker` himself)."""
    mail_url: str
    """VECHE_MAIL_URL: smtp://user:password@host:port, smtps://…, or `mailbox` (default:
    a local page shows what was sent)."""
    mail_from: str
    """VECHE_MAIL_FROM: the sender's address (default: the СРО's address from the office settings)."""
    intake_url: str
    """VECHE_INTAKE_URL: imap(s)://user:password@host/INBOX or pop3(s)://… to take letters from
    (default: none)."""
    public_url: str
    """VECHE_PUBLIC_URL: address people open; used in letters and QR codes (default: http://127.0.0.1:8000)."""
    max_upload: int
    """VECHE_MAX_UPLOAD: largest file in bytes (default: 200 MB)."""
    secure_cookies: bool
    """VECHE_SECURE_COOKIES: 1 when the site is served over https (default: by VECHE_PUBLIC_URL)."""
    api_rate: str
    """VECHE_API_RATE: requests one API key may make, counted by each process (default: 20000 per minute)."""
    webhook_allow_private: bool
    """VECHE_WEBHOOK_ALLOW_PRIVATE: 1 lets webhooks call addresses of the inner network (default: 0)."""
    tsa_url: str
    """VECHE_TSA_URL: address of a time-stamping service, RFC 3161 (default: none, nothing is stamped)."""
    demo: bool
    """VECHE_DEMO: 1 shows the demo mailbox and logins (default: 0; `make run` sets 1)."""

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings. Raises SettingsError with the name of the wrong one."""
    env = os.environ if environ is None else environ
    instance = Path(env.get("VECHE_INSTANCE") or HERE / "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    database_url = _database(env.get("VECHE_DATABASE_URL") or f"sqlite:///{instance / 'veche.db'}")
    postgres = database_url.startswith("postgresql")
    search = env.get("VECHE_SEARCH") or chosen_search(instance, "postgresql" if postgres else "whoosh")
    if search not in SEARCH_BACKENDS:
        raise SettingsError(
            f"VECHE_SEARCH: {search!r} неизвестен, годятся {', '.join(sorted(SEARCH_BACKENDS))}"
        )
    if search == "postgresql" and not postgres:
        raise SettingsError("VECHE_SEARCH=postgresql работает только с базой PostgreSQL")
    tasks = env.get("VECHE_TASKS") or "worker"
    if tasks not in {"worker", "apart"}:
        raise SettingsError("VECHE_TASKS: годится worker или apart")
    public_url = (env.get("VECHE_PUBLIC_URL") or "http://127.0.0.1:8000").rstrip("/")
    return Settings(
        instance=instance,
        database_url=database_url,
        secret_key=env.get("VECHE_SECRET_KEY") or _own_secret(instance),
        search=search,
        search_is_set=bool(env.get("VECHE_SEARCH")),
        storage=env.get("VECHE_STORAGE") or str(instance / "files"),
        tasks=tasks,
        mail_url=env.get("VECHE_MAIL_URL") or "mailbox",
        mail_from=env.get("VECHE_MAIL_FROM") or "",
        intake_url=env.get("VECHE_INTAKE_URL") or "",
        public_url=public_url,
        max_upload=_number(env, "VECHE_MAX_UPLOAD", 200 * 2**20),
        secure_cookies=_flag(env, "VECHE_SECURE_COOKIES", default=public_url.startswith("https://")),
        api_rate=env.get("VECHE_API_RATE") or "20000 per minute",
        webhook_allow_private=_flag(env, "VECHE_WEBHOOK_ALLOW_PRIVATE", default=False),
        tsa_url=env.get("VECHE_TSA_URL") or "",
        demo=_flag(env, "VECHE_DEMO", default=False),
    )


def _database(url: str) -> str:
    if url.startswith("postgres://"):
        url = "postgresql" + url.removeprefix("postgres")
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg" + url.removeprefix("postgresql")
    if not url.startswith(("sqlite:", "postgresql+psycopg:")):
        raise SettingsError("VECHE_DATABASE_URL: поддерживаются sqlite:///… и postgresql://…")
    return url


def chosen_search(instance: Path, default: str) -> str:
    """`index switch` writes the chosen backend into the instance, so that a restart keeps it."""
    choice = instance / "search-backend"
    return choice.read_text("utf-8").strip() if choice.exists() else default


def _own_secret(instance: Path) -> str:
    """A secret of this installation, made once; readable by its owner alone."""
    path = instance / "secret-key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text("utf-8").strip()
    with os.fdopen(handle, "w") as out:
        secret = secrets.token_urlsafe(48)
        out.write(secret)
    return secret


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    text = env.get(name)
    if not text:
        return default
    if not text.isdigit():
        raise SettingsError(f"{name}: ожидается целое число байт")
    return int(text)


def _flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = env.get(name)
    return default if text in (None, "") else text.lower() in {"1", "true", "yes", "on"}
