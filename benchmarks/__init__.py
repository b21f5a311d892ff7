"""Measurements against the goals: a module NAME_bench.py each, with run() -> list of rows."""
