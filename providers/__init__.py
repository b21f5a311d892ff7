"""The outside world behind ports: imported by app.py (wiring) alone."""
