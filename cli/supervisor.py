"""Keeps the site and its worker running together, in as little memory as Python allows.

Run as a program of its own (`flask serve` turns into it): it imports nothing of the application.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import socket
import subprocess
import sys
import time

PAUSE = 0.5
PATIENCE = 10
FIRST_ANSWER = 15


def main() -> int:
    """Serve until told to stop; the worker is started again if it dies, both end together."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", required=True)
    parser.add_argument("--workers", required=True)
    parser.add_argument("--threads", required=True)
    parser.add_argument("--no-worker", action="store_true")
    asked = parser.parse_args()
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", asked.host, "--port", asked.port),
        *("--workers", asked.workers, "--blocking-threads", asked.threads, "--backlog", "2048"),
        *("--log-level", "error", "--factory", "wsgi:create_app"),
    ]
    worker = [sys.executable, "-m", "flask", "--app", "app", "worker"]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    env = {"MALLOC_ARENA_MAX": "2", **os.environ}  # a heap for each of many threads costs more than it gives
    running = {"web": subprocess.Popen(web, env=env)}
    try:
        answers(asked.host, int(asked.port), running["web"])
        while running["web"].poll() is None:
            if not asked.no_worker and ("worker" not in running or running["worker"].poll() is not None):
                running["worker"] = subprocess.Popen(worker, env=env)
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        print("\nОстанавливаю…", flush=True)
    finally:
        stop(running)
    return 0


def answers(host: str, port: int, web: subprocess.Popen[bytes]) -> bool:
    """Wait for the site's first answer: while someone waits for it, the worker does not load beside it."""
    deadline = time.monotonic() + FIRST_ANSWER
    while web.poll() is None and time.monotonic() < deadline:
        try:
            with socket.create_connection((host, port), timeout=FIRST_ANSWER) as asked:
                asked.sendall(f"HEAD /static/img/icons.svg HTTP/1.0\r\nHost: {host}\r\n\r\n".encode())
                if asked.recv(1):
                    return True
        except OSError:
            time.sleep(PAUSE / 10)
    return False


def stop(running: dict[str, subprocess.Popen[bytes]]) -> None:
    """End what was started: kindly, then by force."""
    for process in running.values():
        if process.poll() is None:
            process.terminate()
    for process in running.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=PATIENCE)
        if process.poll() is None:
            process.kill()


if __name__ == "__main__":
    sys.exit(main())
