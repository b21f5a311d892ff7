"""Keeps the site and its worker running together, in as little memory as Python allows.

Run as a program of its own (`flask serve` turns into it): it imports nothing of the application.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time

PAUSE = 0.5
PATIENCE = 10


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
        *("--log-level", "error", "--factory", "app:create_app"),
    ]
    worker = [sys.executable, "-m", "flask", "--app", "app", "worker"]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    env = {"MALLOC_ARENA_MAX": "2", **os.environ}  # a heap for each of many threads costs more than it gives
    running = {"web": subprocess.Popen(web, env=env)}
    try:
        while running["web"].poll() is None:
            if not asked.no_worker and ("worker" not in running or running["worker"].poll() is not None):
                running["worker"] = subprocess.Popen(worker, env=env)
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        print("\nОстанавливаю…", flush=True)
    finally:
        stop(running)
    return 0


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
