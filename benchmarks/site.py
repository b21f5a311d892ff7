"""An installation of its own for a measurement: migrated, filled, served as `flask serve` serves it.

The client speaks over bare sockets kept open, so that on a small machine it takes as little as it can
from the server beside it.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import psutil
from flask import Flask

from cli.serve import web_command
from cli.supervisor import answers

ROOT = Path(__file__).resolve().parent.parent
THREADS = 8
FLASK = (sys.executable, "-m", "flask", "--app", "app")


@dataclass
class Answer:
    """What a request brought back."""

    status: int
    body: bytes
    seconds: float


@dataclass
class Client:
    """One connection kept open."""

    port: int
    headers: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._write_headers()

    def _write_headers(self) -> None:
        own = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        self._common = f"Host: 127.0.0.1:{self.port}\r\n{own}"

    def get(self, path: str) -> Answer:
        return self._ask(f"GET {path} HTTP/1.1\r\n{self._common}\r\n".encode())

    def post(self, path: str, body: bytes, content_type: str, **headers: str) -> Answer:
        own = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
        length = f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
        return self._ask(f"POST {path} HTTP/1.1\r\n{self._common}{own}{length}\r\n".encode() + body)

    def _ask(self, request: bytes) -> Answer:
        started = time.perf_counter()
        self._socket.sendall(request)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        sizes = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        length = int(sizes[0].split(b":")[1])
        self._keep_cookie(head)
        while len(body) < length:
            body += self._more()
        return Answer(int(head.split(None, 2)[1]), body, time.perf_counter() - started)

    def _keep_cookie(self, head: bytes) -> None:
        """As a browser does: the cookie of an answer goes with the next request."""
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b": ")
            if name.lower() == b"set-cookie" and value.startswith(b"session="):
                self.headers = {**self.headers, "Cookie": value.partition(b";")[0].decode()}
                self._write_headers()

    def _more(self) -> bytes:
        found = self._socket.recv(1 << 18)
        if not found:
            raise ConnectionError("the server closed the connection")
        return found

    def close(self) -> None:
        self._socket.close()


class Site:
    """The site and its worker over a fresh database; `with Site(records=1000) as site:`."""

    def __init__(self, *, records: int = 0, database_url: str | None = None, worker: bool = True) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="site-bench-"))
        self.port = 0
        self.worker = worker
        self.processes: list[psutil.Popen] = []
        self.environment = {
            **os.environ,
            "VECHE_INSTANCE": str(self.folder),
            "VECHE_SECRET_KEY": "measurement",
            "VECHE_DATABASE_URL": database_url or f"sqlite:///{self.folder / 'veche.db'}",
            "VECHE_MAIL_URL": "mailbox",
            "VECHE_API_RATE": "10000000 per minute",
        }
        self._program(*FLASK, "db", "upgrade")
        made = self._program(sys.executable, "-m", "benchmarks.filling", str(records))
        self.known = json.loads(made.splitlines()[-1])

    def __enter__(self) -> Site:
        self.start()
        return self

    def start(self) -> None:
        """Start the programs; return when the site takes connections."""
        self.port = free_port()
        self._start(web_command("127.0.0.1", self.port, workers=1, threads=THREADS))
        wait_for(self.port)
        if self.worker:  # as `flask serve` does: after the first answer
            answers("127.0.0.1", self.port, self.processes[0])
            self._start([*FLASK, "worker"])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        stop(self.processes)
        shutil.rmtree(self.folder, ignore_errors=True)

    def browser(self, name: str) -> Client:
        """A logged-in browser."""
        return Client(self.port, {"Cookie": self.known["cookies"][name]})

    def program(self) -> Client:
        """A program of the member's head, with its key."""
        return Client(self.port, {"Authorization": f"Bearer {self.known['key']}"})

    def memory(self) -> float:
        """Megabytes of all processes; what they share is counted once for each."""
        return sum(p.memory_info().rss for process in self.processes for p in _family(process)) / 2**20

    def processor(self) -> float:
        """Seconds of processor the web server has taken."""
        return processor(self.processes[0])

    def _start(self, command: Sequence[str]) -> None:
        log = (self.folder / "log").open("ab")
        self.processes.append(psutil.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log))

    def _program(self, *command: str) -> str:
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout


def hello() -> Flask:
    """The reference: the least that Flask can do."""
    app = Flask("hello")
    app.add_url_rule("/", "hello", lambda: "hello")
    return app


@contextmanager
def reference() -> Iterator[tuple[int, Callable[[], float]]]:
    """The bare Flask on the same server: its port, and the processor time it has taken."""
    port = free_port()
    command = web_command("127.0.0.1", port, workers=1, threads=THREADS, factory="benchmarks.site:hello")
    process = psutil.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield port, lambda: processor(process)
    finally:
        stop([process])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def processor(process: psutil.Process) -> float:
    return sum(p.cpu_times().user + p.cpu_times().system for p in _family(process))


def _family(process: psutil.Process) -> list[psutil.Process]:
    return [process, *process.children(recursive=True)]


def stop(processes: Sequence[psutil.Popen]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except psutil.TimeoutExpired:
            for each in _family(process):
                each.kill()


def together(count: int, work: Callable[[int], None]) -> None:
    """Run `work(number)` in so many threads; a fault of one is raised here."""
    faults: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as fault:  # told below: a thread's own traceback would be lost
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def slowest(seconds: Sequence[float], share: float = 0.95) -> float:
    """Milliseconds within which this share of the requests was answered."""
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))] * 1000
