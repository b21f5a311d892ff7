"""Signing in a real browser."""
